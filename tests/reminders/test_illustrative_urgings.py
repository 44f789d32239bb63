"""Made-up urgings: through the service, once, and only where everything is made up."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.models import Event
from hanoi_programmes.reminders.models import Reminder, Urging
from hanoi_programmes.reminders.services.illustrative import load_illustrative_urgings
from tests import factories
from tests.conftest import TODAY, Cast


def test_they_are_loaded_once_and_stand_in_ledger_and_history(cast: Cast) -> None:
    User.objects.filter(pk=cast.office.pk).update(is_illustrative=True)
    for days in range(7):
        factories.make_task(cast.programme, cast.department, deadline=TODAY - timedelta(9 + days))
    for _ in range(2):
        assert load_illustrative_urgings(on=TODAY) == 3
    assert Event.objects.filter(kind="urge").count() == 7
    assert Reminder.objects.filter(rung="urged").count() == 14
    assert all(urging.text.startswith("(minh họa) ") for urging in Urging.objects.all())


def test_without_late_tasks_there_is_nothing_to_urge(cast: Cast) -> None:
    User.objects.filter(pk=cast.office.pk).update(is_illustrative=True)
    assert load_illustrative_urgings(on=TODAY) == 0


def test_a_real_installation_refuses_them(cast: Cast) -> None:
    with pytest.raises(CommandError, match="ILLUSTRATIVE=1"):
        call_command("load_illustrative_urgings")
