"""Units as forms offer them: one of hundreds, found by words."""

from hanoi_programmes.people.models import Unit
from hanoi_programmes.people.querysets import UnitQuerySet
from hanoi_programmes.ui.choosing import Sought


def _seek(rows: UnitQuerySet, words: str) -> UnitQuerySet:
    return rows.matching(words).from_the_top()


def _note(unit: Unit) -> str:
    """What tells two units of like names apart."""
    return unit.code


UNITS = Sought("people:choose-unit", _seek, _note, "Gõ vài chữ của tên đơn vị, không cần dấu")
