"""Credentials in every state, with what a reader of others must say of each edition."""

from dataclasses import dataclass
from datetime import timedelta

from badges.actions.achievements import AchievementRules, define_achievement
from badges.actions.credentials import correct, issue
from badges.actions.names import confirm_name
from badges.actions.withdrawal import reinstate, revoke, suspend
from tests.factories.badges import NOW, TEXTS, make_credential, make_issuer, make_recipient

LATER = NOW + timedelta(hours=1)
ANA, BO, CY = "ana@baltwerk.example", "bo@baltwerk.example", "cy@elsewhere.example"
WITHDRAWN = {"revoked", "suspended", "corrected", "renamed"}  # their first editions


@dataclass(frozen=True)
class Paper:
    """One edition of a credential; ``withdrawn`` if its bit must be set."""

    code: str
    edition: int
    withdrawn: bool
    email: str = ANA

    def address(self, form: str) -> str:
        """``credential.json`` and so on, or ``ob2.jws``."""
        return f"/c/{self.code}/{self.edition}/{form}"


def make_every_state() -> dict[str, Paper]:
    """Return one paper for every way of counting or not counting any more."""
    codes = {name: make_credential(source=name).code for name in ("valid", "revoked", "suspended")}
    codes["reinstated"] = make_credential(source="reinstated").code
    for name in ("suspended", "reinstated"):
        suspend(code=codes[name], reason="Under review", actor=None, now=LATER)
    reinstate(code=codes["reinstated"], reason="Cleared", actor=None, now=LATER)
    revoke(code=codes["revoked"], reason="Shared answers", actor=None, now=LATER)
    codes["corrected"] = make_credential(source="corrected").code
    correct(code=codes["corrected"], note="The title had an error.", actor=None, now=LATER)
    codes["renamed"], codes["renewed"] = _rename(), _renew()
    emails = {"renamed": BO, "renewed": CY}
    papers = {
        name: Paper(code, 1, name in WITHDRAWN, emails.get(name, ANA))
        for name, code in codes.items()
    }
    for name in ("corrected", "renamed", "renewed"):
        papers[f"{name} again"] = Paper(codes[name], 2, False, emails.get(name, ANA))
    return papers


def _rename() -> str:
    bo = make_recipient(email=BO, name="Bo Nowak")
    code = make_credential(recipient_id=bo, source="renamed").code
    confirm_name(recipient_id=bo, name="Bo Nowak-Lis", actor=None, now=LATER)
    return code


def _renew() -> str:
    """The window is open from the first day, so both editions hold by the reader's clock."""
    make_issuer()
    define_achievement(
        slug="renewable",
        achievement_type="Certification",
        valid_months=24,
        texts=TEXTS,
        rules=AchievementRules(renew_days=1000),
        actor=None,
        now=NOW,
    )
    cy = make_recipient(email=CY, name="Cy Lind")
    codes = {
        issue(
            achievement="renewable",
            recipient_id=cy,
            source=f"renewed:{now}",
            language="en",
            actor=None,
            now=now,
        ).code
        for now in (NOW, LATER)
    }
    return codes.pop()
