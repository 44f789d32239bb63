"""Word files walked from the paper's own HTML: the only package that knows python-docx.

The same sentences, tables and drawings as the PDF, in real styles with the sizes of the profile, to
be edited before they are signed. No signature, no seal, no number.
"""

from collections.abc import Iterable

from hanoi_programmes.lib.paper import Paper
from hanoi_programmes.reports.docx.pages import Picture
from hanoi_programmes.reports.docx.walk import Walk
from hanoi_programmes.reports.profiles import Layout, layout_of
from hanoi_programmes.reports.states import Profile

__all__ = ["Picture", "document"]


def document(
    html: str | Iterable[str],
    *,
    profile: Profile | Layout | str,
    picture: Picture | None = None,
) -> bytes:
    """One Word file of all sections, in order; `picture` turns an SVG into a PNG.

    Without it drawings are left out: their numbers stand beside them, and their words below.
    """
    layout = profile if isinstance(profile, Layout) else layout_of(profile)
    walk = Walk(layout, picture)
    # One section at a time: the trees of all of them would be larger than the file.
    for source in [html] if isinstance(html, str) else html:
        walk.section(Paper(source))
    return walk.written()
