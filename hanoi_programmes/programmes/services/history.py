"""How a change is written down: its event, and the span that figures of past days read."""

from datetime import date

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
        told=told.words,
        note=told.note,
        changes=told.changes,
        by=act.by,
        at=act.at,
        on=act.on,
        form_key=act.form_key,
    )


def _keep_span(task: Task, on: date) -> None:
    facts = {
        "state": task.state,
        "lead_unit_id": task.lead_unit_id,
        "deadline": task.deadline,
        "original_deadline": task.original_deadline,
        "completed_on": task.completed_on,
    }
    current = TaskSpan.objects.filter(task=task, ends_on=FOREVER).first()
    if current and all(getattr(current, name) == value for name, value in facts.items()):
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
