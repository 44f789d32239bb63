"""Illustrative tasks: eighty of the city, a dozen of them in all 126 areas.

Writes in bulk, by the same tables as the services of daily work: each step has its event, each
change of state its span. Everything is marked illustrative.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from django.db import transaction

from hanoi_programmes.lib.deadlines import last_day, printed
from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.people.roles import Confidence, Role
from hanoi_programmes.programmes.models import ActionProgramme, Task
from hanoi_programmes.programmes.services.illustrative_saved import save_views
from hanoi_programmes.programmes.services.illustrative_weekly import hand_over_weeks
from hanoi_programmes.programmes.services.reference import read
from hanoi_programmes.programmes.services.stories import Kind, Story, child_days, steps_of
from hanoi_programmes.programmes.services.telling import Life, Stage, fill, shift, store, told
from hanoi_programmes.programmes.states import Quality, State

_MARK = {"source": "Dữ liệu minh họa", "confidence": Confidence.ILLUSTRATIVE}
# Units whose officers have handed their weekly texts over.
_WITH_WEEKLY_TEXTS = ("00199-UBND", "UBND-SYT")
_RECURRING = {"month": "Hằng tháng", "quarter": "Hằng quý", "year": "Hằng năm"}


@transaction.atomic
def load_illustrative_tasks(*, on: date) -> dict[str, int]:
    """Store the illustrative tasks as of the day; when there are any already, change nothing."""
    made_up = Task.objects.filter(confidence=Confidence.ILLUSTRATIVE)
    if not made_up.exists():
        data = read("illustrative.json")
        stage = _stage(on)
        lives = [_city_life(row, stage) for row in data["tasks"]]
        Task.objects.bulk_create([life.task for life in lives])
        for life in lives:
            life.children = list(_child_lives(life, data, stage))
        everyone = [*lives, *(child for life in lives for child in life.children)]
        Task.objects.bulk_create([c.task for life in lives for c in life.children], batch_size=1000)
        store(told(everyone, stage))
        writers = [stage.officers[stage.units[code].pk] for code in _WITH_WEEKLY_TEXTS]
        hand_over_weeks([*writers, stage.office], on=on)
        save_views(stage.office, writers[-1], on=on)
    return {"tasks": made_up.count(), "city tasks": made_up.filter(parent__isnull=True).count()}


def _stage(on: date) -> Stage:
    units = {unit.code: unit for unit in Unit.objects.select_related("area", "axis")}
    communes: dict[str, list[Unit]] = {}
    for unit in units.values():
        if unit.area:
            communes.setdefault(unit.axis.code, []).append(unit)
    users = User.objects.filter(is_illustrative=True, unit__isnull=False)
    programmes = {p.key: p for p in ActionProgramme.objects.prefetch_related("groups")}
    return Stage(
        on=on,
        programmes=programmes,
        groups={(key, g.number): g.pk for key, p in programmes.items() for g in p.groups.all()},
        units=units,
        commune_units=communes,
        officers={user.unit_id or 0: user for user in users.filter(role=Role.OFFICER)},
        heads={user.unit_id or 0: user for user in users.filter(role=Role.HEAD)},
        office=users.filter(role=Role.OFFICE).order_by("pk")[0],
        leader=users.filter(role=Role.LEADER).order_by("pk")[0],
    )


def _city_life(row: dict[str, Any], stage: Stage) -> Life:
    on = stage.on
    random = Random(row["code"])  # noqa: S311 - the same lives on every machine, nothing secret
    lead = stage.units[row["lead"]]
    precision = row["deadline_kind"] if row["offset_days"] is not None else ""
    due = last_day(shift(on, row["offset_days"]) or on, precision) if precision else None
    agreed = [e for e in row["extensions"] if e["decision"] == "agreed"]
    first = agreed[0]["from_offset_days"] if agreed else None
    story = _story(row, on)
    task = Task(
        code=row["code"],
        programme=stage.programmes[row["programme"]],
        task_group_id=stage.groups[row["programme"], row["group"]],
        text=row["title"],
        product=row["deliverable"],
        authority=row["authority"],
        clause=row["clause"],
        source_document=stage.programmes[row["programme"]].number,
        partners_text=row["partners_text"],
        lead_unit=lead,
        officer=stage.officers.get(lead.pk),
        deadline=due,
        original_deadline=shift(on, first) or due,
        precision=precision,
        deadline_text=_deadline_text(row, due, precision),
        rhythm=row["rhythm"],
        is_key=row["importance"] == "key",
        **{f"is_{mark}": True for mark in row["marks"]},
        **_countable(row["countable"]),
        **_MARK,
    )
    extended = shift(on, min(agreed[-1]["asked_offset_days"] + 2, 0)) if agreed else None
    life = Life(task, row, story, steps_of(story, random), random, extended)
    done = (row["countable"] or {}).get("done") or 0
    life.words = {"done": done, "goal": task.count_goal or 0}
    _end(life)
    return life


def _story(row: dict[str, Any], on: date) -> Story:
    return Story(
        row["story"],
        on,
        shift(on, row["issued_offset_days"]) or on,
        shift(on, row["completed_offset_days"]),
        shift(on, row["suspended_offset_days"]),
    )


def _deadline_text(row: dict[str, Any], due: date | None, precision: str) -> str:
    if due:
        return printed(due, precision)
    return _RECURRING.get(row["rhythm"], "")


def _countable(countable: dict[str, Any] | None) -> dict[str, Any]:
    if not countable:
        return {}
    return {
        "count_label": countable["label"],
        "count_unit": countable["unit"],
        "count_goal": countable.get("goal"),
    }


def _child_lives(life: Life, data: dict[str, Any], stage: Stage) -> Iterator[Life]:
    """The ward's tasks of a city task that was issued to all areas on one axis."""
    fan = life.row["fan_out"]
    if not fan:
        return
    units = stage.commune_units[fan["axis"]]
    keys = _spread(fan["stories"], len(units), life.random)
    pool = data["pools"][life.task.programme.resolution.key]
    chosen = data["unit_stories"]
    for unit, drawn in zip(units, keys, strict=True):
        key = chosen.get(unit.code, {}).get(life.task.code, drawn)
        content = {**pool, "also": pool["progress"]} | {k: v for k, v in fan.items() if v}
        yield _child_life(life, content, unit, key, stage)


def _spread(shares: dict[str, int], size: int, random: Random) -> list[str]:
    """`size` story keys in the given percents, shuffled."""
    keys = [key for key, percent in shares.items() for _ in range(round(percent * size / 100))]
    keys += [next(iter(shares))] * (size - len(keys))
    random.shuffle(keys)
    return keys[:size]


def _child_life(parent: Life, fan: dict[str, Any], unit: Unit, key: str, stage: Stage) -> Life:
    random = Random(f"{parent.task.code}/{unit.code}")  # noqa: S311 - see above
    on, area = stage.on, unit.area
    issued = shift(on, fan["issued_offset_days"]) or on
    offset = fan.get("offset_days")
    common = (
        last_day(on + timedelta(days=offset), fan["deadline_kind"]) if offset is not None else None
    )
    story = Story(key, on, issued)
    due, done = _child_days(parent, key, common, story, random) if common else (None, None)
    story = Story(key, on, issued, done, on - timedelta(days=20) if key == "suspended" else None)
    name = area.name[0].lower() + area.name[1:] if area else ""
    precision = "" if due is None else fan["deadline_kind"] if due == common else "day"
    task = Task(
        code=f"{parent.task.code}.{area.code if area else unit.code}",
        programme=parent.task.programme,
        task_group_id=parent.task.task_group_id,
        parent=parent.task,
        ancestors=[parent.task.pk],
        text=fill(fan["title"], {"area": name}),
        product=fill(fan["deliverable"], {"area": name}),
        authority=unit.short_name,
        clause=parent.task.clause,
        source_document=parent.task.source_document,
        lead_unit=unit,
        officer=stage.officers.get(unit.pk),
        deadline=due,
        original_deadline=min(due, common) if due and common else None,
        precision=precision,
        deadline_text=_deadline_text(fan | {"rhythm": fan.get("rhythm", "")}, due, precision),
        rhythm=fan.get("rhythm", ""),
        is_key=parent.task.is_key,
        **_countable(fan.get("countable")),
        **_MARK,
    )
    life = Life(task, fan, story, steps_of(story, random), random, _extended(task, common, story))
    _count_of_area(life, fan, unit)
    life.words |= {"area": name}
    _end(life)
    return life


def _child_days(
    parent: Life, key: str, common: date, story: Story, random: Random
) -> tuple[date | None, date | None]:
    return child_days(key, common, limit=parent.task.deadline, story=story, random=random)


def _extended(task: Task, common: date | None, story: Story) -> date | None:
    """Agreed shortly before the common deadline, but never after the day of loading."""
    if not task.deadline or not common or task.deadline <= common:
        return None
    return min(max(common - timedelta(days=3), story.issued_on), story.on)


_NEARLY = {
    "late_long": 0.45,
    "late": 0.7,
    "late_short": 0.9,
    "silent": 0.3,
    "not_acknowledged": 0.0,
}


def _count_of_area(life: Life, fan: dict[str, Any], unit: Unit) -> None:
    countable = fan.get("countable")
    if not countable or not unit.area:
        return
    low, high = countable["goals"]["phường" if unit.area.kind == "ward" else "xã"]
    goal = countable["goals_by_area"].get(unit.area.code) or life.random.randint(low, high)
    share = 1.0 if life.story.done_on else _NEARLY.get(life.story.key, 0.6)
    life.task.count_goal = goal
    life.words = {
        "goal": goal,
        "done": min(int(goal * share * life.random.uniform(0.95, 1.02)), int(goal * 1.02)),
    }


def _end(life: Life) -> None:
    """Give the task the state and days in which its steps ended."""
    task = life.task
    task.version = len(life.steps) + 1
    for step in life.steps:
        task.state = step.state
        if step.kind is Kind.ISSUE:
            task.issued_on = step.day
        elif step.kind in {Kind.REPORT, Kind.SUBMIT}:
            task.last_report_on = step.day
    kinds = {step.kind: step.day for step in life.steps}
    task.submitted_on = kinds.get(Kind.SUBMIT)
    if task.state == State.COMPLETED:
        task.completed_on = life.story.done_on
        task.quality = life.random.choices([Quality.GOOD, Quality.MET, Quality.PARTLY], [3, 6, 1])[
            0
        ]
    if Kind.RETURN in kinds:
        task.returned_on = kinds[Kind.RETURN]
        task.return_reason = life.random.choice(
            life.row["return_reasons"] or ["Bổ sung minh chứng."]
        )
