"""The models of programmes; re-exports, nothing else."""

from hanoi_programmes.programmes.models.cascade import Cascade
from hanoi_programmes.programmes.models.direction import Direction
from hanoi_programmes.programmes.models.draft import Draft
from hanoi_programmes.programmes.models.event import Event
from hanoi_programmes.programmes.models.extension import Extension
from hanoi_programmes.programmes.models.handover import Handover
from hanoi_programmes.programmes.models.issuance import PlanIssuance
from hanoi_programmes.programmes.models.plan import (
    ActionProgramme,
    Document,
    Resolution,
    Target,
    TaskGroup,
)
from hanoi_programmes.programmes.models.progress import (
    Evidence,
    Obstacle,
    ProgressReport,
    Situation,
)
from hanoi_programmes.programmes.models.referral import Referral
from hanoi_programmes.programmes.models.saved import SavedView
from hanoi_programmes.programmes.models.task import (
    FOREVER,
    Participant,
    Precision,
    Rhythm,
    Task,
    TaskSpan,
)
from hanoi_programmes.programmes.models.weekly import WeeklyText

__all__ = [
    "FOREVER",
    "ActionProgramme",
    "Cascade",
    "Direction",
    "Document",
    "Draft",
    "Event",
    "Evidence",
    "Extension",
    "Handover",
    "Obstacle",
    "Participant",
    "PlanIssuance",
    "Precision",
    "ProgressReport",
    "Referral",
    "Resolution",
    "Rhythm",
    "SavedView",
    "Situation",
    "Target",
    "Task",
    "TaskGroup",
    "TaskSpan",
    "WeeklyText",
]
