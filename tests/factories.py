"""Small makers of rows with keyword changes; no other test code creates rows."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count
from typing import Any

from hanoi_programmes.lib.text import sort_key
from hanoi_programmes.people.models import Area, Axis, Holding, PlaceEvent, Post, Unit, User
from hanoi_programmes.people.roles import Confidence, Level, Role
from hanoi_programmes.programmes.models import (
    FOREVER,
    ActionProgramme,
    Direction,
    Event,
    Evidence,
    Extension,
    Handover,
    Obstacle,
    ProgressReport,
    Resolution,
    Situation,
    Task,
    TaskGroup,
    TaskSpan,
)
from hanoi_programmes.programmes.states import State

PASSWORD = "mat-khau-thu-nghiem-12"
ISSUED = date(2026, 3, 2)
_numbers = count(1)


def make_axis(code: str = "ubnd") -> Axis:
    """An axis by code, made once."""
    names = {"ubnd": "Ủy ban nhân dân", "dang": "Đảng"}
    return Axis.objects.get_or_create(
        code=code, defaults={"name": names.get(code, code), "short_name": code, "order": len(code)}
    )[0]


def make_unit(code: str, *, parent: Unit | None = None, axis: str = "ubnd", **changes: Any) -> Unit:
    """An active unit with a head post."""
    fields: dict[str, Any] = {
        "name": code,
        "level": Level.DEPARTMENT,
        "is_active": True,
        "confidence": Confidence.CONFIRMED,
    } | changes
    fields.setdefault("short_name", fields["name"])
    unit = Unit.objects.create(
        code=code,
        axis=make_axis(axis),
        parent=parent,
        path=f"{parent.path if parent else '/'}{code}/",
        sort_key=sort_key(fields["name"]),
        **fields,
    )
    Post.objects.create(unit=unit, title=f"Người đứng đầu {unit.short_name}", is_head=True)
    return unit


def make_ward(code: str, *, parent: Unit, name: str, axis: str = "ubnd") -> Unit:
    """The unit of an area on one axis."""
    area = Area.objects.get_or_create(
        code=code, defaults={"name": name, "kind": "ward", "sort_key": sort_key(name)}
    )[0]
    title = f"Ủy ban nhân dân {name}"
    return make_unit(
        f"{code}-{axis.upper()}",
        parent=parent,
        axis=axis,
        level=Level.COMMUNE,
        area=area,
        name=title,
    )


def make_user(username: str, role: Role, unit: Unit | None, **changes: Any) -> User:
    """An account."""
    fields = {"display_name": username, "email": f"{username}@thudo.example"} | changes
    return User.objects.create_user(username, password=PASSWORD, role=role, unit=unit, **fields)


def make_head(username: str, unit: Unit, *, since: date = ISSUED) -> User:
    """An account that holds the unit's head post."""
    user = make_user(username, Role.HEAD, unit)
    post = Post.objects.get(unit=unit, is_head=True)
    Holding.objects.create(post=post, user=user, starts_on=since)
    return user


def make_programme(key: str = "hn72") -> ActionProgramme:
    """An issued programme with one group."""
    resolution = Resolution.objects.create(
        key=key, number=f"{key[-2:]}-NQ/TW", title="Nghị quyết", short="Y tế", field="Y tế",
        issuer="Bộ Chính trị", issued_on=date(2025, 9, 9),
    )  # fmt: skip
    programme = ActionProgramme.objects.create(
        key=key, resolution=resolution, number=f"{key}-CTr/TU", title="Chương trình hành động",
        issuer="Ban Thường vụ Thành ủy", issued_on=date(2026, 1, 12), status="issued",
    )  # fmt: skip
    TaskGroup.objects.create(programme=programme, number=1, heading="Nhóm nhiệm vụ")
    return programme


def make_task(programme: ActionProgramme, lead: Unit, **changes: Any) -> Task:
    """A task in progress, due at the end of 2026 or, a child, with its parent; with the span that
    figures of past days read."""
    number = next(_numbers)
    parent = changes.get("parent")
    fields: dict[str, Any] = {
        "code": f"T-{number}",
        "text": f"Nhiệm vụ thử nghiệm {number}",
        "product": "Báo cáo kết quả",
        "authority": "UBND Thành phố",
        "deadline": parent.deadline if parent else date(2026, 12, 31),
        "precision": "day",
        "state": State.IN_PROGRESS,
        "issued_on": ISSUED,
        "confidence": Confidence.CONFIRMED,
    } | changes
    if fields["deadline"] is None:
        fields["precision"] = ""
    fields.setdefault("original_deadline", fields["deadline"])
    fields.setdefault("deadline_text", str(fields["deadline"] or ""))
    task = Task.objects.create(
        programme=programme,
        task_group=programme.groups.get(),
        lead_unit=lead,
        ancestors=[*parent.ancestors, parent.pk] if parent else [],
        **fields,
    )
    TaskSpan.objects.create(
        task=task, starts_on=task.issued_on or ISSUED, ends_on=FOREVER, state=task.state,
        lead_unit_id=task.lead_unit_id, deadline=task.deadline,
        original_deadline=task.original_deadline, completed_on=task.completed_on,
    )  # fmt: skip
    task.refresh_from_db()
    return task


def make_history(task: Task, *changes: tuple[date, dict[str, Any]]) -> None:
    """What was true of a task from each of these days on, instead of its one span."""
    TaskSpan.objects.filter(task=task).delete()
    starts = [start for start, _facts in changes]
    facts: dict[str, Any] = {
        "original_deadline": task.original_deadline,
        "lead_unit_id": task.lead_unit_id,
    }
    for (start, change), end in zip(changes, [*starts[1:], FOREVER], strict=True):
        facts |= change
        TaskSpan.objects.create(task=task, starts_on=start, ends_on=end, **facts)


def make_report(task: Task, by: User, on: date, **changes: Any) -> ProgressReport:
    """A progress report at eight in the morning, UTC."""
    fields = {
        "situation": Situation.DOING,
        "text": "Đang triển khai",
        "at": f"{on}T08:00:00Z",
    } | changes
    return ProgressReport.objects.create(task=task, by=by, on=on, **fields)


def make_paper(report: ProgressReport, on: date, **changes: Any) -> Evidence:
    """A document as evidence."""
    fields = {"document_number": "12/BC-UBND", "document_date": on} | changes
    return Evidence.objects.create(task=report.task, report=report, **fields)


def make_obstacle(task: Task, by: User, on: date, **changes: Any) -> Obstacle:
    """An obstacle that waits for the city."""
    fields = {"text": "Chưa bố trí được vốn", "decider_text": "UBND Thành phố"} | changes
    return Obstacle.objects.create(task=task, by=by, raised_on=on, **fields)


def make_extension(task: Task, by: User, on: date, **changes: Any) -> Extension:
    """A request for thirty more days, which waits for its answer."""
    due = task.deadline or on
    fields = {
        "reason": "Chờ số liệu",
        "deadline": due,
        "wanted": due + timedelta(days=30),
    } | changes
    return Extension.objects.create(task=task, by=by, asked_on=on, **fields)


def make_direction(task: Task, unit: Unit, by: User, on: date, **changes: Any) -> Direction:
    """A leader's direction, to be answered within a week."""
    fields = {"kind": "direction", "text": "Làm rõ tiến độ", "answer_by": on + timedelta(days=7)}
    return Direction.objects.create(task=task, unit=unit, by=by, on=on, **fields | changes)


def make_questions(task: Task, other: Task, leader: User, on: date) -> dict[str, int]:
    """One of each that somebody has to decide, answer or close; more time is asked for on the other
    task, so that it may still be asked for on the first."""
    ward = task.lead_unit or Unit()
    stuck = ward.users.order_by("pk")[0]
    answer = {"answer": "Đã làm", "answered_on": on}
    return {
        "extension": make_extension(other, leader, on).pk,
        "obstacle": make_obstacle(task, stuck, on, decider=ward.parent).pk,
        "question": make_direction(task, ward, leader, on).pk,
        "answered": make_direction(task, ward, leader, on, **answer).pk,
    }


def make_tasks(programme: ActionProgramme, lead: Unit, rows: list[dict[str, Any]]) -> list[Task]:
    """Many tasks at once, without spans: for tests that ask the database about hundreds of rows."""
    group = programme.groups.get()
    common = {
        "programme": programme,
        "task_group": group,
        "lead_unit": lead,
        "issued_on": ISSUED,
        "text": "Nhiệm vụ",
    }
    return Task.objects.bulk_create(
        Task(
            code=f"B-{next(_numbers)}",
            precision="day" if row.get("deadline") else "",
            **common | row,
        )
        for row in rows
    )


def make_file(report: ProgressReport, **changes: Any) -> Evidence:
    """A file as evidence: the row only, nothing on the disk."""
    fields = {
        "name": "Báo cáo.pdf",
        "file": "evidence/00/00",
        "sha256": "0" * 64,
        "content_type": "application/pdf",
        "size": 1,
    } | changes
    return Evidence.objects.create(task=report.task, report=report, **fields)


def make_tree(above: list[int | None]) -> list[Unit]:
    """Departments without posts, each below the earlier one whose index is given; one statement."""
    axis, first = make_axis(), 1_000_000
    units: list[Unit] = []
    for index, parent in enumerate(above):
        top = units[parent] if parent is not None else None
        name, path = f"N{index}", f"{top.path if top else '/'}N{index}/"
        unit = Unit(pk=first + index, code=name, name=name, short_name=name, parent=top, path=path)
        unit.level, unit.axis, unit.sort_key = Level.DEPARTMENT, axis, path
        units.append(unit)
    return Unit.objects.bulk_create(units)


def make_wards(city: Unit, holder: User, numbers: range) -> list[Unit]:
    """The government's units of so many new areas, one person at the head of all of them."""
    axis = make_axis()
    codes = [f"{n + 50_000:05d}" for n in numbers]
    areas = Area.objects.bulk_create(
        Area(code=code, name=f"Phường {code}", kind="ward", sort_key=code) for code in codes
    )
    units = Unit.objects.bulk_create(
        Unit(
            code=f"{area.code}-UBND",
            name=f"UBND {area.name}",
            short_name=f"UBND {area.name}",
            level=Level.COMMUNE,
            axis=axis,
            area=area,
            parent=city,
            path=f"{city.path}{area.code}-UBND/",
            sort_key=area.code,
            is_active=True,
        )
        for area in areas
    )
    posts = Post.objects.bulk_create(Post(unit=u, title="Chủ tịch", is_head=True) for u in units)
    Holding.objects.bulk_create(Holding(post=p, user=holder, starts_on=ISSUED) for p in posts)
    return units


def make_traces(tasks: list[Task], *, by: User, decider: Unit, on: date) -> None:
    """For each task, as often as it is named: report, evidence of both kinds, obstacle, event."""
    at = f"{on}T08:00:00Z"
    reports = ProgressReport.objects.bulk_create(
        ProgressReport(task=task, by=by, on=on, at=at, situation=Situation.DOING) for task in tasks
    )
    verdict: dict[str, Any] = {"verdict": "accepted", "verdict_by": by, "verdict_on": on}
    paper = {"document_number": "12/BC-UBND", "document_date": on}
    file = {"name": "Báo cáo.pdf", "file": "evidence/00/00", "sha256": "0" * 64}
    Evidence.objects.bulk_create(
        Evidence(task=report.task, report=report, **verdict | kind)
        for report in reports
        for kind in (paper, file)
    )
    Obstacle.objects.bulk_create(
        Obstacle(task=task, by=by, raised_on=on, text="Vướng", decider=decider) for task in tasks
    )
    Event.objects.bulk_create(
        Event(task=task, kind="report", told="Cập nhật", by=by, on=on, at=at) for task in tasks
    )


def make_decisions(tasks: list[Task], busy: list[Task], unit: Unit, leader: User, on: date) -> None:
    """For each task a request for more time; for each mention a direction and its answer."""
    Extension.objects.bulk_create(
        Extension(
            task=task,
            by=leader,
            asked_on=on,
            reason="Chờ",
            deadline=task.deadline or on,
            wanted=(task.deadline or on) + timedelta(days=9),
        )
        for task in tasks
    )
    Direction.objects.bulk_create(
        Direction(
            task=task,
            unit=unit,
            kind="direction",
            by=leader,
            on=on,
            text="Làm rõ",
            answer_by=on,
            answer="Đã làm" if answered else "",
            answered_on=on if answered else None,
        )
        for task in busy
        for answered in (False, True)
    )


def make_spans(tasks: list[Task]) -> None:
    """For each task one span, from its issue on, with the facts it has."""
    TaskSpan.objects.bulk_create(
        TaskSpan(
            task=task,
            starts_on=task.issued_on or ISSUED,
            state=task.state,
            lead_unit_id=task.lead_unit_id,
            deadline=task.deadline,
            original_deadline=task.original_deadline,
            completed_on=task.completed_on,
        )
        for task in tasks
    )


def make_past(unit: Unit, users: Sequence[User], rows: range, *, by: User, on: date) -> None:
    """So many posts of the unit, each held by one of the users, and events of unit and accounts."""
    posts = Post.objects.bulk_create(Post(unit=unit, title=f"Chức danh {n}") for n in rows)
    Holding.objects.bulk_create(
        Holding(post=post, user=users[n % len(users)], starts_on=on) for n, post in enumerate(posts)
    )
    common: dict[str, Any] = {"kind": "appoint", "told": "Giao", "by": by, "on": on}
    PlaceEvent.objects.bulk_create(
        PlaceEvent(unit=unit, area=area, account=user, at=f"{on}T08:00:00Z", **common)
        for area in Area.objects.filter(code="00001")
        for user in users
        for _ in rows
    )


def make_users(unit: Unit, rows: range) -> list[User]:
    """Officers of the unit who cannot sign in; one statement."""
    return User.objects.bulk_create(
        User(username=f"u{n}", display_name=f"Chuyên viên {n}", role=Role.OFFICER, unit=unit)
        for n in rows
    )


def make_left_holding(unit: Unit, user: User, since: date, *, days: int = 50) -> Holding:
    """A head's post, held for so many days and then given up."""
    post = Post.objects.get(unit=unit, is_head=True)
    until = since + timedelta(days=days)
    return Holding.objects.create(post=post, user=user, starts_on=since, ends_on=until)


def make_handover(unit: Unit, user: User, since: date) -> Handover:
    """The empty sheet of a head who has left."""
    left = make_left_holding(unit, user, since)
    return Handover.objects.create(
        outgoing=left, made_on=left.ends_on or since, sheet={"tasks": []}
    )
