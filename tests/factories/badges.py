"""What tests of every app need from badges, made through the public actions alone."""

from datetime import UTC, date, datetime
from typing import Any

from badges.actions.achievements import AchievementTextData, define_achievement
from badges.actions.credentials import Issued, issue
from badges.actions.issuer import define_issuer
from badges.actions.recipients import register_recipient
from badges.domain.award import Accomplishment, Award, Issuer

NOW = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)

TEXTS = {
    "en": AchievementTextData(
        name="Halden Certified Recovery Engineer",
        description="Restores a PostgreSQL service to any point in time.",
        criteria="Passed the certification test on backup and recovery with at least 70 %.",
    ),
    "ru": AchievementTextData(
        name="Сертифицированный инженер по восстановлению Halden",
        description="Восстанавливает сервис PostgreSQL на любой момент времени.",
        criteria="Сдан сертификационный тест по резервному копированию, не менее 70 %.",
    ),
    "pl": AchievementTextData(
        name="Certyfikowany inżynier odtwarzania Halden",
        description="Przywraca usługę PostgreSQL do dowolnej chwili.",
        criteria="Zdany test certyfikacyjny z kopii zapasowych, co najmniej 70 %.",
    ),
}


def make_issuer(*, now: datetime = NOW) -> None:
    """The vendor of the samples."""
    define_issuer(
        name="Halden Data",
        url="https://halden.example",
        email="partners@halden.example",
        description="Makers of the Halden Platform.",
        actor=None,
        now=now,
    )


def make_achievement(
    slug: str = "halden-recovery-engineer",
    *,
    valid_months: int | None = 24,
    kind: str = "Certification",
    now: datetime = NOW,
) -> str:
    """An achievement in three languages; returns its slug."""
    define_achievement(
        slug=slug,
        achievement_type=kind,
        valid_months=valid_months,
        texts=TEXTS,
        actor=None,
        now=now,
    )
    return slug


def make_recipient(
    email: str = "ana@baltwerk.example",
    name: str = "Ana Kowalska",
    *,
    user_id: int | None = None,
    now: datetime = NOW,
) -> int:
    """Ana the engineer, unless told otherwise; returns the recipient's id."""
    return register_recipient(email=email, name=name, user_id=user_id, now=now)


def make_credential(
    *,
    recipient_id: int | None = None,
    achievement: str = "halden-recovery-engineer",
    source: str = "test:1",
    language: str = "en",
    now: datetime = NOW,
) -> Issued:
    """A credential with everything it needs."""
    make_issuer(now=now)
    make_achievement(achievement, now=now)
    return issue(
        achievement=achievement,
        recipient_id=recipient_id or make_recipient(now=now),
        source=source,
        language=language,
        actor=None,
        now=now,
    )


def make_award(**changes: Any) -> Award:
    """A plain award, without a database."""
    accomplishment = Accomplishment(
        code="tqbqry2qnbhee227w",
        kind=changes.pop("kind", "Certification"),
        name=changes.pop("title", TEXTS["en"].name),
        description=TEXTS["en"].description,
        criteria=changes.pop("criteria", TEXTS["en"].criteria),
        language=changes.pop("language", "en"),
    )
    values: dict[str, Any] = {
        "base_url": "https://partners.halden.example",
        "code": "hb97p2s6ysttj6r7h",
        "issuer": Issuer(
            name="Halden Data",
            url="https://halden.example",
            email="partners@halden.example",
            description="Makers of the Halden Platform.",
        ),
        "achievement": accomplishment,
        "subject": "urn:uuid:7c61d85d-fa44-4076-80aa-337142cfac96",
        "identity_hash": "sha256$" + "ab" * 32,
        "salt": "00ff",
        "name": "Ana Kowalska",
        "issued_at": NOW,
        "edition": 1,
        "edition_at": NOW,
        "valid_from": date(2026, 11, 12),
        "valid_until": date(2028, 11, 12),
        "expires_at": datetime(2028, 11, 11, 23, tzinfo=UTC),
        "status_list": 1,
        "status_index": 5,
    }
    return Award(**{**values, **changes})
