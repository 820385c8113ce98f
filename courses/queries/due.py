"""Which test's figures are to be computed: those that changed since, once a day."""

from datetime import datetime, time

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from courses.models import Assessment, Rescore


def find_due(now: datetime) -> int | None:
    """Return the test that waited longest.

    Due is what was never computed, was computed before today from other attempts, or before
    attempts were scored again.
    """
    local = timezone.localtime(now)
    today = datetime.combine(local.date(), time(), tzinfo=local.tzinfo)
    tests = Assessment.objects.annotate(
        scored=Count("attempts", filter=Q(attempts__state="scored"))
    ).filter(scored__gt=0)
    stored = "stored_figures"
    stale = Q(**{f"{stored}__computed_at__lt": today}) & ~Q(**{f"{stored}__attempts": F("scored")})
    again = Rescore.objects.filter(
        attempt__assessment=OuterRef("pk"),
        run__created_at__gt=OuterRef(f"{stored}__computed_at"),
    )
    due = tests.filter(Q(**{f"{stored}": None}) | stale | Exists(again))
    first = due.order_by(F("stored_figures__computed_at").asc(nulls_first=True), "pk")
    return first.values_list("pk", flat=True).first()
