"""Rows of badges."""

from badges.models.achievements import Achievement, AchievementText
from badges.models.credentials import Credential, Edition, EditionImmutable, StatusList
from badges.models.issuer import IssuerProfile, SigningKey
from badges.models.recipients import Recipient, RecipientAddress

__all__ = [
    "Achievement",
    "AchievementText",
    "Credential",
    "Edition",
    "EditionImmutable",
    "IssuerProfile",
    "Recipient",
    "RecipientAddress",
    "SigningKey",
    "StatusList",
]
