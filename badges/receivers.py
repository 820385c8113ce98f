"""What badges does when time passes."""

from datetime import datetime

from badges.actions.credentials import expire_due
from lms.events.sweep import sweeps


@sweeps
def expire(now: datetime) -> int:
    """Announce what ran out."""
    return expire_due(now)
