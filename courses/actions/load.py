"""Loading a training from the folder a vendor keeps it in. Twice changes nothing."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from badges.actions.achievements import (
    AchievementRules,
    AchievementTextData,
    define_achievement,
)
from badges.queries import get_achievement
from badges.queries.achievements import get_rules
from courses.actions.banks import ItemDraft, write_item
from courses.actions.load_cases import load_cases
from courses.actions.load_fields import Conflict, Keep, Ledger, LoadReport
from courses.actions.load_pages import TrainingPages, write_pages
from courses.domain.blueprint import Stock, check_blueprint
from courses.domain.case_files import CaseSource, read_cases, unfold
from courses.domain.files import (
    AchievementFile,
    FileError,
    ItemEntry,
    LessonFile,
    TrainingFile,
    parse,
    parse_items,
    parse_lesson,
    read_yaml,
)
from courses.domain.items import ItemBody
from courses.models import (
    Assessment,
    Course,
    Item,
    ItemBank,
    Lesson,
    Product,
    Topic,
    Track,
)
from courses.queries.banks import list_stock

__all__ = ["Conflict", "FileError", "LoadReport", "define_catalogue", "load_training"]


def define_catalogue(
    *, tracks: dict[str, dict[str, str]], products: dict[str, dict[str, str]]
) -> None:
    """Create tracks and products that are missing, in the order given; existing ones stay."""
    for model, rows in ((Track, tracks), (Product, products)):
        for position, (slug, names) in enumerate(rows.items(), start=1):
            model._default_manager.get_or_create(
                slug=slug, defaults={"names": names, "position": position}
            )


def check_training(folder: Path) -> "TrainingFolder":
    """Read and check a training's folder without touching the database; raise ``FileError``."""
    return TrainingFolder(folder)


class TrainingFolder:
    """Everything the files of one training say, checked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.training: TrainingFile = parse(
            TrainingFile, self._name("training.yaml"), self._yaml("training.yaml")
        )
        self.items: list[tuple[ItemEntry, ItemBody]] = []
        self.cases: list[CaseSource] = []
        self._read_items()
        self.lessons = {language: self._read_lessons(language) for language in self.languages}
        self._check_draw()

    @property
    def languages(self) -> list[str]:
        return list(self.training.texts)

    def _name(self, name: str) -> str:
        return f"{self.folder.name}/{name}"

    def _yaml(self, name: str) -> Any:
        path = self.folder / name
        if not path.exists():
            raise FileError(self._name(name), "", "is missing")
        return read_yaml(self._name(name), path.read_text(encoding="utf-8"))

    def _read_items(self) -> None:
        others = {
            language: self._yaml(f"items.{language}.yaml")
            for language in self.languages
            if (self.folder / f"items.{language}.yaml").exists()
        }
        name = self._name("items.yaml")
        entries, cases = unfold(name, self._yaml("items.yaml"))
        self.items = list(parse_items(name, entries, others, self.training.topics))
        self.cases = list(read_cases(name, cases, others))

    def _read_lessons(self, language: str) -> list[LessonFile]:
        found = {
            path.stem.partition("-")[2]: path
            for path in sorted((self.folder / language).glob("[0-9]*-*.md"))
        }
        if missing := [slug for slug in self.training.lessons if slug not in found]:
            name = self._name("training.yaml")
            raise FileError(name, "lessons", f"{language}/NN-{missing[0]}.md is missing")
        return [
            parse_lesson(
                self._name(f"{language}/{found[slug].name}"),
                slug,
                found[slug].read_text(encoding="utf-8"),
            )
            for slug in self.training.lessons
        ]

    def _check_draw(self) -> None:
        inside = {code for case in self.cases for code in case.members}
        alone = [
            Stock(topic=entry.topic, difficulty=body.difficulty, pilot=entry.pilot)
            for entry, body in self.items
            if entry.code not in inside
        ]
        cases = [Stock(topic=case.topic, questions=len(case.members)) for case in self.cases]
        self.refuse_shortages(alone + cases)

    def refuse_shortages(self, stock: Iterable[Stock], kind: str = "") -> None:
        """Raise ``FileError`` unless the items can fill the test."""
        name = self._name("training.yaml")
        check = check_blueprint(self.training.assessment.policy.blueprint, stock)
        for cell, gap in check.shortages.items():
            raise FileError(
                name, f"assessment.draw.{cell}", f"the bank lacks {gap} {kind}items of it"
            )
        for topic, gap in check.cases_missing.items():
            questions = self.training.assessment.cases[topic].questions
            raise FileError(
                name,
                f"assessment.cases.{topic}",
                f"the bank lacks {gap} {kind}cases of it with exactly {questions} questions",
            )
        if gap := check.pilots_missing:
            raise FileError(
                name, "assessment.pilots", f"the bank lacks {gap} items with “pilot: true”"
            )


def load_training(
    folder: Path, *, keep: Keep = "ask", dry_run: bool = False, actor: int | None, now: datetime
) -> LoadReport:
    """Create or update a training from its folder, all of it or nothing.

    Values edited on the site since the last load stay and are reported, unless ``keep`` is
    "files". Raises ``FileError`` before anything is written.
    """
    source, report = check_training(folder), LoadReport()
    with transaction.atomic():
        ledger = Ledger(keep=keep, report=report)
        _load(source, ledger, actor, now)
        if dry_run:
            transaction.set_rollback(True)
    return report


def _load(source: TrainingFolder, ledger: Ledger, actor: int | None, now: datetime) -> None:
    for achievement in source.training.achievements:
        _load_achievement(achievement, ledger, actor, now)
    course = _load_course(source.training, ledger)
    bank = _load_bank(source, ledger, actor, now)
    _load_assessment(source.training, course, bank, ledger)
    write_pages(TrainingPages(source.folder, source.training, source.lessons), course, ledger)
    source.refuse_shortages(list_stock(bank.pk), kind="live ")


def _load_achievement(
    file: AchievementFile, ledger: Ledger, actor: int | None, now: datetime
) -> None:
    key, texts = f"achievement {file.slug}", {}
    existing = get_achievement(file.slug, "en")
    for language, text in file.texts.items():
        site = get_achievement(file.slug, language) if existing else None
        if site and site.language != language:
            site = None  # another language stood in: there is no such text yet
        values = {}
        for name in ("name", "description", "criteria"):
            wanted = getattr(text, name)
            stands = getattr(site, name) if site else None
            place = f"{name}.{language}"
            if stands is None:
                ledger.remember(key, place, wanted)
            else:
                wanted = ledger.decide(key, place, site=stands, file=wanted)
            values[name] = wanted
        texts[language] = AchievementTextData(**values)
    if existing is None:
        ledger.note_created(key)
    define_achievement(
        slug=file.slug,
        achievement_type=file.type,
        valid_months=_decide(ledger, key, "valid_months", existing, file),
        texts=texts,
        rules=_load_rules(file, ledger, key),
        actor=actor,
        now=now,
    )


def _load_rules(file: AchievementFile, ledger: Ledger, key: str) -> AchievementRules:
    wanted = AchievementRules(
        level=file.level,
        validity_basis=file.valid_from,
        released_on=file.released_on,
        ends_on=file.ends_on,
        renew_days=file.renew_days,
        extends=tuple(sorted(file.extends)),
    )
    stands = get_rules(file.slug)
    names = [field.name for field in fields(wanted)]
    return AchievementRules(**{name: _decide(ledger, key, name, stands, wanted) for name in names})


def _decide(ledger: Ledger, key: str, name: str, stands: Any, wanted: Any) -> Any:
    """Take a field from the file, unless somebody changed it on the site since."""
    if stands is None:
        ledger.remember(key, name, getattr(wanted, name))
        return getattr(wanted, name)
    return ledger.decide(key, name, site=getattr(stands, name), file=getattr(wanted, name))


def _load_course(file: TrainingFile, ledger: Ledger) -> Course:
    course, created = Course.objects.get_or_create(slug=file.slug)
    key = f"training {file.slug}"
    achievement = get_achievement(file.achievement, "en")
    wanted = {
        "track_id": Track.objects.get(slug=file.track).pk,
        "product_id": Product.objects.get(slug=file.product).pk,
        "achievement_id": achievement.id if achievement else None,
        "position": file.order,
    }
    if created:
        ledger.note_created(key)
    _apply(course, wanted, key, ledger, fresh=created)
    for position, slug in enumerate(file.lessons, start=1):
        Lesson.objects.update_or_create(course=course, slug=slug, defaults={"position": position})
    return course


def _apply(row: Any, wanted: dict[str, Any], key: str, ledger: Ledger, *, fresh: bool) -> None:
    for name, value in wanted.items():
        if fresh:
            ledger.remember(key, name, value)
        else:
            value = ledger.decide(key, name, site=getattr(row, name), file=value)
        setattr(row, name, value)
    row.save()


def _load_bank(
    source: TrainingFolder, ledger: Ledger, actor: int | None, now: datetime
) -> ItemBank:
    training = source.training
    bank, _ = ItemBank.objects.get_or_create(
        slug=training.slug, defaults={"title": training.texts["en"].title}
    )
    for position, (slug, names) in enumerate(training.topics.items(), start=1):
        Topic.objects.update_or_create(
            bank=bank, slug=slug, defaults={"names": names, "position": position}
        )
    existing = {
        item.code: item.current.body
        for item in Item.objects.filter(bank=bank).select_related("current")
        if item.current
    }
    for entry, body in source.items:
        key, data = f"item {training.slug}/{entry.code}", body.model_dump(mode="json")
        if entry.code in existing:
            data = ledger.decide(key, "body", site=existing[entry.code], file=data)
        else:
            ledger.note_created(key)
            ledger.remember(key, "body", data)
        draft = ItemDraft(
            code=entry.code,
            topic=entry.topic,
            lesson_slug=entry.lesson,
            pilot=entry.pilot,
            body=ItemBody.model_validate(data),
        )
        write_item(bank=bank, draft=draft, actor=actor, now=now)
    load_cases(source.cases, bank, ledger, actor, now)
    return bank


def _load_assessment(file: TrainingFile, course: Course, bank: ItemBank, ledger: Ledger) -> None:
    assessment = Assessment.objects.filter(course=course).first()
    wanted = file.assessment.policy.model_dump(mode="json")
    fresh = assessment is None
    assessment = assessment or Assessment(course=course, bank=bank)
    _apply(assessment, wanted, f"test {file.slug}", ledger, fresh=fresh)
