"""Loading a vendor's programme folder: twice changes nothing, a fault leaves all as it was."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from badges import queries as badges
from badges.actions.issuer import define_issuer
from courses.actions.load import (
    FileError,
    TrainingFolder,
    check_training,
    define_catalogue,
    load_training,
)
from partners.actions.merging import Keep, Kind, LoadReport, Memory
from partners.actions.people import load_partners, load_people, register_people
from partners.actions.replay import Replay, midday
from partners.actions.rules import RulesInUse, check_rules, publish_rules
from partners.domain.files import Fault, FaultyFiles
from partners.domain.programme_files import (
    HISTORY,
    PARTNERS,
    PEOPLE,
    PROGRAMME,
    ProgrammeFiles,
    read_programme,
    suggest,
)
from partners.domain.rules import DEFAULT_LANGUAGE, to_plain
from partners.models import Programme, RulesVersion
from partners.queries import describe_refusal

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, kw_only=True)
class Choices:
    """How to load: whose text wins, whether to write, to replay history, to leave out bad rows."""

    keep: Keep = "ask"
    dry_run: bool = False
    history: bool = True
    keep_going: bool = False


def load_programme(
    folder: Path, choices: Choices, *, now: datetime, progress: Progress = lambda *_: None
) -> LoadReport:
    """Load a programme's folder (the form of ``samples/``) and return what that changed.

    All files are checked before anything is written: ``FaultyFiles`` tells every fault with file,
    row and field. Where the admin changed what a file says otherwise, the site's text stays and is
    reported in ``conflicts``; then, unless ``keep`` says who wins (or ``keep_going``), nothing at
    all is written. ``progress(done, total, what)`` is called as the work goes on.
    """
    trainings = _check_trainings(folder)
    today = timezone.localtime(now, timezone.get_default_timezone()).date()
    awards = {each.training.slug: each.training.achievement for each in trainings}
    files = read_programme(_read(folder), awards, today, keep_going=choices.keep_going)
    _check_words(files)
    _check_references(files, trainings)
    report = LoadReport(rejected=[str(fault) for fault in files.rejected])
    with transaction.atomic():
        _Load(files, trainings, choices, report, progress).run(now)
        if choices.dry_run or (report.conflicts and not choices.keep_going):
            transaction.set_rollback(True)
    return report


def _read(folder: Path) -> dict[str, str]:
    names = (PROGRAMME, PARTNERS, PEOPLE, HISTORY)
    texts: dict[str, str] = {}
    for name in names:
        path = folder / name
        try:
            texts |= {name: path.read_text(encoding="utf-8")} if path.is_file() else {}
        except UnicodeDecodeError as error:
            message = f"must be UTF-8; byte {error.start} is not"
            raise FaultyFiles([Fault(name, None, "", message)]) from None
    return texts


def _check_trainings(folder: Path) -> list[TrainingFolder]:
    found, faults = [], []
    for path in sorted((folder / "trainings").glob("*/training.yaml")):
        try:
            found.append(check_training(path.parent))
        except FileError as error:
            file = f"trainings/{error.file}"
            faults.append(Fault(file, None, error.place, error.problem))
    if faults:
        raise FaultyFiles(faults)
    return sorted(found, key=lambda each: (each.training.order, each.training.slug))


def _check_words(files: ProgrammeFiles) -> None:
    try:
        check_rules(files.document)
    except ValidationError as error:
        raise FaultyFiles(Fault(PROGRAMME, None, "", text) for text in error.messages) from None


def _check_references(files: ProgrammeFiles, trainings: list[TrainingFolder]) -> None:
    faults = [
        Fault(f"trainings/{each.folder.name}/training.yaml", None, field, suggest(given, known))
        for each in trainings
        for field, given, known in (
            ("track", each.training.track, files.tracks),
            ("product", each.training.product, files.products),
        )
        if given not in known
    ]
    awarded = {each.slug for training in trainings for each in training.training.achievements}
    faults += [
        Fault(PROGRAMME, None, "programme.tiers", f"no training awards {slug}")
        for slug in sorted(files.rules.achievements - awarded)
        if badges.get_achievement(slug, DEFAULT_LANGUAGE) is None
    ]
    if faults:
        raise FaultyFiles(faults)


class _Load:
    """One load, inside its transaction."""

    def __init__(
        self,
        files: ProgrammeFiles,
        trainings: list[TrainingFolder],
        choices: Choices,
        report: LoadReport,
        progress: Progress,
    ) -> None:
        self.files, self.trainings, self.choices = files, trainings, choices
        self.report, self.progress = report, progress

    def run(self, now: datetime) -> None:
        """Load everything in the order it rests on each other."""
        start = self._find_start(now)
        memory = Memory(self._put_programme(start), self.choices.keep, self.report, now)
        self._load_vendor(memory, start)
        self._load_trainings(start)
        self._load_rules(memory, start)
        replay = Replay(memory, self.files.acts, start=start, now=now)
        register_people(self.files, memory, replay)
        if self.choices.history:
            replay.plan_acts()
        load_partners(self.files, memory, replay)
        load_people(self.files, memory, replay)
        replay.run(self.progress, dry_run=self.choices.dry_run)

    def _find_start(self, now: datetime) -> datetime:
        if not self.choices.history or not self.files.acts:
            return now
        first = min(self.files.rules.valid_from, self.files.acts[0].value.on)
        return min(midday(first), now)

    def _put_programme(self, now: datetime) -> Programme:
        rules = self.files.rules
        if not Programme.objects.filter(slug=rules.slug).exists():
            self._publish(now)
            self.report.created.append(f"programme {rules.slug}")
        return Programme.objects.get(slug=rules.slug)

    def _publish(self, now: datetime) -> None:
        rules = self.files.rules
        publish_rules(
            programme=rules.slug,
            version=rules.version,
            document=self.files.document,
            announced_on=rules.announced_on,
            valid_from=rules.valid_from,
            actor=None,
            now=now,
        )

    def _load_vendor(self, memory: Memory, now: datetime) -> None:
        vendor = self.files.vendor
        values = {
            "name": vendor.name,
            "url": vendor.url,
            "email": vendor.email,
            "description": vendor.description[DEFAULT_LANGUAGE],
        }
        if memory.said(Kind.VENDOR, "issuer") == values:
            return
        known = memory.knows(Kind.VENDOR, "issuer")
        define_issuer(**values, actor=None, now=now)
        (self.report.changed if known else self.report.created).append("vendor issuer")
        memory.remember(Kind.VENDOR, "issuer", values)

    def _load_trainings(self, now: datetime) -> None:
        tracks, products = self.files.tracks, self.files.products
        define_catalogue(
            tracks={slug: dict(names) for slug, names in tracks.items()},
            products={slug: dict(names) for slug, names in products.items()},
        )
        for done, each in enumerate(self.trainings):
            self.progress(done, len(self.trainings), each.training.slug)
            with _told(f"trainings/{each.folder.name}"):
                loaded = load_training(each.folder, keep=self.choices.keep, actor=None, now=now)
            self.report.created += loaded.created
            self.report.changed += loaded.changed
            self.report.conflicts += loaded.conflicts
        self.progress(len(self.trainings), len(self.trainings), "")

    def _load_rules(self, memory: Memory, now: datetime) -> None:
        rules = self.files.rules
        key, file = f"{rules.slug} {rules.version}", {"document": to_plain(self.files.document)}
        row = RulesVersion.objects.filter(programme__slug=rules.slug, version=rules.version).first()
        if row is None or not memory.knows(Kind.RULES, key):
            with _told(PROGRAMME, "programme.version"):
                self._publish(now)
            memory.note_created(Kind.RULES, key, file)
        elif memory.merge(Kind.RULES, key, site={"document": row.document}, file=file):
            with _told(PROGRAMME, "programme.version"):
                self._publish(now)


@contextmanager
def _told(file: str, field: str = "") -> Iterator[None]:
    """Turn what an action refuses into faults of the file it came from."""
    try:
        yield
    except (ValidationError, FileError, RulesInUse) as error:
        faults = [Fault(file, None, field, text) for text in describe_refusal(error)]
        raise FaultyFiles(faults) from error
