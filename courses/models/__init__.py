"""Rows of trainings, banks and attempts; the rules that read them live in ``domain``."""

from courses.models.allowances import Accommodation, Waiver
from courses.models.assessments import Assessment
from courses.models.attempts import Attempt, AttemptItem, AttemptSection, Response
from courses.models.banks import Item, ItemBank, ItemPicture, ItemVersion, Topic
from courses.models.catalogue import Course, Lesson, Product, Track
from courses.models.contests import Contest
from courses.models.draws import DrawRecord
from courses.models.files import ItemFile
from courses.models.groups import ItemGroup, ItemGroupMember, ItemGroupVersion
from courses.models.loading import LoadedField
from courses.models.log import AttemptEvent
from courses.models.panels import Judge, Panel, PanelItem, Rating
from courses.models.progress import Enrolment, ExerciseAnswer, LessonProgress
from courses.models.regrade import Correction, CredentialDecision, Rescore, ScoringRun
from courses.models.reviews import Finding, Review, StoredFigures

__all__ = [
    "Accommodation",
    "Assessment",
    "Attempt",
    "AttemptEvent",
    "AttemptItem",
    "AttemptSection",
    "Contest",
    "Correction",
    "Course",
    "CredentialDecision",
    "DrawRecord",
    "Enrolment",
    "ExerciseAnswer",
    "Finding",
    "Item",
    "ItemBank",
    "ItemFile",
    "ItemGroup",
    "ItemGroupMember",
    "ItemGroupVersion",
    "ItemPicture",
    "ItemVersion",
    "Judge",
    "Lesson",
    "LessonProgress",
    "LoadedField",
    "Panel",
    "PanelItem",
    "Product",
    "Rating",
    "Rescore",
    "Response",
    "Review",
    "ScoringRun",
    "StoredFigures",
    "Topic",
    "Track",
    "Waiver",
]
