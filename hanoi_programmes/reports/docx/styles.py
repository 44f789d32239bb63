"""Word's styles for a profile: what the style sheet is for the PDF, under names a person reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import quoteattr

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from hanoi_programmes.reports.profiles import Heads, Layout, Letters

FONT = "Times New Roman"
LANGUAGE = "vi-VN"
# Word counts lines in twentieths of a point, letters in halves.
_TWIPS, _HALVES = 20, 2
MM = 1440 / 25.4


@dataclass(frozen=True, slots=True)
class Style:
    """A style of Word: its key, its name, the part of the profile that letters it, its paragraph.

    `before`, `after` count the profile's space between paragraphs; `inset` is millimetres at either
    side; `outline` is the level of a heading; `grows` lets a line be as high as what stands in it;
    `looks` is "bold", "italic", or the kind of head under whose profiles it is underlined.
    """

    key: str
    name: str
    part: str
    align: str = "left"
    before: float = 0
    after: float = 0
    first_line: bool = False
    inset: float = 0
    hanging: float = 0
    keep_next: bool = False
    outline: int | None = None
    grows: bool = False
    boxed: bool = False
    ruled: bool = False
    looks: str = ""


# The names in English are Word's own: it shows them in the reader's language.
STYLES = (
    Style("Title", "Title", "type", "center", before=3, keep_next=True),
    Style("Subtitle", "Subtitle", "subject", "center", inset=8, keep_next=True),
    Style("BodyText", "Body Text", "body", "both", after=1, first_line=True),
    Style("Heading1", "heading 1", "heading", before=2, after=1, first_line=True, keep_next=True,
          outline=0),
    Style("Heading2", "heading 2", "subheading", before=1, after=1, first_line=True,
          keep_next=True, outline=1),
    Style("Heading3", "heading 3", "subheading", before=1, after=1, first_line=True,
          keep_next=True, outline=2, looks="italic"),
    Style("ListBullet", "List Bullet", "body", "both", after=1, hanging=5),
    Style("Caption", "caption", "caption", "center", after=1),
    Style("Header", "header", "page_number", "center"),
    Style("Footer", "footer", "code", "center"),
    Style("Party", "Tiêu đề, quốc hiệu", "party", "center", looks=Heads.PARTY),
    Style("Motto", "Tiêu ngữ", "motto", "center", looks=Heads.STATE),
    Style("Rule", "Vạch ngắn", "code", "center", before=0.7, ruled=True),
    Style("Superior", "Cơ quan cấp trên", "superior", "center"),
    Style("Issuer", "Cơ quan ban hành", "issuer", "center"),
    Style("Number", "Số và ký hiệu", "number", "center"),
    Style("Place", "Địa danh, ngày tháng", "place", "center"),
    Style("Draft", "Dự thảo", "draft", "center"),
    Style("About", "Trích yếu công văn", "about", "center", inset=4),
    Style("ToWhom", "Kính gửi", "body", "center", before=3, after=2),
    Style("Dashes", "Vạch dưới trích yếu", "body", "center", after=2),
    Style("Centred", "Dòng giữa", "body", "center", after=1),
    Style("MadeUp", "Số liệu minh họa", "table", "center", after=1, inset=45, boxed=True,
          looks="bold"),
    Style("Authority", "Quyền hạn ký", "authority", "center", keep_next=True),
    Style("Post", "Chức vụ người ký", "post", "center", keep_next=True),
    Style("Signer", "Chỗ ký, họ tên", "name", "center"),
    Style("RecipientsHead", "Nơi nhận", "recipients_head"),
    Style("Recipients", "Danh sách nơi nhận", "recipients"),
    Style("AppendixHead", "Phụ lục", "appendix_head", "center", keep_next=True, outline=0),
    Style("AppendixOf", "Kèm theo", "appendix_of", "center", after=1, keep_next=True),
    Style("TableText", "Chữ trong bảng", "table"),
    Style("TableHead", "Đầu bảng", "table", "center", keep_next=True, looks="bold"),
    Style("SmallText", "Chữ nhỏ trong bảng", "small"),
    Style("SmallHead", "Đầu bảng chữ nhỏ", "small", "center", keep_next=True, looks="bold"),
    Style("Figure", "Hình", "body", "center", before=1, keep_next=True, grows=True),
    Style("Key", "Chú giải", "key", "center", after=1, grows=True),
    Style("Gap", "Khoảng cách", "code"),
)  # fmt: skip
_KEPT = {"Normal", "DefaultParagraphFont", "TableNormal", "NoList", "TableGrid"}


def written_in_capitals(layout: Layout) -> frozenset[str]:
    """The keys of styles whose words stand in capitals, so that they are found as printed."""
    return frozenset(s.key for s in STYLES if _letters(layout, s.part).capitals)


def set_styles(document: Any, layout: Layout) -> None:
    """Give a new document the profile's styles, and none besides that a person would wonder at."""
    sheet = document.styles.element
    for old in sheet.findall(qn("w:style")):
        if old.get(qn("w:styleId")) not in _KEPT:
            sheet.remove(old)
    _set_defaults(sheet, layout)
    for style in STYLES:
        sheet.append(parse_xml(_xml(style, layout)))
    _set_hyphens(document)


def _letters(layout: Layout, part: str) -> Letters:
    """The letters of a part; what a profile does not know is lettered as its body."""
    return layout.parts.get(part) or layout.parts["body"]


def _set_defaults(sheet: Any, layout: Layout) -> None:
    """The font, the language and no room between paragraphs, for whatever says nothing itself."""
    size = round(layout.parts["body"].size * _HALVES)
    defaults = sheet.find(qn("w:docDefaults"))
    fonts = " ".join(f'w:{script}="{FONT}"' for script in ("ascii", "hAnsi", "eastAsia", "cs"))
    sheet.replace(
        defaults,
        parse_xml(
            f"<w:docDefaults {nsdecls('w')}><w:rPrDefault><w:rPr><w:rFonts {fonts}/>"
            f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/><w:lang w:val="{LANGUAGE}"'
            f' w:eastAsia="{LANGUAGE}" w:bidi="{LANGUAGE}"/></w:rPr></w:rPrDefault><w:pPrDefault>'
            '<w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
            "</w:docDefaults>"
        ),
    )
    normal = next(s for s in sheet.iter(qn("w:style")) if s.get(qn("w:styleId")) == "Normal")
    looks = f'<w:rFonts {fonts}/><w:sz w:val="{size}"/><w:lang w:val="{LANGUAGE}"/>'
    normal.append(parse_xml(f"<w:rPr {nsdecls('w')}>{looks}</w:rPr>"))


def _xml(style: Style, layout: Layout) -> str:
    letters = _letters(layout, style.part)
    custom = "" if style.name.isascii() else ' w:customStyle="1"'
    after = "BodyText" if style.outline is not None else style.key
    return (
        f'<w:style {nsdecls("w")} w:type="paragraph"{custom} w:styleId="{style.key}">'
        f'<w:name w:val={quoteattr(style.name)}/><w:basedOn w:val="Normal"/>'
        f'<w:next w:val="{after}"/><w:qFormat/>'
        f"<w:pPr>{''.join(_paragraph(style, letters, layout))}</w:pPr>"
        f"<w:rPr>{''.join(_letter(style, letters, layout))}</w:rPr></w:style>"
    )


def _paragraph(style: Style, letters: Letters, layout: Layout) -> Iterator[str]:
    """In the order in which Word wants them."""
    if style.keep_next:
        yield "<w:keepNext/>"
    if style.hanging:
        yield '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    if style.boxed:
        sides = ("top", "left", "bottom", "right")
        edges = (f'<w:{side} w:val="single" w:sz="6" w:space="2"/>' for side in sides)
        yield f"<w:pBdr>{''.join(edges)}</w:pBdr>"
    if style.ruled:
        yield '<w:pBdr><w:top w:val="single" w:sz="6" w:space="1"/></w:pBdr>'
    gap = layout.between * _TWIPS
    height, rule = (240, "auto") if style.grows else (round(letters.line * _TWIPS), "exact")
    yield (
        f'<w:spacing w:before="{round(style.before * gap)}" w:after="{round(style.after * gap)}"'
        f' w:line="{height}" w:lineRule="{rule}"/>'
    )
    first = round(layout.first_line * MM) if style.first_line else 0
    inset = round(style.inset * MM)
    if style.hanging:
        hanging = round(style.hanging * MM)
        yield f'<w:ind w:left="{round(layout.first_line * MM) + hanging}" w:hanging="{hanging}"/>'
    elif first or inset:
        yield f'<w:ind w:left="{inset}" w:right="{inset}" w:firstLine="{first}"/>'
    yield f'<w:jc w:val="{style.align}"/>'
    if style.outline is not None:
        yield f'<w:outlineLvl w:val="{style.outline}"/>'


def _letter(style: Style, letters: Letters, layout: Layout) -> Iterator[str]:
    if letters.bold or style.looks == "bold":
        yield "<w:b/><w:bCs/>"
    if letters.italic or style.looks == "italic":
        yield "<w:i/><w:iCs/>"
    size = round(letters.size * _HALVES)
    yield f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
    # The Party's line is ruled off, or the State's second one: as long as the words.
    if letters.underlined or style.looks == layout.heads:
        yield '<w:u w:val="single"/>'


def _set_hyphens(document: Any) -> None:
    """Lists are set with hyphens, as such papers set them."""
    numbering = document.part.numbering_part.element
    for old in list(numbering):
        numbering.remove(old)
    numbering.append(
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="0"><w:multiLevelType'
            ' w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt'
            ' w:val="bullet"/><w:pStyle w:val="ListBullet"/><w:lvlText w:val="-"/><w:lvlJc'
            ' w:val="left"/></w:lvl></w:abstractNum>'
        )
    )
    numbering.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="1"><w:abstractNumId w:val="0"/></w:num>')
    )
