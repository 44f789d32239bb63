"""Paper from HTML: the only package that knows WeasyPrint and pikepdf; it fetches our fonts only.

A section is set by itself (`lay_out(numbered=False)`), kept as bytes, and joined with others; a
paper of one section is numbered at once.
"""

from dataclasses import dataclass

from hanoi_programmes.reports.pdf.fonts import (
    FACES,
    FAMILY,
    STYLES,
    Face,
    NoFont,
    OnlyOurs,
    font_in_use,
    vietnamese_letters,
)
from hanoi_programmes.reports.pdf.joining import Part, join
from hanoi_programmes.reports.pdf.pictures import picture
from hanoi_programmes.reports.pdf.setting import VARIANT, Sheets, set_pages
from hanoi_programmes.reports.profiles import Layout
from hanoi_programmes.reports.states import Profile

__all__ = [
    "FACES",
    "FAMILY",
    "STYLES",
    "VARIANT",
    "Face",
    "NoFont",
    "OnlyOurs",
    "Paper",
    "Part",
    "font_in_use",
    "join",
    "lay_out",
    "picture",
    "vietnamese_letters",
]


@dataclass(frozen=True, slots=True)
class Paper:
    """A section set into pages: how many, and its bytes on demand, finished or still to join."""

    sheets: Sheets
    pages: int
    profile: Profile | Layout | str
    is_numbered: bool

    def write(self) -> bytes:
        """The PDF."""
        content = self.sheets.write()
        if not self.is_numbered:
            return content
        known = self.sheets.document.metadata
        return join(
            [Part("", content)],
            profile=self.profile,
            title=known.title or "",
            author=", ".join(known.authors),
            subject=known.description or "",
        )[0]


def lay_out(
    page: str,
    *,
    profile: Profile | Layout | str,
    numbered: bool = True,
    fetcher: OnlyOurs | None = None,
) -> Paper:
    """Set the pages of one section; `numbered` makes it a paper of its own."""
    sheets = set_pages(page, profile=profile, fetcher=fetcher)
    return Paper(sheets, sheets.pages, profile, numbered)
