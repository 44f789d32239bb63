"""Word files from frozen content: the only module that knows python-docx.

The same sentences and rows as the PDF, in the sizes of the profile "party-05HD", to be edited
before they are signed. No signature, no seal, no number. python-docx hands out objects without
types of their own: here they are `Any`.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from hanoi_programmes.reports.figures import UrgingLetter
from hanoi_programmes.reports.figures.letter import HEADS
from hanoi_programmes.reports.models import Report
from hanoi_programmes.reports.rules import Letterhead
from hanoi_programmes.ui.templatetags.ui import vn_date, vn_paper_date

FONT = "Times New Roman"
# The sizes of `templates/reports/pdf/party_05hd.css`, in points.
BODY, PARTY, SMALL, TABLE = 14, 15, 12, 12
LINE, FIRST_LINE, BETWEEN = Pt(18), Mm(10), Pt(6)
_CENTRE, _LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT
_WIDTHS = (Mm(10), Mm(74), Mm(44), Mm(20), Mm(17))
MADE_UP = "Số liệu minh họa"
DRAFT = "Dự thảo"


def letter_document(report: Report, head: Letterhead, content: UrgingLetter) -> bytes:
    """The letter as a Word file."""
    document = Document()
    _prepare(document, report, head)
    _blocks(document, report, head, content)
    _line(document, f"Kính gửi: {content.unit}", before=18, after=12)
    if content.illustrative:
        _line(document, MADE_UP, bold=True, after=8)
    for text in content.opening:
        _body(document, text)
    _table(document, content)
    for text in content.request:
        # The signature does not stand alone on a page.
        _body(document, text).paragraph_format.keep_with_next = text == content.request[-1]
    _end(document, head)
    _foot(document, f"Mã số liệu {report.code} · số liệu đến {vn_date(content.on)}")
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _prepare(document: Any, report: Report, head: Letterhead) -> None:
    """Paper, margins, letters, language; page numbers on top from the second page on."""
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(BODY)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:cs", "w:hAnsi"):
        fonts.set(qn(script), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    style.element.get_or_add_rPr().append(language)
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = _CENTRE
    _field(number, "PAGE")
    facts = document.core_properties
    facts.title, facts.author, facts.language = report.subject, head.name, "vi-VN"
    facts.comments = f"Mã số liệu {report.code}"


def _field(paragraph: Any, code: str) -> None:
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        run = paragraph.add_run()
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


def _blocks(document: Any, report: Report, head: Letterhead, content: UrgingLetter) -> None:
    """Issuer on the left, the Party's line on the right."""
    left, right = _pair(document, Mm(70), Mm(95))
    if head.superior:
        _say(left, head.superior.upper(), align=_CENTRE)
    _say(left, head.name.upper(), align=_CENTRE, bold=True)
    _say(left, "*", align=_CENTRE)
    _say(left, f"Số          {head.number}", align=_CENTRE)
    _say(left, f"V/v {content.subject}", align=_CENTRE, size=SMALL, italic=True)
    _say(left, DRAFT, align=_CENTRE, italic=True)
    title = _say(right, "ĐẢNG CỘNG SẢN VIỆT NAM", align=_CENTRE, size=PARTY, bold=True)
    title.runs[0].underline = True
    day = f"{head.place}, {vn_paper_date(report.requested_on)}"
    _say(right, day, align=_CENTRE, italic=True)


def _table(document: Any, content: UrgingLetter) -> None:
    """The late tasks; the head is repeated on each page and no row is broken."""
    table = document.add_table(rows=1, cols=len(HEADS))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    _mark_row(table.rows[0], "w:tblHeader")
    _fill(table.rows[0].cells, HEADS, bold=True, align=_CENTRE)
    for number, row in enumerate(content.rows, start=1):
        cells = table.add_row()
        _mark_row(cells, "w:cantSplit")
        source = f" ({row.source})" if row.source else ""
        texts = (str(number), f"{row.code}. {row.text}{source}", row.product, vn_date(row.due))
        _fill(cells.cells, (*texts, str(row.late)))
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _mark_row(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _fill(
    cells: Sequence[Any], texts: Sequence[str], *, bold: bool = False, align: Any = None
) -> None:
    for place, (cell, text, width) in enumerate(zip(cells, texts, _WIDTHS, strict=True)):
        cell.width = width
        paragraph = cell.paragraphs[0]
        centred = _CENTRE if place in {0, 3, 4} else _LEFT
        _write(paragraph, text, size=TABLE, bold=bold, align=align or centred)
        paragraph.paragraph_format.line_spacing = Pt(15)


def _end(document: Any, head: Letterhead) -> None:
    """Recipients on the left, room for a signature on the right."""
    left, right = _pair(document, Mm(80), Mm(85))
    _say(left, "Nơi nhận:", align=_LEFT).runs[0].underline = True
    for number, one in enumerate(head.recipients, start=1):
        mark = "." if number == len(head.recipients) else ";"
        _say(left, f"- {one}{mark}", align=_LEFT, size=SMALL)
    if head.authority:
        _say(right, head.authority.upper(), align=_CENTRE, bold=True)
    if head.post:
        _say(right, head.post.upper(), align=_CENTRE)
    for _ in range(4):
        _say(right, "", align=_CENTRE)


def _foot(document: Any, text: str) -> None:
    section = document.sections[0]
    for footer in (section.footer, section.first_page_footer):
        _write(footer.paragraphs[0], text, size=8, align=_CENTRE)


def _pair(document: Any, left: Mm, right: Mm) -> tuple[Any, Any]:
    """Two places side by side, without lines."""
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    for cell, width in zip(table.rows[0].cells, (left, right), strict=True):
        cell.width = width
    first, second = table.rows[0].cells
    return first, second


def _say(cell: Any, text: str, **looks: Any) -> Any:
    """A further line of a place; the first one takes the empty paragraph that is there."""
    first = cell.paragraphs[0]
    fresh = len(cell.paragraphs) == 1 and not first.runs
    return _write(first if fresh else cell.add_paragraph(), text, **looks)


def _line(document: Any, text: str, *, before: int = 0, after: int = 0, bold: bool = False) -> None:
    """A centred line by itself; the room around it in points."""
    paragraph = _write(document.add_paragraph(), text, align=_CENTRE, bold=bold)
    paragraph.paragraph_format.space_before = Pt(before)
    paragraph.paragraph_format.space_after = Pt(after)


def _body(document: Any, text: str) -> Any:
    paragraph = _write(document.add_paragraph(), text, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
    paragraph.paragraph_format.first_line_indent = FIRST_LINE
    paragraph.paragraph_format.space_after = BETWEEN
    return paragraph


def _write(
    paragraph: Any,
    text: str,
    *,
    align: Any,
    size: int = BODY,
    bold: bool = False,
    italic: bool = False,
) -> Any:
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    layout = paragraph.paragraph_format
    paragraph.alignment = align
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    return paragraph
