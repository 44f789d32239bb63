"""The one face of all papers: found by its letters, bound under a private name, fetched by it."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError
from weasyprint.urls import URLFetcher, URLFetcherResponse

# A private name, so that no system font of the same name can slip in: Debian's old Liberation lacks
# 92 Vietnamese letters and would be found first.
FAMILY = "Report Serif"
# Times and the faces of its metrics, best first. The last is wider but has every letter.
FACES = ("Times New Roman", "Liberation Serif", "Tinos", "TeX Gyre Termes", "DejaVu Serif")
STYLES = {
    "Regular": (400, "normal"),
    "Bold": (700, "normal"),
    "Italic": (400, "italic"),
    "Bold Italic": (700, "italic"),
}
MISSING = "□"
_STEMS = ("times", "liberationserif", "tinos", "termes", "dejavuserif")
_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
    "/opt/homebrew/share/fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "~/Library/Fonts",
)
# Pictures, styles and fonts in user text would be asked for under these names; none is ours.
_SCHEME = "report-font:"


class NoFont(Exception):
    """No installed face has all Vietnamese letters: the sentence names the package to install."""


@dataclass(frozen=True, slots=True)
class Face:
    """One font for all papers: its family, and a file for each style in `STYLES`."""

    family: str
    files: Mapping[str, Path]

    @property
    def has_times_metrics(self) -> bool:
        """Lines break where Times New Roman would break them."""
        return self.family != FACES[-1]


def vietnamese_letters() -> frozenset[str]:
    """All 186: 12 vowels in 6 tones and 21 consonants, small and capital, in composed form."""
    tones = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
    vowels = {unicodedata.normalize("NFC", v + t) for v in "aăâeêioôơuưy" for t in tones}
    small = vowels | set("bcdđfghjklmnpqrstvwxz")
    return frozenset(small | {letter.upper() for letter in small})


@lru_cache(maxsize=1)
def font_in_use() -> Face:
    """The best complete face of this machine; raises `NoFont`."""
    found: dict[str, dict[str, Path]] = {}
    for file in _candidates():
        family, style = _complete(file)
        if family in FACES and style in STYLES:
            found.setdefault(family, {}).setdefault(style, file)
    for family in FACES:
        if set(found.get(family, ())) == set(STYLES):
            return Face(family, found[family])
    raise NoFont("Máy chủ chưa có phông chữ đủ chữ tiếng Việt. Cài gói fonts-liberation2.")


def _candidates() -> Iterator[Path]:
    for folder in _FOLDERS:
        for file in sorted(Path(folder).expanduser().rglob("*.[to]tf")):
            stem = file.stem.lower().replace("_", "").replace(" ", "").replace("-", "")
            if stem.startswith(_STEMS) or "termes" in stem:
                yield file


def _complete(file: Path) -> tuple[str, str]:
    """Family and style by the file's own name table; empty when a Vietnamese letter is missing."""
    try:
        with TTFont(file, lazy=True) as font:
            names, letters = font["name"], font.getBestCmap() or {}
            family = names.getDebugName(16) or names.getDebugName(1) or ""
            style = names.getDebugName(17) or names.getDebugName(2) or ""
    except (TTLibError, OSError, KeyError):
        return "", ""
    has_all = all(ord(letter) in letters for letter in vietnamese_letters())
    style = {"Book": "Regular", "Roman": "Regular", "BoldItalic": "Bold Italic"}.get(style, style)
    return (family, style) if has_all else ("", "")


def _address(style: str) -> str:
    return f"{_SCHEME}{style.replace(' ', '')}"


class OnlyOurs(URLFetcher):  # type: ignore[misc]
    """Gives out our font files by their private address and refuses every other address."""

    def __init__(self, face: Face) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self.ours = {_address(style): file for style, file in face.files.items()}
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002
        """The font, or an error; WeasyPrint goes on without what was refused."""
        if url not in self.ours:
            self.refused.append(url)
            raise ValueError("refused: only the paper's own fonts are fetched")
        return URLFetcherResponse(url, self.ours[url].read_bytes(), {"Content-Type": "font/ttf"})


@lru_cache(maxsize=1)
def _known() -> frozenset[int]:
    """The letters of the face in use, all styles alike."""
    with TTFont(font_in_use().files["Regular"], lazy=True) as font:
        return frozenset(font.getBestCmap())


def printable(page: str) -> str:
    """A page in letters that the face has: composed, without signs that cannot be seen (they could
    turn the order of letters round), with a box for what is missing. So no other font of the
    machine slips into a paper, and no empty glyph, which archives refuse."""
    page = unicodedata.normalize("NFC", page)
    lost: dict[int, str] = {}
    for letter in set(page) - set("\n\t\r"):
        if unicodedata.category(letter)[0] == "C":
            lost[ord(letter)] = ""
        elif ord(letter) not in _known():
            lost[ord(letter)] = " " if letter.isspace() else MISSING
    return page.translate(lost) if lost else page


def font_faces() -> str:
    """The rules that bind the files to the private name."""
    faces = (
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight}; font-style: {style};'
        f' src: url("{_address(name)}") }}'
        for name, (weight, style) in STYLES.items()
    )
    return "\n".join(faces)
