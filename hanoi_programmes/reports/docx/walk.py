"""From the elements of paper HTML to paragraphs and tables of Word, in the order of the page."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from django.template.loader import get_template

from hanoi_programmes.lib.paper import (
    Element,
    Paper,
    Row,
    Run,
    classes_of,
    rows_of,
    text_of,
    widths_of,
)
from hanoi_programmes.reports.docx.markup import (
    Look,
    Table,
    empty,
    paragraph,
    short_rule,
    side_by_side,
)
from hanoi_programmes.reports.docx.pages import GAP, Pages, Picture
from hanoi_programmes.reports.docx.styles import written_in_capitals
from hanoi_programmes.reports.profiles import Heads, Layout

# By class, and by element where no class says more.
_BY_CLASS = {
    "type": "Title", "subject": "Subtitle", "dashes": "Dashes", "made-up": "MadeUp",
    "superior": "Superior", "name": "Issuer", "mark": "Number", "number": "Number",
    "about": "About",
    "draft": "Draft", "title-line": "Party", "motto": "Motto", "place": "Place",
    "to-whom": "ToWhom", "to-head": "RecipientsHead", "to-list": "Recipients",
    "authority": "Authority", "post": "Post", "signer": "Signer", "of": "AppendixOf",
}  # fmt: skip
_BY_TAG = {
    "h1": "Title", "h2": "Heading1", "h3": "Heading2", "h4": "Heading3", "p": "BodyText",
    "li": "ListBullet", "figcaption": "Caption", "caption": "Caption",
}  # fmt: skip
_NESTED = frozenset(("section", "div", "main", "article", "aside", "nav", "header", "footer"))
_BLANK = "\xa0" * 10
# Of the width, for the recipients; the rest is for who signs.
_RECIPIENTS = 50
# As wide as is high a line of the key, in millimetres.
_SWATCH = 4.0
_COLUMN = re.compile(r"\.(c\d+) \{ width: ([\d.]+)mm \}")
_SHEET = "reports/pdf/paper.css"


@lru_cache(maxsize=1)
def _known_widths() -> dict[str, float]:
    """The columns' widths in millimetres: said once, in the style sheet of the PDF."""
    source = get_template(_SHEET).template.source  # type: ignore[attr-defined]
    return {name: float(width) for name, width in _COLUMN.findall(source)}


class Walk:
    """One pass through the sections of a paper."""

    def __init__(self, layout: Layout, picture: Picture | None) -> None:
        self._layout = layout
        self._pages = Pages(layout, picture)
        # The State rules off the issuer and the subject.
        self._is_ruled = layout.heads == Heads.STATE
        self._capitals = written_in_capitals(layout)
        self._paper = Paper("")
        self._is_begun = False
        # Whether the next paragraph begins a page, and whether each holds to the next one.
        self._breaks = self._keeps = False
        self._in_appendix = False

    def section(self, paper: Paper) -> None:
        """Go through one HTML document; all but the first begin a new page."""
        self._paper = paper
        # What has a letterhead of its own is a paper of its own: its pages begin at 1.
        is_paper = not self._is_begun or bool(paper.body.find_class("blocks"))
        if not self._is_begun:
            author, about = paper.fact("author"), paper.fact("description")
            self._pages.name(title=paper.title, author=author, about=about)
        elif is_paper:
            self._pages.turn(landscape=False, restarts=True)
        if is_paper:
            for foot in paper.body.find_class("foot"):
                self._pages.foot(text_of(foot))
        self._breaks, self._is_begun = not is_paper, True
        for element in paper.body:
            self._block(element)

    def written(self) -> bytes:
        """The file."""
        return self._pages.written()

    def _block(self, element: Element) -> None:
        tag, classes = element.tag, set(classes_of(element))
        if "foot" in classes:
            return
        if "appendix" in classes:
            self._appendix(element)
            return
        self._upright()
        if classes & {"blocks", "end"}:
            self._pair(element)
        elif tag in _NESTED:
            self._nested(element, keeps="last" in classes)
        else:
            self._one(element, classes)

    def _one(self, element: Element, classes: set[str]) -> None:
        if element.tag == "table":
            self._table(element, classes)
        elif element.tag == "figure":
            self._figure(element)
        elif "key" in classes:
            self._key(element)
        elif element.tag in {"ul", "ol"}:
            for item in element:
                self._paragraph(item)
        elif element.tag == "img":
            self._say([Run("", drawing=self._paper.drawing(element))], Look("Figure"))
        else:
            self._paragraph(element)

    def _upright(self) -> None:
        """The text goes on after an appendix."""
        if self._pages.is_landscape and not self._in_appendix:
            self._pages.turn(landscape=False)
            self._breaks = False

    def _appendix(self, element: Element) -> None:
        """On landscape pages; one that follows another begins a page, no section."""
        if self._pages.is_landscape:
            self._breaks = True
        else:
            self._pages.turn(landscape=True)
            self._breaks = False
        self._in_appendix = True
        for child in element:
            self._block(child)
        self._in_appendix = False

    def _nested(self, element: Element, *, keeps: bool) -> None:
        kept, self._keeps = self._keeps, self._keeps or keeps
        if (element.text or "").strip():
            self._say([Run((element.text or "").strip())], Look("BodyText"))
        for child in element:
            self._block(child)
        self._keeps = kept

    def _style_of(self, element: Element) -> str:
        found = next((_BY_CLASS[n] for n in classes_of(element) if n in _BY_CLASS), "")
        if not found and self._in_appendix and element.tag == "h2":
            return "AppendixHead"
        return found or _BY_TAG.get(element.tag, "BodyText")

    def _paragraph(self, element: Element) -> None:
        runs = self._paper.runs(element)
        style = self._style_of(element)
        if runs:
            self._say(runs, Look(style, keep_next=self._keeps))
        if style == "Subtitle" and self._is_ruled and not self._in_appendix:
            self._pages.put(short_rule(self._pages.room))

    def _say(self, runs: Sequence[Run], look: Look) -> None:
        look = replace(look, page_before=self._breaks, capitals=look.style in self._capitals)
        self._breaks = False
        self._pages.put(paragraph(runs, look, self._pages.placed, self._pages.room))

    # Blocks side by side

    def _pair(self, element: Element) -> None:
        """Issuer and the Party's line, recipients and signature: beside one another."""
        is_head = "blocks" in classes_of(element)
        share = self._layout.left_column if is_head else _RECIPIENTS
        left = self._pages.room * share / 100
        widths = (left, self._pages.room - left)
        if not is_head:
            self._pages.put(GAP)
            self._pages.put(GAP)
        places = [
            # A place holds one paragraph at least.
            (width, "".join(self._lines(place, width)) or GAP)
            for width, place in zip(widths, element, strict=False)
        ]
        self._pages.put(side_by_side(places))
        self._pages.put(GAP)

    def _lines(self, place: Element, width: float) -> Iterator[str]:
        for child in place:
            if "room" in classes_of(child):
                yield from [empty("Signer")] * self._layout.signature_lines
                continue
            style = self._style_of(child)
            style = "Number" if style == "BodyText" else style
            runs = self._paper.runs(child)
            if style == "Number":
                runs = [Run(_with_blank(child))]
            if runs:
                look = Look(style, capitals=style in self._capitals)
                yield paragraph(runs, look, self._pages.placed, width)
            if style == "Issuer" and self._is_ruled:
                yield short_rule(width)

    # Tables and pictures

    def _table(self, element: Element, classes: set[str]) -> None:
        caption = element.find("caption")
        if caption is not None:
            self._paragraph(caption)
        elif self._breaks:
            self._say([], Look("Gap"))
        rows: list[Row] = list(rows_of(element))
        if not rows:
            return
        table = Table(
            paper=self._paper,
            widths=widths_of(element, self._pages.room, _known_widths()),
            placed=self._pages.placed,
            name=element.get("data-sheet") or (text_of(caption) if caption is not None else ""),
            small="small" in classes,
            bare="bare" in classes,
        )
        self._pages.put(table.xml(rows))
        self._pages.put(GAP)

    def _figure(self, element: Element) -> None:
        for child in element:
            drawing = self._paper.drawing(child)
            if drawing:
                self._say([Run("", drawing=drawing)], Look("Figure"))
            else:
                self._block(child)

    def _key(self, element: Element) -> None:
        """The looks of a drawing with their names, in one line."""
        runs: list[Run] = []
        for item in element:
            runs += [*self._paper.runs(item), Run("\xa0\xa0 ")]
        xml = paragraph(runs[:-1], Look("Key"), self._pages.placed, _SWATCH)
        self._pages.put(xml)


def _with_blank(element: Element) -> str:
    """'Số          -BC/TU': the registry gives the number on paper."""
    words = (element.text or "", *(_BLANK + (child.tail or "") for child in element))
    return "".join(words).strip(" \n")
