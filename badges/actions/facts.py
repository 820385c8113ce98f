"""What every event of a credential names."""

from typing import Any

from badges.models import Credential


def facts_of(credential: Credential) -> dict[str, Any]:
    """Return the ids an event carries; names and addresses are joined when they are shown."""
    return {
        "credential_id": credential.pk,
        "code": credential.code,
        "achievement": credential.achievement.slug,
        "recipient_id": credential.recipient_id,
        "user_id": credential.recipient.user_id,
    }
