"""What a holder copies into a signature or a profile."""

from badges.domain.phrases import words_in
from badges.domain.snippet import Share, compose_share
from badges.queries.exhibits import get_exhibit


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


__all__ = ["Share", "get_share"]
