"""The models of people; re-exports, nothing else."""

from hanoi_programmes.people.models.calendar import CalendarDay
from hanoi_programmes.people.models.event import PlaceEvent, Recorded
from hanoi_programmes.people.models.group import UnitGroup
from hanoi_programmes.people.models.place import Area, Axis, Unit
from hanoi_programmes.people.models.row_change import Reading, RowChange, ThisTransaction
from hanoi_programmes.people.models.sourced import Sourced
from hanoi_programmes.people.models.tiding import Tiding
from hanoi_programmes.people.models.user import Holding, Post, User

__all__ = [
    "Area",
    "Axis",
    "CalendarDay",
    "Holding",
    "PlaceEvent",
    "Post",
    "Reading",
    "Recorded",
    "RowChange",
    "Sourced",
    "ThisTransaction",
    "Tiding",
    "Unit",
    "UnitGroup",
    "User",
]
