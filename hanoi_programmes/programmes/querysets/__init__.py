"""The doors to programmes and tasks, and questions about them."""

from hanoi_programmes.programmes.querysets.chosen import EVERYTHING, Choice
from hanoi_programmes.programmes.querysets.decisions import (
    DirectionQuerySet,
    ExtensionQuerySet,
    ObstacleQuerySet,
)
from hanoi_programmes.programmes.querysets.issuances import PlanIssuanceQuerySet
from hanoi_programmes.programmes.querysets.saved import SavedViewQuerySet
from hanoi_programmes.programmes.querysets.scored import Scored
from hanoi_programmes.programmes.querysets.tasks import ProgrammeQuerySet, TaskQuerySet

__all__ = [
    "EVERYTHING",
    "Choice",
    "DirectionQuerySet",
    "ExtensionQuerySet",
    "ObstacleQuerySet",
    "PlanIssuanceQuerySet",
    "ProgrammeQuerySet",
    "SavedViewQuerySet",
    "Scored",
    "TaskQuerySet",
]
