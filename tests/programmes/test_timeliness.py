"""The nine groups of PRODUCT §6: the table case by case, and SQL equal to Python everywhere."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from hanoi_programmes.programmes.models import FOREVER, Task, TaskSpan
from hanoi_programmes.programmes.querysets import TaskQuerySet
from hanoi_programmes.programmes.querysets.counted import count_by_lead
from hanoi_programmes.programmes.shapes import submitted_late
from hanoi_programmes.programmes.states import State
from hanoi_programmes.programmes.timeliness import (
    COME_DUE,
    OPEN_GROUPS,
    Facts,
    Group,
    days_late,
    days_left,
    group_of,
    rank_expression,
)
from tests import factories
from tests.conftest import Cast

D = date(2026, 6, 30)
DAY = timedelta(days=1)
# Ends and beginnings of months, quarters and years, and a leap day.
EDGES = [
    date(2024, 2, 29),
    date(2025, 12, 31),
    date(2026, 1, 1),
    date(2026, 2, 28),
    date(2026, 3, 1),
    date(2026, 6, 30),
    date(2026, 7, 1),
    date(2026, 12, 24),
    date(2026, 12, 31),
    date(2027, 1, 1),
    date(2028, 2, 29),
]

# What PRODUCT §6 says: state, deadline, completed on, recurring, the day asked, the group.
TABLE: dict[str, tuple[str, date | None, date | None, bool, date, str | None]] = {
    "done before the deadline": ("completed", D, D - DAY, False, D, "completed_on_time"),
    "done on the deadline's day": ("completed", D, D, False, D + 9 * DAY, "completed_on_time"),
    "done a day late": ("completed", D, D + DAY, False, D + 9 * DAY, "completed_late"),
    "done without a deadline": ("completed", None, D, False, D, "completed_on_time"),
    "done, recurring": ("completed", None, D, True, D, "completed_on_time"),
    "submitted in time": ("awaiting", D, None, False, D - DAY, "awaiting"),
    "submitted, deadline past": ("awaiting", D, None, False, D + 90 * DAY, "awaiting"),
    "submitted, no deadline": ("awaiting", None, None, False, D, "awaiting"),
    "suspended": ("suspended", D, None, False, D, "suspended"),
    "suspended, deadline past": ("suspended", D, None, False, D + 90 * DAY, "suspended"),
    "suspended, no deadline": ("suspended", None, None, True, D, "suspended"),
    "recurring": ("in_progress", None, None, True, D, "ongoing"),
    "recurring, just assigned": ("assigned", None, None, True, D, "ongoing"),
    "recurring, with a deadline": ("in_progress", D, None, True, D + DAY, "overdue"),
    "no deadline": ("in_progress", None, None, False, D, "no_deadline"),
    "no deadline, just assigned": ("assigned", None, None, False, D, "no_deadline"),
    "no deadline, refused": ("refused", None, None, False, D, "no_deadline"),
    "a day past": ("in_progress", D, None, False, D + DAY, "overdue"),
    "a day past, not acknowledged": ("assigned", D, None, False, D + DAY, "overdue"),
    "a day past, refused": ("refused", D, None, False, D + DAY, "overdue"),
    "years past": ("in_progress", D, None, False, D + 900 * DAY, "overdue"),
    "the deadline's day still counts": ("in_progress", D, None, False, D, "due_soon"),
    "one day left": ("in_progress", D, None, False, D - DAY, "due_soon"),
    "seven days left": ("in_progress", D, None, False, D - 7 * DAY, "due_soon"),
    "seven days left, assigned": ("assigned", D, None, False, D - 7 * DAY, "due_soon"),
    "eight days left": ("in_progress", D, None, False, D - 8 * DAY, "in_term"),
    "years left": ("in_progress", D, None, False, D - 900 * DAY, "in_term"),
    "refused, time left": ("refused", D, None, False, D - 8 * DAY, "in_term"),
    "a draft is outside": ("draft", D, None, False, D + DAY, None),
    "a draft without deadline is outside": ("draft", None, None, False, D, None),
    "a cancelled task is outside": ("cancelled", D, None, False, D + DAY, None),
    "reopened: an old day of completion is no matter": (
        "in_progress", D, D - DAY, False, D + DAY, "overdue",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLE)
def test_the_group_is_what_the_table_of_the_product_says(case: str) -> None:
    state, deadline, completed_on, is_recurring, on, group = TABLE[case]
    assert group_of(Facts(state, deadline, completed_on, is_recurring), on=on) == group


def test_the_database_says_the_same_of_the_whole_table(cast: Cast) -> None:
    rows = [
        {
            "state": state,
            "deadline": due,
            "original_deadline": due,
            "completed_on": done,
            "rhythm": "month" * recurs,
        }
        for state, due, done, recurs, _, _ in TABLE.values()
    ]
    tasks = factories.make_tasks(cast.programme, cast.department, rows)
    for on in {row[4] for row in TABLE.values()}:
        found = {task.pk: vars(task)["group"] for task in Task.objects.with_group(on)}
        asked = [
            (task.pk, row[5])
            for task, row in zip(tasks, TABLE.values(), strict=True)
            if row[4] == on
        ]
        assert {pk: found[pk] for pk, _ in asked} == dict(asked)


def test_every_group_has_a_case() -> None:
    assert {row[5] for row in TABLE.values()} == {*Group.values, None}
    assert {row[0] for row in TABLE.values()} == set(State.values)


# SQL and Python are one

DEADLINES = (None, *(D + n * DAY for n in (-400, -31, -8, -7, -1, 0, 1, 7, 8, 31, 400)))
# A whole (all that are open), a part of another (completed), and one alone.
SOME = (*OPEN_GROUPS, Group.COMPLETED_ON_TIME, Group.AWAITING)
COMPLETIONS = (None, *(D + n * DAY for n in (-31, -1, 0, 1, 8, 400)))
MIRRORED = {"deadline": "group", "original_deadline": "original_group"}


def mirror(row: dict[str, Any], on: date, field: str) -> Group | None:
    facts = Facts(row["state"], row[field], row["completed_on"], row["rhythm"] != "")
    return group_of(facts, on=on)


def disagreements(tasks: TaskQuerySet, rows: Iterable[dict[str, Any]], on: date) -> list[object]:
    """Where the annotated rows, ordered by pk, differ from Python: by either deadline."""
    found = tasks.order_by("pk").values_list(*MIRRORED.values())
    return [
        (row, on, sql)
        for row, sql in zip(rows, found, strict=True)
        if sql != tuple(mirror(row, on, field) for field in MIRRORED)
    ]


def misplaced(tasks: TaskQuerySet, groups: Iterable[Group]) -> list[object]:
    """Rows that the short question for these groups, or the rank, takes for another group's."""
    order, asked = list(Group), list(groups)
    found = set(tasks.in_groups(*asked).values_list("pk", flat=True))
    rows = tasks.annotate(rank=rank_expression()).values_list("pk", "group", "rank")
    return [
        (pk, group, rank)
        for pk, group, rank in rows
        if (pk in found) != (group in asked)
        or rank != (order.index(Group(group)) if group else None)
    ]


def grid() -> list[dict[str, Any]]:
    """Every state with every distance of deadline and completion, recurring or not."""
    cells = product(State.values, DEADLINES, COMPLETIONS, ("", "quarter"))
    return [
        {
            "state": state,
            "deadline": due,
            # A second deadline at another distance: the two answers must not be mixed up.
            "original_deadline": DEADLINES[(index * 5) % len(DEADLINES)] or due,
            "completed_on": done or (D if state == State.COMPLETED else None),
            "rhythm": rhythm,
        }
        for index, (state, due, done, rhythm) in enumerate(cells)
    ]


def test_sql_and_python_agree_on_a_grid_of_all_cases(cast: Cast) -> None:
    rows = grid()
    assert len(rows) > 1_000
    factories.make_tasks(cast.programme, cast.department, rows)
    for n in (-400, -38, -9, -8, -7, -6, -1, 0, 1, 2, 7, 8, 9, 32, 401):
        on = D + n * DAY
        assert disagreements(Task.objects.with_group(on), rows, on) == []


def test_each_task_is_in_exactly_one_group(cast: Cast) -> None:
    rows = grid()
    factories.make_tasks(cast.programme, cast.department, rows)
    tasks = Task.objects.with_group(D)
    seen = Counter(pk for group in Group for pk in tasks.in_groups(group).values_list("pk"))
    assert set(seen.values()) == {1}
    assert len(seen) == tasks.in_figures().count() == Task.objects.issued().count()
    assert sum(tasks.tally("group").values()) == len(seen)


@pytest.mark.parametrize("groups", [*((group,) for group in Group), COME_DUE, OPEN_GROUPS, Group])
def test_asking_for_groups_finds_exactly_their_rows(cast: Cast, groups: Iterable[Group]) -> None:
    factories.make_tasks(cast.programme, cast.department, grid())
    for n in (-8, -1, 0, 1, 8, 32):
        assert misplaced(Task.objects.with_group(D + n * DAY), groups) == []


@pytest.mark.parametrize("n", [-8, -1, 0, 1, 8, 32])
def test_counting_by_lead_says_the_same_as_each_row(cast: Cast, n: int) -> None:
    on, half = D + n * DAY, len(grid()) // 2
    leads = {cast.department: grid()[:half], cast.ward: grid()[half:]}
    expected: dict[tuple[int, Group | None], list[date | None]] = {}
    for lead, rows in leads.items():
        factories.make_tasks(cast.programme, lead, rows)
        for row in rows:
            expected.setdefault((lead.pk, mirror(row, on, "deadline")), []).append(row["deadline"])
    rows_of_all = Task.objects.with_group(on).in_figures()
    seen: Counter[object] = Counter()
    first: dict[object, date | None] = {}
    for lead_pk, group, number, oldest in count_by_lead(rows_of_all):
        seen[lead_pk, group] += number
        if oldest:
            first[lead_pk, group] = min(oldest, first.get((lead_pk, group)) or oldest)
    counted = {key: rows for key, rows in expected.items() if key[1]}
    assert seen == Counter({key: len(rows) for key, rows in counted.items()})
    late = {key: rows for key, rows in counted.items() if key[1] == Group.OVERDUE}
    assert first == {key: min(filter(None, rows)) for key, rows in late.items()}


def test_the_adjectives_mean_the_groups(cast: Cast) -> None:
    factories.make_tasks(cast.programme, cast.department, grid())
    grouped = Task.objects.with_group(D)
    assert set(Task.objects.overdue(D)) == set(grouped.in_groups(Group.OVERDUE))
    assert set(Task.objects.due_soon(D)) == set(grouped.in_groups(Group.DUE_SOON))
    assert set(Task.objects.awaiting()) == set(grouped.in_groups(Group.AWAITING))


days = st.one_of(st.sampled_from(EDGES), st.dates(date(2025, 1, 1), date(2028, 12, 31)))
near = st.builds(lambda day, n: day + n * DAY, days, st.integers(-9, 9))
maybe = st.one_of(st.none(), days, near)


@st.composite
def facts_of_a_task(draw: st.DrawFn) -> dict[str, Any]:
    """Whatever the database lets a row be."""
    state, due = draw(st.sampled_from(State.values)), draw(maybe)
    return {
        "state": state,
        "deadline": due,
        "original_deadline": draw(days if due else maybe),
        "completed_on": draw(days if state == State.COMPLETED else maybe),
        "rhythm": draw(st.sampled_from(["", "month", "quarter", "year"])),
    }


@given(st.lists(facts_of_a_task(), min_size=1, max_size=40), st.lists(near, min_size=1, max_size=4))
@settings(max_examples=30)
def test_sql_and_python_agree_over_random_dates(
    cast: Cast, rows: list[dict[str, Any]], asked: list[date]
) -> None:
    with transaction.atomic():
        factories.make_tasks(cast.programme, cast.department, rows)
        for on in asked:
            assert disagreements(Task.objects.with_group(on), rows, on) == []
            assert misplaced(Task.objects.with_group(on), SOME) == []
        transaction.set_rollback(True)


# Figures of a past day


def spans_of(task: Task, then: dict[str, Any], now: dict[str, Any], turn: date) -> list[TaskSpan]:
    """One set of facts until the day before the turn, another since."""
    return [
        TaskSpan(task=task, starts_on=start, ends_on=end, **{k: facts[k] for k in SPANNED})
        for facts, start, end in ((then, date.min, turn), (now, turn, FOREVER))
    ]


SPANNED = ("state", "deadline", "original_deadline", "completed_on")


def test_past_days_are_read_from_the_spans_and_not_from_the_task(cast: Cast) -> None:
    then = grid()
    now = [{**row, "rhythm": old["rhythm"]} for row, old in zip(then[::-1], then, strict=True)]
    tasks = factories.make_tasks(cast.programme, cast.department, now)
    pairs = zip(tasks, then, now, strict=True)
    TaskSpan.objects.bulk_create(
        span for task, old, new in pairs for span in spans_of(task, old, new, D)
    )
    for n, facts in ((-31, then), (-8, then), (-1, then), (0, now), (1, now), (31, now)):
        on = D + n * DAY
        assert disagreements(Task.objects.with_group_then(on), facts, on) == []


@given(
    st.lists(st.tuples(facts_of_a_task(), facts_of_a_task()), min_size=1, max_size=25),
    days,
    st.lists(st.integers(-9, 9), min_size=1, max_size=4),
)
@settings(max_examples=20)
def test_sql_and_python_agree_through_random_spans(
    cast: Cast, pairs: list[tuple[dict[str, Any], dict[str, Any]]], turn: date, shifts: list[int]
) -> None:
    # The rhythm is the task's and does not change with a span.
    then = [{**old, "rhythm": new["rhythm"]} for old, new in pairs]
    now = [new for _, new in pairs]
    with transaction.atomic():
        tasks = factories.make_tasks(cast.programme, cast.department, now)
        lives = zip(tasks, then, now, strict=True)
        TaskSpan.objects.bulk_create(
            span for task, old, new in lives for span in spans_of(task, old, new, turn)
        )
        for on in (turn + n * DAY for n in shifts):
            rows = then if on < turn else now
            assert disagreements(Task.objects.with_group_then(on), rows, on) == []
            assert misplaced(Task.objects.with_group_then(on), SOME) == []
        transaction.set_rollback(True)


def test_before_its_first_span_a_task_is_in_no_figure(cast: Cast) -> None:
    task = factories.make_task(cast.programme, cast.department, issued_on=D)
    assert task.spans.get().starts_on == D
    before, since = Task.objects.with_group_then(D - DAY), Task.objects.with_group_then(D)
    assert (before.tally("group"), before.in_figures().count(), before.count()) == ({}, 0, 1)
    assert since.tally("group") == {Group.IN_TERM: 1}


def test_a_day_still_to_come_is_judged_by_what_is_known_today(cast: Cast) -> None:
    due = D + 30 * DAY
    factories.make_task(cast.programme, cast.department, deadline=due)
    assert Task.objects.with_group_on(due + DAY, today=D).tally("group") == {Group.OVERDUE: 1}


# Days


@pytest.mark.parametrize(
    ("n", "late", "left"), [(-8, 0, 8), (-1, 0, 1), (0, 0, 0), (1, 1, None), (30, 30, None)]
)
def test_days_late_and_days_left(n: int, late: int, left: int | None) -> None:
    on = D + n * DAY
    assert (days_late(D, on=on), days_left(D, on=on)) == (late, left)
    assert (days_late(None, on=on), days_left(None, on=on)) == (0, None)


@pytest.mark.parametrize(
    ("state", "due", "submitted", "late"),
    [
        ("awaiting", D, D, False),
        ("awaiting", D, D + DAY, True),
        ("awaiting", None, D, False),
        ("awaiting", D, None, False),
        ("completed", D, D + DAY, False),
    ],
)
def test_a_waiting_submission_says_whether_it_came_late(
    state: str, due: date | None, submitted: date | None, *, late: bool
) -> None:
    assert submitted_late(Task(state=state, deadline=due, submitted_on=submitted)) is late
