"""Illustrative reports of several kinds, asked for once however often they are loaded."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from hanoi_programmes.people.roles import Role
from hanoi_programmes.reports.models import Report, ReportText
from hanoi_programmes.reports.states import Kind, State
from tests import factories
from tests.conftest import Cast


def load() -> str:
    """What the command says."""
    said = StringIO()
    call_command("load_illustrative_reports", stdout=said)
    return said.getvalue()


def test_made_up_reports_stay_out_of_a_real_installation(cast: Cast) -> None:
    with pytest.raises(CommandError, match="ILLUSTRATIVE=1"):
        load()
    assert not Report.objects.exists()


@override_settings(ILLUSTRATIVE=True)
def test_reports_of_several_kinds_wait_for_the_worker(cast: Cast) -> None:
    ward = factories.make_ward("00199", parent=cast.city, name="Phường Láng")
    factories.make_user("minh-hoa-1", Role.OFFICER, ward, is_illustrative=True)
    factories.make_user("minh-hoa-2", Role.OFFICE, cast.office.unit, is_illustrative=True)
    for _ in range(2):
        assert load() == "7 reports\n"
    kinds = {Kind.CITY, Kind.EXCEPTIONS, Kind.URGING, Kind.TABLES, Kind.AREA, Kind.UNIT}
    assert set(Report.objects.values_list("kind", flat=True)) == kinds
    assert set(Report.objects.values_list("state", flat=True)) == {State.WAITING}
    texts = ReportText.objects.all()
    assert texts.count() == 4
    assert all("minh họa" in row.text for row in texts)
