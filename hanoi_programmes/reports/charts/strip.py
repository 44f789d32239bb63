"""Stacked bars of the nine groups, late first: shares at a glance, each part a way to its rows."""

from collections.abc import Callable
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from hanoi_programmes.programmes.timeliness import Group
from hanoi_programmes.reports.figures import Tally
from hanoi_programmes.ui.templatetags.ui import look_of, number

# Below this share of the bar a segment would not be seen; the exact number stands beside the bar.
LEAST_WIDTH = 0.8
GAP = 0.35
# Beside the colour, so that a grey print differs: upright lines, slanted lines.
PATTERNS = {"soon": "v", "hold": "d", "dlate": "h"}
# Groups that look alike share one segment and one name in the legend.
NAMES = {"in_term": "Trong hạn, thường xuyên"}


# From groups to the address of their rows.
Links = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a stacked bar: state, line pattern, start and width in percent of the bar.

    `title` says its number in words, `url` opens its rows; both are empty on a bar without links.
    """

    kind: str
    pattern: str
    x: str
    width: str
    title: str = ""
    url: str = ""


def segments(tally: Tally, links: Links | None = None) -> list[Segment]:
    """The stacked bar of a tally, late first; groups that look alike and touch are one segment."""
    shown: dict[str, list[tuple[Group, int]]] = {}
    for group, count in tally.groups:
        if count:
            shown.setdefault(look_of(group).kind, []).append((group, count))
    counts = {kind: sum(count for _, count in rows) for kind, rows in shown.items()}
    widths = {kind: max(100 * n / tally.total, LEAST_WIDTH) for kind, n in counts.items()}
    scale, found, x = 100 / (sum(widths.values()) or 1), [], 0.0
    for kind, width in widths.items():
        drawn = max(width * scale - GAP, LEAST_WIDTH / 2)
        place = (kind, PATTERNS.get(kind, ""), f"{x:.2f}", f"{drawn:.2f}")
        groups = [group for group, _ in shown[kind]]
        url = links(*groups) if links else ""
        found.append(Segment(*place, _words(groups[0], counts[kind]) if links else "", url))
        x += width * scale
    return found


def _words(group: Group, count: int) -> str:
    return f"{NAMES.get(group, group.label)}: {number(count)}"


def bar(tally: Tally, links: Links | None = None) -> SafeString:
    """A stacked bar for the page. It has no words: the figures stand beside it.

    `links(*groups)` gives the address of the rows of one or two groups that look alike. The marks
    are then links for the pointer, with their number on hover; they are no stops of the keyboard,
    since some are a pixel wide: the table under the bars holds the same links.
    """
    return _strip(segments(tally, links))


def paper_bar(tally: Tally, name: str) -> SafeString:
    """The same bar for paper, 205 wide: it carries its colours, its numbers in words, and patterns
    under a name of its own, since one document holds many."""
    numbers = (f"{group.label.lower()} {count}" for group, count in tally.groups if count)
    return _strip(segments(tally), name=name, title=", ".join(numbers), width=205)


def key() -> list[tuple[str, SafeString]]:
    """The legend of the bars for paper: each look once, with its name."""
    looks = {look_of(group).kind: group for group in reversed(Group)}
    return [
        (NAMES.get(group, group.label), _swatch(kind)) for kind, group in reversed(looks.items())
    ]


def _swatch(kind: str) -> SafeString:
    whole = [Segment(kind, PATTERNS.get(kind, ""), "0", "100")]
    return _strip(whole, name=f"key-{kind}", title="Mẫu", width=18)


def _strip(parts: list[Segment], *, name: str = "", title: str = "", width: int = 0) -> SafeString:
    context = {"segments": parts, "name": name, "title": title, "width": width}
    return render_to_string("reports/charts/bar.svg", context)
