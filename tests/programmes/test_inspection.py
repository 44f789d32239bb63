"""What the inspector reads: the whole history with its rows, as pages and as a file."""

import csv
import io
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from hanoi_programmes.people.models import PlaceEvent, Reading, RowChange, Unit
from hanoi_programmes.people.services.history import Told, record_place
from hanoi_programmes.people.services.readings import readings_by_day
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.rules import Given
from hanoi_programmes.programmes.services import inspection
from hanoi_programmes.programmes.services.history import record
from hanoi_programmes.programmes.services.inspection import Asked, Mark
from hanoi_programmes.programmes.services.row_words import COLUMNS, TABLES, in_words
from hanoi_programmes.programmes.services.tasks import move
from hanoi_programmes.programmes.views.inspection import safe
from hanoi_programmes.ui.attribution import acting
from tests import factories
from tests.conftest import TODAY, Cast, act, signed_in
from tests.programmes.test_row_history import sql, triggers

DAY = timedelta(days=1)


def told(**asked: str) -> list[str]:
    """What the first page tells, newest first, by a query string."""
    return [entry.told for entry in inspection.chapter(Asked.read(asked), size=50).entries]


def shown(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return unescape(response.content.decode())


@pytest.fixture
def task(cast: Cast) -> Task:
    return factories.make_task(cast.programme, cast.ward, state="assigned", code="HN-7")


@pytest.fixture
def stories(cast: Cast, task: Task) -> Task:
    """Two events of the task on two days, one of the ward between them."""
    with acting("request", "10.1.1.1", lambda: cast.ward_officer.pk):
        task = move(task, "acknowledge", act=act(cast.ward_officer, TODAY - 2 * DAY))
    record_place(
        act(cast.office, TODAY - DAY), Told("switch", "Bật đơn vị", "Theo văn bản"), unit=cast.ward
    )
    return move(
        task, "suspend", act=act(cast.office), given=Given(reason="Lũ lụt", document="9/TB")
    )


# Reading


def test_tasks_and_places_are_told_together_newest_first(stories: Task) -> None:
    assert told(source="task") == ["Tạm dừng", "Tiếp nhận nhiệm vụ"]
    assert told(source="place") == ["Bật đơn vị"]
    events = [words for words in told() if "cơ sở dữ liệu" not in words]
    assert events == ["Tạm dừng", "Bật đơn vị", "Tiếp nhận nhiệm vụ"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"kind": "suspend"}, ["Tạm dừng"]),
        ({"kind": "không có"}, ["Tạm dừng", "Bật đơn vị", "Tiếp nhận nhiệm vụ"]),
        ({"person": "ward_officer"}, ["Tiếp nhận nhiệm vụ"]),
        ({"person": "khong ai"}, []),
        ({"unit": "Láng"}, ["Tạm dừng", "Bật đơn vị", "Tiếp nhận nhiệm vụ"]),
        ({"unit": "Suối Hai"}, []),
        ({"q": "lu lut"}, ["Tạm dừng"]),
        ({"q": "van ban theo"}, ["Bật đơn vị"]),
        ({"start": str(TODAY)}, ["Tạm dừng"]),
        ({"end": str(TODAY - DAY)}, ["Bật đơn vị", "Tiếp nhận nhiệm vụ"]),
        ({"start": str(TODAY - DAY), "end": str(TODAY - DAY)}, ["Bật đơn vị"]),
        (
            {"start": "hôm qua", "end": "0001-01-01"},
            ["Tạm dừng", "Bật đơn vị", "Tiếp nhận nhiệm vụ"],
        ),
    ],
)
def test_conditions_narrow_the_history(
    stories: Task, asked: dict[str, str], expected: list[str]
) -> None:
    found = inspection.chapter(Asked.read(asked), size=50).entries
    assert [entry.told for entry in found if entry.source != "rows"] == expected


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_follow_each_other_without_gap_or_overlap(cast: Cast, task: Task, size: int) -> None:
    # Several at the same moment, in each source: the mark must tell them apart.
    for n in range(5):
        record(task, act(cast.office, TODAY - n // 2 * DAY), Told("report", f"Việc {n}"))
        place = Told("switch", f"Nơi {n}")
        record_place(act(cast.office, TODAY - n // 2 * DAY), place, unit=cast.ward)
    whole = inspection.chapter(Asked(), size=500).entries
    pages = [entry.mark for entry in inspection.every(Asked(), size=size)]
    assert pages == [entry.mark for entry in whole]
    assert len(set(pages)) == len(pages) >= 10


@pytest.mark.parametrize("text", ["", "x", "1_2", "a_b_c", "9" * 40 + "_0_1", "1_0_-", "1__2"])
def test_a_mark_that_is_none_is_the_beginning(text: str) -> None:
    assert Mark.read(text) is None


@pytest.mark.parametrize("source", ["task", "place", "rows", "khác"])
def test_hostile_addresses_are_pages(cast: Cast, stories: Task, source: str) -> None:
    client = signed_in(cast.inspector)
    for after in ("1_0_1", "99999999999999999_1_1", "-5_2_3", "%00", "1_9_9"):
        query = {
            "source": source,
            "after": after,
            "q": "' OR 1=1 --%_",
            "unit": "%",
            "person": "\\",
        }
        assert client.get("/history/", query).status_code in {200, 400}


def test_reading_a_very_long_address_is_logged_too(cast: Cast) -> None:
    answer = signed_in(cast.inspector).get(f"/units/{'x' * 3000}/")
    assert answer.status_code == 404
    assert Reading.objects.get().status == 404


# The rows behind


def test_an_event_opens_to_what_changed(cast: Cast, stories: Task) -> None:
    page = shown(signed_in(cast.inspector), f"/tasks/{stories.pk}/history/")
    assert "Sửa nhiệm vụ" in page
    assert "tình trạng" in page
    assert "Đã giao, chưa tiếp nhận" in page
    assert "Từ khóa" not in page


@pytest.mark.django_db(transaction=True)
def test_a_change_by_raw_sql_stands_out(cast: Cast, task: Task) -> None:
    sql("UPDATE programmes_task SET text = 'Việc khác', lead_unit_id = %s", cast.department.pk)
    for address in ("/history/", f"/tasks/{task.pk}/history/", "/history/?source=rows"):
        page = shown(signed_in(cast.inspector), address)
        assert "thay đổi trực tiếp trong cơ sở dữ liệu" in page.lower()
        assert f'<a href="/tasks/{task.pk}/history/">{task.code}</a>' in page
        assert "<ins>Việc khác</ins>" in page
        assert f"<del>{cast.ward.short_name}</del>" in page
        assert f"<ins>{cast.department.short_name}</ins>" in page
    change = RowChange.objects.filter(table="programmes_task").latest("pk")
    page = shown(signed_in(cast.inspector), f"/history/{change.transaction}/")
    assert "Việc khác" in page


@pytest.mark.django_db(transaction=True)
def test_one_entry_for_all_rows_of_one_statement(cast: Cast) -> None:
    wards = factories.make_wards(cast.city, cast.ward_head, range(20))
    before = len(told(source="rows"))
    with transaction.atomic():
        sql("UPDATE people_unit SET source = 'x' WHERE id = ANY(%s)", [ward.pk for ward in wards])
        sql("UPDATE people_unit SET source = 'y' WHERE id = ANY(%s)", [ward.pk for ward in wards])
    entries = inspection.chapter(Asked(sources=("rows",)), size=200).entries
    assert len(entries) == min(before + 1, 200)
    assert (entries[0].is_direct, entries[0].more, len(entries[0].rows)) == (True, True, 8)
    page = shown(signed_in(cast.inspector), f"/history/{entries[0].transaction}/")
    assert "40 dòng" in page


@pytest.mark.django_db(transaction=True)
def test_a_command_is_told_as_one_and_not_as_direct(cast: Cast) -> None:
    with acting("command", "load_reference"):
        Unit.objects.filter(pk=cast.ward.pk).update(source="nguồn")
    entry = inspection.chapter(Asked(sources=("rows",)), size=1).entries[0]
    assert (entry.told, entry.note, entry.is_direct) == ("Lệnh quản trị", "load_reference", False)


@pytest.mark.django_db
def test_every_tracked_table_and_column_has_a_vietnamese_name() -> None:
    tables = triggers("history_row_changed")
    assert tables == set(TABLES)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = ANY(%s)"
            # Left out by the triggers.
            " AND column_name NOT IN ('search', 'version')",
            [list(tables)],
        )
        columns = cursor.fetchall()
    blank = RowChange(row=1, operation="update", source="")
    english = []
    for table, column in columns:
        blank.table, blank.changes = table, {column: [None, None]}
        for field in in_words([blank])[0].fields:
            if field.label.replace(" ", "_") in {column, column.removesuffix("_id")}:
                english.append((table, column))
    assert english == [], "Give the field a Vietnamese name, or put it into COLUMNS of row_words."
    assert COLUMNS


# Who


@pytest.mark.parametrize("name", ["office", "leader", "ward_officer", "administrator"])
def test_the_whole_history_is_the_inspectors(cast: Cast, stories: Task, name: str) -> None:
    client = signed_in(getattr(cast, name))
    for address in ("/history/", "/history/export/", f"/history/{uuid4()}/"):
        assert client.get(address).status_code == 403
    assert signed_in(cast.inspector).get(f"/history/{uuid4()}/").status_code == 404


def test_others_read_a_tasks_history_as_before(cast: Cast, stories: Task) -> None:
    page = shown(signed_in(cast.office), f"/tasks/{stories.pk}/history/")
    assert "Tạm dừng" in page
    assert "dòng dữ liệu" not in page
    assert signed_in(cast.outsider).get(f"/tasks/{stories.pk}/history/").status_code == 404


def test_the_log_of_reading_is_its_readers_and_the_administrators_number(
    cast: Cast, stories: Task
) -> None:
    client = signed_in(cast.inspector)
    shown(client, f"/tasks/{stories.pk}/?tim=chim-hoang-yen")
    assert "chim-hoang-yen" in shown(client, "/readings/")
    assert Reading.objects.filter(kind="programmes:readings").count() == 1
    counts = shown(signed_in(cast.administrator), "/readings/")
    assert cast.inspector.display_name in counts
    assert "chim-hoang-yen" not in counts
    assert [line["rows"] for line in readings_by_day(on=localdate())] == [2]
    assert signed_in(cast.office).get("/readings/").status_code == 403


# The file


def exported(cast: Cast, query: str = "") -> list[list[str]]:
    response = signed_in(cast.inspector).get(f"/history/export/{query}")
    assert "attachment" in response["Content-Disposition"]
    raw = response.getvalue()
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))


def test_the_file_holds_what_the_pages_hold(cast: Cast, stories: Task) -> None:
    head, *rows = exported(cast, "?source=task")
    assert (head[0], len(rows)) == ("Thời điểm", 2)
    assert rows[0][2:6] == ["Tạm dừng", rows[0][3], "HN-7", cast.ward.short_name]
    assert any("tình trạng: " in row[-1] for row in rows)
    assert len(exported(cast, "?kind=suspend&source=task")) == 2
    assert Reading.objects.filter(kind="programmes:history-export").count() == 2


def test_no_cell_of_the_file_is_a_formula(cast: Cast, task: Task) -> None:
    formulas = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\r=1"]
    for formula in formulas:
        record(task, act(cast.office), Told("report", "Cập nhật", formula))
    assert all(safe(formula) == f"'{formula}" for formula in formulas)
    assert safe("Bình thường, 1-2") == "Bình thường, 1-2"
    notes = {row[3] for row in exported(cast, "?source=task")}
    assert {note[:1] for note in notes} <= {"'", "G"}
    assert PlaceEvent.objects.count() == 0


# What a page asks for: the reader, the log, three sources, units, rows and the names in them
CEILINGS = {"/history/": 13, "/history/?q=viec&unit=lang&person=office": 14, "/readings/": 7}


@pytest.mark.parametrize("address", CEILINGS)
def test_a_page_asks_no_more_for_many_events_than_for_few(
    cast: Cast, task: Task, address: str
) -> None:
    client = signed_in(cast.inspector)
    counts = []
    for rows in (4, 60):
        for n in range(rows):
            record(task, act(cast.office, TODAY - n * DAY), Told("report", f"Việc {n}"))
            record_place(act(cast.office, TODAY), Told("switch", f"Việc {n}"), unit=cast.ward)
            Unit.objects.filter(pk=cast.ward.pk).update(source=f"{rows} {n}")
            Task.objects.filter(pk=task.pk).update(budget_given=rows * 100 + n)
            client.get("/notices/")
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= CEILINGS[address]


def test_a_mark_leads_back_to_the_same_place(cast: Cast, task: Task) -> None:
    for n in range(120):
        record(task, act(cast.office, TODAY - n * DAY), Told("report", f"Việc {n}"))
    client = signed_in(cast.inspector)
    first = client.get("/history/?source=task")
    second = client.get(f"/history/?{first.context['rest']}")
    third = client.get(f"/history/?{second.context['rest']}")
    told_by = [[e.told for e in page.context["entries"]] for page in (first, second, third)]
    assert [words for page in told_by for words in page] == [f"Việc {n}" for n in range(120)]
    assert (third.context["rest"], third.context["first"]) == ("", "source=task")
