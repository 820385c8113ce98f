"""How often one address may ask: counted within the running minute."""

from datetime import datetime

from django.core.cache import cache

from lms.conf import get_conf

MINUTE = 60


def may_ask(address: str, now: datetime) -> bool:
    """Count one question of a network address and say whether it is still answered."""
    key = f"lms_badges.verify.{address}.{int(now.timestamp()) // MINUTE}"
    cache.add(key, 0, timeout=2 * MINUTE)
    return cache.incr(key) <= get_conf().verify_per_minute
