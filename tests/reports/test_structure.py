"""The paper of every kind, as a screen reader and an archive meet it."""

from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from django.utils.timezone import localdate

from hanoi_programmes.reports import services
from hanoi_programmes.reports.states import Kind, State
from tests.reports.conftest import MakeCity
from tests.reports.measuring import Structure, unmarked_texts
from tests.reports.test_same_figures import SEED, asked

pytestmark = pytest.mark.usefixtures("media")


@pytest.mark.parametrize("kind", Kind)
def test_the_paper_of_every_kind_is_sound(kind: Kind, make_city: MakeCity) -> None:
    city = make_city(SEED, localdate())
    report = asked(kind, city)
    services.make(report.pk, today=localdate())
    report.refresh_from_db()
    assert report.state == State.DONE, report.error
    content = Path(report.file.path).read_bytes()
    tree = Structure(content)
    assert tree.faults == []
    assert set(tree.held.values()) == {1}
    assert set(tree.held) == tree.marked()
    assert unmarked_texts(content) == []
    assert misplaced(tree) == []
    levels = [int(one[1]) for one in tree.kinds() if one in {"H1", "H2", "H3", "H4"}]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert not_embedded(content) == []


def misplaced(tree: Structure) -> list[str]:
    """Elements that lack what they must say, or stand where they may not."""
    wrong = []
    for node in tree.nodes:
        if node.kind == "Figure" and not str(node.element.get("/Alt", "")).strip():
            wrong.append("a figure without words")
        if node.kind == "TH" and "/Scope" not in node.element.get("/A", {}):
            wrong.append("a head of nothing")
        if node.kind in {"TR", "TD", "TH"} and "Table" not in node.parents:
            wrong.append(f"{node.kind} outside of a table")
        if node.kind in {"NonStruct", "Span", "Div"}:
            wrong.append(node.kind)
    return wrong


def not_embedded(content: bytes) -> list[str]:
    """Fonts whose program is not in the file, or that cannot be read back."""
    wrong = []
    with pikepdf.open(BytesIO(content)) as opened:
        for page in opened.pages:
            for font in page.obj.Resources.Font.values():
                described = font.DescendantFonts[0].FontDescriptor
                if "/FontFile2" not in described or "/ToUnicode" not in font:
                    wrong.append(str(font.BaseFont))
    return wrong
