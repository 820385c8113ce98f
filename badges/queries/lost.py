"""What is still known of a certificate that a restored copy is without: by the ledger alone."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from badges.domain.validity import REVOKED, SUSPENDED
from badges.models import Credential, LostEdition
from badges.queries.achievements import get_issuer


@dataclass(frozen=True, kw_only=True)
class LostCard:
    """``state`` is revoked or suspended, or else ``lost``; ``reasons`` say it in sentences."""

    code: str
    state: str
    reasons: tuple[str, ...]


def find_lost(code: str, edition: int | None = None) -> LostCard | None:
    """Return what is known of a code, or of one edition, that was issued after the copy."""
    rows = LostEdition.objects.filter(code=code).order_by("-number")
    row = rows.filter(number=edition).first() if edition else rows.first()
    if row is None:
        return None
    kept = Credential.objects.filter(code=code).first()
    state = REVOKED if kept and kept.revoked_at else row.state
    sentences = {
        REVOKED: _("It was withdrawn by the issuer."),
        SUSPENDED: _("The issuer has suspended it; it may be reinstated."),
    }
    issuer = get_issuer()
    reachable = ", ".join(filter(None, [issuer.name, issuer.email or issuer.url]))
    return LostCard(
        code=code,
        state=state if state in sentences else "lost",
        reasons=(
            _("It was issued here, but is no longer on record since the site was restored."),
            sentences.get(state) or _("Nothing says that it was withdrawn."),
            _("Ask the issuer: %(issuer)s.") % {"issuer": reachable},
        ),
    )
