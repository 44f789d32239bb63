"""What a change leaves behind: day of completion, one event, spans; in replays and races too."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people.models import User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.services.history import Told
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.models import FOREVER, Event, Evidence, Task
from hanoi_programmes.programmes.rules import Given
from hanoi_programmes.programmes.services import tasks as service
from hanoi_programmes.programmes.services.history import record
from hanoi_programmes.programmes.services.tasks import move
from hanoi_programmes.programmes.states import State
from hanoi_programmes.programmes.timeliness import Facts, group_of
from tests import factories
from tests.conftest import TODAY, Cast, act

DAY = timedelta(days=1)
GOOD = Given(reason="Lý do rõ ràng", document="118-QĐ/TU", quality="good")


def submitted(cast: Cast, *papers: date, **changes: Any) -> Task:
    """A ward's task, issued 20 days ago and submitted 5 days ago with these documents."""
    fields = {"issued_on": TODAY - 20 * DAY} | changes
    task = factories.make_task(cast.programme, cast.ward, **fields)
    report = factories.make_report(task, cast.ward_officer, TODAY - 5 * DAY)
    for day in papers:
        factories.make_paper(report, day)
    if not papers:
        factories.make_file(report)
    return move(task, "submit", act=act(cast.ward_officer, TODAY - 5 * DAY))


# completed_on: the accepted document's day, never the verifier's


@pytest.mark.parametrize(
    ("papers", "completed"),
    [
        ((-8,), -8),
        ((-20,), -20),
        ((-5,), -5),
        ((-21,), -5),
        ((-4,), -5),
        ((0,), -5),
        ((), -5),
        ((-15, -9, -12), -9),
        ((-40, -9, -1), -9),
    ],
    ids=[
        "between issue and submission",
        "on the day of issue",
        "on the day of submission",
        "before the issue",
        "after the submission",
        "on the verifier's day",
        "no document, a file",
        "the newest of several",
        "the newest within bounds",
    ],
)
def test_the_day_of_completion(cast: Cast, papers: tuple[int, ...], completed: int) -> None:
    task = submitted(cast, *(TODAY + n * DAY for n in papers))
    done = move(task, "accept", act=act(cast.office), given=GOOD)
    assert done.completed_on == TODAY + completed * DAY
    assert (done.quality, done.state) == ("good", State.COMPLETED)


def test_a_returned_document_does_not_date_the_completion(cast: Cast) -> None:
    task = submitted(cast, TODAY - 6 * DAY)
    task = move(task, "return", act=act(cast.office, TODAY - 4 * DAY), given=GOOD)
    assert (task.is_returned, task.return_reason) == (True, GOOD.reason)
    factories.make_paper(
        factories.make_report(task, cast.ward_officer, TODAY - 2 * DAY), TODAY - 10 * DAY
    )
    task = move(task, "submit", act=act(cast.ward_officer, TODAY - 2 * DAY))
    assert (task.is_returned, task.returned_on) == (False, None)
    done = move(task, "accept", act=act(cast.office), given=GOOD)
    assert done.completed_on == TODAY - 10 * DAY
    verdicts = Evidence.objects.order_by("pk").values_list("verdict", "verdict_by", "verdict_on")
    office = cast.office.pk
    assert list(verdicts) == [
        ("returned", office, TODAY - 4 * DAY),
        ("accepted", office, TODAY),
    ]


def test_a_document_from_before_the_reopening_does_not_date_the_second_completion(
    cast: Cast,
) -> None:
    task = submitted(cast, TODAY - 6 * DAY)
    task = move(task, "accept", act=act(cast.office, TODAY - 4 * DAY), given=GOOD)
    task = move(task, "reopen", act=act(cast.office, TODAY - 3 * DAY), given=GOOD)
    assert (task.completed_on, task.quality) == (None, "")
    factories.make_file(factories.make_report(task, cast.ward_officer, TODAY - DAY))
    task = move(task, "submit", act=act(cast.ward_officer, TODAY - DAY))
    assert move(task, "accept", act=act(cast.office), given=GOOD).completed_on == TODAY - DAY


# One event a change, and nobody can take it back


def test_an_event_says_who_when_from_and_to(cast: Cast) -> None:
    task = factories.make_task(cast.programme, cast.ward, state="assigned")
    move(task, "refuse", act=act(cast.ward_head), given=Given(reason="Không đúng thẩm quyền"))
    event = Event.objects.get(task=task)
    assert (event.kind, event.told, event.by, event.on) == (
        "refuse", "Từ chối nhận", cast.ward_head, TODAY,
    )  # fmt: skip
    assert event.changes == {"state": ["Đã giao, chưa tiếp nhận", "Bị từ chối"]}
    assert event.note == "Không đúng thẩm quyền"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE programmes_event SET told = 'Không có gì'",
        "UPDATE programmes_event SET by_id = NULL",
        "DELETE FROM programmes_event",
    ],
)
def test_the_database_refuses_to_change_or_delete_history(cast: Cast, statement: str) -> None:
    task = factories.make_task(cast.programme, cast.ward, state="assigned")
    move(task, "acknowledge", act=act(cast.ward_officer))
    before = Event.objects.values().get()
    with (
        pytest.raises(DatabaseError, match="programmes_event"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert Event.objects.values().get() == before


def test_a_form_sent_twice_is_carried_out_once(cast: Cast) -> None:
    task = factories.make_task(cast.programme, cast.ward, state="assigned")
    first = act(cast.ward_officer, form_key=uuid4())
    done = move(task, "acknowledge", act=first, version=task.version)
    again = move(task, "acknowledge", act=first, version=task.version)
    assert (again.state, again.version) == (done.state, done.version)
    assert Event.objects.count() == 1
    with pytest.raises(Denied):
        move(task, "acknowledge", act=act(cast.ward_officer, form_key=uuid4()))


# Two at once, on real connections


class Race:
    """The first mover stops inside its transaction and starts the second, then goes on.

    It goes on when the second waits for the first one's lock, or when nothing held it up and it has
    ended: the order is the same every time, and nobody sleeps.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, second: Callable[[], object]) -> None:
        self.outcome: list[object] = []
        self.waited = False
        self._second = Thread(target=self._run, args=(second,))
        self._check = rules.has_needs
        monkeypatch.setattr(rules, "has_needs", self._has_needs)

    def _has_needs(self, *args: Any, **kwargs: Any) -> object:
        verdict = self._check(*args, **kwargs)
        if not self._second.ident:
            self._second.start()
            while self._second.is_alive() and not self.waited:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                    self.waited = bool(cursor.fetchone()[0])
        return verdict

    def _run(self, second: Callable[[], object]) -> None:
        try:
            self.outcome.append(second())
        except (Denied, service.Stale) as refusal:
            self.outcome.append(refusal)
        finally:
            connection.close()

    def end(self) -> object:
        """What became of the second mover."""
        self._second.join(timeout=20)
        return self.outcome[0]


@pytest.fixture
def waiting(transactional_db: None, cast: Cast) -> Task:
    """A submitted task that other connections see as well."""
    return submitted(cast, TODAY - 8 * DAY)


def verify(task: Task, by: User, **more: Any) -> Callable[[], Task]:
    return lambda: move(task, "accept", act=act(by), given=GOOD, **more)


@pytest.mark.django_db(transaction=True)
def test_of_two_verifiers_at_once_one_wins(
    waiting: Task, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = factories.make_user("office2", Role.OFFICE, cast.office.unit)
    race = Race(monkeypatch, verify(waiting, second))
    verify(waiting, cast.office)()
    refusal = race.end()
    assert race.waited
    assert isinstance(refusal, Denied)
    assert "Đã hoàn thành" in refusal.reason
    assert [event.by for event in Event.objects.filter(kind="accept")] == [cast.office]


@pytest.mark.django_db(transaction=True)
def test_the_slower_of_two_pages_is_told_that_it_is_old(
    waiting: Task, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    race = Race(monkeypatch, verify(waiting, cast.office, version=waiting.version))
    move(waiting, "return", act=act(cast.office), given=GOOD, version=waiting.version)
    assert isinstance(race.end(), service.Stale)
    assert Task.objects.get(pk=waiting.pk).state == State.IN_PROGRESS


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one_act(
    waiting: Task, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    click = act(cast.office, form_key=uuid4())
    race = Race(monkeypatch, lambda: move(waiting, "accept", act=click, given=GOOD))
    move(waiting, "accept", act=click, given=GOOD)
    again = race.end()
    assert isinstance(again, Task)
    assert again.state == State.COMPLETED
    assert Event.objects.filter(kind="accept").count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_both_verifiers_would_win(
    waiting: Task, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "locked", lambda task: Task.objects.get(pk=task.pk))
    race = Race(monkeypatch, verify(waiting, cast.office))
    verify(waiting, cast.office)()
    assert isinstance(race.end(), Task)
    assert not race.waited
    assert Event.objects.filter(kind="accept").count() == 2


# Spans: what past days are told from


def test_several_changes_on_a_day_leave_what_the_day_ended_with(cast: Cast) -> None:
    task = factories.make_task(cast.programme, cast.ward, state="assigned", issued_on=TODAY - DAY)
    task = move(task, "acknowledge", act=act(cast.ward_officer))
    task = move(task, "suspend", act=act(cast.office), given=GOOD)
    task = move(task, "resume", act=act(cast.office), given=GOOD)
    move(task, "suspend", act=act(cast.office), given=GOOD)
    spans = task.spans.order_by("starts_on").values_list("starts_on", "ends_on", "state")
    assert list(spans) == [
        (TODAY - DAY, TODAY, "assigned"),
        (TODAY, FOREVER, "suspended"),
    ]
    assert Event.objects.filter(task=task).count() == 4


def test_a_report_alone_leaves_the_spans_as_they_are(cast: Cast) -> None:
    task = factories.make_task(cast.programme, cast.ward, state="in_progress")
    before = list(task.spans.values())
    factories.make_report(task, cast.ward_officer, TODAY)
    record(task, act(cast.ward_officer), Told("report", "Cập nhật tiến độ"))
    assert list(task.spans.values()) == before


def possible(cast: Cast, task: Task) -> list[tuple[str, User]]:
    people = (cast.office, cast.ward_head)
    return [(m.name, u) for u in people for m in rules.moves_for(u, task, on=TODAY)]


# A walk through the table: how many days later the next move comes, and which of the possible ones.
walks = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 12)), min_size=1, max_size=10)


@given(walks)
@settings(max_examples=12)
def test_every_past_day_is_told_as_it_ended(cast: Cast, walk: list[tuple[int, int]]) -> None:
    start = TODAY - 60 * DAY
    with transaction.atomic():
        task = factories.make_task(
            cast.programme, cast.ward, state="draft", issued_on=None, deadline=start + 25 * DAY
        )
        task.spans.all().delete()
        factories.make_head("other_head", cast.other_ward)
        factories.make_paper(factories.make_report(task, cast.ward_officer, start), start)
        truth: dict[date, Facts | None] = {start - 9 * DAY: None}
        day = start
        task = move(task, "issue", act=act(cast.office, day), given=GOOD)
        truth[day] = task.facts
        for days, choice in walk:
            Evidence.objects.update(verdict="waiting")
            options = possible(cast, task)
            if not options:
                break
            day += days * DAY
            name, by = options[choice % len(options)]
            other = cast.other_ward if task.lead_unit == cast.ward else cast.ward
            task = move(task, name, act=act(by, day), given=replace(GOOD, lead_unit=other))
            truth[day] = task.facts
        assert_told(task, truth)
        transaction.set_rollback(True)


def assert_told(task: Task, truth: dict[date, Facts | None]) -> None:
    """Each day's group by spans is the group of the facts with which the latest change left it."""
    last = task.spans.latest("starts_on")
    assert last.original_deadline == task.original_deadline
    held = list(task.spans.order_by("starts_on").values_list("starts_on", "ends_on"))
    assert all(end == start for (_, end), (start, _) in pairwise(held))
    assert held[-1][1] == FOREVER
    turns = [task.deadline + n * DAY for n in (-8, -7, 0, 1)] if task.deadline else []
    for day in {*turns, *(day + n * DAY for day in truth for n in (-1, 0, 1))}:
        facts = truth[max(d for d in truth if d <= max(day, min(truth)))]
        group = group_of(facts, on=day) if facts else None
        tally = Task.objects.filter(pk=task.pk).with_group_then(day).tally("group")
        assert tally == ({group: 1} if group else {}), day
