"""What badges answers: cards of people, credentials and achievements."""

from badges.queries.achievements import (
    AchievementCard,
    achievement_choices,
    get_achievement,
)
from badges.queries.credentials import CredentialCard, get_credential, list_credentials
from badges.queries.forgotten import is_forgotten, list_forgotten
from badges.queries.recipients import (
    RecipientCard,
    find_name_fault,
    find_recipient,
    get_recipient_of_user,
    get_recipients,
    get_recipients_of_users,
)
from badges.queries.share import Share, get_share
from badges.queries.sources import Sourced, find_by_source, find_by_sources

__all__ = [
    "AchievementCard",
    "CredentialCard",
    "RecipientCard",
    "Share",
    "Sourced",
    "achievement_choices",
    "find_by_source",
    "find_by_sources",
    "find_name_fault",
    "find_recipient",
    "get_achievement",
    "get_credential",
    "get_recipient_of_user",
    "get_recipients",
    "get_recipients_of_users",
    "get_share",
    "is_forgotten",
    "list_credentials",
    "list_forgotten",
]
