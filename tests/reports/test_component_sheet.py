"""The sheet of components: complete by the files themselves, and nowhere in real service."""

import pytest
from pytest_django import Settings

from hanoi_programmes.reports.views.sheet import FRAME, IN_THE_FORM, SAMPLES, components
from hanoi_programmes.ui.templatetags.ui import LOOKS
from tests.conftest import Cast, signed_in


def test_every_component_has_a_sample() -> None:
    """A new file in templates/components fails here until the sheet shows it."""
    assert set(components()) == set(SAMPLES) | FRAME | IN_THE_FORM
    assert [name for name, (_, samples) in SAMPLES.items() if not samples] == []


def test_the_sheet_draws_each_of_them(cast: Cast, settings: Settings) -> None:
    settings.ILLUSTRATIVE = True
    page = signed_in(cast.office).get("/components/").content.decode()
    for name in SAMPLES:
        assert f'id="of-{name}"' in page
    for look in LOOKS.values():
        assert look.label in page
    assert "Chưa gửi được, còn" in page


@pytest.mark.parametrize("person", ["office", "administrator"])
def test_in_real_service_it_does_not_exist(cast: Cast, settings: Settings, person: str) -> None:
    settings.ILLUSTRATIVE = settings.DEBUG = False
    assert signed_in(getattr(cast, person)).get("/components/").status_code == 404
