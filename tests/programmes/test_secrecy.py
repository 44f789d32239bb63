"""No secret content (PRODUCT §3.9): marks in texts of every form, however they are written."""

import unicodedata
from itertools import chain

import pytest
from django import forms
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from hanoi_programmes.lib.text import secrecy_mark
from hanoi_programmes.programmes.forms.fields import OpenText
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.ui.wording import PlainForm
from tests.conftest import Cast, signed_in
from tests.programmes.conftest import TYPED, move_form, text_of, update_form
from tests.stored import stored

MARKS = ("MẬT", "TỐI MẬT", "TUYỆT MẬT")
# What stands between letters or words without being seen as a letter.
SPACES = ("", " ", "  ", "\u00a0", "\u2009", "\u200b", "\u00ad", "\u202f", "\ufeff")
GAPS = (" ", "  ", "\u00a0", "\n", "\r\n  ", "\t", "\u2003", " - ", "_", ".")
FORMS = ("NFC", "NFD", "NFKC", "NFKD")


@given(
    mark=st.sampled_from(MARKS),
    gap=st.sampled_from(GAPS),
    space=st.sampled_from(SPACES),
    form=st.sampled_from(FORMS),
    around=st.tuples(
        st.sampled_from(["", "Công văn ", "12/BC-", "(", "BC_", "x\n"]),
        st.sampled_from(["", ".", " số 12", "_2026.pdf", ")", "\nBÁO CÁO", "\nNGHỊ QUYẾT", "1"]),
    ),
)
def test_a_mark_is_found_however_it_is_written(
    mark: str, gap: str, space: str, form: str, around: tuple[str, str]
) -> None:
    # One kind of letters' spacing at most: "T Ố I  M Ậ T", as stamps are set.
    written = gap.join(space.join(word) if len(space) < 2 else word for word in mark.split())
    text = unicodedata.normalize(form, around[0] + written + around[1])  # type: ignore[arg-type]
    assert secrecy_mark(text) == mark


OPEN_TEXTS = (
    "BẢO MẬT", "BÍ MẬT", "BÍ  MẬT NHÀ NƯỚC", "BÍ\u00a0MẬT", "GIẢI MẬT TÀI LIỆU", "MẬT ĐỘ DÂN SỐ",
    "MẬT KHẨU", "ĐỔI MẬT\nKHẨU", "MẬT MÃ", "THÂN MẬT", "MẬT THIẾT", "MẬT ONG BA VÌ", "TÚI MẬT",
    "PHẪU THUẬT GAN MẬT", "SỎI MẬT", "CƠ MẬT", "MẬTMÃ", "BẤTMẬT", "mật", "Mật", "tối mật",
    "Tối mật độ xây dựng", "MẶT TRẬN TỔ QUỐC", "MẤT", "MAT TRAN", "MẶT BẰNG", "TỐI MẶT",
    "CHUYÊN MỤC", "",
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", OPEN_TEXTS)
def test_words_that_only_hold_the_syllable_are_no_mark(text: str, form: str) -> None:
    assert secrecy_mark(unicodedata.normalize(form, text)) == ""  # type: ignore[arg-type]


@given(st.text(max_size=200))
def test_any_text_can_be_asked(text: str) -> None:
    assert secrecy_mark(text) in {"", *MARKS}
    assert secrecy_mark(f"{text} TUYỆT MẬT") in MARKS


@given(st.text(alphabet=st.characters(exclude_categories=["Lu", "Lt"]), max_size=80))
def test_no_capitals_no_mark(text: str) -> None:
    if not any(c.isupper() for c in unicodedata.normalize("NFKC", text)):
        assert secrecy_mark(text) == ""


# Every text of every form


class Example(PlainForm):
    """A form that asks for nothing special."""

    text = forms.CharField(required=False)
    password = forms.CharField(required=False, widget=forms.PasswordInput)


def test_every_text_of_a_form_refuses_marks_by_itself() -> None:
    form = Example({"text": "Theo công văn TỐI MẬT", "password": "MẬT"})
    assert form.errors == {
        "text": ["Có dấu “TỐI MẬT”. Không đưa nội dung mật lên hệ thống; bỏ nội dung này."]
    }


def test_a_text_of_another_form_can_refuse_them_too() -> None:
    with pytest.raises(forms.ValidationError, match="Không đưa nội dung mật"):
        OpenText().clean("M Ậ T")
    assert OpenText().clean("BẢO MẬT") == "BẢO MẬT"


def subclasses(kind: type[forms.BaseForm]) -> set[type[forms.BaseForm]]:
    below = set(kind.__subclasses__())
    return below | set(chain.from_iterable(map(subclasses, below)))


def takes_text(form: type[forms.BaseForm]) -> bool:
    return any(
        isinstance(field, forms.CharField) and not isinstance(field, forms.UUIDField)
        for field in getattr(form, "base_fields", {}).values()
    )


def test_every_form_that_takes_text_is_a_plain_one() -> None:
    ours = {form for form in subclasses(forms.BaseForm) if form.__module__.startswith("hanoi_")}
    assert sum(map(takes_text, ours)) >= 2
    assert {f for f in ours if takes_text(f) and not issubclass(f, PlainForm)} == set()


TEXTS = ("text", "next_step", "document_number", "obstacle", "proposal")


@pytest.mark.parametrize("name", TEXTS)
def test_a_mark_in_any_text_of_an_update_is_refused(page: tuple[Client, str], name: str) -> None:
    client, url = page
    before = stored()
    fields = {"text": TYPED, name: "Theo văn bản T Ố I  M Ậ T"}
    response = client.post(url, update_form(**fields))
    assert response.status_code == 422
    assert "Có dấu “TỐI MẬT”. Không đưa nội dung mật lên hệ thống" in text_of(response)
    assert stored() == before


def test_a_mark_in_the_reason_of_a_move_is_refused(cast: Cast, ward_task: Task) -> None:
    client, before = signed_in(cast.office), stored()
    url = f"/tasks/{ward_task.pk}/moves/suspend/"
    response = client.post(url, move_form(ward_task, document="118-QĐ/TU (MẬT)"))
    assert response.status_code == 422
    assert stored() == before


# What is said before anybody types


def test_the_gate_and_the_upload_form_say_so(page: tuple[Client, str]) -> None:
    client, url = page
    assert "Không đưa nội dung thuộc danh mục bí mật nhà nước" in text_of(Client().get("/sign-in/"))
    assert "Không đưa nội dung mật lên hệ thống." in text_of(client.get(url))
