"""How a change is written down: its event, and the span that figures of past days read."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from hanoi_programmes.people.services.history import Act, Told
from hanoi_programmes.programmes.models import FOREVER, Event, Task, TaskSpan


def was_done(act: Act) -> bool:
    """Whether the form was already carried out: a second click or a replay writes nothing.

    Call it after locking the task, so that two clicks at once cannot both see "no".
    """
    return act.form_key is not None and Event.objects.filter(form_key=act.form_key).exists()


def record(task: Task, act: Act, told: Told) -> Event:
    """Write the event, and the span when what timeliness looks at has changed."""
    _keep_span(task, act.on)
    return Event.objects.create(
        task=task,
        kind=told.kind,
        told=f"{told.words} ({act.way})"[:300] if act.way else told.words,
        note=told.note,
        changes=told.changes,
        by=act.by,
        at=act.at,
        on=act.on,
        form_key=act.form_key,
    )


def record_many(tasks: list[Task], act: Act, told: dict[int, Told]) -> None:
    """`record` for many tasks of one act, by task id, in as many queries as for one.

    Each event has its own part of the form's key.
    """
    _keep_spans(tasks, act.on)
    Event.objects.bulk_create(
        Event(
            task=task,
            kind=words.kind,
            told=words.words,
            note=words.note,
            changes=words.changes,
            by=act.by,
            at=act.at,
            on=act.on,
            form_key=act.for_part(task.pk).form_key,
        )
        for task in tasks
        for words in (told[task.pk],)
    )


def record_once(told: dict[tuple[int, UUID], Told], *, at: datetime, on: date) -> int:
    """What the system did to tasks, by task id and a key of its own: each stands there once,
    however often this is asked. Two queries however many; nothing that timeliness looks at changed.
    """
    before = Event.objects.filter(form_key__in=[key for _, key in told])
    known = set(before.values_list("form_key", flat=True))
    new = [
        Event(
            task_id=task,
            kind=words.kind,
            told=words.words,
            note=words.note,
            changes=words.changes,
            at=at,
            on=on,
            form_key=key,
        )
        for (task, key), words in told.items()
        if key not in known
    ]
    Event.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _keep_spans(tasks: list[Task], on: date) -> None:
    running = TaskSpan.objects.filter(task__in=tasks, ends_on=FOREVER)
    current = {span.task_id: span for span in running}
    today = {pk for pk, span in current.items() if span.starts_on >= on}
    changed = [task for task in tasks if _differs(current.get(task.pk), _facts(task))]
    begun_today = [
        task for task in changed if task.pk in current and current[task.pk].starts_on >= on
    ]
    for task in begun_today:
        for name, value in _facts(task).items():
            setattr(current[task.pk], name, value)
    TaskSpan.objects.bulk_update([current[task.pk] for task in begun_today], _FACTS)
    renewed = [task for task in changed if task.pk not in today]
    ended = [current[task.pk].pk for task in renewed if task.pk in current]
    TaskSpan.objects.filter(pk__in=ended).update(ends_on=on)
    TaskSpan.objects.bulk_create(TaskSpan(task=t, starts_on=on, **_facts(t)) for t in renewed)


_FACTS = ("state", "lead_unit_id", "deadline", "original_deadline", "completed_on")


def _facts(task: Task) -> dict[str, Any]:
    return {name: getattr(task, name) for name in _FACTS}


def _differs(span: TaskSpan | None, facts: dict[str, Any]) -> bool:
    return span is None or any(getattr(span, name) != value for name, value in facts.items())


def _keep_span(task: Task, on: date) -> None:
    facts = _facts(task)
    current = TaskSpan.objects.filter(task=task, ends_on=FOREVER).first()
    if not _differs(current, facts):
        return
    if current and current.starts_on >= on:
        # Several changes on one day: what the day ended with is what the day was.
        TaskSpan.objects.filter(pk=current.pk).update(**facts)
        return
    if current:
        TaskSpan.objects.filter(pk=current.pk).update(ends_on=on)
    TaskSpan.objects.create(task=task, starts_on=on, **facts)


def locked(task: Task) -> Task:
    """The task again, its row locked until the transaction ends."""
    return (
        Task.objects.select_for_update(of=("self",), no_key=True)
        .select_related("lead_unit", "parent__lead_unit", "officer")
        .get(pk=task.pk)
    )
