"""The models of programmes; re-exports, nothing else."""

from hanoi_programmes.programmes.models.event import Event
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
from hanoi_programmes.programmes.models.task import (
    FOREVER,
    Participant,
    Precision,
    Rhythm,
    Task,
    TaskSpan,
)

__all__ = [
    "FOREVER",
    "ActionProgramme",
    "Document",
    "Event",
    "Evidence",
    "Obstacle",
    "Participant",
    "Precision",
    "ProgressReport",
    "Resolution",
    "Rhythm",
    "Situation",
    "Target",
    "Task",
    "TaskGroup",
    "TaskSpan",
]
