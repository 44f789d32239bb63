"""Pages of contents, drawn in the layout of the papers they list."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string

from hanoi_programmes.reports.pdf.setting import set_pages
from hanoi_programmes.reports.profiles import Layout


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: a title and the page of the file on which it begins."""

    title: str
    page: int


def draw_contents(
    lines: Sequence[Line], layout: Layout, names: tuple[str, str], *, foot: str, of_file: bool
) -> tuple[bytes, int]:
    """The PDF and its number of pages; its links are marks that the joining turns into targets."""
    title, author = names
    page = render_to_string(
        "reports/pdf/contents.html",
        {"title": title, "author": author, "lines": lines, "foot": foot, "of_file": of_file},
    )
    sheets = set_pages(page, profile=layout, is_contents=True)
    return sheets.write(), sheets.pages
