"""What a holder copies into a signature or a profile."""

from badges.domain.phrases import words_in
from badges.domain.profiles import Profiles, compose_profiles
from badges.domain.snippet import Share, compose_share
from badges.queries.exhibits import Exhibit, get_exhibit


def get_share(code: str) -> Share | None:
    """Return the snippets of a credential; the name is in them only once it is public."""
    exhibit = get_exhibit(code)
    if exhibit is None:
        return None
    award = exhibit.award
    return compose_share(
        title=award.achievement.name,
        name=exhibit.public_name,
        page=award.page,
        picture=f"{award.base_url}/s/{award.code}.png",
        check=words_in(award.achievement.language).check,
    )


def get_profiles(exhibit: Exhibit) -> Profiles:
    """Return where the holder can show it, and what to copy there."""
    award = exhibit.award
    return compose_profiles(
        title=award.achievement.name,
        issuer=award.issuer.name,
        page=award.page,
        code=award.code,
        issued_on=award.valid_from,
        valid_until=award.valid_until,
    )


__all__ = ["Profiles", "Share", "get_profiles", "get_share"]
