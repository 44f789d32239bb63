"""The illustrative contested figures: one waits, one is answered, and both say that they are."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils.timezone import localdate

from hanoi_programmes.people.roles import Role
from hanoi_programmes.reports.models import FigureContest
from tests import factories
from tests.conftest import Cast


def load() -> str:
    """What the command says."""
    said = StringIO()
    call_command("load_illustrative_contests", stdout=said)
    return said.getvalue()


def test_made_up_objections_stay_out_of_a_real_installation(cast: Cast) -> None:
    with pytest.raises(CommandError, match="ILLUSTRATIVE=1"):
        load()
    assert not FigureContest.objects.exists()


@override_settings(ILLUSTRATIVE=True)
def test_one_waits_and_one_is_answered_however_often_they_are_loaded(cast: Cast) -> None:
    ward = factories.make_ward("00199", parent=cast.city, name="Phường Láng")
    for name, role, unit in (
        ("minh-hoa-1", Role.OFFICER, ward),
        ("minh-hoa-2", Role.OFFICER, cast.department),
        ("minh-hoa-3", Role.OFFICE, cast.office.unit),
    ):
        factories.make_user(name, role, unit, is_illustrative=True)
    for unit in (ward, cast.department):
        factories.make_task(cast.programme, unit, deadline=localdate())
    for _ in range(2):
        assert load() == "2 contested figures\n"
    rows = list(FigureContest.objects.waiting_first())
    assert [row.unit for row in rows] == [cast.department, ward]
    assert [row.is_upheld for row in rows] == [None, True]
    assert all("minh họa" in row.text for row in rows)
