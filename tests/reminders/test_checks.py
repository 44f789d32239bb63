"""The system check that holds the clocks of mails in order."""

import pytest
from celery import current_app
from django.core.checks import run_checks
from pytest_django import Settings

from hanoi_programmes.reminders import jobs
from hanoi_programmes.reminders.checks import OUT_OF_ORDER, clocks
from hanoi_programmes.reminders.relay import SETTLING
from hanoi_programmes.reminders.services.deliver import LEASE


def troubles() -> list[str]:
    """What the check says."""
    return [str(found.msg) for found in run_checks() if found.id == OUT_OF_ORDER]


def test_the_clocks_are_those_of_the_design() -> None:
    assert [seconds for _, seconds in clocks()] == [10, 60, 90, 120, 300, 900]
    assert troubles() == []


@pytest.mark.parametrize("place", range(5))
def test_each_clock_that_is_too_long_stops_the_start(settings: Settings, place: int) -> None:
    (name, _), (_, later) = clocks()[place : place + 2]
    setattr(settings, name, later)
    assert any(trouble.startswith(name) for trouble in troubles())


def test_the_clocks_are_the_ones_in_use() -> None:
    assert LEASE.total_seconds() == SETTLING.total_seconds() == 300
    for job in (jobs.deliver, jobs.deliver_waiting):
        assert (job.soft_time_limit, job.time_limit) == (90, 120)
    assert current_app.conf.task_time_limit < 900
    assert jobs.CARRY_SECONDS + 10 + 60 <= 90
