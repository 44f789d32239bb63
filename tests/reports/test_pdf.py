"""The paper: its letters, its layout, its structure, and that nothing but our fonts is fetched."""

import time
import unicodedata
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from fontTools.ttLib import TTFont
from pypdf import PageObject, PdfReader

from hanoi_programmes.reports import pdf
from hanoi_programmes.reports.models import Report
from hanoi_programmes.reports.pdf import fonts
from hanoi_programmes.reports.rules import letterhead
from hanoi_programmes.reports.states import Issuer, Profile
from hanoi_programmes.ui.templatetags.ui import vn_paper_date
from tests import factories
from tests.conftest import Cast

MILLIMETRE = 72 / 25.4


def draw(body: str) -> PdfReader:
    """A paper of one body."""
    page = f'<html lang="vi"><head><title>Thử</title></head><body>{body}</body></html>'
    return PdfReader(BytesIO(pdf.lay_out(page, profile=Profile.PARTY).write()))


def test_vietnamese_has_186_letters() -> None:
    letters = pdf.vietnamese_letters()
    assert len(letters) == 186
    assert {"ễ", "Ữ", "đ", "ỳ", "A"} <= letters


def test_the_font_in_use_has_every_letter() -> None:
    face = pdf.font_in_use()
    assert face.family in pdf.FACES
    assert set(face.files) == set(pdf.STYLES)
    for file in face.files.values():
        with TTFont(file) as font:
            assert {ord(letter) for letter in pdf.vietnamese_letters()} <= set(font.getBestCmap())


def test_an_incomplete_font_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian's old Liberation Serif lacks 92 letters and comes first by name."""
    good = pdf.font_in_use()
    bad = next(iter(good.files.values()))
    real = fonts._complete

    def without(file: Path) -> tuple[str, str]:
        return ("", "") if file == bad else real(file)

    monkeypatch.setattr(fonts, "_complete", without)
    pdf.font_in_use.cache_clear()
    try:
        assert pdf.font_in_use().family != good.family
    finally:
        pdf.font_in_use.cache_clear()


def test_without_any_font_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_candidates", lambda: iter(()))
    pdf.font_in_use.cache_clear()
    try:
        with pytest.raises(pdf.NoFont, match="fonts-liberation2"):
            pdf.font_in_use()
    finally:
        pdf.font_in_use.cache_clear()


STYLES = ("<p>{}</p>", "<p><b>{}</b></p>", "<p><i>{}</i></p>", "<p><b><i>{}</i></b></p>")


@pytest.mark.parametrize("style", STYLES)
def test_every_letter_with_every_tone_is_embedded_and_can_be_read_back(style: str) -> None:
    """Composed, and written as a letter with marks; each in a word, since shaping joins letters."""
    letters = sorted(pdf.vietnamese_letters())
    for form in ("NFC", "NFD"):
        words = " ".join(unicodedata.normalize(form, f"n{letter}t") for letter in letters)
        reader = draw(style.format(words))
        assert " ".join(reader.pages[0].extract_text().split()) == unicodedata.normalize(
            "NFC", words
        )
        for font in reader.pages[0]["/Resources"]["/Font"].values():  # type: ignore[index]
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            program = descendant["/FontDescriptor"]["/FontFile2"].get_data()
            with TTFont(BytesIO(program)) as embedded:
                drawn = embedded.getBestCmap()
                outlines = embedded["glyf"]
                shapes = [outlines[drawn[ord(letter)]] for letter in letters]
                assert all(shape.numberOfContours for shape in shapes)


@pytest.mark.parametrize("words", ["Nghiêm" * 2_000, "Nhiệm vụ " * 1_000, "a" * 12_000])
def test_endless_words_are_broken_and_kept(words: str) -> None:
    """One unbroken word of 50,000 letters took minutes before: each place was tried."""
    began = time.process_time()
    table = '<table><colgroup><col class="c1"><col></colgroup><tbody><tr><td>1</td><td>{}</td>'
    reader = draw(table.format(words) + "</tr></tbody></table>")
    assert time.process_time() - began < 20
    text = "".join("".join(page.extract_text() for page in reader.pages).split())
    # Page numbers stand between.
    letters = [letter for letter in text if not letter.isdigit()]
    assert "".join(letters) == "".join(words.split())
    assert left_edge(reader.pages[1]) >= 30 * MILLIMETRE


def test_user_text_is_text() -> None:
    page = render_to_string("reports/pdf/_judgement.html", obstacle_context("<img src=http://x/>"))
    assert "<img" not in page
    assert "&lt;img" in page


def obstacle_context(text: str) -> dict[str, Any]:
    """What part II needs for one obstacle, and for words of the office."""
    names = ("unit", "code", "obstacle", "proposal", "decider")
    matter: dict[str, object] = dict.fromkeys(names, text) | {"waiting": 3}
    said = {key: [text] for key in ("strengths", "limits", "causes")}
    figures = {"blocked": [matter], "causes": [(text, 1)], "said": said}
    return {"figures": figures, "overview": {"blocked": {"number": 1, "longest": 3}}}


def test_the_paper_is_a4_with_the_margins_of_the_profile() -> None:
    reader = draw("<p>" + "Ngữ liệu tiếng Việt đủ dấu: Ễ Ộ Ữ. " * 300 + "</p>")
    page = reader.pages[1]
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
    assert left_edge(page) == pytest.approx(30 * MILLIMETRE, abs=1)


def left_edge(page: PageObject) -> float:
    """Where the lines of a page begin, in points."""
    found: list[float] = []

    def visit(text: str, cm: list[float], tm: list[float], _font: object, _size: float) -> None:
        if len(text.strip()) > 20:
            found.append(tm[4] * cm[0] + cm[4])

    page.extract_text(visitor_text=visit)
    return min(found)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 2, 3), "ngày 03 tháng 02 năm 2026"),
        (date(2026, 1, 31), "ngày 31 tháng 01 năm 2026"),
        (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        (date(2026, 11, 16), "ngày 16 tháng 11 năm 2026"),
    ],
)
def test_dates_have_a_leading_zero_as_the_party_writes_them(day: date, words: str) -> None:
    assert vn_paper_date(day) == words


def head_of(report: Report) -> str:
    """The header blocks of a report."""
    context = {"report": report, "letterhead": letterhead(report)}
    page = render_to_string("reports/pdf/_head.html", context)
    # The blanks of a place hold together on paper.
    return page.replace("\u00a0", " ")


def test_letterheads_follow_the_issuer(cast: Cast) -> None:
    day = date(2026, 2, 3)
    board = head_of(Report(issuer=Issuer.BOARD, profile=Profile.PARTY, requested_on=day))
    assert "Thành ủy Hà Nội" in board
    assert "-BC/TU" in board
    assert "superior" not in board
    assert "Hà Nội, ngày 03 tháng 02 năm 2026" in board
    office = head_of(Report(issuer=Issuer.OFFICE, profile=Profile.PARTY, requested_on=day))
    assert "-BC/VPTU" in office
    assert "superior" in office
    unit = factories.make_ward("00009", parent=cast.city, name="Phường Ba Đình", axis="dang")
    ward = head_of(Report(issuer=Issuer.UNIT, unit=unit, profile=Profile.PARTY, requested_on=day))
    assert "Đảng bộ Thành phố Hà Nội" in ward
    assert "-BC/ĐU" in ward
    assert "Ba Đình, ngày" in ward


def test_a_body_outside_the_party_gets_no_party_header(cast: Cast) -> None:
    report = Report(
        issuer=Issuer.UNIT, unit=cast.department, profile=Profile.PLAIN,
        requested_on=date(2026, 2, 3),
    )  # fmt: skip
    page = head_of(report)
    assert "ĐẢNG CỘNG SẢN" not in page
    assert "BC/" not in page
    assert cast.department.name in page
