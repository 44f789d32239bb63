"""The style sheets hold the design: colours in one place, enough contrast, little weight."""

import gzip
import re
from pathlib import Path

import django_htmx
import pytest
from django.conf import settings

CSS = settings.ROOT / "static" / "css"
SHEETS = sorted(CSS.rglob("*.css"))
STATES = ("late", "soon", "run", "done", "dlate", "wait")
GROUNDS = ("bg", "surface", "sunken", "hover")
TOKENS = (CSS / "tokens.css").read_text(encoding="utf-8")


def tokens(css: str) -> dict[str, str]:
    return dict(
        re.findall(r"--([\w-]+):\s*([^;}]+?)\s*[;}]", re.sub(r"/\*.*?\*/", "", css, flags=re.S))
    )


def block(opening: str) -> dict[str, str]:
    start = TOKENS.index(opening) + len(opening)
    return tokens(TOKENS[start : TOKENS.index("}", start) + 1])


LIGHT = block(":root {")
BY_SYSTEM = block(':root:not([data-theme="light"]) {')
BY_SWITCH = block(':root[data-theme="dark"] {')
THEMES = {"light": LIGHT, "dark": LIGHT | BY_SWITCH}


def test_dark_stands_twice_and_is_equal() -> None:
    assert BY_SYSTEM == BY_SWITCH
    assert len(BY_SWITCH) > 30


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_raw_colours_stand_in_the_tokens_only(sheet: Path) -> None:
    if sheet.name != "tokens.css":
        css = re.sub(r"url\([^)]*\)", "", sheet.read_text(encoding="utf-8"))
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\(", css) == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_every_token_used_is_defined(sheet: Path) -> None:
    css = sheet.read_text(encoding="utf-8")
    # A page may name measures of its own; colours stand in the tokens only.
    measures = set(re.findall(r"--([\w-]+): (?:clamp|\d)", css))
    known = set(LIGHT) | {"f", "t", "b"} | measures
    used = set(re.findall(r"var\(--([\w-]+)", css))
    assert used - known == set()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_nothing_is_fetched_from_elsewhere(sheet: Path) -> None:
    css = sheet.read_text(encoding="utf-8")
    assert not re.search(r"@import|https?:|data:", css)
    assert len(css.splitlines()) <= 400


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def text_pairs() -> list[tuple[str, str]]:
    """Words on their grounds: 4.5:1."""
    pairs = [(ink, ground) for ink in ("ink", "ink-2", "ink-3", "act") for ground in GROUNDS]
    pairs += [(ink, "act-soft") for ink in ("ink", "ink-2", "act")]
    pairs += [("act-hover", ground) for ground in GROUNDS] + [
        ("act-ink", "act"),
        ("act-ink", "act-hover"),
    ]
    pairs += [
        (ink, ground) for ink in ("brand-ink", "brand-dim") for ground in ("brand", "brand-2")
    ]
    pairs += [("gold-ink", "gold"), ("late-on", "late-f")]
    pairs += [(f"{state}-t", ground) for state in STATES for ground in (*GROUNDS, f"{state}-b")]
    pairs += [(ink, f"{state}-b") for ink in ("ink", "act") for state in STATES]
    return pairs


def shape_pairs() -> list[tuple[str, str]]:
    """Edges, bars, icons, focus: 3:1."""
    pairs = [("edge", ground) for ground in GROUNDS]
    pairs += [(f"{state}-f", ground) for state in STATES for ground in ("surface", f"{state}-b")]
    return [*pairs, ("gold", "brand"), ("gold", "brand-2")]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("pairs", "least"), [(text_pairs(), 4.5), (shape_pairs(), 3.0)], ids=["text", "shapes"]
)
def test_contrast(theme: str, pairs: list[tuple[str, str]], least: float) -> None:
    values = THEMES[theme]
    faint = {
        f"{one} on {other}": round(contrast(values[one], values[other]), 2)
        for one, other in pairs
        if contrast(values[one], values[other]) < least
    }
    assert faint == {}


def packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def test_what_every_page_loads_leaves_room_for_the_page() -> None:
    htmx = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"
    shared = [*CSS.glob("*.css"), *(CSS.parent / "js").glob("*.js"), CSS.parent / "icons.svg", htmx]
    weights = {path.name: packed(path) for path in shared}
    # The aim is 60 KB for a whole page; 20 KB of it are the HTML's.
    assert sum(weights.values()) < 40 * 1024, weights
