"""Query ceilings: what a page asks of the database does not grow with the number of its rows."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate, now

from hanoi_programmes.people.models import CalendarDay, User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.programmes.models import Evidence, Participant, SavedView, Task
from hanoi_programmes.programmes.rules.saved import MOST_OWN
from hanoi_programmes.reminders.models import Notice, Reminder, Urging
from tests import factories
from tests.conftest import Cast, signed_in
from tests.contested import make_contest
from tests.mailed import make_troubled_mails
from tests.read_by_programs import feed_for
from tests.stored import tell_the_planner

DAY = timedelta(days=1)
# The few hold one of each state and distance, so that no part of a page is empty.
FEW, MANY = 30, 80
STATES = ("in_progress", "awaiting", "assigned", "completed", "suspended", "refused")
# Page by page: how many queries, session and user included. Lower it when a page gets cheaper.
CEILINGS = {
    "home": 16,
    "news": 5,
    "saved views": 9,
    "counts of saved views": 28,
    "week": 10,
    "week to come back to": 10,
    "search": 17,
    "task list": 20,
    "task list, searched": 21,
    "task list, a past day": 19,
    "task list, every column": 24,
    "task list, a file": 10,
    "preview of the office": 8,
    "preview of a unit": 8,
    "task page of the city": 21,
    "task page of a ward": 25,
    "task history": 7,
    "decisions": 9,
    "decisions of a kind": 9,
    "fan-out": 9,
    "update form": 10,
    "programme list": 5,
    "entry form": 12,
    "edit form": 16,
    "tasks to choose": 6,
    "tasks that lack something": 19,
    "programme page": 18,
    "group of a programme": 10,
    "plans of units": 10,
    "plans of units, a spreadsheet": 10,
    "plans of a unit": 7,
    "plan to record": 7,
    "plans to paste": 7,
    "figures of a programme": 9,
    "units to choose": 4,
    "unit tree": 8,
    "unit branch": 9,
    "unit list": 8,
    "unit page": 14,
    "unit history": 6,
    "unit changes": 7,
    "area page": 9,
    "accounts": 5,
    "account of another": 7,
    "accounts to choose": 5,
    "account": 5,
    "reference": 10,
    "calendar": 5,
    "calendar, a day": 5,
    "calendar, proposals": 5,
    "calendar, a day taken out": 18,
    "dashboard": 25,
    "dashboard, a past day": 23,
    "meeting, the numbers": 25,
    "meeting, an exception": 24,
    "matrix": 9,
    "matrix, by programme": 9,
    "matrix, a past day": 9,
    "matrix as a sheet": 7,
    "reports": 16,
    "reports, first page in small": 12,
    "texts of a report": 59,
    "scorecards": 12,
    "scorecard of a unit": 40,
    "scorecard of a unit, a past day": 40,
    "scorecard of an area": 40,
    "scorecard of a head": 40,
    "like units": 36,
    "contest form": 40,
    "contests": 8,
    "notices": 7,
    "reminder preferences": 7,
    "bell": 5,
    "latest notices": 5,
    "reminders of a task": 9,
    "to be urged": 19,
    "to be urged, carried far": 19,
    "to be urged, chosen": 11,
    "an urging": 9,
    "calendar feeds": 6,
    "machines": 16,
    "machines again": 14,
    "letter": 9,
}


def pages(cast: Cast, city: Task, ward: Task, today: date) -> Iterator[tuple[str, str]]:
    """Name and address of every page with rows."""
    past = today - 9 * DAY
    yield from (*pages_of_work(), *pages_of_lists())
    yield "search", "/search/?q=nhiem+vu"
    yield "task list", "/tasks/?level=all&per=100"
    yield "task list, searched", "/tasks/?q=nhiem+vu&per=100"
    yield "task list, a past day", f"/tasks/?level=all&per=100&on={past}"
    yield "preview of the office", "/tasks/bulk/?move=suspend&all=1&level=all"
    yield "preview of a unit", "/tasks/bulk/?move=acknowledge&all=1&level=all"
    yield "task page of the city", f"/tasks/{city.pk}/"
    yield "task page of a ward", f"/tasks/{ward.pk}/"
    yield "task history", f"/tasks/{ward.pk}/history/"
    yield "decisions", "/decisions/?per=100"
    yield "decisions of a kind", "/decisions/?kind=obstacle&per=100"
    yield "update form", f"/tasks/{ward.pk}/report/"
    yield "fan-out", f"/tasks/{city.pk}/fan-out/"
    yield "programme list", "/programmes/"
    yield "programme page", "/programmes/hn72/"
    yield from pages_of_programmes(cast)
    yield from pages_of_plans(city)
    yield from pages_of_people(cast)
    yield from pages_of_scorecards(cast, past)
    yield "account", "/account/"
    yield "reference", "/reference/"
    yield from pages_of_the_dashboard(past)
    yield from pages_of_reports()
    yield from pages_of_reminders(ward)
    yield from pages_of_urging()
    yield "calendar feeds", "/calendar/?per=100"
    yield from (("machines", "/system/"), ("machines again", "/system/state/"))


def pages_of_reminders(task: Task) -> Iterator[tuple[str, str]]:
    """One's own notices, how they come, and who was reminded of a task."""
    yield "notices", "/notices/"
    yield "reminder preferences", "/notices/preferences/"
    yield "bell", "/notices/bell/"
    yield "latest notices", "/notices/latest/"
    yield "reminders of a task", f"/tasks/{task.pk}/reminders/"


def pages_of_urging() -> Iterator[tuple[str, str]]:
    """The list of what is to be urged, its form for many, and what became of one urging."""
    yield "to be urged", "/urging/?level=all&per=100"
    yield "to be urged, carried far", "/urging/?level=all&carried=14&why=overdue&per=100"
    yield "to be urged, chosen", "/urging/send/?all=1&level=all"
    yield "letter", "/reports/letter/?unit=UBND-SYT"
    yield "an urging", f"/urging/{Urging.objects.order_by('pk')[0].pk}/?per=100"


def pages_of_reports() -> Iterator[tuple[str, str]]:
    """The form over the list, the first page beside it, the office's words."""
    yield "reports", "/reports/"
    yield "reports, first page in small", "/reports/preview/?kind=tables"
    yield "texts of a report", "/reports/texts/?kind=city"


def pages_of_lists() -> Iterator[tuple[str, str]]:
    """The list in its other shapes, and the year's calendar."""
    yield "task list, every column", "/tasks/?level=led&per=100&columns=report&columns=obstacle"
    yield "task list, a file", "/tasks/export/?level=led"
    yield "calendar", "/working-days/?year=2030"
    yield "calendar, a day", "/working-days/day/?day=2030-01-01"
    yield "calendar, proposals", "/working-days/proposals/?year=2030"
    yield "calendar, a day taken out", "/working-days/2030-01-01/remove/"


def pages_of_work() -> Iterator[tuple[str, str]]:
    """The reader's own first page, and the text of a week."""
    yield "home", "/"
    yield "news", "/news/"
    yield "saved views", "/views/"
    yield "counts of saved views", "/views/counts/?group=overdue"
    yield "week", "/week/"
    yield "week to come back to", "/week/?week=2026-W20&again=1"


def pages_of_programmes(cast: Cast) -> Iterator[tuple[str, str]]:
    """Those of a programme's parts: its groups, the plans of units, its figures."""
    yield "group of a programme", "/programmes/hn72/?group=1&per=100"
    yield "plans of units", "/programmes/plans/?per=100"
    yield "plans of units, a spreadsheet", "/programmes/plans/export/"
    yield "plans of a unit", f"/programmes/plans/of/{cast.ward.code}/"
    yield "plan to record", f"/programmes/hn72/plans/{cast.ward.code}/"
    yield "plans to paste", "/programmes/plans/paste/"
    yield "figures of a programme", "/dashboard/programmes/hn72/"


def pages_of_scorecards(cast: Cast, past: date) -> Iterator[tuple[str, str]]:
    """Those of units, areas and heads, and of what is contested."""
    card = f"/scorecards/units/{cast.ward.code}/"
    yield "scorecards", "/scorecards/?level=commune&per=100"
    yield "scorecard of a unit", card
    yield "scorecard of a unit, a past day", f"{card}?on={past}"
    yield "scorecard of an area", "/scorecards/areas/00001/"
    yield "scorecard of a head", f"/scorecards/heads/{cast.ward_head.pk}/"
    yield "like units", f"{card}?compare=1"
    yield "contest form", f"{card}contest/"
    yield "contests", "/contests/?per=100"


def pages_of_the_dashboard(past: date) -> Iterator[tuple[str, str]]:
    """The leader's page, now and then, and its screens for a meeting."""
    yield "dashboard", "/dashboard/"
    yield "dashboard, a past day", f"/dashboard/?on={past}"
    yield "meeting, the numbers", "/dashboard/meeting/"
    yield "meeting, an exception", "/dashboard/meeting/?slide=1"
    yield "matrix", "/matrix/"
    yield "matrix, by programme", "/matrix/?by=programme"
    yield "matrix, a past day", f"/matrix/?on={past}"
    yield "matrix as a sheet", "/matrix/xlsx/"


def pages_of_plans(task: Task) -> Iterator[tuple[str, str]]:
    """Those on which tasks are entered and made clear."""
    yield "entry form", "/programmes/hn72/tasks/new/"
    yield "edit form", f"/tasks/{task.pk}/edit/"
    yield "tasks to choose", "/tasks/choose/?name=parent&parent-q=nhiem+vu"
    yield "tasks that lack something", "/tasks/?programme=hn72&lacks=any&per=100"


def pages_of_people(cast: Cast) -> Iterator[tuple[str, str]]:
    """Those of units, posts and accounts."""
    yield "unit tree", "/units/"
    yield "unit branch", "/units/?under=UBND&level=commune&per=100"
    yield "unit list", "/units/?axis=ubnd&per=100"
    yield "unit page", f"/units/{cast.city.code}/"
    yield "units to choose", "/units/choose/?name=lead_unit&lead_unit-q=phuong"
    yield "unit history", f"/units/{cast.city.code}/history/"
    yield "unit changes", f"/units/{cast.city.code}/history/?of=events"
    yield "area page", "/areas/00001/"
    yield "accounts", "/accounts/?per=100"
    yield "account of another", f"/accounts/{cast.ward_head.pk}/"
    yield "accounts to choose", "/accounts/choose/?name=user&user-q=chuyen"


def grow(cast: Cast, tops: tuple[Task, Task], user: User, rows: range) -> None:
    """So many more of everything, each with all that hangs on it."""
    today = localdate()
    wards = factories.make_wards(cast.city, cast.ward_head, rows)
    users = [cast.ward_head, *factories.make_users(cast.city, rows)]
    factories.make_past(cast.city, users, rows, by=cast.administrator, on=today)
    facts = [
        {
            "state": STATES[n % len(STATES)],
            "issued_on": today - 40 * DAY,
            "deadline": today + (n % 30 - 15) * DAY,
            "original_deadline": today,
            "completed_on": today,
            "submitted_on": today,
            "submitted_by": cast.ward_officer,
            "officer": cast.ward_officer,
            "returned_on": today if n % 6 == 0 else None,
        }
        for n in rows
    ]
    below = {"parent": tops[0], "ancestors": [tops[0].pk]}
    own = [row | below | {"lead_unit": cast.ward} for row in facts]
    parts = [row | below | {"lead_unit": wards[i]} for i, row in enumerate(facts)]
    more = [row | {"lead_unit": wards[i]} for i, row in enumerate(facts)]
    tasks = factories.make_tasks(cast.programme, cast.ward, own + parts + more)
    factories.make_spans(tasks)
    busy = [*tasks, *tops * len(rows)]
    factories.make_traces(busy, by=cast.ward_officer, decider=cast.department, on=today)
    for top in tops:
        Participant.objects.bulk_create(
            Participant(task=top, unit=unit, part="partner") for unit in wards
        )
    factories.make_decisions(tasks, busy, cast.ward, cast.leader, today)
    CalendarDay.objects.bulk_create(
        CalendarDay(day=date(2030, 1, 1) + n * DAY, is_working=False, name="Nghỉ") for n in rows
    )
    Notice.objects.bulk_create(
        Notice(recipient=user, at=now(), on=today, kind="soon", headline="3 ngày", task=task)
        for task in tasks
    )


def urge_by_hand(cast: Cast, number: int, today: date) -> None:
    """So many urgings of every task; and each was carried up by the planner."""
    tasks = list(Task.objects.all())
    urgings = [
        Urging.objects.create(by=cast.office, on=today, at=now(), text="Làm ngay")
        for _ in range(number)
    ]
    for urging in urgings:
        urging.tasks.add(*tasks)
    facts = {"recipient": cast.ward_officer, "due_on": today, "planned_on": today}
    Reminder.objects.bulk_create(
        [
            Reminder(task=task, rung=rung, deadline=task.deadline or today, matter=matter, **facts)
            for task in tasks
            for rung, matter in [("after_14", 0), *(("urged", one.pk) for one in urgings)]
        ],
        ignore_conflicts=True,
    )


def contest_figures(cast: Cast, number: int) -> None:
    """So many objections of the ward, which wait."""
    for _ in range(number):
        make_contest(cast.ward, cast.ward_officer, localdate())


def make_feeds(user: User, number: int) -> None:
    """So many feeds of the reader's own unit."""
    for _ in range(number):
        feed_for(user, user.unit)


def save_views(cast: Cast, user: User, rows: range) -> None:
    """The reader's own, as many as there may be, and more and more that the office shares."""
    keys = {"saved_at": now()}
    own = range(MOST_OWN) if not SavedView.objects.filter(owner=user).exists() else ()
    SavedView.objects.bulk_create(
        SavedView(owner=user, name=f"{n}", query=f"resolution=hn{n}&unit={n}&group=overdue", **keys)
        for n in own
    )
    sharing = factories.make_users(cast.city, range(1000 + rows.start, 1000 + rows.stop))
    User.objects.filter(pk__in=[one.pk for one in sharing]).update(role=Role.OFFICE)
    SavedView.objects.bulk_create(
        SavedView(owner=one, name="Chung", query="axis=ubnd&level=all", is_shared=True, **keys)
        for one in sharing
    )


def counted(client: Client, addresses: list[tuple[str, str]]) -> dict[str, int]:
    """Queries by page; refused pages are left out."""
    found = {}
    tell_the_planner()
    for name, address in addresses:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            response = client.get(address)
        if response.status_code == 200:
            found[name] = len(asked)
    return found


@pytest.mark.parametrize("name", ["ward_officer", "office", "administrator"])
def test_no_page_asks_more_for_many_rows_than_for_few(cast: Cast, name: str) -> None:
    user: User = getattr(cast, name)
    today, client = localdate(), signed_in(user)
    dates = {"issued_on": today - 40 * DAY, "deadline": today + 20 * DAY}
    city = factories.make_task(cast.programme, cast.department, **dates)
    ward = factories.make_task(cast.programme, cast.ward, parent=city, **dates)
    urge_by_hand(cast, 1, today)
    addresses = list(pages(cast, city, ward, today))
    grow(cast, (city, ward), user, range(FEW))
    contest_figures(cast, FEW)
    urge_by_hand(cast, 1, today)
    save_views(cast, user, range(FEW))
    make_troubled_mails([cast.ward_head], range(FEW), today)
    make_feeds(user, FEW)
    few = counted(client, addresses)
    grow(cast, (city, ward), user, range(FEW, MANY))
    contest_figures(cast, MANY - FEW)
    urge_by_hand(cast, 2, today)
    save_views(cast, user, range(FEW, MANY))
    make_troubled_mails([cast.ward_head], range(FEW, MANY), today)
    make_feeds(user, MANY - FEW)
    many = counted(client, addresses)
    assert set(CEILINGS) == {name for name, _ in addresses}
    assert many == few
    assert {name: count for name, count in many.items() if count > CEILINGS[name]} == {}
    assert Evidence.objects.count() > 3 * MANY
