"""Reading a made PDF back: letters with font, size and place, and the structure tree."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pdfplumber
import pikepdf

# Stated tolerance of all places: 0.3 mm. Sizes and line spacing are held to 0.05 points.
NEAR_MM, NEAR_PT = 0.3, 0.05
MILLIMETRE = 72 / 25.4
# pdfplumber measures a letter's box down from its size over the foot of the letters.
_DESCENT = 0.216


@dataclass(frozen=True, slots=True)
class Words:
    """A run of letters on a page: millimetres from the left and upper edges of the paper."""

    text: str
    size: float
    font: str
    left: float
    right: float
    base: float
    page: int

    @property
    def is_bold(self) -> bool:
        return "Bold" in self.font

    @property
    def is_italic(self) -> bool:
        return "Italic" in self.font

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


class Measured:
    """A PDF with its letters in lines."""

    def __init__(self, content: bytes) -> None:
        self._pdf = pdfplumber.open(BytesIO(content))
        self.pages = self._pdf.pages
        self.lines = [line for at, page in enumerate(self.pages) for line in _lines(page, at)]

    def find(self, text: str) -> Words:
        """The one run that holds a text."""
        found = [line for line in self.lines if text in line.text]
        assert found, (text, [line.text for line in self.lines][:40])
        return found[0]

    def rules(self, page: int = 0) -> list[tuple[float, float, float]]:
        """Horizontal strokes and lower edges: left, right and height from the top, in mm."""
        drawn = [*self.pages[page].rects, *self.pages[page].lines, *self.pages[page].curves]
        return [
            (one["x0"] / MILLIMETRE, one["x1"] / MILLIMETRE, one["bottom"] / MILLIMETRE)
            for one in drawn
            if one["width"] > 5
        ]


def _lines(page: Any, at: int) -> Iterator[Words]:
    """Letters of one font and size on one line, parted where white stands between columns."""
    run: list[Any] = []
    for letter in sorted(page.chars, key=lambda one: (round(one["bottom"], 0), one["x0"])):
        if run and _parts(run[-1], letter):
            yield _words(run, at)
            run = []
        run.append(letter)
    if run:
        yield _words(run, at)


def _parts(last: Any, letter: Any) -> bool:
    return bool(
        abs(last["bottom"] - letter["bottom"]) > 1
        or letter["x0"] - last["x1"] > 3 * last["size"]
        or last["fontname"] != letter["fontname"]
        or abs(last["size"] - letter["size"]) > NEAR_PT
    )


def _words(run: list[Any], at: int) -> Words:
    seen = [letter for letter in run if letter["text"].strip()] or run
    first = seen[0]
    return Words(
        text="".join(letter["text"] for letter in run).strip(),
        size=round(first["size"], 2),
        font=first["fontname"],
        left=seen[0]["x0"] / MILLIMETRE,
        right=seen[-1]["x1"] / MILLIMETRE,
        base=(first["bottom"] - _DESCENT * first["size"]) / MILLIMETRE,
        page=at,
    )


@dataclass(frozen=True, slots=True)
class Node:
    """One element of a structure tree, with what it holds."""

    kind: str
    element: Any
    parents: tuple[str, ...]


class Structure:
    """A structure tree, walked once; its faults are found on the way."""

    def __init__(self, content: bytes) -> None:
        self.pdf = pikepdf.open(BytesIO(content))
        root = self.pdf.Root.StructTreeRoot
        numbers = list(root.ParentTree.Nums)
        self.owners = dict(zip(map(int, numbers[0::2]), numbers[1::2], strict=True))
        self.nodes: list[Node] = []
        self.held: Counter[tuple[int, int]] = Counter()
        self.faults: list[str] = []
        self._number = {page.obj.objgen: at for at, page in enumerate(self.pdf.pages)}
        assert len(root.K) == 1
        self._walk(root.K[0], root, ())

    def _walk(self, element: Any, parent: Any, parents: tuple[str, ...]) -> None:
        kind = str(element.S)[1:]
        self.nodes.append(Node(kind, element, parents))
        if element.P.objgen != parent.objgen:
            self.faults.append(f"{kind} names another parent")
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                self._claim(int(kid), element)
            elif kid.get("/Type") == "/OBJR":
                self._link(kid, element)
            else:
                self._walk(kid, element, (*parents, kind))

    def _claim(self, number: int, element: Any) -> None:
        page = self._number.get(element.Pg.objgen, -1)
        self.held[page, number] += 1
        key = int(self.pdf.pages[page].obj.StructParents)
        if self.owners[key][number].objgen != element.objgen:
            self.faults.append(f"the parent tree gives {page}:{number} to another")

    def _link(self, kid: Any, element: Any) -> None:
        if self.owners[int(kid.Obj.StructParent)].objgen != element.objgen:
            self.faults.append("the parent tree gives a link to another")

    def marked(self) -> set[tuple[int, int]]:
        """The numbers of marked content on the pages themselves."""
        found: set[tuple[int, int]] = set()
        for at, page in enumerate(self.pdf.pages):
            for operands, operator in _instructions(page):
                if str(operator) == "BDC" and "/MCID" in operands[1]:
                    found.add((at, int(operands[1]["/MCID"])))
        return found

    def kinds(self) -> list[str]:
        """The kinds of all elements, in reading order."""
        return [node.kind for node in self.nodes]


def _instructions(page: Any) -> Iterator[tuple[Any, Any]]:
    """Operands and operator of each step of a page's drawing."""
    for step in pikepdf.parse_content_stream(page):
        yield step.operands, step.operator


def unmarked_texts(content: bytes) -> list[bytes]:
    """Text that is drawn outside of all marked content: neither read aloud nor an artifact."""
    found = []
    for page in pikepdf.open(BytesIO(content)).pages:
        depth = 0
        for operands, operator in _instructions(page):
            name = str(operator)
            depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(name, 0)
            if name in {"Tj", "TJ", "S", "f", "B"} and depth == 0:
                found.append(f"{name} {operands}".encode())
    return found
