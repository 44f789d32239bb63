"""Row history: whatever changes a row, by whatever way, is written down and stays."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import Model
from django.test import Client
from django.utils.timezone import localdate

from hanoi_programmes.celery import app
from hanoi_programmes.people.models import PlaceEvent, Reading, RowChange, UnitGroup, User
from hanoi_programmes.people.services.history import Told, record_place
from hanoi_programmes.programmes.models import Event, Task
from hanoi_programmes.programmes.services.tasks import move
from hanoi_programmes.ui.attribution import acting
from tests import factories
from tests.conftest import GUARD, Cast, act, signed_in

HISTORY = ("people_placeevent", "people_reading", "people_rowchange", "programmes_event")
# Without row history, and why.
UNTRACKED = {
    "people_placeevent": "history itself",
    "people_reading": "history itself",
    "people_rowchange": "history itself",
    "people_tiding": "what is told, by whose deed stands where it was done",
    "programmes_event": "history itself",
    "programmes_draft": "what somebody is still typing",
    "programmes_savedview": "a person's own filter, content of nothing",
    "programmes_taskspan": "an index of facts that are tracked on the task",
}


def sql(statement: str, *params: Any) -> None:
    """What a hand in the database would do."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def changes_of(row: Model) -> list[RowChange]:
    return list(RowChange.objects.filter(table=row._meta.db_table, row=row.pk).order_by("pk"))


@pytest.fixture
def task(cast: Cast) -> Task:
    return factories.make_task(cast.programme, cast.ward, state="assigned")


def triggers(name: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = %s", [name])
        return {table for (table,) in cursor.fetchall()}


@pytest.mark.django_db
def test_every_table_of_people_and_programmes_is_tracked_or_says_why_not() -> None:
    models = [
        model
        for label in ("people", "programmes")
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    ]
    tables = {model._meta.db_table for model in models if not model._meta.proxy}
    assert triggers("history_row_changed") == tables - set(UNTRACKED)
    assert triggers(GUARD) == tables - set(UNTRACKED) | set(HISTORY)
    assert triggers("history_only_grows") == set(HISTORY)


def test_a_row_is_told_from_its_birth_to_its_end(cast: Cast) -> None:
    group = UnitGroup.objects.create(key="nhom", name="Nhóm thử")
    group.name = "Nhóm khác"
    group.save()
    key = group.pk
    group.delete()
    born, changed, gone = RowChange.objects.filter(table="people_unitgroup").order_by("pk")
    assert (born.operation, born.row) == ("insert", key)
    assert born.changes["name"] == [None, "Nhóm thử"]
    assert "source" not in born.changes
    assert (changed.operation, changed.changes) == ("update", {"name": ["Nhóm thử", "Nhóm khác"]})
    assert (gone.operation, gone.changes["name"]) == ("delete", ["Nhóm khác", None])


def test_raw_sql_is_caught_and_said_to_be_direct(task: Task) -> None:
    before = RowChange.objects.count()
    sql("UPDATE programmes_task SET deadline = '2027-01-31' WHERE id = %s", task.pk)
    change = changes_of(task)[-1]
    assert RowChange.objects.count() == before + 1
    assert change.changes == {"deadline": [str(task.deadline), "2027-01-31"]}
    assert (change.source, change.by_id, change.subject) == ("", None, task.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user")
        assert change.login == cursor.fetchone()[0]


def test_a_write_that_changes_nothing_leaves_nothing(task: Task) -> None:
    before = RowChange.objects.count()
    sql("UPDATE programmes_task SET text = text")
    task.save()
    assert RowChange.objects.count() == before


def test_what_the_database_computes_is_left_out(task: Task) -> None:
    Task.objects.filter(pk=task.pk).update(text="Việc khác", version=7)
    assert set(changes_of(task)[-1].changes) == {"text"}
    assert "search" not in changes_of(task)[0].changes


def test_no_password_is_in_the_history_only_that_it_changed(cast: Cast) -> None:
    user = cast.officer
    user.set_password("mat-khau-khac-hoan-toan")
    user.save()
    User.objects.filter(pk=user.pk).update(last_login=user.created_at)
    born, changed = changes_of(user)
    assert born.changes["password"] == changed.changes["password"] == ["•••", "•••"]
    assert set(changed.changes) == {"password"}


def test_members_of_a_group_are_rows_too(cast: Cast) -> None:
    group = UnitGroup.objects.create(key="nhom", name="Nhóm thử")
    group.members.add(cast.ward)
    member = RowChange.objects.get(table="people_unitgroup_members")
    assert member.changes["unit_id"] == [None, cast.ward.pk]


def test_event_and_rows_of_one_write_bear_one_name(cast: Cast, task: Task) -> None:
    move(task, "acknowledge", act=act(cast.ward_officer))
    event = Event.objects.get()
    change = RowChange.objects.filter(table="programmes_task", operation="update").get()
    # A test is one transaction, so that all of it bears one name.
    assert event.transaction == change.transaction
    assert change.changes["state"] == ["assigned", "in_progress"]
    place = record_place(act(cast.office), Told("unit", "Sửa đơn vị"), unit=cast.ward)
    place.refresh_from_db()
    assert place.transaction == event.transaction


@pytest.mark.django_db(transaction=True)
def test_two_writes_bear_two_names_and_the_first_row_opens(cast: Cast, task: Task) -> None:
    move(task, "acknowledge", act=act(cast.ward_officer))
    Task.objects.filter(pk=task.pk).update(is_key=True, is_hard=True)
    with transaction.atomic():
        sql("UPDATE people_unit SET source = 'một'")
        sql("UPDATE people_unit SET source = 'hai'")
    names = [change.transaction for change in changes_of(task)]
    assert len(set(names)) == len(names) == 3
    raw = RowChange.objects.filter(table="people_unit", operation="update")
    assert len({change.transaction for change in raw}) == 1
    assert [change.opens for change in raw.order_by("pk")] == [True] + [False] * (len(raw) - 1)


# Who


@pytest.mark.django_db(transaction=True)
def test_a_request_is_named_with_who_and_from_where(cast: Cast, task: Task) -> None:
    client = signed_in(cast.ward_officer)
    page = f"/tasks/{task.pk}/moves/acknowledge/"
    data = {"version": task.version, "form_key": "00000000-0000-0000-0000-000000000009"}
    assert client.post(page, data, REMOTE_ADDR="10.1.2.3").status_code == 302
    change = changes_of(task)[-1]
    assert (change.source, change.by, change.origin) == ("request", cast.ward_officer, "10.1.2.3")
    # Nobody after it on the same connection inherits the name, inside a transaction or not.
    sql("UPDATE programmes_task SET is_key = true")
    with transaction.atomic():
        sql("UPDATE programmes_task SET is_key = false")
    assert [c.source for c in changes_of(task)[-2:]] == ["", ""]


@pytest.mark.django_db(transaction=True)
def test_attribution_survives_a_step_that_was_taken_back(task: Task, cast: Cast) -> None:
    with acting("request", "10.0.0.1", lambda: cast.office.pk), transaction.atomic():
        step = transaction.savepoint()
        Task.objects.update(is_key=True)
        transaction.savepoint_rollback(step)
        Task.objects.update(is_hard=True)
    last = changes_of(task)[-1]
    assert (last.changes, last.by) == ({"is_hard": [False, True]}, cast.office)


def test_jobs_and_commands_say_their_name(task: Task) -> None:
    @app.task(name="hanoi_programmes.tests.touch")
    def touch() -> None:
        Task.objects.update(is_key=True)

    touch()
    with acting("command", "load_reference"):
        Task.objects.update(is_hard=True)
    job, command = changes_of(task)[-2:]
    assert (job.source, job.origin, job.by_id) == ("job", "tests.touch", None)
    assert (command.source, command.origin) == ("command", "load_reference")


# It only grows


@pytest.fixture
def filled(cast: Cast, task: Task) -> Iterator[dict[str, list[Any]]]:
    """One row in each table of history, which must be there unchanged afterwards."""
    move(task, "acknowledge", act=act(cast.ward_officer))
    record_place(act(cast.office), Told("unit", "Sửa đơn vị"), unit=cast.ward)
    signed_in(cast.inspector).get("/tasks/")
    models = (Event, PlaceEvent, Reading, RowChange)
    before = {model._meta.db_table: list(model.objects.values()) for model in models}
    assert all(before.values())
    assert set(before) == set(HISTORY)
    yield before
    assert {model._meta.db_table: list(model.objects.values()) for model in models} == before


COLUMNS = {"people_reading": "path", "people_rowchange": "login"}


# By itself, and by the setting that switches triggers of pgtrigger off for whoever knows it.
WAYS = (
    "",
    "SELECT set_config('pgtrigger.ignore', '{' || string_agg(tgname, ',') || '}', true)"
    " FROM pg_trigger WHERE left(tgname, 9) = 'pgtrigger'; ",
)


def guarded(statement: str) -> None:
    """As in a real database: the guard against emptying is on."""
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    for table in (*HISTORY, "people_unitgroup"):
        sql(f"ALTER TABLE {table} ENABLE TRIGGER {GUARD}")
    sql(statement)


@pytest.mark.parametrize("table", HISTORY)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", ["UPDATE", "DELETE", "TRUNCATE"])
def test_the_database_refuses_to_change_delete_or_empty_history(
    filled: dict[str, list[Any]], table: str, way: str, kind: str
) -> None:
    statements = {
        "UPDATE": f"UPDATE {table} SET {COLUMNS.get(table, 'told')} = 'khác'",  # noqa: S608
        "DELETE": f"DELETE FROM {table}",  # noqa: S608
        "TRUNCATE": f"TRUNCATE {table} CASCADE",
    }
    refused = pytest.raises(DatabaseError, match=f"history only grows: {kind} of {table}")
    with refused, transaction.atomic():
        guarded(way + statements[kind])


def test_a_tracked_table_cannot_be_emptied_past_the_history(filled: dict[str, list[Any]]) -> None:
    with pytest.raises(DatabaseError, match="TRUNCATE of people_unitgroup"), transaction.atomic():
        guarded("TRUNCATE people_unitgroup CASCADE")


def test_control_the_guard_is_off_in_the_test_database_only(cast: Cast) -> None:
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("TRUNCATE people_rowchange")
    assert not RowChange.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tgenabled FROM pg_trigger WHERE tgname = %s", [GUARD])
        assert cursor.fetchall() == [("D",)]
        cursor.execute(
            "SELECT DISTINCT tgenabled FROM pg_trigger"
            " WHERE tgname IN ('history_row_changed', 'history_only_grows')"
        )
        assert cursor.fetchall() == [("O",)]


# The inspector's readings


def test_each_page_of_an_inspector_is_one_reading(cast: Cast, task: Task) -> None:
    client = signed_in(cast.inspector)
    client.get(f"/tasks/{task.pk}/?x=1", REMOTE_ADDR="10.9.8.7")
    client.get("/tasks/987654321/")
    client.get("/notices/bell/")
    client.get("/notices/latest/")
    client.post("/reports/", {})
    rows = Reading.objects.order_by("pk").values_list(
        "user", "method", "path", "kind", "thing", "status", "address"
    )
    who, page = cast.inspector.pk, "programmes:task-page"
    assert list(rows) == [
        (who, "GET", f"/tasks/{task.pk}/?x=1", page, str(task.pk), 200, "10.9.8.7"),
        (who, "GET", "/tasks/987654321/", page, "987654321", 404, "127.0.0.1"),
    ]
    assert localdate(Reading.objects.earliest("pk").at) == localdate()


def test_nobody_else_is_logged(cast: Cast, task: Task) -> None:
    for user in cast.by_role().values():
        if user != cast.inspector:
            signed_in(user).get(f"/tasks/{task.pk}/")
    Client().get("/sign-in/")
    assert not Reading.objects.exists()


def test_what_cannot_be_logged_is_not_shown(
    cast: Cast, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_row: Any) -> None:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr("hanoi_programmes.people.http.note_reading", full)
    response = signed_in(cast.inspector).get(f"/tasks/{task.pk}/")
    assert response.status_code == 503
    assert task.text not in response.content.decode()
    assert "nhật ký đọc" in response.content.decode()
