"""One row out of hundreds: found by typing with htmx, by sending the form without it."""

import pytest
from django import forms
from django.http import QueryDict

from hanoi_programmes.people.models import Unit
from hanoi_programmes.people.shapes import UNITS
from hanoi_programmes.ui.choosing import SHOWN, SoughtField, SoughtManyField
from hanoi_programmes.ui.wording import PlainForm
from tests import factories
from tests.conftest import Cast, signed_in


class OneForm(PlainForm):
    """One unit, needed."""

    unit = SoughtField(Unit.objects.all(), sought=UNITS, label="Đơn vị chủ trì")


class ManyForm(PlainForm):
    """Some units, or none."""

    units = SoughtManyField(Unit.objects.all(), sought=UNITS, label="Phối hợp", required=False)


def sent(form: type[forms.Form], query: str) -> forms.Form:
    return form(QueryDict(query))


def test_a_chosen_row_is_taken_and_shown(cast: Cast) -> None:
    form = sent(OneForm, f"unit={cast.ward.pk}")
    assert form.is_valid()
    assert form.cleaned_data["unit"] == cast.ward
    assert f'value="{cast.ward.pk}" checked' in str(form["unit"])


def test_words_that_fit_one_row_choose_it(cast: Cast) -> None:
    form = sent(OneForm, "unit-q=PHUONG lang")
    assert form.is_valid()
    assert form.cleaned_data["unit"] == cast.ward


def test_words_that_fit_several_rows_bring_them_to_choose_from(cast: Cast) -> None:
    form = sent(OneForm, "unit-q=uy ban nhan dan")
    assert not form.is_valid()
    shown = str(form["unit"])
    assert "chọn trong danh sách tìm được" in str(form.errors)
    assert all(f'value="{unit.pk}"' in shown for unit in (cast.ward, cast.other_ward))
    assert 'value="uy ban nhan dan"' in shown


def test_words_beside_an_older_choice_that_they_do_not_fit_ask_again(cast: Cast) -> None:
    form = sent(OneForm, f"unit={cast.department.pk}&unit-q=uy ban nhan dan")
    assert not form.is_valid()
    # The one row that they do fit is what was meant.
    form = sent(OneForm, f"unit={cast.department.pk}&unit-q=suoi hai")
    assert form.is_valid()
    assert form.cleaned_data["unit"] == cast.other_ward


def test_words_beside_a_choice_that_they_fit_change_nothing(cast: Cast) -> None:
    form = sent(OneForm, f"unit={cast.ward.pk}&unit-q=uy ban")
    assert form.is_valid()
    assert form.cleaned_data["unit"] == cast.ward


@pytest.mark.parametrize(
    "query", ["", "unit=", "unit-q=khong co don vi nay", "unit=x", "unit=9999"]
)
def test_nothing_chosen_is_said(cast: Cast, query: str) -> None:
    form = sent(OneForm, query)
    assert not form.is_valid()
    assert str(form["unit"])


def test_several_rows_are_chosen_by_box_and_by_words(cast: Cast) -> None:
    form = sent(ManyForm, f"units={cast.ward.pk}&units={cast.department.pk}&units-q=suoi hai")
    assert form.is_valid()
    assert set(form.cleaned_data["units"]) == {cast.ward, cast.department, cast.other_ward}
    assert sent(ManyForm, "").is_valid()
    assert not sent(ManyForm, "units-q=uy ban nhan dan").is_valid()


def test_the_list_comes_while_one_types_and_keeps_what_is_chosen(cast: Cast) -> None:
    factories.make_wards(cast.city, cast.ward_head, range(SHOWN + 3))
    client = signed_in(cast.ward_officer)
    address = f"/units/choose/?name=lead_unit&lead_unit={cast.ward.pk}&lead_unit-q=phuong"
    shown = client.get(address).content.decode()
    assert 'id="found-lead_unit"' in shown
    assert f'value="{cast.ward.pk}" checked' in shown
    assert shown.count('type="radio"') == SHOWN + 1
    assert "Gõ thêm để thu hẹp" in shown
    assert 'type="checkbox"' in client.get(address + "&many=1").content.decode()


def test_units_that_have_ended_cannot_be_found(cast: Cast) -> None:
    Unit.objects.filter(pk=cast.ward.pk).update(is_active=False)
    shown = signed_in(cast.office).get("/units/choose/?q=lang").content.decode()
    assert "Không có dòng nào khớp" in shown


@pytest.mark.parametrize("query", ["name=<b>&q=lang", "name=a&a=x&a=" + "9" * 40, "q=%25", "q=\\"])
def test_a_hostile_query_is_a_list_without_harm(cast: Cast, query: str) -> None:
    response = signed_in(cast.office).get(f"/units/choose/?{query}")
    assert response.status_code == 200
    assert "<b>&" not in response.content.decode()
