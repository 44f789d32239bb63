"""The made PDF against the table of sizes: every profile and header block, letter by letter.

The tables below were copied by hand from `domain/report-format.md`, not from the code's values.
Places are held to 0.3 mm, sizes and line spacing to 0.05 points.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

import pytest
from django.template.loader import render_to_string

from hanoi_programmes.people.models import Area, Axis, Unit
from hanoi_programmes.reports import pdf
from hanoi_programmes.reports.letterheads import Signing, letterhead
from hanoi_programmes.reports.models import Report
from hanoi_programmes.reports.profiles import EDITIONS, POINT_MM, Layout, layout_of
from hanoi_programmes.reports.states import Issuer, Profile
from tests.reports.measuring import NEAR_MM, NEAR_PT, Measured

DAY = date(2026, 2, 3)
FOOT = "Mã số liệu SL-0203-0007 · số liệu đến 03/02/2026"
SENTENCE = "Đến ngày 03/02/2026, trong 214 nhiệm vụ đã giao, có 117 nhiệm vụ đến hạn. "


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the rule's table: the sizes it allows, and the style."""

    least: float
    most: float
    bold: bool = False
    italic: bool = False


PARTY = {
    "line": Row(15, 15, bold=True),
    "superior": Row(14, 14),
    "issuer": Row(14, 14, bold=True),
    "number": Row(14, 14),
    "place": Row(14, 14, italic=True),
    "draft": Row(14, 14, italic=True),
    "type": Row(15, 16, bold=True),
    "subject": Row(14, 15, bold=True),
    "body": Row(14, 15),
    "heading": Row(14, 15, bold=True),
    "authority": Row(14, 14, bold=True),
    "post": Row(14, 14),
    "recipients_head": Row(14, 14),
    "recipients": Row(12, 12),
    "page": Row(14, 14),
}
STATE = {
    "line": Row(12, 13, bold=True),
    "motto": Row(13, 14, bold=True),
    "superior": Row(12, 13),
    "issuer": Row(12, 13, bold=True),
    "number": Row(13, 13),
    "place": Row(13, 14, italic=True),
    "type": Row(13, 14, bold=True),
    "subject": Row(13, 14, bold=True),
    "body": Row(13, 14),
    "heading": Row(13, 14, bold=True),
    "authority": Row(13, 14, bold=True),
    "post": Row(13, 14, bold=True),
    "recipients_head": Row(12, 12, bold=True, italic=True),
    "recipients": Row(11, 11),
    "page": Row(13, 14),
}
# A working paper keeps inside both: body, page number, margins; it has no header of either.
PLAIN = {name: PARTY[name] for name in ("place", "type", "body", "heading", "page")}
TABLES = {Profile.PARTY: PARTY, Profile.STATE: STATE, Profile.PLAIN: PLAIN}


def unit(name: str, axis: str, level: str, area: str = "", short: str = "") -> Unit:
    """A body that is in no database."""
    made = Unit(name=name, short_name=short or name, level=level, axis=Axis(code=axis))
    if area:
        made.area = Area(name=area)
    return made


@dataclass(frozen=True, slots=True)
class Block:
    """An issuer, and the words of its header and signature as they must stand on paper."""

    issuer: Issuer
    unit: Unit | None
    profile: Profile
    signing: Signing
    words: dict[str, str]


_PARTY_LINE = {"line": "ĐẢNG CỘNG SẢN VIỆT NAM", "recipients_head": "Nơi nhận:"}
_STATE_LINE = {
    "line": "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "motto": "Độc lập - Tự do - Hạnh phúc",
    "recipients_head": "Nơi nhận:",
}
_WARD = "Phường Ba Đình"
BLOCKS = {
    "board": Block(Issuer.BOARD, None, Profile.PARTY, Signing.HEAD, _PARTY_LINE | {
        "issuer": "THÀNH ỦY HÀ NỘI", "number": "-BC/TU",
        "place": "Hà Nội, ngày 03 tháng 02 năm 2026",
        "authority": "T/M BAN THƯỜNG VỤ", "recipients": "- Lưu Văn phòng Thành ủy.",
    }),
    "board by order": Block(Issuer.BOARD, None, Profile.PARTY, Signing.ORDER, _PARTY_LINE | {
        "issuer": "THÀNH ỦY HÀ NỘI", "authority": "T/L BAN THƯỜNG VỤ", "post": "CHÁNH VĂN PHÒNG",
    }),
    "office": Block(Issuer.OFFICE, None, Profile.PARTY, Signing.HEAD, _PARTY_LINE | {
        "superior": "THÀNH ỦY HÀ NỘI", "issuer": "VĂN PHÒNG", "number": "-BC/VPTU",
        "post": "CHÁNH VĂN PHÒNG",
    }),
    "office, deputy": Block(Issuer.OFFICE, None, Profile.PARTY, Signing.DEPUTY, _PARTY_LINE | {
        "authority": "K/T CHÁNH VĂN PHÒNG", "post": "PHÓ CHÁNH VĂN PHÒNG",
    }),
    "commission": Block(
        Issuer.UNIT, unit("Ban Tổ chức Thành ủy", "dang", "department"), Profile.PARTY,
        Signing.HEAD, _PARTY_LINE | {
            "superior": "THÀNH ỦY HÀ NỘI", "issuer": "BAN TỔ CHỨC", "number": "-BC/BTCTU",
            "post": "TRƯỞNG BAN", "place": "Hà Nội, ngày 03 tháng 02 năm 2026",
        },
    ),
    "ward of the Party": Block(
        Issuer.UNIT, unit(f"Đảng ủy {_WARD}", "dang", "commune", _WARD), Profile.PARTY,
        Signing.HEAD, _PARTY_LINE | {
            "superior": "ĐẢNG BỘ THÀNH PHỐ HÀ NỘI", "issuer": "ĐẢNG ỦY PHƯỜNG BA ĐÌNH",
            "number": "-BC/ĐU", "place": "Ba Đình, ngày 03 tháng 02 năm 2026",
            "authority": "T/M BAN THƯỜNG VỤ", "recipients": "- Lưu Văn phòng Đảng ủy.",
        },
    ),
    "department": Block(
        Issuer.UNIT, unit("Sở Giáo dục và Đào tạo", "ubnd", "department"), Profile.STATE,
        Signing.DEPUTY, _STATE_LINE | {
            "superior": "ỦY BAN NHÂN DÂN", "issuer": "SỞ GIÁO DỤC VÀ ĐÀO TẠO",
            "number": "/BC-SGDĐT",
            "authority": "KT. GIÁM ĐỐC", "post": "PHÓ GIÁM ĐỐC",
        },
    ),
    "ward of the State": Block(
        Issuer.UNIT, unit(f"Ủy ban nhân dân {_WARD}", "ubnd", "commune", _WARD, f"UBND {_WARD}"),
        Profile.STATE, Signing.HEAD, _STATE_LINE | {
            "issuer": "ỦY BAN NHÂN DÂN", "number": "/BC-UBND", "authority": "TM. ỦY BAN NHÂN DÂN",
            "place": "Ba Đình, ngày 03 tháng 02 năm 2026", "post": "CHỦ TỊCH",
            "recipients": "- Lưu: VT, UBND Phường Ba Đình.",
        },
    ),
    "city of the State": Block(
        Issuer.UNIT, unit("Ủy ban nhân dân thành phố Hà Nội", "ubnd", "city"), Profile.STATE,
        Signing.DEPUTY, _STATE_LINE | {
            "issuer": "ỦY BAN NHÂN DÂN", "number": "/BC-UBND", "authority": "KT. CHỦ TỊCH",
            "post": "PHÓ CHỦ TỊCH",
        },
    ),
    "working paper": Block(
        Issuer.UNIT, unit(f"Ủy ban MTTQ Việt Nam {_WARD}", "mttq", "commune", _WARD), Profile.PLAIN,
        Signing.HEAD, {"place": "Ba Đình, ngày 03 tháng 02 năm 2026"},
    ),
}  # fmt: skip
ALL = pytest.mark.parametrize("name", BLOCKS)


def paper(name: str, body: str = "") -> str:
    """A whole paper under one header block, of three pages and an appendix."""
    block = BLOCKS[name]
    report = Report(issuer=block.issuer, unit=block.unit, profile=block.profile, requested_on=DAY)
    given = {"report": report, "letterhead": letterhead(report, block.signing)}
    head = render_to_string("reports/pdf/_head.html", given)
    end = render_to_string("reports/pdf/_end.html", given)
    dashes = given["letterhead"].dashes  # type: ignore[attr-defined]
    rows = "".join(
        f'<tr><td class="c">{n}</td><td>Nhiệm vụ thứ {n} của kế hoạch</td></tr>'
        for n in range(1, 61)
    )
    return f"""<html lang="vi"><head><title>Thử</title></head><body><div class="foot">{FOOT}</div>
        {head}<h1 class="type">Báo cáo</h1><p class="subject">Kết quả thực hiện quý I/2026</p>
        {f'<p class="dashes">{dashes}</p>' if dashes else ""}
        <p class="first">{SENTENCE * 5}</p><p>{SENTENCE * 4}</p><h2>I. TÌNH HÌNH</h2>{body}
        <table><colgroup><col class="c1"><col></colgroup><thead><tr><th scope="col">TT</th>
        <th scope="col">Nhiệm vụ</th></tr></thead><tbody>{rows}</tbody></table>
        <p>Đoạn cuối.</p>{end}
        <section class="appendix"><h2>Phụ lục</h2><p class="subject">Danh sách</p>
        <p>{SENTENCE * 4}</p></section></body></html>"""


@cache
def made(name: str) -> Measured:
    """The paper under one header block, drawn once."""
    return Measured(pdf.lay_out(paper(name), profile=BLOCKS[name].profile).write())


def layout(name: str) -> Layout:
    """The layout of a block."""
    return layout_of(BLOCKS[name].profile, DAY)


@ALL
def test_parts_have_the_sizes_and_styles_of_the_table(name: str) -> None:
    block, table = BLOCKS[name], TABLES[BLOCKS[name].profile]
    fixed = {
        "type": "BÁO CÁO",
        "subject": "Kết quả thực hiện quý I/2026",
        "body": "trong 214 nhiệm vụ",
        "heading": "I. TÌNH HÌNH",
        "draft": "Dự thảo",
    }
    wrong = []
    for part, words in (fixed | block.words).items():
        if part not in table:
            continue
        row, found = table[part], made(name).find(words)
        ok = row.least - NEAR_PT <= found.size <= row.most + NEAR_PT
        if not ok or (found.is_bold, found.is_italic) != (row.bold, row.italic):
            wrong.append((part, found))
        assert "Report-Serif" in found.font
    assert wrong == []


@ALL
def test_blocks_stand_in_their_columns(name: str) -> None:
    block, shape, measured = BLOCKS[name], layout(name), made(name)
    width = 165.0
    left = 30 + width * shape.left_column / 200
    right = 195 - width * shape.right_column / 200
    for part in ("superior", "issuer"):
        if part in block.words:
            assert measured.find(block.words[part]).middle == pytest.approx(left, abs=NEAR_MM)
    for part in ("line", "motto", "place"):
        if part in block.words:
            assert measured.find(block.words[part]).middle == pytest.approx(right, abs=NEAR_MM)
    if "line" in block.words:
        first = measured.find(block.words.get("superior", block.words["issuer"])) if (
            "superior" in block.words or "issuer" in block.words
        ) else None  # fmt: skip
        if first:
            assert abs(first.base - measured.find(block.words["line"]).base) < 1.5
        assert measured.find(block.words["line"]).right < 195 + NEAR_MM


@ALL
def test_margins_hold_and_lines_are_set_exactly(name: str) -> None:
    measured, shape = made(name), layout(name)
    body = [line for line in measured.lines if line.page == 0 and "nhiệm vụ" in line.text]
    assert min(line.left for line in body) == pytest.approx(30, abs=NEAR_MM)
    assert max(line.right for line in body) == pytest.approx(195, abs=NEAR_MM)
    first, second = body[0], body[1]
    assert first.left == pytest.approx(30 + 10, abs=NEAR_MM)
    assert second.left == pytest.approx(30, abs=NEAR_MM)
    spacing = (second.base - first.base) / POINT_MM
    assert spacing == pytest.approx(shape.parts["body"].line, abs=NEAR_PT)
    assert 18 - NEAR_PT <= spacing <= 22 + NEAR_PT
    begins = [line for line in body if line.left > 39]
    ends = body[body.index(begins[1]) - 1]
    # At least 6 pt between paragraphs.
    gap = (begins[1].base - ends.base) / POINT_MM - spacing
    assert gap == pytest.approx(6, abs=NEAR_PT)
    top = min(line.base - 0.9 * line.size * POINT_MM for line in measured.lines if line.page == 0)
    assert top >= 20 - 0.5
    for page in (0, 1):
        low = [line.base for line in measured.lines if line.page == page and line.size > 8]
        assert max(low) <= 297 - 20 + NEAR_MM


@ALL
def test_the_page_number_stands_ten_millimetres_below_the_edge(name: str) -> None:
    measured, row = made(name), TABLES[BLOCKS[name].profile]["page"]
    for at in range(len(measured.pages)):
        high = [line for line in measured.lines if line.page == at and line.base < 18]
        if at == 0:
            assert high == []
            continue
        (number,) = high
        assert number.text in {str(at + 1), f"Trang {at + 1}/{len(measured.pages)}"}
        assert row.least <= number.size <= row.most
        # The line's upper edge: its letters reach 0.84 of their size over the foot.
        assert number.base - 0.8375 * number.size * POINT_MM == pytest.approx(10, abs=NEAR_MM)
        is_wide = measured.pages[at].width > measured.pages[at].height
        assert number.middle == pytest.approx((297 / 2) if is_wide else 112.5, abs=NEAR_MM)


@ALL
def test_papers_are_a4_and_appendices_lie_across(name: str) -> None:
    sizes = [(round(page.width), round(page.height)) for page in made(name).pages]
    assert set(sizes[:-1]) == {(595, 842)}
    assert sizes[-1] == (842, 595)
    appendix = [line for line in made(name).lines if line.page == len(sizes) - 1]
    texts = [line for line in appendix if "nhiệm vụ" in line.text]
    assert min(line.left for line in texts) == pytest.approx(20, abs=NEAR_MM)
    assert max(line.right for line in texts) == pytest.approx(277, abs=NEAR_MM)
    assert any(line.text == "PHỤ LỤC" and line.is_bold for line in appendix)


@ALL
def test_no_signature_no_seal_and_the_number_is_blank(name: str) -> None:
    measured = made(name)
    assert all(page.images == [] for page in measured.pages)
    lead = layout(name).words.number
    if not lead:
        return
    tail = BLOCKS[name].words.get("number")
    if tail:
        first, second = measured.find(f"{lead}"), measured.find(tail)
        assert abs(first.base - second.base) < 0.1
        assert second.text.startswith(tail) or f"{lead}" in second.text


def rule_below(name: str, words: str) -> tuple[float, float]:
    """The stroke just below some words: left and right."""
    found = made(name).find(words)
    near = [
        rule for rule in made(name).rules(found.page)
        if 0 < rule[2] - found.base < 4 and rule[0] < found.middle < rule[1]
    ]  # fmt: skip
    assert near, (words, found, made(name).rules(found.page)[:9])
    return near[0][0], near[0][1]


def test_the_partys_line_is_ruled_as_long_as_its_words() -> None:
    words = made("board").find("ĐẢNG CỘNG SẢN VIỆT NAM")
    left, right = rule_below("board", words.text)
    assert left == pytest.approx(words.left, abs=0.5)
    assert right == pytest.approx(words.right, abs=0.5)


def test_the_states_motto_is_ruled_as_long_as_its_words() -> None:
    words = made("department").find("Độc lập - Tự do - Hạnh phúc")
    left, right = rule_below("department", words.text)
    assert right - left == pytest.approx(words.right - words.left, abs=0.5)


def test_the_state_rules_issuer_and_subject_by_a_third_to_a_half() -> None:
    for words in ("SỞ GIÁO DỤC VÀ ĐÀO TẠO", "Kết quả thực hiện quý I/2026"):
        left, right = rule_below("department", words)
        column = 165 * 0.4 if words.isupper() else 165 - 16
        assert 1 / 3 <= (right - left) / column <= 1 / 2
    with pytest.raises(AssertionError):
        rule_below("board", "THÀNH ỦY HÀ NỘI")


def test_marks_of_the_party_stand_where_the_state_has_rules() -> None:
    texts = [line.text for line in made("board").lines if line.page == 0]
    assert "*" in texts
    assert "-----" in texts
    other = [line.text for line in made("department").lines if line.page == 0]
    assert not {"*", "-----"} & set(other)


def test_recipients_are_underlined_by_the_party_only() -> None:
    assert rule_below("board", "Nơi nhận:")
    with pytest.raises(AssertionError):
        rule_below("department", "Nơi nhận:")


def test_four_lines_are_left_for_the_signature() -> None:
    name = "office"
    after = paper(name).replace("</footer>", "</footer><p>Sau chữ ký.</p>")
    measured = Measured(pdf.lay_out(after, profile=Profile.PARTY).write())
    post, next_line = measured.find("CHÁNH VĂN PHÒNG"), measured.find("Sau chữ ký")
    assert (next_line.base - post.base) / POINT_MM >= 4 * 18


@pytest.mark.parametrize("shape", EDITIONS, ids=lambda shape: f"{shape.profile} {shape.since}")
def test_sizes_in_use_are_sizes_allowed(shape: Layout) -> None:
    for part, letters in shape.parts.items():
        least, most = letters.allowed
        assert least <= letters.size <= most, part
        assert letters.line >= letters.size, part
    assert shape.source
    assert shape.confidence in {"secondary", "ours"}


def test_a_paper_is_laid_out_by_the_rule_of_its_day() -> None:
    assert layout_of(Profile.PARTY).rule == "Hướng dẫn 05-HD/VPTW"
    assert layout_of(Profile.PARTY, date(2025, 12, 31)).rule == "Hướng dẫn 36-HD/VPTW"
    assert layout_of(Profile.PARTY, date(2026, 1, 12)).rule == "Hướng dẫn 05-HD/VPTW"
    assert layout_of("state-ND30", DAY).rule.startswith("Nghị định 30")
    with pytest.raises(ValueError, match="nowhere"):
        layout_of("nowhere")


def test_editions_of_a_profile_do_not_overlap() -> None:
    for day in (date(2019, 1, 1), date(2026, 1, 11), date(2026, 1, 12), DAY):
        for profile in Profile:
            assert sum(one.holds_on(day) for one in EDITIONS if one.profile == profile) <= 1
