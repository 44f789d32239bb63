"""One section set into pages by WeasyPrint, with its structure and without page numbers."""

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import pydyf
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from hanoi_programmes.reports.pdf.fonts import OnlyOurs, font_faces, font_in_use, printable
from hanoi_programmes.reports.pdf.long_words import open_long_words
from hanoi_programmes.reports.pdf.structure import tidy
from hanoi_programmes.reports.pdf.styles import sheet
from hanoi_programmes.reports.profiles import Layout, layout_of
from hanoi_programmes.reports.states import Profile

_log = logging.getLogger(__name__)

# Archivable and accessible: structure tree, language, title and every font inside the file. The
# mark of PDF/UA-1 is added when the sections are joined.
VARIANT = "pdf/a-2a"
FOOT = "Foot"
# Addresses without a scheme lead here, and are refused like all others.
_NOWHERE = "report-paper:/"


class _Page(HTML):  # type: ignore[misc]
    """A page set with our rules alone, from `elements.css` on."""

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:  # noqa: ARG002, FBT001, FBT002
        return []


@dataclass(frozen=True, slots=True)
class Sheets:
    """A laid-out section: how many pages, its running foot, and its bytes on demand."""

    document: Any
    pages: int
    foot: str
    is_contents: bool = False

    def write(self) -> bytes:
        """The PDF of the section alone: tagged, neither numbered nor stamped."""
        with few_collections():
            content: bytes = self.document.write_pdf(pdf_variant=VARIANT, finisher=self._finish)
        return content

    def _finish(self, _document: Any, pdf: Any) -> None:
        tidy(pdf, is_contents=self.is_contents)
        pdf.info[FOOT] = pydyf.String(self.foot)


def set_pages(
    page: str,
    *,
    profile: Profile | Layout | str,
    fetcher: OnlyOurs | None = None,
    is_contents: bool = False,
) -> Sheets:
    """Set the pages; the slow part, about 4 ms a table row. Nothing but our fonts is fetched."""
    layout = profile if isinstance(profile, Layout) else layout_of(profile)
    fetcher = fetcher or OnlyOurs(font_in_use())
    with few_collections():
        # The boxes of the paper before hold one another.
        gc.collect()
        look, fonts = _look(layout)
        html = _Page(string=printable(page), base_url=_NOWHERE, url_fetcher=fetcher)
        foot = _foot(html.etree_element)
        open_long_words(html.etree_element)
        document = html.render(font_config=fonts, stylesheets=[look])
    if fetcher.refused:
        _log.warning("refused to fetch %s addresses for a paper", len(fetcher.refused))
    return Sheets(document, len(document.pages), foot, is_contents)


@lru_cache(maxsize=16)
def _look(layout: Layout) -> tuple[CSS, FontConfiguration]:
    """The sheet of a layout with its fonts, read once: a fifth of a paper of two pages.

    One sheet, as each element is held against every sheet.
    """
    ours, fonts = OnlyOurs(font_in_use()), FontConfiguration()
    text = font_faces() + sheet(layout)
    return CSS(string=text, url_fetcher=ours, font_config=fonts), fonts


def _foot(root: Any) -> str:
    """The words of the running foot: stamped on all pages later, so it is not laid out."""
    found = root.find(".//div[@class='foot']")
    return " ".join("".join(found.itertext()).split()) if found is not None else ""


@cache
def _settled() -> None:
    """What the process holds before its first paper is never looked through again."""
    gc.collect()
    gc.freeze()


@contextmanager
def few_collections() -> Iterator[None]:
    """Keep the collector from walking all boxes again and again: a third of the time."""
    _settled()
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
