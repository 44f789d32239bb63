"""Acts that want the same rows at once wait for one another: none ends in a deadlock."""

from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from django.db import OperationalError, connection, transaction

from hanoi_programmes.people.models import Unit, UnitGroup, User
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.services.plans import change_task
from tests import factories
from tests.conftest import Cast, act
from tests.programmes.fan_out import issue, order

pytestmark = pytest.mark.django_db(transaction=True)


def _waits(pid: int) -> bool:
    with connection.cursor() as cursor:
        # Not pg_stat_activity: within a transaction that one stays as it was first read.
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted"
            " AND %s = ANY(pg_blocking_pids(pid)))",
            [pid],
        )
        return bool(cursor.fetchone()[0])


Meanwhile = Callable[[Callable[[], object]], None]


@pytest.fixture
def meanwhile() -> Iterator[Meanwhile]:
    """Begin another act and go on when it waits for us; it then must hold nothing that we want."""
    failed: list[OperationalError] = []
    threads: list[Thread] = []

    def run(other: Callable[[], object]) -> None:
        try:
            other()
        except OperationalError as error:
            failed.append(error)
        finally:
            connection.close()

    def begin(other: Callable[[], object]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            [pid] = cursor.fetchone()
        threads.append(Thread(target=run, args=(other,)))
        threads[0].start()
        while threads[0].is_alive() and not _waits(pid):
            threads[0].join(timeout=0.02)
        assert threads[0].is_alive()
        with connection.cursor() as cursor:
            # Told at once that we would wait, before the database looks for a deadlock.
            cursor.execute("SET LOCAL lock_timeout = '300ms'")

    yield begin
    for thread in threads:
        thread.join(timeout=60)
    assert not failed


def hold(model: type[Task] | type[Unit], pk: int) -> None:
    model.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)


@pytest.mark.parametrize("older", ["child", "above"])
def test_an_edit_of_a_deadline_below_waits_for_an_act_on_the_task_above(
    cast: Cast, meanwhile: Meanwhile, older: str
) -> None:
    first, second = (
        factories.make_task(cast.programme, cast.ward, state="draft", issued_on=None)
        for _ in range(2)
    )
    child, above = (first, second) if older == "child" else (second, first)
    Task.objects.filter(pk=child.pk).update(parent=above, ancestors=[above.pk], deadline=None)
    with transaction.atomic():
        hold(Task, above.pk)
        meanwhile(lambda: change_task(child, {"deadline_text": "25/11/2026"}, act=act(cast.office)))
        hold(Task, child.pk)


def test_a_fan_out_waits_for_a_merging_before_it_holds_its_task(
    cast: Cast, meanwhile: Meanwhile, parent: Task, group: UnitGroup, other_head: User
) -> None:
    """A merging holds its units first, then the tasks in which they take part."""
    with transaction.atomic():
        hold(Unit, cast.ward.pk)
        meanwhile(lambda: issue(parent, order(group), cast.office))
        hold(Task, parent.pk)
