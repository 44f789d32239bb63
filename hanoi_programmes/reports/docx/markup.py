"""Paragraphs and tables of Word as text: a table of 20,000 rows is parsed once, not built node by
node. Whatever a person typed goes through `escape`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from hanoi_programmes.lib.paper import Cell, Drawing, Paper, Row, Run, classes_of
from hanoi_programmes.reports.docx.styles import MM

# A drawing, and the millimetres that it may be wide: the XML of its place in a line.
Placed = Callable[[Drawing, float], str]
_ALIGNS = {"r": "right", "c": "center"}
# White within a cell, in twentieths of a point, and its two sides in millimetres.
_EDGES = {"top": 50, "left": 60, "bottom": 50, "right": 60}
_SIDES = 120 / MM
# A cell of so many letters may be higher than a page: its row must be allowed to break.
_LONG = 1_500
# A short rule leaves so much of the line free at either side.
_RULE_INSET = 0.3


@dataclass(frozen=True, slots=True)
class Look:
    """What a paragraph is besides its style."""

    style: str
    align: str = ""
    capitals: bool = False
    bold: bool = False
    keep_next: bool = False
    page_before: bool = False


def paragraph(runs: Sequence[Run], look: Look, placed: Placed, room: float) -> str:
    """`<w:p>`; drawings in it are at most `room` millimetres wide."""
    inside = "".join(_run(run, look, placed, room) for run in runs)
    return f"<w:p><w:pPr>{''.join(_properties(look))}</w:pPr>{inside}</w:p>"


def _properties(look: Look) -> Iterator[str]:
    yield f'<w:pStyle w:val="{look.style}"/>'
    if look.keep_next:
        yield "<w:keepNext/>"
    if look.page_before:
        yield "<w:pageBreakBefore/>"
    if look.align:
        yield f'<w:jc w:val="{look.align}"/>'


def _run(run: Run, look: Look, placed: Placed, room: float) -> str:
    if run.drawing:
        return placed(run.drawing, room)
    looks = "<w:b/>" if run.bold or look.bold else ""
    looks += "<w:i/>" if run.italic else ""
    looks += '<w:u w:val="single"/>' if run.underlined else ""
    looks = f"<w:rPr>{looks}</w:rPr>" if looks else ""
    text = escape(run.text.upper() if look.capitals else run.text)
    text = text.replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
    return f'<w:r>{looks}<w:t xml:space="preserve">{text}</w:t></w:r>'


def empty(style: str) -> str:
    """A line without words."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr></w:p>'


def short_rule(width: float) -> str:
    """A rule under two fifths of a line of this width, in its middle."""
    side = _twips(width * _RULE_INSET)
    return (
        '<w:p><w:pPr><w:pStyle w:val="Rule"/>'
        f'<w:ind w:left="{side}" w:right="{side}"/></w:pPr></w:p>'
    )


def side_by_side(places: Sequence[tuple[float, str]]) -> str:
    """Blocks of paragraphs beside one another, each with its width; a table without lines."""
    columns = "".join(f'<w:gridCol w:w="{_twips(width)}"/>' for width, _ in places)
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{_twips(width)}" w:type="dxa"/></w:tcPr>{inside}</w:tc>'
        for width, inside in places
    )
    whole = _twips(sum(width for width, _ in places))
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="TableNormal"/><w:tblW w:w="{whole}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/>'
        f'<w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>{columns}</w:tblGrid>'
        f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr></w:tbl>"
    )


@dataclass(slots=True)
class Table:
    """A table to be written: its paper, its columns in millimetres, its name and looks.

    `_covered` holds, by column, how many columns wide a cell above is and how many rows it still
    reaches down.
    """

    paper: Paper
    widths: Sequence[float]
    placed: Placed
    name: str = ""
    small: bool = False
    bare: bool = False
    _covered: dict[int, tuple[int, int]] = field(default_factory=dict)

    def xml(self, rows: Sequence[Row]) -> str:
        """`<w:tbl>`; its head is repeated on each page, and its last row never stands alone."""
        columns = "".join(f'<w:gridCol w:w="{_twips(width)}"/>' for width in self.widths)
        before_last = len(rows) - 2
        lines = "".join(self._row(row, holds=n == before_last) for n, row in enumerate(rows))
        return f"<w:tbl>{self._properties()}<w:tblGrid>{columns}</w:tblGrid>{lines}</w:tbl>"

    def _properties(self) -> str:
        """In the order in which Word wants them."""
        name = f"<w:tblCaption w:val={quoteattr(self.name)}/>" if self.name else ""
        style = "TableNormal" if self.bare else "TableGrid"
        edges = "".join(f'<w:{side} w:w="{w}" w:type="dxa"/>' for side, w in _EDGES.items())
        return (
            f'<w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{_twips(sum(self.widths))}"'
            ' w:type="dxa"/><w:jc w:val="center"/><w:tblLayout w:type="fixed"/>'
            f"<w:tblCellMar>{edges}</w:tblCellMar>"
            '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0"'
            f' w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>{name}</w:tblPr>'
        )

    def _row(self, row: Row, *, holds: bool) -> str:
        cells: list[str] = []
        longest = column = 0
        for cell in row.cells:
            column = self._pass_over(column, cells)
            runs = self.paper.runs(cell.element)
            longest = max(longest, sum(len(run.text) for run in runs))
            cells.append(self._cell(cell, column, runs, self._look(cell, row, holds=holds)))
            column += cell.across
        self._pass_over(column, cells)
        whole = "" if longest > _LONG else "<w:cantSplit/>"
        head = "<w:tblHeader/>" if row.is_head else ""
        return f"<w:tr><w:trPr>{whole}{head}</w:trPr>{''.join(cells)}</w:tr>"

    def _pass_over(self, column: int, cells: list[str]) -> int:
        """Go on to the next column that no cell from above reaches into."""
        while column in self._covered:
            across, left = self._covered.pop(column)
            cells.append(self._place(column, across, "<w:vMerge/>") + "<w:p/></w:tc>")
            if left > 1:
                # Found again in the next row: this one has gone past it.
                self._covered[column] = (across, left - 1)
            column += across
        return column

    def _cell(self, cell: Cell, column: int, runs: Sequence[Run], look: Look) -> str:
        merge = ""
        if cell.down > 1:
            merge = '<w:vMerge w:val="restart"/>'
            self._covered[column] = (cell.across, cell.down - 1)
        room = sum(self.widths[column : column + cell.across]) - _SIDES
        if self.bare or look.style.endswith("Head"):
            merge += '<w:vAlign w:val="center"/>'
        text = paragraph(runs, look, self.placed, room)
        return f"{self._place(column, cell.across, merge)}{text}</w:tc>"

    def _place(self, column: int, across: int, merge: str) -> str:
        width = _twips(sum(self.widths[column : column + across]))
        span = f'<w:gridSpan w:val="{across}"/>' if across > 1 else ""
        return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}</w:tcPr>'

    def _look(self, cell: Cell, row: Row, *, holds: bool) -> Look:
        size = "Small" if self.small else "Table"
        if row.is_head:
            return Look(f"{size}Head")
        align = next((_ALIGNS[n] for n in classes_of(cell.element) if n in _ALIGNS), "")
        return Look(f"{size}Text", align=align, bold=row.is_sum, keep_next=holds)


def _twips(millimetres: float) -> int:
    return max(round(millimetres * MM), 1)
