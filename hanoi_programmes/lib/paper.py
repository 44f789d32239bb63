"""Paper HTML read again: its tables as rows of typed cells, its text in runs, its drawings.

A paper is written once, as HTML that the PDF is drawn from; Word and Excel walk the same HTML, so
that all three say the same. Whatever a person typed comes out of here without what cannot be seen.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from html import unescape
from typing import Any

from lxml import html as markup

from hanoi_programmes.lib.text import seen

# lxml says nothing of its types.
Element = Any
Value = int | float | date | None

_DRAWING = re.compile(r"<svg\b.*?</svg>", re.S)
_TITLE = re.compile(r"<title>(.*?)</title>|\baria-label=\"(.*?)\"", re.S)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_BLOCKS = frozenset(("p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "table", "figure"))
_BOLD, _ITALIC = frozenset(("b", "strong")), frozenset(("i", "em"))
# What a table that gives its columns no width gets, and the least that a column is given.
_LEAST = 8.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture in the paper: its SVG, and its words for who does not see it."""

    svg: str
    words: str


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one look; a line break is "\n". With a drawing the text is empty."""

    text: str
    bold: bool = False
    italic: bool = False
    underlined: bool = False
    drawing: Drawing | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its place over rows and columns, its element, and the machine's value."""

    element: Element
    value: Value
    is_share: bool
    is_head: bool
    across: int
    down: int

    @property
    def text(self) -> str:
        """The printed words."""
        return text_of(self.element)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: repeated on each page, or the sum of the others, or one of them."""

    cells: tuple[Cell, ...]
    is_head: bool
    is_sum: bool


class Paper:
    """One paper HTML document, taken apart; drawings are kept as their source has them, since
    an HTML parser writes the names of SVG in small letters."""

    def __init__(self, source: str) -> None:
        self._drawings: list[Drawing] = []
        source = _DRAWING.sub(self._taken_out, seen(source))
        parser = markup.HTMLParser(huge_tree=True, remove_comments=True)
        self.root: Element = markup.document_fromstring(source or "<p></p>", parser=parser)
        self.body: Element = self.root.find("body")

    def _taken_out(self, found: re.Match[str]) -> str:
        svg = found.group()
        named = _TITLE.search(svg)
        words = unescape(named[1] or named[2] or "") if named else ""
        self._drawings.append(Drawing(svg, one_line(words)))
        return f'<img data-drawing="{len(self._drawings) - 1}">'

    @property
    def title(self) -> str:
        """What the document is called."""
        return one_line(self.root.findtext("head/title") or "")

    def fact(self, name: str) -> str:
        """What a `<meta>` of the head says; empty when there is none."""
        found = self.root.find(f'head/meta[@name="{name}"]')
        return one_line(found.get("content", "")) if found is not None else ""

    def drawing(self, element: Element) -> Drawing | None:
        """The drawing that stood where this element is."""
        place = element.get("data-drawing") if element.tag == "img" else None
        return self._drawings[int(place)] if place is not None else None

    def runs(self, element: Element) -> list[Run]:
        """The text of a paragraph in runs: spaces as a reader sees them, none at either end."""
        if not len(element):
            text = _SPACES.sub(" ", element.text or "").strip(" ")
            return [Run(text)] if text else []
        return _joined(list(self._runs(element, Run(""))))

    def _runs(self, element: Element, look: Run) -> Iterator[Run]:
        tag, classes = element.tag, classes_of(element)
        if tag == "br":
            yield replace(look, text="\n")
        elif tag == "img":
            yield replace(look, drawing=self.drawing(element))
        inner = replace(
            look,
            bold=look.bold or tag in _BOLD,
            italic=look.italic or tag in _ITALIC,
            underlined=look.underlined or tag == "u",
        )
        whole = "whole" in classes
        yield replace(inner, text=_spaced(element.text, whole=whole))
        for child in element:
            if child.tag in _BLOCKS:
                yield replace(inner, text="\n")
            yield from self._runs(child, inner)
            yield replace(inner, text=_spaced(child.tail, whole=whole))


def _spaced(text: str | None, *, whole: bool) -> str:
    even = _SPACES.sub(" ", text or "")
    return even.replace(" ", "\xa0") if whole else even


def _joined(runs: list[Run]) -> list[Run]:
    """Neighbours of one look made one; single spaces, and neither these nor breaks at an end."""
    found: list[Run] = []
    for run in runs:
        if run.drawing:
            found.append(run)
            continue
        last = found[-1] if found else None
        before = "x" if last and last.drawing else last.text[-1:] if last else "\n"
        text = run.text.lstrip(" ") if before in " \n" else run.text
        if not text or (text == "\n" and before == "\n"):
            continue
        if last and replace(last, text="") == replace(run, text=""):
            found[-1] = replace(last, text=last.text + text)
        else:
            found.append(replace(run, text=text))
    while found and not found[-1].drawing and not found[-1].text.strip(" \n"):
        found.pop()
    if found:
        found[-1] = replace(found[-1], text=found[-1].text.rstrip(" \n"))
    return found


def one_line(text: str) -> str:
    """The text with single spaces and nothing that cannot be seen."""
    return _SPACES.sub(" ", seen(text)).strip(" ")


def text_of(element: Element) -> str:
    """The words of an element as a cell of a sheet has them: `<br>` and blocks begin a line."""
    if not len(element):
        return _SPACES.sub(" ", element.text or "").strip(" ")
    lines = "".join(_lines(element)).split("\n")
    return "\n".join(line for line in (one_line(line) for line in lines) if line)


def _lines(element: Element) -> Iterator[str]:
    yield _SPACES.sub(" ", element.text or "")
    for child in element:
        if child.tag == "br" or child.tag in _BLOCKS:
            yield "\n"
        yield from _lines(child)
        yield _SPACES.sub(" ", child.tail or "")


def classes_of(element: Element) -> list[str]:
    """The names in an element's class attribute."""
    return (element.get("class") or "").split()


def rows_of(table: Element) -> Iterator[Row]:
    """The rows of a table from the top down."""
    for part in table:
        if part.tag in {"thead", "tbody", "tfoot"}:
            for line in part:
                yield _row(line, is_head=part.tag == "thead")
        elif part.tag == "tr":
            yield _row(part, is_head=False)


def _row(line: Element, *, is_head: bool) -> Row:
    cells = tuple(_cell(cell) for cell in line if cell.tag in {"td", "th"})
    return Row(cells, is_head, is_sum="sum" in classes_of(line))


def _cell(element: Element) -> Cell:
    given = element.attrib
    return Cell(
        element=element,
        value=_value(element),
        is_share="data-share" in given,
        is_head=element.tag == "th",
        across=int(given.get("colspan", "1")),
        down=int(given.get("rowspan", "1")),
    )


def _value(element: Element) -> Value:
    number = element.get("data-n") or element.get("data-share")
    if number:
        return int(number) if number.lstrip("-").isdecimal() else float(number)
    day = element.get("data-day")
    return date.fromisoformat(day) if day else None


def widths_of(table: Element, whole: float, known: dict[str, float]) -> list[float]:
    """The widths of a table's columns in millimetres, which add up to `whole`.

    A column says its width by a class in `known`; those that say none share what is left.
    """
    columns = table.findall("colgroup/col")
    if not columns:
        number = max((sum(c.across for c in row.cells) for row in rows_of(table)), default=1)
        return [whole / number] * number
    given = [next((known[n] for n in classes_of(c) if n in known), 0.0) for c in columns]
    free = given.count(0.0)
    share = max((whole - sum(given)) / free, _LEAST) if free else 0.0
    found = [width or share for width in given]
    return [width * whole / sum(found) for width in found]
