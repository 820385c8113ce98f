"""Health, for load balancers and supervisors."""

from datetime import timedelta

from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from lms.events.models import Delivery, Heartbeat

SILENCE = timedelta(seconds=180)


def worker_health(request: HttpRequest) -> JsonResponse:
    """200 while the sweep ran within three minutes, 503 otherwise."""
    beat = Heartbeat.objects.filter(name="sweep").values_list("beat_at", flat=True).first()
    alive = beat is not None and timezone.now() - beat < SILENCE
    dead = Delivery.objects.filter(state=Delivery.State.DEAD).count()
    body = {"alive": alive, "beat_at": beat, "dead_deliveries": dead}
    return JsonResponse(body, status=200 if alive else 503)
