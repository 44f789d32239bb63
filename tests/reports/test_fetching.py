"""Nothing is fetched while a paper is made: 21 vectors, and hostile words in every field.

A server of this machine counts who asks; an ear on the interpreter notes every file that is opened
and every address that is connected to, whatever opened it.
"""

import sys
from collections.abc import Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import cast
from uuid import uuid4

import pytest
from django.db.models import Model
from pypdf import PdfReader
from weasyprint import HTML
from weasyprint.urls import URLFetcher

from hanoi_programmes.lib.dates import quarter_of
from hanoi_programmes.people.models import Unit
from hanoi_programmes.programmes.models import ActionProgramme, Obstacle, Task
from hanoi_programmes.reports import pdf, services
from hanoi_programmes.reports.kinds import Wish
from hanoi_programmes.reports.states import Issuer, Kind, Profile
from tests.conftest import HANOI, TODAY
from tests.reports.conftest import MakeCity

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
DATA = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'%3E"
    "%3Cimage href='{0}' width='9' height='9'/%3E%3C/svg%3E"
)
# `{0}` is what must not be reached.
VECTORS = {
    "img": '<img src="{0}">',
    "srcset": '<img src="{0}" srcset="{0} 2x">',
    "link": '<link rel="stylesheet" href="{0}">',
    "import": '<style>@import url("{0}");</style>',
    "background": '<p style="background: url({0})">x</p>',
    "font-face": '<style>@font-face {{font-family:x;src:url("{0}")}} p {{font:9pt x}}</style><p>x',
    "object": '<object data="{0}"></object>',
    "embed": '<embed src="{0}">',
    "svg image": SVG + '<image href="{0}" width="9" height="9"/></svg>',
    "svg image, old": SVG + '<image xlink:href="{0}" width="9" height="9"/></svg>',
    "svg use": SVG + '<use href="{0}#a"/></svg>',
    "svg style": SVG + '<style>@import url("{0}");</style><rect width="9" height="9"/></svg>',
    "list-style": '<ul><li style="list-style-image: url({0})">x</li></ul>',
    "content": '<p style="content: url({0})">x</p>',
    "before": '<style>p::before {{ content: url("{0}") }}</style><p>x</p>',
    "border-image": '<p style="border-image: url({0}) 1; border: 1px solid">x</p>',
    "page": '<style>@page {{ background: url("{0}") }}</style><p>x</p>',
    "attached by link": '<link rel="attachment" href="{0}">',
    "attached by a": '<a rel="attachment" href="{0}">x</a>',
    "base": '<base href="{0}"><img src="a.png">',
    "redirect": '<img src="{0}?redirect">',
    "svg in data": f'<img src="{DATA}">',
    "image button": '<input type="image" src="{0}">',
}
ASKED: list[str] = []
_ears: list[bool] = []


def ear(event: str, args: tuple[object, ...]) -> None:
    """Note what is opened or connected to, while somebody listens."""
    if _ears and event in {"open", "socket.connect"}:
        ASKED.append(f"{event} {args[0] if event == 'open' else args[1]}")


sys.addaudithook(ear)


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """Everything that was opened or connected to during a test."""
    ASKED.clear()
    _ears.append(True)
    yield ASKED
    _ears.clear()


class Listener(ThreadingHTTPServer):
    """Counts who asks for anything."""

    hits = 0


class Answer(BaseHTTPRequestHandler):
    """Gives every asker a little style sheet, or sends them to another address."""

    def do_GET(self) -> None:
        """Count and answer."""
        cast("Listener", self.server).hits += 1
        is_led = "redirect" in self.path
        self.send_response(302 if is_led else 200)
        self.send_header("Location" if is_led else "Content-Type", "/b" if is_led else "text/css")
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


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """A file that no paper may read."""
    file = tmp_path / "canary.txt"
    file.write_text("con chim hoàng yến", encoding="utf-8")
    return file


def draw(body: str) -> bytes:
    """A paper of one body."""
    page = f'<html lang="vi"><head><title>Thử</title></head><body>{body}</body></html>'
    return pdf.lay_out(page, profile=Profile.PARTY).write()


def test_there_are_as_many_vectors_as_were_measured() -> None:
    assert len(VECTORS) >= 21


@pytest.mark.parametrize("name", VECTORS)
def test_nothing_foreign_is_fetched(
    name: str, listener: Listener, canary: Path, heard: list[str]
) -> None:
    address = f"http://127.0.0.1:{listener.server_port}/a"
    targets = (address, canary.as_uri(), str(canary), "ftp://127.0.0.1/a", "//127.0.0.1/a")
    content = draw("".join(VECTORS[name].format(one) for one in targets))
    reader = PdfReader(BytesIO(content))
    assert not reader.attachments
    assert "hoàng yến" not in reader.pages[0].extract_text()
    assert b"/EmbeddedFile" not in content
    assert listener.hits == 0
    assert [one for one in heard if str(canary) in one or one.startswith("socket")] == []


def test_the_usual_fetcher_would_have_fetched(listener: Listener, canary: Path) -> None:
    """The control: with WeasyPrint's own fetcher the same markup reaches server and file."""
    target = f"http://127.0.0.1:{listener.server_port}/a"
    reached = []
    for name, markup in VECTORS.items():
        before = listener.hits
        HTML(string=markup.format(target), url_fetcher=URLFetcher()).write_pdf()
        reached += [name] if listener.hits > before else []
    assert len(reached) >= 15
    attached = HTML(
        string=VECTORS["attached by link"].format(canary.as_uri()), url_fetcher=URLFetcher()
    ).write_pdf()
    assert list(PdfReader(BytesIO(attached)).attachments)


def _say(rows: type[Model], words: str, *fields: str) -> None:
    """Put words into text fields of all rows."""
    rows._default_manager.update(**dict.fromkeys(fields, words))


def test_hostile_words_in_every_field_are_words(
    make_city: MakeCity, media: Path, listener: Listener, canary: Path, heard: list[str]
) -> None:
    """All vectors at once in tasks, obstacles, units and programmes: printed, never followed."""
    city = make_city(31, TODAY)
    address = f"http://127.0.0.1:{listener.server_port}/a"
    marks = "".join(markup.format(address) for markup in VECTORS.values())
    long = f"{marks}{VECTORS['attached by a'].format(canary.as_uri())}</p></td></table><script>1"
    short = f'<img src="{address}">'
    _say(Task, long, "text", "product")
    _say(Obstacle, long, "text", "proposal")
    _say(Obstacle, short, "decider_text")
    _say(Unit, short, "name", "short_name")
    _say(ActionProgramme, short, "issuer")
    wish = Wish(Kind.CITY, quarter_of(TODAY), TODAY, Issuer.BOARD)
    at = datetime(2026, 11, 16, 8, 2, tzinfo=HANOI)
    report = services.request(wish, by=city.cast.office, at=at, on=TODAY, form_key=uuid4())
    heard.clear()
    services.make(report.pk, today=TODAY)
    report.refresh_from_db()
    reader = PdfReader(report.file.path)
    words = "".join("".join(page.extract_text() for page in reader.pages).split())
    assert '<imgsrc="http://127.0.0.1' in words
    assert "<script>1" in words
    assert "hoàngyến" not in words
    assert not reader.attachments
    assert listener.hits == 0
    assert [one for one in heard if str(canary) in one or "127.0.0.1" in one] == []
