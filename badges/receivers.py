"""What badges does when time passes."""

from badges.actions.expiry import expire_due, remind_due
from lms.events.sweep import sweeps

sweeps(expire_due)
sweeps(remind_due)
