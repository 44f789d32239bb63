"""The style sheet of a layout: one template of rules, filled with the layout's values."""

import re
from functools import lru_cache

from django.template.loader import render_to_string

from hanoi_programmes.reports.pdf.fonts import FAMILY
from hanoi_programmes.reports.profiles import Layout, Letters, Margins

_RULES = ("reports/pdf/elements.css", "reports/pdf/paper.css")
# WeasyPrint looks a variable up at each element and knows none in @page: ours are put in once.
_VARIABLE = re.compile(r"var\(--([a-z0-9-]+)\)")


@lru_cache(maxsize=16)
def sheet(layout: Layout) -> str:
    """CSS for papers of this layout, from what the elements are on: no other rules are needed."""
    rules = "\n".join(map(render_to_string, _RULES))
    known = values(layout)
    return _VARIABLE.sub(lambda found: known[found[1]], rules)


def values(layout: Layout) -> dict[str, str]:
    """The custom properties by name: letters of each part, margins, distances."""
    found = {
        "margins": _margins(layout.page),
        "appendix-margins": _margins(layout.appendix),
        "first-line": f"{layout.first_line:g}mm",
        "between": f"{layout.between:g}pt",
        "between-twice": f"{2 * layout.between:g}pt",
        "left-column": f"{layout.left_column:g}%",
        "right-column": f"{layout.right_column:g}%",
        "room": f"{layout.signature_lines * layout.parts['body'].line:g}pt",
        # The Party's five hyphens stand close under the subject.
        "after-subject": "0" if layout.words.under_subject else "12pt",
        # The State rules off the issuer and the subject; the Party writes marks there.
        "short-rule": "block" if layout.heads.value == "state" else "none",
        "motto-rule": ".7pt solid #000" if layout.heads.value == "state" else "0",
        "line-rule": ".7pt solid #000" if layout.heads.value == "party" else "0",
    }
    for name, letters in layout.parts.items():
        found |= _of(name.replace("_", "-"), letters)
    return found


def _of(name: str, letters: Letters) -> dict[str, str]:
    style = "italic" if letters.italic else "normal"
    weight = 700 if letters.bold else 400
    return {
        name: f'{style} {weight} {letters.size:g}pt/{letters.line:g}pt "{FAMILY}"',
        f"{name}-case": "uppercase" if letters.capitals else "none",
        f"{name}-line": "underline" if letters.underlined else "none",
    }


def _margins(margins: Margins) -> str:
    sides = (margins.top, margins.right, margins.bottom, margins.left)
    return " ".join(f"{side:g}mm" for side in sides)
