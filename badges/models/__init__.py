"""Rows of badges."""

from badges.models.achievements import Achievement, AchievementText
from badges.models.credentials import (
    Credential,
    Edition,
    EditionImmutable,
    MisuseReport,
    Reminder,
    StatusList,
    unended,
)
from badges.models.designs import Artwork, CertificateDesign, DesignSignatory, DesignText
from badges.models.issuer import IssuerProfile, SigningKey
from badges.models.recipients import ForgottenAddress, NameRequest, Recipient, RecipientAddress
from badges.models.restoring import LedgerLine, LostEdition, Restoration

__all__ = [
    "Achievement",
    "AchievementText",
    "Artwork",
    "CertificateDesign",
    "Credential",
    "DesignSignatory",
    "DesignText",
    "Edition",
    "EditionImmutable",
    "ForgottenAddress",
    "IssuerProfile",
    "LedgerLine",
    "LostEdition",
    "MisuseReport",
    "NameRequest",
    "Recipient",
    "RecipientAddress",
    "Reminder",
    "Restoration",
    "SigningKey",
    "StatusList",
    "unended",
]
