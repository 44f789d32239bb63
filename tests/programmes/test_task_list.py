"""The task list: each condition finds exactly its rows, columns are chosen, files hold the rows."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.filters import MARKS, TaskFilter, worst
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.shapes.columns import COLUMNS, DEFAULT, read_columns
from hanoi_programmes.programmes.views import lists
from tests import factories
from tests.conftest import TODAY, Cast, signed_in

DAY = timedelta(days=1)
URL = "/tasks/"


def found(user: User, query: str) -> list[str]:
    """Codes of the rows that an address finds, in its order."""
    asked = TaskFilter.read(QueryDict(query), today=TODAY)
    return [task.code for task in asked.apply(Task.objects.visible_to(user), user)]


def make(cast: Cast, **changes: Any) -> Task:
    given: dict[str, Any] = {"state": "in_progress", "deadline": TODAY + 20 * DAY}
    return factories.make_task(cast.programme, cast.department, **given | changes)


MARKED: dict[str, Callable[[Cast], dict[str, Any]]] = {
    "mine": lambda cast: {"officer": cast.office},
    "key": lambda _cast: {"is_key": True},
    "hard": lambda _cast: {"is_hard": True},
    "new": lambda _cast: {"is_new": True},
    "unprecedented": lambda _cast: {"is_unprecedented": True},
    "extended": lambda _cast: {"original_deadline": TODAY + 5 * DAY},
}


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_finds_exactly_what_is_marked_so(cast: Cast, mark: str) -> None:
    make(cast)
    marked = make(cast, **MARKED[mark](cast))
    assert found(cast.office, f"mark={mark}") == [marked.code]


def test_several_marks_ask_for_all_of_them(cast: Cast) -> None:
    make(cast, is_key=True)
    both = make(cast, is_key=True, is_hard=True)
    assert found(cast.office, "mark=key&mark=hard&mark=nonsense") == [both.code]


def test_a_period_finds_the_deadlines_that_fall_into_it(cast: Cast) -> None:
    first, last = TODAY.replace(month=1, day=1), TODAY.replace(month=12, day=31)
    inside = [make(cast, deadline=day) for day in (first, last)]
    make(cast, deadline=first - DAY)
    make(cast, deadline=last + DAY)
    make(cast, deadline=None)
    assert set(found(cast.office, f"period={TODAY.year}")) == {task.code for task in inside}


def test_quality_and_state_sort_both_ways(cast: Cast) -> None:
    late = make(cast, deadline=TODAY - DAY)
    term = make(cast)
    assert found(cast.office, "order=state") == [late.code, term.code]
    assert found(cast.office, "order=-state") == [term.code, late.code]


def test_columns_come_in_the_order_of_the_list_and_nonsense_gives_the_usual_ones() -> None:
    assert read_columns(["quality", "due", "nonsense"]) == ("due", "quality")
    assert read_columns([]) == read_columns(["nonsense"]) == DEFAULT


def fill(cast: Cast, number: int, **changes: Any) -> list[Task]:
    """Tasks with something to tell in every column."""
    tasks = [
        make(
            cast, text=f"=HYPERLINK({n})", original_deadline=TODAY, officer=cast.officer, **changes
        )
        for n in range(number)
    ]
    for n, task in enumerate(tasks):
        factories.make_report(
            task, cast.officer, TODAY, situation="doing", text="Đã làm một phần", percent=n
        )
        factories.make_obstacle(task, cast.officer, TODAY, text=f"Vướng {n}", decider=cast.ward)
        factories.make_extension(
            task, cast.officer, TODAY, answer="agreed", granted=task.deadline, decided_on=TODAY,
            decided_by=cast.office,
        )  # fmt: skip
    return tasks


ALL = "&".join(f"columns={key}" for key in COLUMNS)


def test_every_column_is_shown_and_asks_no_more_for_many_rows(cast: Cast) -> None:
    fill(cast, 2)
    client = signed_in(cast.office)
    with CaptureQueriesContext(connection) as few:
        page = client.get(f"{URL}?{ALL}").content.decode()
    for word in ("Đã làm một phần", "Vướng 1", "1%", "gia hạn 1 lần", str(cast.officer)):
        assert word in page
    assert all(f">{column.label}" in page for column in COLUMNS.values() if not column.is_drawn)
    fill(cast, 9)
    with CaptureQueriesContext(connection) as many:
        client.get(f"{URL}?{ALL}")
    assert len(many) == len(few) <= 27


def test_the_form_leads_to_the_shortest_address(cast: Cast) -> None:
    client = signed_in(cast.office)
    usual = "&".join(f"columns={key}" for key in DEFAULT)
    answer = client.get(f"{URL}?q=&resolution=&group=overdue&{usual}")
    assert (answer.status_code, answer["Location"]) == (302, f"{URL}?group=overdue")


# The files


def strings(content: bytes) -> str:
    """All texts of a spreadsheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return book.read("xl/worksheets/sheet1.xml").decode()


def test_the_spreadsheet_holds_exactly_the_rows_and_columns_of_the_list(
    cast: Cast, clock: date
) -> None:
    shown = fill(cast, 3, deadline=clock + 20 * DAY)
    make(cast, text="Không được lọc", deadline=clock - DAY)
    client = signed_in(cast.office)
    answer = client.get(f"/tasks/export/?group=in_term&mark=extended&{ALL}")
    sheet = strings(answer.content)
    assert answer["Content-Disposition"].startswith('attachment; filename="nhiem-vu-')
    assert re.findall(r">(T-\d+)<", sheet) == [t.code for t in shown]
    assert "Không được lọc" not in sheet
    assert "Tình trạng: Trong hạn" in sheet
    assert "Đã đổi thời hạn" in sheet
    assert "<f>" not in sheet
    assert "=HYPERLINK(1)" in sheet
    for heading in ("Cấp quyết định", "Số lần gia hạn", "Người đứng đầu", "Thời hạn gốc"):
        assert heading in sheet


def test_only_ticked_rows_are_taken_out_when_rows_are_ticked(cast: Cast) -> None:
    first, second, third = fill(cast, 3)
    client = signed_in(cast.office)
    some = strings(client.get(f"/tasks/export/?task={first.pk}&task={third.pk}").content)
    assert first.code in some
    assert third.code in some
    assert second.code not in some
    assert second.code in strings(client.get(f"/tasks/export/?task={first.pk}&all=1").content)


def test_a_file_holds_only_what_its_reader_may_see(cast: Cast) -> None:
    own = factories.make_task(cast.programme, cast.ward, state="in_progress")
    other = factories.make_task(cast.programme, cast.other_ward, state="in_progress")
    client = signed_in(cast.ward_officer)
    sheet = strings(client.get(f"/tasks/export/?level=led&task={own.pk}&task={other.pk}").content)
    assert own.code in sheet
    assert other.code not in sheet


def test_very_many_rows_come_as_text_in_which_nothing_is_a_formula(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = fill(cast, 3)
    monkeypatch.setattr(lists, "MOST_IN_SHEET", 2)
    client = signed_in(cast.office)
    answer = client.get(f"/tasks/export/?{ALL}")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[0] for row in rows[1:]] == [task.code for task in shown]
    assert {row[1][0] for row in rows[1:]} == {"'"}
    assert 'filename="nhiem-vu-' in answer["Content-Disposition"]


def test_the_office_finds_the_way_to_a_new_task_on_the_list(cast: Cast) -> None:
    """In the programme that is chosen; else the programmes, one of which the task belongs to."""
    make(cast)
    way = re.compile(r'href="([^"]+)"[^>]*data-key="n"')
    office, key = signed_in(cast.office), cast.programme.key
    assert way.findall(office.get(URL).content.decode()) == ["/programmes/"]
    chosen = office.get(f"{URL}?programme={key}").content.decode()
    assert way.findall(chosen) == [f"/programmes/{key}/tasks/new/"]
    assert not way.findall(signed_in(cast.officer).get(URL).content.decode())


@pytest.mark.parametrize(("start", "stop"), [(0, 3), (1, 4), (3, 6), (4, 7), (5, 8), (0, 9)])
def test_pages_of_very_many_rows_hold_the_same_as_one_long_list(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, start: int, stop: int
) -> None:
    """Whether the overdue rows fill a page, end on it or are passed already."""
    monkeypatch.setattr(worst, "MANY", 1)
    due = [TODAY + n * DAY for n in (-9, 3, -1, 40, -5, -30, 90, -2)]
    rows = [{"deadline": day, "original_deadline": day} for day in due]
    factories.make_tasks(cast.programme, cast.department, rows)
    asked = TaskFilter.read(QueryDict("level=all"), today=TODAY)
    tasks = Task.objects.visible_to(cast.office)
    whole = list(asked.apply(tasks, cast.office).values_list("pk", flat=True))
    keys = asked.keys(tasks, cast.office)
    assert len(keys) == len(whole) == len(due)
    assert list(keys[start:stop]) == whole[start:stop]
    assert list(keys) == whole
    assert keys[start] == whole[start]
