"""The matrix: its cells told again in plain Python, its links, who sees which lines, its weight."""

import gzip
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from time import process_time

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from hanoi_programmes.lib.text import shortened
from hanoi_programmes.people.models import Area, User
from hanoi_programmes.programmes.filters import TaskFilter
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.querysets import Choice
from hanoi_programmes.programmes.timeliness import COME_DUE, Group, days_late
from hanoi_programmes.reports.figures import By, Cell, Column, Line, Matrix, Order, Scope, matrix
from tests import factories
from tests.conftest import TODAY, Cast, signed_in
from tests.fanned import make_fan
from tests.reports.conftest import City, MakeCity, Told
from tests.stored import tell_the_planner

URL, SHEET = reverse("reports:matrix"), reverse("reports:matrix-export")
READERS = ["leader", "officer", "ward_officer"]
DAY = timedelta(days=1)


def cells_of(table: Matrix) -> Iterable[tuple[Line, Column, Cell]]:
    """Every cell that is not empty, with its line and column."""
    for line in table.lines:
        for column, cell in zip(table.columns, line.cells, strict=True):
            if cell is not None:
                yield line, column, cell


def seen(city: City, user: User, on: date) -> list[Told]:
    """The wards' tasks that the reader may see, of any depth."""
    visible = set(Task.objects.visible_to(user).values_list("pk", flat=True))
    return [row for row in city.of_communes(on) if row.task.pk in visible]


def told(rows: list[Told], on: date) -> tuple[Group, int, int, tuple[int, int]]:
    """A cell in plain Python: its group, days, overdue, on time of what has come due."""
    groups = [row.group(on) for row in rows]
    worst = next(group for group in Group if group in groups)
    dues = [f.deadline for row in rows if (f := row.facts(on)) and row.group(on) == worst]
    days = 0
    if worst == Group.OVERDUE:
        days = max(days_late(due, on=on) for due in dues)
    elif worst == Group.DUE_SOON:
        days = min((due - on).days for due in dues if due)
    on_time = groups.count(Group.COMPLETED_ON_TIME)
    return worst, days, groups.count(Group.OVERDUE), (on_time, sum(g in COME_DUE for g in groups))


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("by", By)
@pytest.mark.parametrize("days", [0, 60])
def test_each_cell_is_what_plain_python_tells(
    make_city: MakeCity, reader: str, by: By, days: int
) -> None:
    city, on = make_city(5, TODAY), TODAY - days * DAY
    user: User = getattr(city.cast, reader)
    expected: dict[tuple[str, str], list[Told]] = {}
    for row in seen(city, user, on):
        task = row.task
        key = f"p{task.programme_id}" if by == By.PROGRAMME else f"t{task.parent_id}"
        above = task.parent.lead_unit if task.parent else None
        if by == By.TASK and (above is None or above.level == "commune"):
            key = "apart"
        assert task.lead_unit is not None
        assert task.lead_unit.area is not None
        expected.setdefault((task.lead_unit.area.code, key), []).append(row)
    table = matrix(Scope(user, on, TODAY), by)
    found = {
        (line.code, column.key): (
            cell.group,
            cell.days,
            cell.overdue,
            (cell.on_time.part, cell.on_time.whole),
        )
        for line, column, cell in cells_of(table)
    }
    assert found == {key: told(rows, on) for key, rows in expected.items()}
    assert found
    assert table.overdue == sum(cell[2] for cell in found.values())
    assert table.late_areas + table.clear_areas == table.areas == len(table.lines)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("days", [0, 60])
def test_with_room_for_some_tasks_the_latest_stand_and_the_totals_stay(
    make_city: MakeCity, reader: str, days: int
) -> None:
    city, on = make_city(5, TODAY), TODAY - days * DAY
    scope = Scope(getattr(city.cast, reader), on, TODAY)
    whole = matrix(scope)
    tasks = [column for column in whole.columns if column.task]
    late = {c.key: number for c, number in zip(whole.columns, whole.late, strict=True)}
    for room in range(len(tasks) + 1):
        part = matrix(scope, most=room)
        kept = [column for column in part.columns if column.task]
        left_out = [column for column in tasks if column not in kept]
        assert (len(kept), part.hidden) == (room, len(left_out))
        assert min((late[c.key] for c in kept), default=0) >= max(
            (late[c.key] for c in left_out if kept), default=0
        )
        assert [c for c in whole.columns if c in part.columns] == list(part.columns)
        assert [c.key for c in part.columns if not c.task] == [
            c.key for c in whole.columns if not c.task
        ]
        known = {(line.code, column.key): cell for line, column, cell in cells_of(whole)}
        assert all(known[line.code, c.key] == cell for line, c, cell in cells_of(part))
        assert [replace(line, cells=()) for line in part.lines] == [
            replace(line, cells=()) for line in whole.lines
        ]
        assert (part.overdue, part.on_time) == (whole.overdue, whole.on_time)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("by", By)
@pytest.mark.parametrize("days", [0, 40])
@pytest.mark.parametrize(
    "choice", [Choice(), Choice(axis="ubnd", area_kind="ward"), Choice(resolution="hn71")]
)
def test_a_cell_opens_exactly_its_rows(
    make_city: MakeCity, reader: str, by: By, days: int, choice: Choice
) -> None:
    city = make_city(7, TODAY)
    user: User = getattr(city.cast, reader)
    scope = Scope(user, TODAY - days * DAY, TODAY, choice)
    table = matrix(scope, by)

    def rows(query: str) -> list[int]:
        asked = TaskFilter.read(QueryDict(query), today=TODAY)
        return list(asked.apply(Task.objects.visible_to(user), user).values_list("pk", flat=True))

    for line, column, cell in cells_of(table):
        opened = rows(scope.query(area=line.code, **column.conditions))
        assert len(opened) == cell.number, (line, column)
        assert cell.task == (opened[0] if cell.number == 1 else 0)
    for line in table.lines:
        late = scope.query(level="commune", area=line.code, group="overdue")
        assert len(rows(late)) == line.overdue
    for column, number in zip(table.columns, table.late, strict=True):
        assert len(rows(scope.query(group="overdue", **column.conditions))) == number
    assert sum(table.late) == table.overdue
    assert len(rows(scope.query(level="commune", group="overdue"))) == table.overdue


def test_who_sees_all_has_a_line_for_every_area_and_others_for_what_they_see(cast: Cast) -> None:
    parent = factories.make_task(cast.programme, cast.department)
    factories.make_task(cast.programme, cast.other_ward, parent=parent)
    factories.make_task(cast.programme, cast.ward)
    names = {
        reader: [line.name for line in matrix(Scope(getattr(cast, reader), TODAY, TODAY)).lines]
        for reader in ("inspector", "officer", "ward_officer")
    }
    assert names == {
        "inspector": ["Phường Láng", "Xã Suối Hai"],
        "officer": ["Xã Suối Hai"],
        "ward_officer": ["Phường Láng"],
    }


def test_an_area_that_has_ended_has_no_line(cast: Cast) -> None:
    factories.make_task(cast.programme, cast.ward)
    Area.objects.filter(code="00002").update(starts_on=date(2025, 7, 1), ends_on=date(2026, 6, 30))
    assert [line.code for line in matrix(Scope(cast.leader, TODAY, TODAY)).lines] == ["00001"]
    then = Scope(cast.leader, date(2026, 6, 30), TODAY)
    assert [line.code for line in matrix(then).lines] == ["00001", "00002"]


def shown(page: str) -> list[str]:
    """The names of the lines, from the top."""
    return re.findall(r'<th scope="row"><a[^>]*>([^<]+)<', page)


def test_lines_are_found_by_name_without_marks_and_sorted(fan: list[Task], cast: Cast) -> None:
    client = signed_in(cast.leader)
    assert shown(client.get(URL, {"name": "suoi HAI"}).content.decode()) == ["Xã Suối Hai"]
    names = shown(client.get(URL, {"order": Order.NAME}).content.decode())
    backwards = shown(client.get(URL, {"order": "-name"}).content.decode())
    assert len(names) == 12
    assert backwards == names[::-1]
    answer = client.get(URL, {"order": f"t{fan[0].pk}"})
    place = [column.key for column in answer.context["matrix"].columns].index(f"t{fan[0].pk}")
    groups = [line.cells[place].group for line in answer.context["matrix"].lines]
    assert groups == sorted(groups, key=list(Group).index)
    for order in ("", "-late", "days", "rate", "-rate", "nonsense"):
        assert len(shown(client.get(URL, {"order": order}).content.decode())) == 12


def test_lines_are_chosen_by_kind_and_by_what_is_late(fan: list[Task], cast: Cast) -> None:
    Area.objects.filter(code="00002").update(kind="commune")
    client = signed_in(cast.leader)
    assert shown(client.get(URL, {"area_kind": "commune"}).content.decode()) == ["Xã Suối Hai"]
    whole = client.get(URL).context["whole"]
    for only, number in (("late", whole.late_areas), ("clear", whole.clear_areas)):
        lines = client.get(URL, {"only": only}).context["matrix"].lines
        assert len(lines) == number
        assert all((line.overdue > 0) == (only == "late") for line in lines)
    exceptions = client.get(URL, {"only": "exceptions"}).context["matrix"].lines
    assert all(line.has_exception for line in exceptions)


def test_conditions_are_chips_that_undo_one_each(fan: list[Task], cast: Cast) -> None:
    past = localdate() - DAY
    asked = {
        "name": "hai", "only": "late", "on": past.isoformat(), "axis": "ubnd", "resolution": "hn72",
        "area_kind": "ward", "by": "programme", "period": "2026", "programme": "hn72",
    }  # fmt: skip
    answer = signed_in(cast.leader).get(URL, asked)
    page = answer.content.decode()
    chips = answer.context["chips"]
    assert len(chips) == len(asked) - 1
    for chip in chips:
        left = QueryDict(chip.undo.removeprefix("?")).dict()
        assert len(left) == len(asked) - 1
        assert left.items() <= asked.items()
    assert "Tên có “hai”" in page
    assert f"Tính đến {past:%d/%m/%Y}" in page


EXCEPTION = re.compile(
    r'<td class="k-(?:late|soon|wait)[^>]*><a href="([^"]+)" aria-label="([^"]+)"'
)


def test_an_exception_leads_to_its_task_and_says_all_of_it(fan: list[Task], cast: Cast) -> None:
    page = signed_in(cast.leader).get(URL, {"name": "láng"}).content.decode()
    found = EXCEPTION.findall(page)
    children = Task.objects.filter(parent__in=fan, lead_unit=cast.ward).order_by("pk")
    open_ones = [task for task in children if task.state != "completed"]
    today, names = localdate(), {parent.pk: shortened(parent.text) for parent in fan}
    expected = []
    for task in open_ones:
        assert task.deadline
        days = (today - task.deadline).days
        words = f"quá hạn {days} ngày" if days > 0 else f"còn {-days} ngày" if days > -8 else ""
        words = "chờ xác nhận" if task.state == "awaiting" else words
        name = f"Phường Láng, {names[task.parent_id or 0]}: {words}"
        expected += [(f"/tasks/{task.pk}/", name)] if words else []
    assert [(url, unescape(name)) for url, name in found] == expected
    assert len(expected) > 1


def test_several_tasks_in_one_cell_open_their_list(fan: list[Task], cast: Cast) -> None:
    party = factories.make_ward("00001", parent=cast.city, name="Phường Láng", axis="dang")
    late = {"deadline": localdate() - 5 * DAY}
    factories.make_task(cast.programme, party, parent=None, **late)
    factories.make_task(cast.programme, cast.ward, parent=None, **late)
    client = signed_in(cast.leader)
    page = client.get(URL, {"name": "láng"}).content.decode()
    found = [(unescape(url), name) for url, name in EXCEPTION.findall(page) if "2 việc" in name]
    assert [name for _, name in found] == [
        "Phường Láng, Việc giao riêng: 2 việc quá hạn, chậm nhất 5 ngày"
    ]
    assert client.get(found[0][0]).context["page"].paginator.count == 2
    one = client.get(URL, {"name": "láng", "axis": "dang"}).content.decode()
    assert "Phường Láng, Việc giao riêng: quá hạn 5 ngày" in one


def test_a_name_that_could_be_markup_is_text(fan: list[Task], cast: Cast) -> None:
    Task.objects.filter(pk=fan[0].pk).update(text='<b onclick="x">Việc</b>')
    Area.objects.filter(code="00001").update(name="Phường <i>Láng</i>")
    page = signed_in(cast.leader).get(URL).content.decode()
    assert "<b onclick" not in page
    assert "<i>Láng" not in page


def test_programmes_stand_side_by_side(fan: list[Task], cast: Cast) -> None:
    answer = signed_in(cast.leader).get(URL, {"by": "programme", "name": "suoi hai"})
    line = answer.context["matrix"].lines[0]
    cell = line.cells[0]
    assert cell.number == 3
    page = unescape(answer.content.decode())
    if cell.overdue:
        assert f"{cell.overdue} việc quá hạn, Xã Suối Hai" in page
    assert f"{cell.on_time.whole} việc đến hạn, Xã Suối Hai" in page
    assert "hn72-CTr/TU" in page


def test_a_ward_reads_whose_figures_these_are(fan: list[Task], cast: Cast) -> None:
    page = signed_in(cast.ward_officer).get(URL).content.decode()
    assert f"chỉ gồm việc trong phạm vi của {cast.ward.name}" in page
    assert shown(page) == ["Phường Láng"]
    assert "chỉ gồm việc" not in signed_in(cast.inspector).get(URL).content.decode()


@pytest.mark.parametrize("reader", ["inspector", "officer", "ward_officer"])
def test_the_name_of_an_area_leads_where_its_reader_may_go(
    fan: list[Task], cast: Cast, reader: str
) -> None:
    Task.objects.filter(pk__in=[task.pk for task in fan]).update(lead_unit=cast.department)
    client = signed_in(getattr(cast, reader))
    links = re.findall(r'<th scope="row"><a href="([^"]+)"', client.get(URL).content.decode())
    assert links
    assert {client.get(link).status_code for link in links} == {200}


def test_nothing_given_and_nothing_found_are_said_in_words(cast: Cast) -> None:
    client = signed_in(cast.leader)
    assert "Chưa có nhiệm vụ nào được giao xuống" in client.get(URL).content.decode()
    factories.make_task(cast.programme, cast.ward)
    page = client.get(URL, {"name": "không có nơi này"}).content.decode()
    assert "Không có phường, xã nào khớp" in page


def test_htmx_gets_the_fragment_and_a_clean_address(fan: list[Task], cast: Cast) -> None:
    client = signed_in(cast.leader)
    asked = {"name": "lang", "by": "task", "order": "late", "axis": "", "on": str(localdate())}
    answer = client.get(URL, asked, headers={"hx-request": "true"})
    assert "<html" not in answer.content.decode()
    assert answer["HX-Push-Url"] == f"{URL}?name=lang"
    nothing = client.get(URL, {"order": "late"}, headers={"hx-request": "true"})
    assert nothing["HX-Push-Url"] == URL


def test_a_phone_is_given_one_resolution_at_a_time(fan: list[Task], cast: Cast) -> None:
    other = factories.make_programme("hn71")
    make_fan(other, cast.city, [cast.ward], 1, localdate() + 90 * DAY)
    client = signed_in(cast.leader)
    answer = client.get(URL)
    assert [(name, current) for name, _, current in answer.context["picks"]] == [
        ("NQ 71", False), ("NQ 72", True), ("Tất cả", False)
    ]  # fmt: skip
    assert [head.looks for head in answer.context["heads"]] == ["g off", "g"]
    picked = client.get(URL, {"pick": "hn71"})
    assert [head.looks for head in picked.context["heads"]] == ["g", "g off"]
    assert [head.looks for head in client.get(URL, {"pick": "all"}).context["heads"]] == ["g", "g"]


AREAS, TASKS = 126, 30
MOST_BYTES, MOST_SECONDS, MOST_QUERIES = 150 * 1024, 0.3, 12


def test_the_whole_city_by_thirty_tasks_is_quick_and_light(cast: Cast) -> None:
    """One query for all cells; the time is the server's own work, however busy the machine is."""
    wards = factories.make_wards(cast.city, cast.ward_head, range(AREAS - 2))
    make_fan(cast.programme, cast.city, [cast.ward, cast.other_ward, *wards], TASKS, localdate())
    tell_the_planner()
    client = signed_in(cast.office)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(URL)
    times = []
    for _ in range(3):
        began = process_time()
        client.get(URL)
        times.append(process_time() - began)
    assert answer.content.count(b"<td") == (AREAS + 1) * (TASKS + 2)
    assert len(queries) <= MOST_QUERIES
    weight = len(gzip.compress(answer.content, 6))
    assert weight < MOST_BYTES
    assert min(times) < MOST_SECONDS, (times, weight)
