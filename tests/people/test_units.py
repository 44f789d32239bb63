"""The public list of bodies: found by words without marks, sorted as a dictionary."""

from datetime import date

import pytest
from django.db.models import Value
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from hanoi_programmes.lib.text import fold, sort_key
from hanoi_programmes.people.models import Holding, Unit
from hanoi_programmes.people.models.folded import Folded
from tests import factories
from tests.conftest import Cast, signed_in

# Letters of the language, marks on their own, and whatever else people paste; never a NUL.
texts = st.text(
    alphabet=st.one_of(
        st.sampled_from("aAàÀảẢãÃáÁạẠăĂằặâÂầậđĐêÊễệôÔỗộơƠờợưƯừựýỵ\u0300\u0301\u0302\u0309\u031b "),
        st.characters(min_codepoint=1, max_codepoint=0x24F),
        st.characters(min_codepoint=0x1E00, max_codepoint=0x1EFF),
        # Marks of other scripts stay where they are.
        st.sampled_from("\u0e38\u0938\u093e\u05d1"),
    ),
    max_size=20,
)


@given(st.lists(texts, min_size=1, max_size=30))
@settings(max_examples=30)
def test_the_database_folds_as_python_does(cast: Cast, texts: list[str]) -> None:
    columns = {f"t{n}": Folded(Value(text)) for n, text in enumerate(texts)}
    found = Unit.objects.filter(pk=cast.ward.pk).values(**columns).get()
    assert list(found.values()) == [fold(text) for text in texts]


def test_the_database_sorts_by_the_key_as_python_does(cast: Cast) -> None:
    for index, name in enumerate(
        ["Ứng Hòa", "Ba Đình", "Bà", "Đông Anh", "Dương Nội", "Ô", "Bà Triệu", "bà"]
    ):
        factories.make_unit(f"N{index}", name=name)
    units = list(Unit.objects.values_list("name", flat=True))
    assert units == sorted(units, key=sort_key)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=phuong+lang", ["Ủy ban nhân dân Phường Láng"]),
        ("q=PHƯỜNG+LÁNG", ["Ủy ban nhân dân Phường Láng"]),
        ("q=UBND-SYT", ["Sở Y tế"]),
        ("q=khong+co", []),
        ("q=%25", []),
        ("level=department", ["Sở Y tế"]),
        ("axis=dang", ["TU"]),
        ("level=commune&q=suoi", ["Ủy ban nhân dân Xã Suối Hai"]),
        ("level=nonsense", None),
        ("axis=nonsense", []),
    ],
)
def test_units_are_found(cast: Cast, query: str, names: list[str] | None) -> None:
    page = signed_in(cast.administrator).get(f"/units/?{query}").context["page"]
    found = [unit.name for unit in page.object_list]
    assert found == names if names is not None else len(found) == Unit.objects.count()


def test_a_swap_gets_only_the_table(cast: Cast) -> None:
    response = signed_in(cast.office).get("/units/?q=lang", headers={"hx-request": "true"})
    html = response.content.decode()
    assert html.count('id="unit-table"') == 1
    assert "<html" not in html
    assert "Phường Láng" in html


def test_a_unit_shows_its_head_of_today(cast: Cast) -> None:
    client = signed_in(cast.outsider)
    assert "ward_head" in client.get(f"/units/{cast.ward.code}/").content.decode()
    Holding.objects.filter(user=cast.ward_head).update(ends_on=date(2026, 3, 3))
    page = client.get(f"/units/{cast.ward.code}/").content.decode()
    assert "chưa có người đương nhiệm" in page


def test_a_unit_that_is_none_does_not_exist(cast: Cast) -> None:
    assert signed_in(cast.office).get("/units/XXXXX/").status_code == 404


def test_the_account_page_shows_posts_held_today(cast: Cast) -> None:
    page = signed_in(cast.ward_head).get("/account/").content.decode()
    assert "Người đứng đầu" in page
    assert "02/03/2026" in page


def test_health_answers_without_signing_in(db: None) -> None:
    response = Client().get("/health/")
    assert (response.status_code, response.json()) == (200, {"ok": True})
