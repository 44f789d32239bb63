"""The paper: its letters, its layout, its structure, and that nothing but our fonts is fetched."""

from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any, cast

import pytest
from django.template.loader import render_to_string
from fontTools.ttLib import TTFont
from pypdf import PageObject, PdfReader
from weasyprint import HTML
from weasyprint.urls import URLFetcher

from hanoi_programmes.reports import pdf
from hanoi_programmes.reports.models import Report
from hanoi_programmes.reports.pdf import fonts
from hanoi_programmes.reports.rules import letterhead
from hanoi_programmes.reports.states import Issuer, Profile
from hanoi_programmes.ui.templatetags.ui import vn_paper_date
from tests import factories
from tests.conftest import Cast

MILLIMETRE = 72 / 25.4
HOSTILE = [
    '<img src="{0}">',
    '<link rel="stylesheet" href="{0}">',
    '<style>@import url("{0}");</style>',
    '<p style="background: url({0})">x</p>',
    '<style>@font-face {{ font-family: x; src: url("{0}") }} p {{ font: 9pt x }}</style><p>x',
    '<object data="{0}"></object>',
    '<embed src="{0}">',
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="{0}" width="9" height="9"/></svg>',
    '<svg xmlns="http://www.w3.org/2000/svg"><use href="{0}#a"/></svg>',
    '<ul><li style="list-style-image: url({0})">x</li></ul>',
    '<p style="content: url({0})">x</p>',
    '<link rel="attachment" href="{0}">',
    '<a rel="attachment" href="{0}">x</a>',
    '<base href="{0}"><img src="a.png">',
    '<p style="border-image: url({0}) 1; border: 1px solid">x</p>',
    '<svg xmlns="http://www.w3.org/2000/svg"><style>@import url("{0}");</style><rect/></svg>',
]  # fmt: skip


class Listener(ThreadingHTTPServer):
    """Counts who asks for anything."""

    hits = 0


class Answer(BaseHTTPRequestHandler):
    """Gives every asker a little style sheet."""

    def do_GET(self) -> None:
        """Count and answer."""
        cast("Listener", self.server).hits += 1
        self.send_response(200)
        self.send_header("Content-Type", "text/css")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A web server of this machine that no paper may reach."""
    server = Listener(("127.0.0.1", 0), Answer)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def draw(body: str, fetcher: pdf.OnlyOurs | None = None) -> PdfReader:
    """A paper of one body."""
    page = f'<html lang="vi"><head><title>Thử</title></head><body>{body}</body></html>'
    return PdfReader(BytesIO(pdf.lay_out(page, profile=Profile.PARTY, fetcher=fetcher).write()))


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


def test_nothing_foreign_is_fetched(listener: Listener, tmp_path: Path) -> None:
    canary = tmp_path / "canary.txt"
    canary.write_text("con chim hoàng yến", encoding="utf-8")
    refused = 0
    for target in (f"http://127.0.0.1:{listener.server_port}/a", canary.as_uri()):
        for markup in HOSTILE:
            fetcher = pdf.OnlyOurs(pdf.font_in_use())
            reader = draw(markup.format(target), fetcher)
            refused += bool(fetcher.refused)
            assert not reader.attachments
            assert "hoàng yến" not in reader.pages[0].extract_text()
    assert listener.hits == 0
    assert refused >= 2 * 10


def test_the_usual_fetcher_would_have_fetched(listener: Listener) -> None:
    """The control: with WeasyPrint's own fetcher the same markup reaches the server."""
    target = f"http://127.0.0.1:{listener.server_port}/a"
    for markup in HOSTILE:
        HTML(string=markup.format(target), url_fetcher=URLFetcher()).write_pdf()
    assert listener.hits >= 10


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
