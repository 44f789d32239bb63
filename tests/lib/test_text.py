"""Folding for search, the dictionary's order, marks of secrecy."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanoi_programmes.lib.text import fold, secrecy_mark, shortened, sort_key

VOWELS = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵ"
LETTERS = VOWELS + "bcdđghklmnpqrstvx"
words = st.text(alphabet=LETTERS + LETTERS.upper() + " 0123456789-", max_size=30)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Hoà Đồng", "hoa dong"),
        ("Hòa Đồng", "hoa dong"),
        ("PHƯỜNG VĂN MIẾU – Quốc Tử Giám", "phuong van mieu – quoc tu giam"),
        ("đường", "duong"),
        ("Xã Ô Diên", "xa o dien"),
        ("118/BC-UBND", "118/bc-ubnd"),
        ("", ""),
    ],
)
def test_folding_drops_case_and_marks(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(words)
def test_folding_does_not_depend_on_how_marks_are_stored(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert fold(composed) == fold(unicodedata.normalize("NFD", text)) == fold(fold(text))
    assert fold(text.upper()) == fold(text)
    assert fold(text).isascii()


def test_names_sort_as_in_a_dictionary() -> None:
    names = [
        "Ba Đình", "Bà Triệu", "Bảy Mẫu", "Bình Minh", "Bồ Đề", "Cầu Giấy", "Dương Nội", "Đa Phúc",
        "Đại Thanh", "Đông Anh", "Hà Đông", "Hoàn Kiếm", "Ô Diên", "Ơ", "Phú Thượng", "Ứng Hòa",
    ]  # fmt: skip
    assert sorted(set(names), key=sort_key) == names


def test_tones_decide_only_between_equal_letters() -> None:
    assert sorted(["mạ", "má", "mã", "mả", "mà", "ma"], key=sort_key) == [
        "ma", "mà", "mả", "mã", "má", "mạ",
    ]  # fmt: skip
    assert sorted(["mab", "má b", "má", "ma"], key=sort_key) == ["ma", "má", "má b", "mab"]
    assert sorted(["â", "ă", "a", "ậ", "b"], key=sort_key) == ["a", "ă", "â", "ậ", "b"]


@given(words)
def test_the_key_does_not_depend_on_case_or_storage(text: str) -> None:
    assert sort_key(text) == sort_key(text.upper()) == sort_key(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("Báo cáo MẬT", "MẬT"),
        ("TỐI MẬT", "TỐI MẬT"),
        ("Công văn TUYỆT MẬT.", "TUYỆT MẬT"),
        ("12/BC-MẬT", "MẬT"),
        (unicodedata.normalize("NFD", "TỐI MẬT"), "TỐI MẬT"),
        ("An toàn, bảo mật thông tin", ""),
        ("Mật độ dân số", ""),
        ("MẬTMÃ", ""),
        ("BÁO CÁO MẬT ĐỘ DÂN SỐ", ""),
        ("QUY CHẾ BẢO MẬT", ""),
        ("ĐỔI MẬT KHẨU", ""),
        ("BẢO MẬT, TỐI MẬT", "TỐI MẬT"),
        ("", ""),
    ],
)
def test_a_mark_of_secrecy_is_in_capitals(text: str, mark: str) -> None:
    assert secrecy_mark(text) == mark


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Nhà văn hóa", "Nhà văn hóa"),
        ("Khảo sát nhu cầu, điều kiện dạy học; đề xuất lộ trình.", "Khảo sát nhu cầu"),
        ("Lập, đồng bộ sổ sức khỏe điện tử; báo cáo", "Lập, đồng bộ sổ sức khỏe điện tử"),
        ("Vận động người dân tham gia bảo hiểm y tế hộ", "Vận động người dân tham gia bảo hiểm y…"),
        ("a" * 60, "a" * 40 + "…"),
        ("", ""),
    ],
)
def test_a_long_text_is_named_by_its_first_clause(text: str, short: str) -> None:
    assert shortened(text) == short
