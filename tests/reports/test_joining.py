"""Sections joined: one tree, contents that lead somewhere, numbers, fonts, what the file claims."""

import hashlib
from io import BytesIO
from itertools import pairwise
from xml.etree import ElementTree

import pikepdf
import pytest
from pypdf import PdfReader

from hanoi_programmes.reports import pdf
from hanoi_programmes.reports.profiles import layout_of
from hanoi_programmes.reports.states import Profile
from tests.reports.measuring import MILLIMETRE, Measured, Structure, unmarked_texts

FOOT = "Mã số liệu SL-1116-0043 · số liệu đến 16/11/2026"
_CHART = (
    '<figure><svg xmlns="http://www.w3.org/2000/svg" width="90" height="20" role="img">'
    "<title>Hoàn thành lũy kế: kế hoạch 20, thực tế 15</title>"
    '<rect width="60" height="20"/></svg><figcaption>Lũy kế</figcaption></figure>'
)


def table(rows: int, *, head: str = "Nhiệm vụ") -> str:
    """A table whose rows are numbered from 1."""
    body = "".join(
        f'<tr><td class="c">{n}</td><th scope="row">Dòng {n}</th><td class="r">{n}</td></tr>'
        for n in range(1, rows + 1)
    )
    return (
        '<table><colgroup><col class="c1"><col><col class="c4"></colgroup><thead><tr>'
        f'<th scope="col">TT</th><th scope="col">{head}</th><th scope="col">Số</th></tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def section(name: str, rows: int = 60, more: str = "") -> bytes:
    """One section of a few pages, drawn by itself."""
    page = (
        f'<html lang="vi"><head><title>{name}</title></head><body><div class="foot">{FOOT}</div>'
        f'<h1 class="type">{name}</h1><p>Mở đầu của {name}: <a href="#cuoi">xem cuối</a>.</p>'
        f"<h2>I. Kết quả</h2>{_CHART}<h3>1. Bảng</h3>{table(rows)}"
        f'<ul><li>một</li><li>hai</li></ul><p id="cuoi">Hết {name}.</p>{more}</body></html>'
    )
    return pdf.lay_out(page, profile=Profile.PARTY, numbered=False).write()


def joined(*parts: pdf.Part, profile: Profile = Profile.PARTY) -> tuple[bytes, int]:
    """Parts as one file."""
    return pdf.join(parts, profile=profile, title="Báo cáo <ghép> & thử", author="Thành ủy")


@pytest.fixture(scope="module")
def report() -> bytes:
    """A paper with two appendices by unit."""
    parts = [pdf.Part("", section("Văn bản"))]
    parts += [pdf.Part(f"Phụ lục {n}", section(f"Đơn vị {n}", 40 * n)) for n in (1, 2)]
    return joined(*parts)[0]


def test_every_mark_is_reached_once_and_knows_its_owner(report: bytes) -> None:
    tree = Structure(report)
    assert tree.faults == []
    assert set(tree.held.values()) == {1}
    assert set(tree.held) == tree.marked()
    assert unmarked_texts(report) == []
    keys = [int(page.obj.StructParents) for page in tree.pdf.pages]
    assert len(set(keys)) == len(keys)
    assert sorted(tree.owners) == list(range(len(tree.owners)))
    assert int(tree.pdf.Root.StructTreeRoot.ParentTreeNextKey) == len(tree.owners)


def test_the_tree_holds_what_a_reader_needs(report: bytes) -> None:
    tree = Structure(report)
    kinds = tree.kinds()
    assert kinds.count("Part") == 4
    assert kinds.count("Figure") == 3
    assert {"H1", "H2", "H3", "P", "L", "LI", "LBody", "Lbl", "TOC", "TOCI", "Link"} <= set(kinds)
    assert not {"NonStruct", "Span", "Div"} & set(kinds)
    for node in tree.nodes:
        if node.kind == "Figure":
            assert "kế hoạch 20, thực tế 15" in str(node.element.Alt)
            left, bottom, right, top = map(float, node.element.A.BBox)
            assert 0 < left < right < 210 * MILLIMETRE
            assert 0 < bottom < top < 297 * MILLIMETRE
        if node.kind == "TH":
            in_head = "THead" in node.parents
            assert node.element.A.Scope == ("/Column" if in_head else "/Row")
        if node.kind in {"TR", "TD", "TH"}:
            assert "Table" in node.parents
    levels = [int(kind[1]) for kind in kinds if kind in {"H1", "H2", "H3"}]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_contents_lead_to_the_pages_they_name(report: bytes) -> None:
    seen, pages = PdfReader(BytesIO(report)), pikepdf.open(BytesIO(report)).pages
    texts = [page.extract_text() for page in seen.pages]
    place = next(at for at, text in enumerate(texts) if "MỤC LỤC" in text)
    # Behind the signed paper, before what hangs on it.
    assert "Hết Văn bản" in texts[place - 1]
    notes = [note for note in pages[place].obj.Annots if "/Dest" in note]
    order = {page.obj.objgen: at for at, page in enumerate(pages)}
    led = {order[note.Dest[0].objgen] for note in notes}
    named = {at for at, text in enumerate(texts) if "ĐƠN VỊ" in text}
    assert led == named
    assert len(named) == 2
    for at in named:
        assert f"{at + 1}" in texts[place].split()
    assert all("/A" not in note and str(note.Contents).startswith("Đến trang") for note in notes)


def test_links_within_a_section_stay_within_it(report: bytes) -> None:
    opened = pikepdf.open(BytesIO(report))
    order = {page.obj.objgen: at for at, page in enumerate(opened.pages)}
    texts = [page.extract_text() for page in PdfReader(BytesIO(report)).pages]
    for name in ("Văn bản", "Đơn vị 1", "Đơn vị 2"):
        start = next(at for at, text in enumerate(texts) if f"Mở đầu của {name}" in text)
        end = next(at for at, text in enumerate(texts) if f"Hết {name}." in text)
        led = [order[note.Dest[0].objgen] for note in opened.pages[start].obj.Annots]
        assert led == [end]
    assert "/Names" not in opened.Root


def test_bookmarks_hold_titles_and_headings(report: bytes) -> None:
    def tree(items: list[pikepdf.OutlineItem]) -> list[object]:
        return [(item.title, tree(list(item.children))) for item in items]

    with pikepdf.open(BytesIO(report)).open_outline() as outline:
        found = tree(list(outline.root))
    below: list[object] = [("I. Kết quả", [("1. Bảng", [])])]
    assert found == [
        ("Văn bản", below),
        ("Mục lục", []),
        ("Phụ lục 1", [("Đơn vị 1", below)]),
        ("Phụ lục 2", [("Đơn vị 2", below)]),
    ]


def test_pages_are_numbered_over_the_whole_but_the_first(report: bytes) -> None:
    measured = Measured(report)
    layout = layout_of(Profile.PARTY)
    for at, page in enumerate(measured.pages):
        high = [line for line in measured.lines if line.page == at and line.base < 18]
        assert [line.text for line in high] == ([str(at + 1)] if at else [])
        foot = [line for line in measured.lines if line.page == at and line.size == 8]
        assert [line.text for line in foot] == [FOOT]
        for line in high:
            assert line.size == layout.parts["page_number"].size
            centre = (page.width / MILLIMETRE + 30 - 15) / 2
            assert line.middle == pytest.approx(centre, abs=0.3)


def test_a_batch_numbers_each_paper_from_one_and_counts_the_file() -> None:
    names = [f"Phường {n}" for n in range(1, 4)]
    content, pages = joined(*(pdf.Part(name, section(name), own_pages=True) for name in names))
    measured = Measured(content)
    assert len(measured.pages) == pages
    tops = [
        [line.text for line in measured.lines if line.page == at and line.base < 18]
        for at in range(pages)
    ]
    assert tops == [[], *([[], ["2"], ["3"]] * 3)]
    texts = [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
    assert "Số trang dưới đây tính từ đầu tệp" in texts[0]
    for name, start in zip(names, (2, 5, 8), strict=True):
        assert f"Mở đầu của {name}" in texts[start - 1]
        assert str(start) in texts[0].split()


def test_contents_of_many_pages_count_themselves() -> None:
    small = section("Một trang", 1)
    parts = [pdf.Part(f"Đơn vị thứ {n}", small) for n in range(1, 91)]
    content, pages = joined(pdf.Part("", small), *parts)
    texts = [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
    drawn = sum("Đơn vị thứ" in text for text in texts)
    assert drawn >= 3
    assert pages == 91 + drawn
    assert f"{1 + drawn + 90}" in texts[drawn].split()


def test_a_working_paper_tells_how_many_pages_there_are() -> None:
    content, pages = joined(pdf.Part("", section("Văn bản")), profile=Profile.PLAIN)
    measured = Measured(content)
    assert measured.find(f"Trang 2/{pages}").page == 1
    assert not [line for line in measured.lines if line.page == 0 and "Trang" in line.text]


def test_equal_fonts_are_stored_once_and_all_are_embedded(report: bytes) -> None:
    programs, names = [], set()
    opened = pikepdf.open(BytesIO(report))
    for thing in opened.objects:
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor":
            programs.append(hashlib.sha256(thing.FontFile2.read_bytes()).digest())
            names.add(str(thing.FontName))
    assert len(programs) == len(set(programs)) == len(names) == 3
    fonts = {
        str(font.BaseFont) for page in opened.pages for font in page.obj.Resources.Font.values()
    }
    assert fonts == names


def test_rare_letters_of_the_face_keep_their_own_font() -> None:
    odd = section("Văn bản", 1, "<p>Chữ hiếm: Ж, Ω.</p>")
    content, _pages = joined(pdf.Part("", odd), pdf.Part("", section("Khác", 1)))
    text = PdfReader(BytesIO(content)).pages[0].extract_text()
    assert "Chữ hiếm: Ж, Ω." in text
    assert Structure(content).faults == []


def test_what_the_face_lacks_is_a_box_and_what_cannot_be_seen_is_gone() -> None:
    """No font of the machine slips in, and no mark turns the order of letters round."""
    odd = section("Văn bản", 1, "<p>Lạ: 漢 \U0001f600 \u202eđảo\u202c\u200b tê\u0301.</p>")
    content, _pages = joined(pdf.Part("", odd))
    reader = PdfReader(BytesIO(content))
    assert "Lạ: □ □ đảo tế." in reader.pages[0].extract_text()
    fonts = reader.pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]
    assert {str(font.get_object()["/BaseFont"])[:20] for font in fonts} == {"/HNPAPR+Report-Serif"}


def test_the_file_says_what_it_conforms_to(report: bytes) -> None:
    opened = pikepdf.open(BytesIO(report))
    root = opened.Root
    assert root.Lang == "vi"
    assert bool(root.MarkInfo.Marked)
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    assert root.OutputIntents[0].S == "/GTS_PDFA1"
    assert int(root.OutputIntents[0].DestOutputProfile.N) == 3
    assert not {"/AcroForm", "/OpenAction", "/AA"} & set(root.keys())
    packet = root.Metadata.read_raw_bytes()
    tree = ElementTree.fromstring(packet.decode().partition("?>")[2].rpartition("<?")[0])  # noqa: S314
    said = {node.tag.partition("}")[2]: (node.text or "") for node in tree.iter()}
    assert said["conformance"] == "A"
    ids = [node for node in tree.iter() if node.tag.endswith("}part")]
    assert {(node.tag.partition("/ns/id/")[0][-5:], node.text) for node in ids} == {
        ("/pdfa", "2"),
        ("pdfua", "1"),
    }
    assert "Báo cáo <ghép> & thử" in [node.text for node in tree.iter()]
    # Namespaces are declared where each is used: some readers look nowhere else.
    assert b'<rdf:Description rdf:about="" xmlns:pdfaid=' in packet
    assert PdfReader(BytesIO(report)).metadata.title == "Báo cáo <ghép> & thử"  # type: ignore[union-attr]


def test_pages_follow_the_rules_of_archives(report: bytes) -> None:
    opened = pikepdf.open(BytesIO(report))
    assert opened.pdf_version == "1.7"
    assert "/ID" in opened.trailer
    assert not opened.is_encrypted
    for page in opened.pages:
        assert page.obj.Tabs == "/S"
        assert "/Group" not in page.obj or page.obj.Group.get("/CS") is not None
        for note in page.obj.get("/Annots", ()):
            assert note.Subtype == "/Link"
            assert int(note.F) == 4
            assert str(note.Contents)
    for thing in opened.objects:
        if isinstance(thing, pikepdf.Stream):
            assert "/LZWDecode" not in str(thing.get("/Filter"))
            assert "/F" not in thing


def test_the_same_parts_give_the_same_file() -> None:
    parts = [pdf.Part("Một", section("Một", 3)), pdf.Part("Hai", section("Hai", 3))]
    assert joined(*parts)[0] == joined(*parts)[0]
