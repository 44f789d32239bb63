"""The commands that load data refuse where they would do harm."""

import pytest
from django.core.management import CommandError, call_command

from hanoi_programmes.people.roles import Role
from hanoi_programmes.programmes.models import Task
from tests import factories


def test_made_up_data_stays_out_of_a_database_with_real_accounts() -> None:
    settings.ILLUSTRATIVE = True
    factories.make_user("quan.tri", Role.ADMINISTRATOR, None)
    with pytest.raises(CommandError, match="real accounts"):
        call_command("load_illustrative")
    assert not Task.objects.exists()
