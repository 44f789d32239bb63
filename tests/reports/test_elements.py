"""Papers are set by our rules alone: each element of a paper is said there, and nothing else is."""

import re
from pathlib import Path

import pytest
from weasyprint import HTML

from hanoi_programmes.reports import pdf
from hanoi_programmes.reports.states import Profile

FOLDER = Path(__file__).parents[2] / "templates" / "reports" / "pdf"
# Inline by themselves, or of the head, which is not shown.
INLINE = {"a", "br", "span"}
HEAD = {"meta", "title"}


def test_what_an_element_is_stands_in_our_rules() -> None:
    """Without the engine's own rules an element that nobody named would run on in the line."""
    rules = (FOLDER / "elements.css").read_text(encoding="utf-8")
    named = {
        name
        for names in re.findall(r"^([a-z0-9, ]+) \{ display", rules, flags=re.MULTILINE)
        for name in names.split(", ")
    }
    used = {
        name
        for file in FOLDER.glob("*.html")
        for name in re.findall(r"<([a-z][a-z0-9]*)", file.read_text(encoding="utf-8"))
    }
    assert len(used) > 20
    assert used - named == INLINE | HEAD


def test_the_engines_own_rules_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """With them each element is given six kinds of notes: a tenth more time for nothing."""
    asked = HTML._ua_stylesheets(HTML(string="<p>"))
    assert asked, "the engine asks for its rules by another name now: see `_Page`"

    def never(*_given: object, **_named: object) -> None:
        raise AssertionError("the engine's own rules were asked for")

    monkeypatch.setattr(HTML, "_ua_stylesheets", never)
    page = "<html lang='vi'><head><title>Thử</title></head><body><h2>Một</h2></body></html>"
    assert pdf.lay_out(page, profile=Profile.PARTY).pages == 1
