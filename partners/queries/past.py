"""How far a simulated past has come, and whose it is."""

from dataclasses import dataclass
from datetime import date

from partners.models import Membership, Partner, SimulatedPast


@dataclass(frozen=True, kw_only=True)
class PastProgress:
    """``done`` of ``total`` steps up to ``reached_on``; ``tried`` are tries at tests."""

    id: int
    done: int
    total: int
    people: int
    tried: int
    passed: int
    reached_on: date | None
    finished: bool

    @property
    def percent(self) -> int:
        """The share that is done, rounded down."""
        return 100 * self.done // max(1, self.total)


def get_progress(pk: int) -> PastProgress:
    """Return how far a past has come; raises ``SimulatedPast.DoesNotExist``."""
    return _describe(SimulatedPast.objects.get(pk=pk))


def list_unfinished() -> list[PastProgress]:
    """Return the pasts that are being filled in."""
    return [_describe(past) for past in SimulatedPast.objects.filter(finished_at=None)]


def is_replayed(*, recipient_id: int) -> bool:
    """Whether a person's past is being filled in: what is told of it is no news to mail."""
    links = Membership.objects.filter(recipient_id=recipient_id)
    return links.filter(partner__replayed_to__isnull=False).exists()


def is_company_replayed(partner_id: int) -> bool:
    """Whether a company's past is being filled in."""
    return Partner.objects.filter(pk=partner_id, replayed_to__isnull=False).exists()


def _describe(past: SimulatedPast) -> PastProgress:
    return PastProgress(
        id=past.pk,
        done=past.done,
        total=past.total,
        people=past.people,
        tried=past.tried,
        passed=past.passed,
        reached_on=past.reached_on,
        finished=past.finished_at is not None,
    )
