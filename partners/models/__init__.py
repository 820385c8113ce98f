"""The app's tables."""

from partners.models.decision import Decision
from partners.models.loaded import LoadedRecord
from partners.models.metrics import MetricReading
from partners.models.partner import Membership, Partner
from partners.models.past import SimulatedPast
from partners.models.programme import Programme, RulesVersion

__all__ = [
    "Decision",
    "LoadedRecord",
    "Membership",
    "MetricReading",
    "Partner",
    "Programme",
    "RulesVersion",
    "SimulatedPast",
]
