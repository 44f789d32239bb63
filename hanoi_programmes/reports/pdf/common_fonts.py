"""One font a style for a whole file: every section's own subset is exchanged for it.

The letters that papers are written in are taken from the face once a process, with the numbers of
their glyphs kept, so the pages of all sections may use it as they are. A section that holds other
letters keeps the font it came with.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pikepdf
from fontTools import subset
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name

from hanoi_programmes.reports.pdf.fonts import FAMILY, STYLES, font_in_use, vietnamese_letters

_SIGNS = "\u00a0□–—…“”‘’·•×÷±°−≥≤→€₫§«»"
_TAG = "HNPAPR"
_HEAD = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <ffff> endcodespacerange
"""


@dataclass(frozen=True, slots=True)
class CommonFace:
    """The common letters of one style: the font program, and each letter's glyph and width."""

    style: str
    program: bytes
    glyphs: Mapping[str, int]
    widths: Mapping[int, int]
    bounds: tuple[int, int, int, int]
    ascent: int
    descent: int
    capitals: int
    slant: float

    def width(self, text: str, size: float) -> float:
        """How long a line of text is, in points."""
        return sum(self.widths[glyph] for glyph in self.encoded(text)) * size / 1000

    def encoded(self, text: str) -> list[int]:
        """Glyphs of a text; what the face lacks is left out."""
        return [self.glyphs[letter] for letter in text if letter in self.glyphs]


def letters() -> frozenset[str]:
    """Vietnamese, ASCII and the signs of official papers."""
    return vietnamese_letters() | {chr(code) for code in range(32, 127)} | set(_SIGNS)


@cache
def common_face(style: str) -> CommonFace:
    """The common letters of a style, cut once a process (60 ms)."""
    font = TTFont(font_in_use().files[style])
    options = subset.Options(retain_gids=True, hinting=False, layout_features=[])
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "FFTM", "DSIG"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(letter) for letter in letters()])
    cutter.subset(font)
    out = io.BytesIO()
    font.save(out)
    scale = 1000 / font["head"].unitsPerEm
    glyphs = {chr(code): font.getGlyphID(name) for code, name in font.getBestCmap().items()}
    advances = font["hmtx"].metrics
    widths = {at: round(advances[font.getGlyphName(at)][0] * scale) for at in glyphs.values()}
    head, line, marks = font["head"], font["hhea"], font["OS/2"]
    return CommonFace(
        style=style,
        program=out.getvalue(),
        glyphs=glyphs,
        widths={0: round(advances[font.getGlyphName(0)][0] * scale), **widths},
        bounds=tuple(round(one * scale) for one in (head.xMin, head.yMin, head.xMax, head.yMax)),
        ascent=round(line.ascent * scale),
        descent=round(line.descent * scale),
        capitals=round(getattr(marks, "sCapHeight", 662) * scale),
        slant=font["post"].italicAngle,
    )


class CommonFonts:
    """The fonts of one file that is being joined; each style is put in when it is first needed."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self._made: dict[str, Any] = {}

    def font(self, style: str) -> Any:
        """The font dictionary of a style."""
        if style not in self._made:
            self._made[style] = _dictionary(self._pdf, common_face(style))
        return self._made[style]

    def exchange(self, fonts: Any) -> None:
        """Put the common fonts into a section's resources, where they have all it uses."""
        for key in list(fonts.keys()):
            font = fonts[key]
            style = _style_of(str(font.BaseFont)[1:])
            if style and _used(font) <= set(common_face(style).widths):
                fonts[key] = self.font(style)


def _style_of(name: str) -> str:
    """'ABCDEF+Report-Serif-Bold-Italic' is bold italic of ours; other fonts have no style here."""
    _, _, plain = name.partition("+")
    family = FAMILY.replace(" ", "-")
    if not plain.startswith(family):
        return ""
    style = plain.removeprefix(family).strip("-").replace("-", " ").replace(",", "") or "Regular"
    return style if style in STYLES else ""


def _used(font: Any) -> set[int]:
    """The glyphs of a section's subset, by its widths; all and more when it maps them itself."""
    if font.Encoding != Name("/Identity-H"):
        return {-1}
    found: set[int] = set()
    widths = font.DescendantFonts[0].W
    for first, run in zip(list(widths)[0::2], list(widths)[1::2], strict=True):
        found |= set(range(int(first), int(first) + len(run)))
    return found


def _dictionary(pdf: pikepdf.Pdf, face: CommonFace) -> Any:
    name = Name(f"/{_TAG}+{FAMILY.replace(' ', '-')}{'-' * (face.style != 'Regular')}"
                f"{face.style.replace(' ', '-').replace('Regular', '')}")  # fmt: skip
    program = pdf.make_stream(face.program, Length1=len(face.program))
    # Symbolic, serif, and slanted where it is.
    flags = 4 + 2 + (64 if face.slant else 0)
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=name, FontFamily=pikepdf.String(FAMILY), Flags=flags,
        FontBBox=Array(list(face.bounds)), ItalicAngle=round(face.slant), Ascent=face.ascent,
        Descent=face.descent, CapHeight=face.capitals, StemV=80, FontFile2=program,
    )  # fmt: skip
    below = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=name, CIDToGIDMap=Name.Identity,
        CIDSystemInfo=Dictionary(
            Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
        ),
        W=_width_array(face.widths), FontDescriptor=pdf.make_indirect(descriptor),
    )  # fmt: skip
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font, Subtype=Name.Type0, BaseFont=name, Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(below)]),
            ToUnicode=pdf.make_stream(_unicode_map(face.glyphs)),
        )
    )  # fmt: skip


def _width_array(widths: Mapping[int, int]) -> Array:
    found = Array()
    for glyph in sorted(widths):
        if glyph - 1 not in widths:
            found.append(glyph)
            found.append(Array())
        found[-1].append(widths[glyph])
    return found


def _unicode_map(glyphs: Mapping[str, int]) -> bytes:
    """Which letter a glyph stands for; a glyph of two letters (the spaces) for the first."""
    letter_of: dict[int, str] = {}
    for letter in sorted(glyphs):
        letter_of.setdefault(glyphs[letter], letter)
    # A blank that holds words together is a blank to whoever searches or copies.
    codes = {at: ord(" " if letter == "\u00a0" else letter) for at, letter in letter_of.items()}
    lines = [f"<{at:04x}> <{code:04x}>" for at, code in sorted(codes.items())]
    parts = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    body = "".join(
        f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar\n" for part in parts
    )
    tail = "endcmap CMapName currentdict /CMap defineresource pop end end"
    return (_HEAD + body + tail).encode()
