"""The commands that load data refuse where they would do harm."""

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from hanoi_programmes.people.roles import Role
from hanoi_programmes.programmes.models import Task
from tests import factories


@pytest.mark.django_db
@override_settings(ILLUSTRATIVE=True)
def test_made_up_data_stays_out_of_a_database_with_real_accounts() -> None:
    factories.make_user("quan.tri", Role.ADMINISTRATOR, None)
    with pytest.raises(CommandError, match="real accounts"):
        call_command("load_illustrative")
    assert not Task.objects.exists()
