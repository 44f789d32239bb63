"""Page numbers and the running foot, written on finished pages as artifacts, not as text."""

from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Name

from hanoi_programmes.reports.pdf.common_fonts import CommonFonts, common_face
from hanoi_programmes.reports.profiles import POINT_MM, Layout, Letters, Margins

# White between the text and the running foot, in millimetres.
_FOOT_GAP = 4
# How far a line's letters reach over its foot: Times and its kin, in parts of the size.
_ASCENT, _CONTENT = 0.891, 1.107
_STYLE = "Regular"
_KEY = "/Stamp"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What one page gets: its number, empty for none, and the running foot."""

    number: str
    foot: str


class Stamper:
    """Stamps the pages of one file; the pair that shields a page's own drawing is shared."""

    def __init__(self, pdf: pikepdf.Pdf, layout: Layout, fonts: CommonFonts) -> None:
        self._pdf, self._layout, self._fonts = pdf, layout, fonts
        self._face = common_face(_STYLE)
        self._open = pdf.make_stream(b"q\n")

    def stamp(self, page: Any, stamp: Stamp) -> None:
        """Write on a page; its own resources must be set already."""
        if not (stamp.number or stamp.foot):
            return
        width, height = float(page.MediaBox[2]), float(page.MediaBox[3])
        margins = self._layout.appendix if width > height else self._layout.page
        lines = b"Q\n" + self._number(stamp.number, margins, width, height)
        lines += self._foot(stamp.foot, margins, width)
        page.Resources.Font[_KEY] = self._fonts.font(_STYLE)
        page.Contents = Array([self._open, page.Contents, self._pdf.make_stream(lines)])

    def _number(self, text: str, margins: Margins, width: float, height: float) -> bytes:
        letters = self._layout.parts["page_number"]
        top = self._layout.number_from_top / POINT_MM
        return self._line(text, letters, margins, width, height - top - _rise(letters))

    def _foot(self, text: str, margins: Margins, width: float) -> bytes:
        letters = self._layout.parts["code"]
        bottom = (margins.bottom - _FOOT_GAP) / POINT_MM
        return self._line(text, letters, margins, width, bottom - _rise(letters), is_foot=True)

    def _line(
        self,
        text: str,
        letters: Letters,
        margins: Margins,
        width: float,
        y: float,
        *,
        is_foot: bool = False,
    ) -> bytes:
        """One centred line; a foot that is too long is set smaller."""
        if not text:
            return b""
        left, right = margins.left / POINT_MM, margins.right / POINT_MM
        room, wanted = width - left - right, self._face.width(text, letters.size)
        size = letters.size * min(1, room / wanted) if wanted else letters.size
        x = left + (room - self._face.width(text, size)) / 2
        glyphs = "".join(f"{glyph:04x}" for glyph in self._face.encoded(text))
        part = "Footer" if is_foot else "Header"
        return (
            f"/Artifact <</Type /Pagination /Subtype /{part}>> BDC q BT 0 g "
            f"{_KEY} {size:.2f} Tf {x:.2f} {y:.2f} Td <{glyphs}> Tj ET Q EMC\n"
        ).encode()


def _rise(letters: Letters) -> float:
    """From the top of a line down to the foot of its letters, as CSS places them."""
    return (letters.line - _CONTENT * letters.size) / 2 + _ASCENT * letters.size


def resources_of(page: Any) -> Any:
    """The page's own fonts, made where it has none."""
    if "/Resources" not in page:
        page.Resources = pikepdf.Dictionary()
    if Name.Font not in page.Resources:
        page.Resources.Font = pikepdf.Dictionary()
    return page.Resources.Font
