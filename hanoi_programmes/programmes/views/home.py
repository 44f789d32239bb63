"""The officer's first page: what must be done now."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from hanoi_programmes.lib.dates import month_of
from hanoi_programmes.people.http import Request
from hanoi_programmes.people.models import User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.programmes.forms import NothingForm, ReportForm
from hanoi_programmes.programmes.http import tasks_of
from hanoi_programmes.programmes.querysets import TaskQuerySet
from hanoi_programmes.programmes.querysets.handovers import has_unsettled
from hanoi_programmes.programmes.rules import may_report
from hanoi_programmes.programmes.rules.charges import verifier_days
from hanoi_programmes.programmes.shapes import Line, lines
from hanoi_programmes.programmes.shapes.decisions import items, pending
from hanoi_programmes.programmes.states import State
from hanoi_programmes.programmes.timeliness import Group
from hanoi_programmes.programmes.views.drafts import opened_report

SHOWN = 10
DECISIONS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Section:
    """One list of the page. `count` is the whole; each task is shown once, in its first section."""

    key: str
    title: str
    hint: str
    kind: str
    icon: str
    address: str
    count: int
    lines: list[Line]

    @property
    def elsewhere(self) -> int:
        """How many are not shown here: named above, or beyond the page."""
        return self.count - len(self.lines)


@require_safe
def home(request: Request) -> HttpResponse:
    """Overdue, returned, due soon, not acknowledged, waiting for my verification, update due."""
    if request.user.role == Role.ADMINISTRATOR:
        return redirect("people:account")
    today = localdate()
    tasks = tasks_of(request).select_related(
        "programme__resolution", "lead_unit", "parent__lead_unit"
    )
    own = _own(tasks, request.user).with_group(today)
    sections = list(_shaped(_sections(tasks, own, request.user, today), today))
    silent = own.not_updated(today).order_by("code")
    to_update_count = silent.count()
    in_progress_count = own.filter(state=State.IN_PROGRESS).count()
    context = {
        "today": today,
        "handovers_due": has_unsettled(request.user, today),
        "sections": sections,
        "is_calm": not any(section.lines for section in sections),
        "first_form": _first_form(request, sections, today),
        "nothing_form": NothingForm(tasks=silent),
        "own_count": own.issued().count(),
        "period": month_of(today),
        "to_update": lines(silent[:SHOWN], on=today),
        "to_update_count": to_update_count,
        "in_progress_count": in_progress_count,
        "updated_count": in_progress_count - to_update_count,
    }
    context |= _to_decide(request.user, today)
    return render(request, "programmes/home.html", context)


def _to_decide(user: User, today: date) -> dict[str, Any]:
    """The first of what waits for the reader's decision or answer, and how many there are."""
    rows = pending(user)
    return {"to_decide": items(rows[:DECISIONS_SHOWN], on=today), "to_decide_count": rows.count()}


def _first_form(request: Request, sections: list[Section], today: date) -> ReportForm | None:
    """The most urgent task is open for an update, if the reader may write it."""
    first = next((line.task for section in sections for line in section.lines), None)
    if first is None or not may_report(request.user, first, on=today):
        return None
    return opened_report(request, first)


def _own(tasks: TaskQuerySet, user: User) -> TaskQuerySet:
    return tasks.counted_for(user) if user.sees_all else tasks.led_by(user.unit)


def _sections(
    tasks: TaskQuerySet, own: TaskQuerySet, user: User, today: date
) -> Iterator[tuple[str, str, str, str, str, TaskQuerySet]]:
    unit = f"&unit={user.unit.code}" if user.sees_by_unit and user.unit else ""
    verify = tasks.to_be_verified_by(user).with_group(today).order_by("submitted_on", "code")
    if user.sees_all:
        yield "verify", "Cần xác nhận", "wait", "s-wait", "group=awaiting", verify
        refused = own.filter(state=State.REFUSED)
        yield "refused", "Bị từ chối", "soon", "undo", "special=refused", refused
    late = own.in_groups(Group.OVERDUE).by_due()
    yield "overdue", "Quá hạn", "late", "s-late", f"group=overdue{unit}", late
    yield (
        "returned",
        "Bị trả lại",
        "soon",
        "undo",
        f"special=returned{unit}",
        own.returned().by_due(),
    )
    soon = own.in_groups(Group.DUE_SOON).by_due()
    yield "due-soon", "Sắp đến hạn", "soon", "s-soon", f"group=due_soon{unit}", soon
    new = own.unacknowledged().order_by("-issued_on", "code")
    yield "unacknowledged", "Chưa tiếp nhận", "run", "inbox", f"special=unacknowledged{unit}", new
    if user.sees_by_unit:
        yield "verify", "Cần xác nhận", "wait", "s-wait", "special=verify", verify


_HINTS = {
    "overdue": "làm trước",
    "returned": "bổ sung rồi gửi lại",
    "due-soon": "trong 7 ngày",
    "verify": "xác nhận hoặc trả lại trong 5 ngày làm việc",
    "refused": "giao đơn vị khác hoặc giao lại",
}


def _shaped(
    parts: Iterator[tuple[str, str, str, str, str, TaskQuerySet]], today: date
) -> Iterator[Section]:
    rows_by_key = list(parts)
    # What came back is shown with its reason even when it is late too.
    shown = {row.pk for part in rows_by_key if part[0] == "returned" for row in part[5][:SHOWN]}
    for key, title, kind, icon, address, rows in rows_by_key:
        others = set() if key == "returned" else shown
        fresh = lines(rows.exclude(pk__in=others)[:SHOWN], on=today)
        shown |= {line.task.pk for line in fresh}
        if key == "verify":
            charged = verifier_days([line.task for line in fresh], on=today)
            fresh = [replace(line, charged=charged.get(line.task.pk, 0)) for line in fresh]
        hint = _HINTS.get(key, "")
        yield Section(key, title, hint, kind, icon, address, rows.count(), fresh)
