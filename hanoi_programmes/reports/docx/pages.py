"""The file itself: paper, margins, page numbers, foot, facts, and pictures in their place.

python-docx keeps all but the text, which waits as the strings that it is made of: as nodes, a table
of 20,000 rows would take 350 MB and twice the time.
"""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from docx import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm
from lxml import etree

from hanoi_programmes.lib.paper import Drawing
from hanoi_programmes.reports.docx.styles import LANGUAGE, set_styles
from hanoi_programmes.reports.profiles import Layout, Margins

# An SVG as a PNG.
Picture = Callable[[str], bytes]
A4 = (210.0, 297.0)
# Widths and heights of a drawing are in pixels of CSS.
_PIXEL_MM = 25.4 / 96
_WIDTH = re.compile(r'\bwidth="([\d.]+)"')
_VIEW = re.compile(r'\bviewBox="[\d.-]+ [\d.-]+ ([\d.]+) [\d.]+"')
_NAMES = nsdecls("w")
_TEXT = "word/document.xml"
# Room between two tables, which would grow together without it.
GAP = '<w:p><w:pPr><w:pStyle w:val="Gap"/></w:pPr></w:p>'


class Pages:
    """A Word file that grows at its end, section by section of its own."""

    def __init__(self, layout: Layout, picture: Picture | None) -> None:
        self.layout = layout
        self.is_landscape = False
        self._picture = picture
        self._file: Any = Document()
        self._section: Any = self._file.element.body.sectPr
        self._text: list[str] = []
        self._pictures: dict[tuple[str, float], Any] = {}
        self._drawn = 0
        set_styles(self._file, layout)
        self._set_language()
        self._set_page(layout.page)
        self._number()

    @property
    def room(self) -> float:
        """The width between the margins, in millimetres."""
        margins = self.layout.appendix if self.is_landscape else self.layout.page
        return A4[self.is_landscape] - margins.left - margins.right

    def put(self, xml: str) -> None:
        """One paragraph or table at the end."""
        self._text.append(xml)

    def name(self, *, title: str, author: str, about: str) -> None:
        """Say what the file is."""
        facts = self._file.core_properties
        facts.title, facts.subject, facts.author = title[:255], title[:255], author[:255]
        facts.last_modified_by, facts.comments, facts.language = author[:255], about[:255], LANGUAGE
        facts.keywords, facts.revision = "", 1

    def turn(self, *, landscape: bool, restarts: bool = False) -> None:
        """Begin a section on a new page; `restarts`: its pages are counted from 1 again."""
        if self._text:
            self._end_section()
        self.is_landscape = landscape
        self._set_page(self.layout.appendix if landscape else self.layout.page)
        section = self._file.sections[-1]
        section.different_first_page_header_footer = restarts
        if restarts:
            start = parse_xml(f'<w:pgNumType {_NAMES} w:start="1"/>')
            self._section.find(qn("w:pgMar")).addnext(start)

    def _end_section(self) -> None:
        """A section's end belongs to its last paragraph: one more might need a page of its own."""
        if not self._text[-1].startswith("<w:p>"):
            self.put(GAP)
        ended = etree.tostring(self._section, encoding="unicode") + "</w:pPr>"
        self._text[-1] = self._text[-1].replace("</w:pPr>", ended, 1)
        # The next one inherits heads and feet until it says something else.
        for own in ("w:headerReference", "w:footerReference", "w:pgNumType", "w:type"):
            for part in self._section.findall(qn(own)):
                self._section.remove(part)

    def _set_page(self, margins: Margins) -> None:
        section = self._file.sections[-1]
        width, height = A4[::-1] if self.is_landscape else A4
        section.orientation = int(self.is_landscape)
        section.page_width, section.page_height = Mm(width), Mm(height)
        section.top_margin, section.bottom_margin = Mm(margins.top), Mm(margins.bottom)
        section.left_margin, section.right_margin = Mm(margins.left), Mm(margins.right)
        section.header_distance, section.footer_distance = Mm(self.layout.number_from_top), Mm(8)

    def _set_language(self) -> None:
        settings = self._file.settings.element
        settings.find(qn("w:themeFontLang")).set(qn("w:val"), LANGUAGE)
        for one in settings.iter(qn("w:compatSetting")):
            if one.get(qn("w:name")) == "compatibilityMode":
                one.set(qn("w:val"), "15")

    def _number(self) -> None:
        """Page numbers on top, not on page 1."""
        section = self._file.sections[0]
        section.different_first_page_header_footer = True
        number = section.header.paragraphs[0]
        _field(number, "PAGE")
        if self.layout.has_total:
            number.add_run("/")
            _field(number, "NUMPAGES")
        # Made by being asked for: else the first page would show the header of the others.
        _ = section.first_page_header.paragraphs

    def foot(self, text: str) -> None:
        """What stands at the foot of each page from here on."""
        section = self._file.sections[-1]
        feet = [section.footer]
        if section.different_first_page_header_footer:
            feet.append(section.first_page_footer)
        for foot in feet:
            foot.is_linked_to_previous = False
            foot.paragraphs[0].add_run(text)

    def placed(self, drawing: Drawing, room: float) -> str:
        """A drawing as a picture in a line, as wide as it is or as the room allows."""
        if self._picture is None:
            return ""
        found = _WIDTH.search(drawing.svg.partition(">")[0]) or _VIEW.search(drawing.svg)
        width = min(float(found[1]) * _PIXEL_MM, room) if found else room
        key = (drawing.svg, round(width, 1))
        if key not in self._pictures:
            png = BytesIO(self._picture(drawing.svg))
            self._pictures[key] = self._file.part.new_pic_inline(png, Mm(width), None)
            self._pictures[key].docPr.set("descr", drawing.words)
        self._drawn += 1
        self._pictures[key].docPr.set("id", str(self._drawn))
        self._pictures[key].docPr.set("name", f"Hình {self._drawn}")
        inline = etree.tostring(self._pictures[key], encoding="unicode")
        return f"<w:r><w:drawing>{inline}</w:drawing></w:r>"

    def written(self) -> bytes:
        """The file."""
        without, out = BytesIO(), BytesIO()
        self._file.save(without)
        with ZipFile(without) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
            for name in source.namelist():
                with target.open(name, "w") as part:
                    content = source.read(name)
                    if name == _TEXT:
                        before, begin, content = content.partition(b"<w:body>")
                        part.write(before + begin)
                        for block in self._text:
                            part.write(block.encode())
                    part.write(content)
        return out.getvalue()


def _field(paragraph: Any, code: str) -> None:
    """A number that Word counts itself; "1" stands there until it does."""
    for kind in ("begin", "instr", "separate", "text", "end"):
        run = paragraph.add_run("1" if kind == "text" else "")
        if kind == "text":
            continue
        part = OxmlElement("w:instrText" if kind == "instr" else "w:fldChar")
        if kind == "instr":
            part.text = code
        else:
            part.set(qn("w:fldCharType"), kind)
        run._r.append(part)
