"""Like with like: who is compared with whom, and when nobody is."""

from datetime import timedelta

from django.http import QueryDict

from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.programmes.filters import TaskFilter
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.querysets import Choice
from hanoi_programmes.programmes.states import State
from hanoi_programmes.reports.figures import Compared, Scope, like_units, middle, peers
from tests import factories
from tests.conftest import TODAY, Cast


def rows_behind(query: str, user: User) -> int:
    """How many rows the task list shows for a query string."""
    asked = TaskFilter.read(QueryDict(query), today=TODAY)
    return asked.apply(Task.objects.visible_to(user), user).count()


def ward(cast: Cast, number: int, on_time: int, late: int) -> Unit:
    """A ward with so much done on time and so much late."""
    unit = factories.make_ward(f"1000{number}", parent=cast.city, name=f"Phường {number}")
    for n in range(on_time + late):
        past: dict[str, object] = {"deadline": TODAY - timedelta(days=30)}
        if n < on_time:
            past |= {"state": State.COMPLETED, "completed_on": TODAY - timedelta(days=31)}
        factories.make_task(cast.programme, unit, **past)
    return unit


def table(cast: Cast, user: User) -> list[Compared]:
    choice = Choice(axis="ubnd", tier="commune", period="2026")
    return like_units(Scope(user, TODAY, TODAY, choice, led=True))


def test_units_are_compared_only_with_enough_of_their_like(cast: Cast) -> None:
    units = [ward(cast, n, n, 4 - n) for n in range(5)]
    ward(cast, 5, 2, 0)
    factories.make_task(cast.programme, cast.department, deadline=TODAY - timedelta(days=3))
    found = peers(units[0], "2026", on=TODAY, today=TODAY)
    assert found is not None
    assert (found.units, found.median) == (5, 0.5)
    assert peers(units[0], "2026-Q1", on=TODAY, today=TODAY) is None
    assert peers(cast.department, "2026", on=TODAY, today=TODAY) is None


def test_the_table_puts_the_late_first_by_share_and_the_small_last(cast: Cast) -> None:
    units = [ward(cast, n, n, 4 - n) for n in range(5)]
    small = ward(cast, 5, 0, 2)
    rows = table(cast, cast.leader)
    assert [row.unit for row in rows] == [*units, small]
    assert not rows[-1].has_enough
    assert middle(rows) == peers(units[0], "2026", on=TODAY, today=TODAY)
    for row in rows:
        assert rows_behind(row.query, cast.leader) == row.late.whole
        assert rows_behind(row.late_query, cast.leader) == row.late.part
        assert rows_behind(row.on_time_query, cast.leader) == row.on_time.part
