"""What badges does when time passes."""

from badges.actions.erasure import purge_due
from badges.actions.expiry import expire_due, remind_due
from badges.actions.ledger import write_due_lines
from lms.events.sweep import sweeps

sweeps(expire_due)
sweeps(remind_due)
sweeps(purge_due)
sweeps(write_due_lines)
