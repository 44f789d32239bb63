"""Illustrative reports of several kinds, asked for once however often they are loaded."""

from datetime import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils.timezone import localdate

from hanoi_programmes.people.roles import Role
from hanoi_programmes.reports.models import Report, ReportText
from hanoi_programmes.reports.services.illustrative_reports import HANOI, load_illustrative_reports
from hanoi_programmes.reports.states import Kind, State
from tests import factories
from tests.conftest import Cast


def load() -> str:
    """What the command says."""
    said = StringIO()
    call_command("load_illustrative_reports", stdout=said)
    return said.getvalue()


def make_people(cast: Cast) -> None:
    """Those who ask: a ward's officer and the office."""
    ward = factories.make_ward("00199", parent=cast.city, name="Phường Láng")
    factories.make_user("minh-hoa-1", Role.OFFICER, ward, is_illustrative=True)
    factories.make_user("minh-hoa-2", Role.OFFICE, cast.office.unit, is_illustrative=True)


def test_made_up_reports_stay_out_of_a_real_installation(cast: Cast) -> None:
    with pytest.raises(CommandError, match="ILLUSTRATIVE=1"):
        load()
    assert not Report.objects.exists()


@override_settings(ILLUSTRATIVE=True)
def test_reports_of_several_kinds_wait_for_the_worker(cast: Cast) -> None:
    make_people(cast)
    for _ in range(2):
        assert load() == "7 reports\n"
    kinds = {Kind.CITY, Kind.EXCEPTIONS, Kind.URGING, Kind.TABLES, Kind.AREA, Kind.UNIT}
    assert set(Report.objects.values_list("kind", flat=True)) == kinds
    assert set(Report.objects.values_list("state", flat=True)) == {State.WAITING}
    texts = ReportText.objects.all()
    assert texts.count() == 4
    assert all("minh họa" in row.text for row in texts)


@pytest.mark.parametrize("hour", [0, 6, 15])
def test_nothing_was_asked_for_after_now(cast: Cast, hour: int) -> None:
    """Whoever starts the product before office hours met reports from half past seven."""
    make_people(cast)
    at = datetime(2026, 11, 30, hour, 10, tzinfo=HANOI)
    assert load_illustrative_reports(on=localdate(at), now=at) == 7
    assert {row.requested_at <= at for row in Report.objects.all()} == {True}
    assert {localdate(row.requested_at) for row in Report.objects.all()} == {localdate(at)}
