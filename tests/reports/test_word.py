"""Word files read back: styles, sizes, tables, sections, pictures, and texts that mean harm."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from lxml import etree

from hanoi_programmes.reports import docx, pdf
from hanoi_programmes.reports.docx.styles import STYLES
from hanoi_programmes.reports.profiles import layout_of
from hanoi_programmes.reports.states import Profile

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 660 225" width="660" height="225">'
    '<title>Đúng hạn 3 &amp; 4</title><rect width="330" height="225" fill="#b4231a"/></svg>'
)
HEAD = (
    '<header class="blocks"><div class="issuer"><p class="superior">Thành ủy Hà Nội</p>'
    '<p class="name">Văn phòng</p><p class="mark">*</p><p class="number">Số<span></span>-BC/VPTU'
    '</p></div><div class="party"><p class="title-line"><span>Đảng Cộng sản Việt Nam</span></p>'
    '<p class="place">Hà Nội, ngày 03 tháng 02 năm 2026</p></div></header>'
)
TITLE = '<h1 class="type">Báo cáo</h1><p class="subject">Kết quả</p><p class="dashes">-----</p>'
END = (
    '<footer class="end"><div class="to"><p class="to-head">Nơi nhận:</p>'
    '<p class="to-list">- Lưu.</p></div><div class="sign"><p class="authority">T/M Ban Thường vụ'
    '</p><p class="post">Bí thư</p><div class="room"></div></div></footer>'
)
TABLE = (
    '<table data-sheet="Theo đơn vị"><caption>Bảng 1</caption><colgroup><col><col class="c2">'
    '</colgroup><thead><tr><th scope="col">Đơn vị</th><th scope="col">Quá hạn</th></tr></thead>'
    '<tbody>{}<tr class="sum"><th scope="row">Tổng cộng</th><td class="r" data-n="3">3</td></tr>'
    "</tbody></table>"
)
ROW = '<tr><th scope="row">Sở Y tế</th><td class="r" data-n="3">3</td></tr>'
HOSTILE = [
    "<script>alert(1)</script>",
    "]]></w:t></w:r></w:p>",
    "&lt;w:p/&gt; &amp;amp;",
    "=cmd|' /C calc'!A0",
    "a\x00\x0b\x1f\ud800b",
    "exe\u202egpj\u2066.\u200f",
    '" onclick="x',
]


def page_of(body: str, title: str = "Báo cáo thử") -> str:
    """A paper of one body."""
    facts = '<meta name="author" content="Văn phòng"><meta name="description" content="Mã SL-1">'
    head = f'<meta charset="utf-8"><title>{title}</title>{facts}'
    foot = '<div class="foot">Mã số liệu SL-1116-0043</div>'
    return f'<!DOCTYPE html><html lang="vi"><head>{head}</head><body>{foot}{body}</body></html>'


def opened(*bodies: str, profile: Profile = Profile.PARTY, pictures: bool = False) -> Any:  # noqa: ANN401
    """The Word file of papers of these bodies, read back."""
    picture = pdf.picture if pictures else None
    pages = [page_of(body) for body in bodies]
    return Document(BytesIO(docx.document(pages, profile=profile, picture=picture)))


def said(document: Any) -> list[tuple[str, str]]:  # noqa: ANN401
    """The paragraphs outside tables: name of the style, and words."""
    return [(p.style.name, p.text) for p in document.paragraphs if p.text]


def escaped(text: str) -> str:
    """As the template writes it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def test_parts_have_styles_of_their_own() -> None:
    document = opened(
        f"{HEAD}{TITLE}<p>Mở <b>đầu</b></p><h2>I. Kết quả</h2><h3>1. Chung</h3><h4>a) Riêng</h4>"
        f"<ul><li>Một</li></ul>{TABLE.format(ROW)}{END}"
    )
    assert said(document) == [
        ("Title", "BÁO CÁO"),
        ("Subtitle", "Kết quả"),
        ("Vạch dưới trích yếu", "-----"),
        ("Body Text", "Mở đầu"),
        ("Heading 1", "I. Kết quả"),
        ("Heading 2", "1. Chung"),
        ("Heading 3", "a) Riêng"),
        ("List Bullet", "Một"),
        ("Caption", "Bảng 1"),
    ]
    blocks, table, end = document.tables
    left, right = blocks.rows[0].cells
    assert [(p.style.name, p.text) for p in left.paragraphs] == [
        ("Cơ quan cấp trên", "THÀNH ỦY HÀ NỘI"),
        ("Cơ quan ban hành", "VĂN PHÒNG"),
        ("Số và ký hiệu", "*"),
        ("Số và ký hiệu", f"Số{chr(160) * 10}-BC/VPTU"),
    ]
    assert right.paragraphs[0].text == "ĐẢNG CỘNG SẢN VIỆT NAM"
    assert [p.style.name for p in end.rows[0].cells[0].paragraphs[:2]] == [
        "Nơi nhận", "Danh sách nơi nhận",
    ]  # fmt: skip
    signs = [(p.style.name, p.text) for p in end.rows[0].cells[1].paragraphs]
    room = [("Chỗ ký, họ tên", "")] * 4
    assert signs == [
        ("Quyền hạn ký", "T/M BAN THƯỜNG VỤ"), ("Chức vụ người ký", "BÍ THƯ"), *room,
    ]  # fmt: skip
    assert table.style.name == "Table Grid"
    assert blocks.style.name == end.style.name == "Normal Table"


@pytest.mark.parametrize("profile", Profile)
def test_sizes_and_margins_are_those_of_the_profile(profile: Profile) -> None:
    layout, document = layout_of(profile), opened(HEAD + TITLE, profile=profile)
    for style in STYLES:
        letters = layout.parts.get(style.part) or layout.parts["body"]
        found = document.styles[style.name]
        assert found.font.size.pt == letters.size, style.name
        assert bool(found.font.bold) == (letters.bold or style.looks == "bold"), style.name
        if not style.grows:
            assert found.paragraph_format.line_spacing.pt == letters.line, style.name
    body = document.styles["Body Text"].paragraph_format
    assert round(body.first_line_indent.mm, 1) == layout.first_line
    assert body.space_after.pt == layout.between
    page = document.sections[0]
    sides = (page.top_margin, page.right_margin, page.bottom_margin, page.left_margin)
    margins = layout.page
    assert [round(side.mm) for side in sides] == [
        margins.top, margins.right, margins.bottom, margins.left,
    ]  # fmt: skip
    assert round(page.header_distance.mm) == layout.number_from_top
    assert document.styles["Normal"].font.name == "Times New Roman"


def test_the_language_is_vietnamese_everywhere() -> None:
    document = opened(TITLE)
    languages = {
        value
        for part in (document.styles.element, document.settings.element)
        for mark in part.iter(f"{W}lang", f"{W}themeFontLang")
        for name, value in mark.attrib.items()
        if name == f"{W}val"
    }
    assert languages == {"vi-VN"}
    facts = document.core_properties
    assert (facts.title, facts.author, facts.language) == ("Báo cáo thử", "Văn phòng", "vi-VN")
    assert facts.comments == "Mã SL-1"


def test_tables_repeat_their_heads_and_keep_their_rows_whole() -> None:
    document = opened(TABLE.format(ROW * 3))
    rows = document.tables[0].rows
    marks = [{mark.tag.removeprefix(W) for mark in row._tr.trPr} for row in rows]
    assert marks == [{"cantSplit", "tblHeader"}] + [{"cantSplit"}] * 4
    # Neither the head nor the sum stands alone on a page.
    kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in rows]
    assert kept == [None, None, None, True, None]
    assert document.styles["Đầu bảng"].paragraph_format.keep_with_next
    assert [run.bold for run in rows[4].cells[0].paragraphs[0].runs] == [True]
    widths = [cell.width.mm for cell in rows[1].cells]
    assert widths == pytest.approx([165 - 15.5, 15.5], abs=0.2)
    assert [cell.paragraphs[0].alignment for cell in rows[1].cells] == [None, 2]


def test_a_row_higher_than_a_page_may_break() -> None:
    document = opened(TABLE.format(f"<tr><td>{'chữ ' * 1000}</td><td></td></tr>"))
    assert "cantSplit" not in document.tables[0].rows[1]._tr.xml


def test_cells_reach_over_columns_and_rows() -> None:
    document = opened(
        '<table><thead><tr><th rowspan="2">A</th><th colspan="2">B</th></tr><tr><th>C</th><th>D'
        '</th></tr></thead><tbody><tr><td rowspan="3">x</td><td>1</td><td>2</td></tr>'
        "<tr><td>3</td><td>4</td></tr><tr><td>5</td><td>6</td></tr></tbody></table>"
    )
    texts = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert texts == [
        ["A", "B", "B"],
        ["A", "C", "D"],
        ["x", "1", "2"],
        ["x", "3", "4"],
        ["x", "5", "6"],
    ]


def appendix(title: str) -> str:
    """A section of landscape pages."""
    return f'<section class="appendix"><h2>{title}</h2><p class="of">(Kèm theo)</p></section>'


def test_appendices_are_landscape_and_the_text_goes_on_upright() -> None:
    document = opened(f"{HEAD}{TITLE}{END}{appendix('Phụ lục 1')}{appendix('Phụ lục 2')}<p>x</p>")
    found = [
        (s.orientation, round(s.page_width.mm), s.different_first_page_header_footer)
        for s in document.sections
    ]
    assert found == [
        (WD_ORIENT.PORTRAIT, 210, True),
        (WD_ORIENT.LANDSCAPE, 297, False),
        (WD_ORIENT.PORTRAIT, 210, False),
    ]
    heads = [p for p in document.paragraphs if p.style.name == "Phụ lục"]
    assert [p.text for p in heads] == ["PHỤ LỤC 1", "PHỤ LỤC 2"]
    assert [bool(p.paragraph_format.page_break_before) for p in heads] == [False, True]


def test_sections_follow_one_another_on_new_pages() -> None:
    document = opened(HEAD + TITLE, appendix("A"), appendix("B"), "<h2>C</h2>")
    assert len(document.sections) == 3
    assert [t for s, t in said(document) if s in {"Phụ lục", "Heading 1"}] == ["A", "B", "C"]


def test_a_paper_with_its_own_letterhead_counts_its_pages_from_one() -> None:
    document = opened(HEAD + TITLE, HEAD + TITLE)
    starts = [s._sectPr.find(f"{W}pgNumType") for s in document.sections]
    assert starts[0] is None
    assert starts[1].get(f"{W}start") == "1"
    assert document.sections[1].different_first_page_header_footer


@pytest.mark.parametrize("profile", Profile)
def test_pages_are_numbered_from_the_second_and_carry_the_code(profile: Profile) -> None:
    section = opened(TITLE, profile=profile).sections[0]
    fields = [mark.text for mark in section.header._element.iter(f"{W}instrText")]
    assert fields == (["PAGE", "NUMPAGES"] if layout_of(profile).has_total else ["PAGE"])
    assert not list(section.first_page_header._element.iter(f"{W}instrText"))
    feet = [section.footer.paragraphs[0].text, section.first_page_footer.paragraphs[0].text]
    assert feet == ["Mã số liệu SL-1116-0043"] * 2


def test_drawings_become_pictures_with_their_words() -> None:
    body = (
        f"<figure>{SVG}<figcaption>Hình 1</figcaption></figure>"
        f'<table class="bare"><colgroup><col><col class="c7"></colgroup><tr><td>a</td>'
        f"<td>{SVG}</td></tr></table>"
        f'<ul class="key"><li>{SVG} Quá hạn</li><li>{SVG} Đúng hạn</li></ul>'
    )
    document = opened(body, pictures=True)
    shapes = [shape._inline for shape in document.inline_shapes]
    assert [shape.docPr.get("descr") for shape in shapes] == ["Đúng hạn 3 & 4"] * 4
    assert len({shape.docPr.get("id") for shape in shapes}) == 4
    assert shapes[0].extent.cx / 36_000 == pytest.approx(165, abs=0.5)
    assert shapes[0].extent.cx / shapes[0].extent.cy == pytest.approx(660 / 225, rel=0.01)
    inside = document.tables[0].rows[0].cells[1]._tc
    width = next(inside.iter("{*}extent")).get("cx")
    assert int(width) / 36_000 < 57
    assert said(document) == [
        ("Caption", "Hình 1"), ("Chú giải", " Quá hạn\xa0\xa0  Đúng hạn"),
    ]  # fmt: skip
    without = opened(body)
    assert without.inline_shapes._inline_lst == []
    assert "Hình 1" in [words for _style, words in said(without)]


def test_a_picture_shows_the_drawing() -> None:
    png = pdf.picture(SVG)
    image = Document().part.package.get_or_add_image_part(BytesIO(png)).image
    assert (image.px_width / image.px_height) == pytest.approx(660 / 225, rel=0.01)
    assert image.px_width > 1_400


@pytest.mark.parametrize("text", HOSTILE)
def test_user_text_is_text(text: str) -> None:
    typed = escaped(text)
    plain = "".join(c for c in text if c >= " " and c not in "\ud800\u202e\u2066\u200f")
    document = opened(f"<p>{typed}</p>{TABLE.format(f'<tr><td>{typed}</td><td></td></tr>')}")
    assert document.paragraphs[0].text == plain
    assert document.tables[0].rows[1].cells[0].text == plain
    titled = Document(BytesIO(docx.document(page_of("", typed), profile=Profile.PLAIN)))
    assert titled.core_properties.title == plain


def test_a_text_of_fifty_thousand_letters_stays_whole() -> None:
    text = "Ễ" * 50_000
    document = opened(f"<h1 class='type'>{text}</h1><p>{text}</p>")
    assert [len(p.text) for p in document.paragraphs] == [50_000, 50_000]


@pytest.mark.parametrize("bodies", [[""], ["", ""], ["<table></table>"], [appendix("A")]])
def test_an_empty_paper_is_a_file_that_opens(bodies: list[str]) -> None:
    assert len(opened(*bodies).sections) == 1


def test_only_the_names_of_our_styles_are_offered() -> None:
    known = {style.name for style in STYLES} | {"Normal", "Normal Table", "No List", "Table Grid"}
    names = {style.name.casefold() for style in opened("").styles}
    assert names - {name.casefold() for name in known} == {"default paragraph font"}


def test_the_file_is_well_formed_in_all_its_parts() -> None:
    content = docx.document(page_of(HEAD + TABLE.format(ROW) + END), profile=Profile.STATE)
    with ZipFile(BytesIO(content)) as file:
        assert file.testzip() is None
        parts = [name for name in file.namelist() if name.endswith((".xml", ".rels"))]
        assert "word/document.xml" in parts
        for name in parts:
            etree.fromstring(file.read(name))
