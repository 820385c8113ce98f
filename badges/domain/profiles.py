"""Where a holder can show a certificate: networks with an address to call, profiles with fields."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from badges.domain.validity import last_day

_LINKEDIN = "https://www.linkedin.com/profile/add"


@dataclass(frozen=True, kw_only=True)
class Profiles:
    """Addresses that open a network's own form, nothing is sent before the holder says so there.

    ``expires_on`` is the last day, ``None`` for a certificate without an end.
    """

    linkedin: str
    vk: str
    telegram: str
    title: str
    issuer: str
    issued_on: date
    expires_on: date | None
    page: str
    code: str


def compose_profiles(
    *, title: str, issuer: str, page: str, code: str, issued_on: date, valid_until: date | None
) -> Profiles:
    """Compose the addresses with the parameters that each network documents.

    LinkedIn counts months from one, and wants the month of the last day.
    """
    until = last_day(valid_until)
    fields = {
        "startTask": "CERTIFICATION_NAME",
        "name": title,
        "organizationName": issuer,
        "issueYear": issued_on.year,
        "issueMonth": issued_on.month,
        **({"expirationYear": until.year, "expirationMonth": until.month} if until else {}),
        "certUrl": page,
        "certId": code,
    }
    return Profiles(
        linkedin=f"{_LINKEDIN}?{urlencode(fields)}",
        vk=f"https://vk.com/share.php?{urlencode({'url': page, 'title': title})}",
        telegram=f"https://t.me/share/url?{urlencode({'url': page, 'text': title})}",
        title=title,
        issuer=issuer,
        issued_on=issued_on,
        expires_on=until,
        page=page,
        code=code,
    )
