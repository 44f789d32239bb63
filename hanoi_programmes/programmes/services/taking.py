"""How an act about a task begins: rows locked; a form sent twice, or from a stale page, noticed."""

from hanoi_programmes.people.services.history import Act
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.services.history import locked, was_done
from hanoi_programmes.programmes.services.tasks import check_version


def taken(task: Task, act: Act, version: int | None) -> Task | None:
    """The task, locked, or None when this very form was carried out before.

    Raises `Stale` when the task is no longer the one that the page showed. The task above is
    locked first: its deadline bounds this one's.
    """
    if task.parent_id:
        Task.objects.select_for_update(no_key=True).filter(pk=task.parent_id).first()
    task = locked(task)
    if was_done(act):
        return None
    check_version(task, version)
    return task
