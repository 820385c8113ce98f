"""How often one address may ask: counted within the running minute."""

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from lms.conf import get_conf

MINUTE = 60


def may_ask(request: HttpRequest) -> bool:
    """Count one question of an address and say whether it is still answered."""
    minute = int(timezone.now().timestamp()) // MINUTE
    key = f"lms_badges.verify.{request.META.get('REMOTE_ADDR', '')}.{minute}"
    cache.add(key, 0, timeout=2 * MINUTE)
    return cache.incr(key) <= get_conf().verify_per_minute
