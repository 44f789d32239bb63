"""Of every kind of report: PDF, Word and Excel hold the same figures, and the dashboard's.

The three files are read back from the disk; what they must hold is read from the paper's HTML by a
reader of this test's own, so that a mistake in the product's reader shows.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.timezone import localdate, now
from docx import Document
from lxml import html as markup
from openpyxl import load_workbook
from pypdf import PdfReader

from hanoi_programmes.lib.dates import quarter_of
from hanoi_programmes.people.models import Post, User
from hanoi_programmes.reports import papers, services
from hanoi_programmes.reports.figures import LetterAsked
from hanoi_programmes.reports.kinds import KINDS, Wish
from hanoi_programmes.reports.models import Report, Subject
from hanoi_programmes.reports.states import Issuer, Kind, State
from hanoi_programmes.ui.templatetags.ui import number, percent
from tests.conftest import Cast, signed_in
from tests.reports.conftest import City, MakeCity

pytestmark = pytest.mark.usefixtures("media")
SEED = 21
# Digits with what stands between them; a date and a rate are one number each.
_NUMBER = re.compile(r"\d+(?:[.,/]\d+)*%?")
Typed = tuple[Any, ...]


@dataclass(frozen=True)
class Made:
    """A report that is done, with its paper and the words of its files."""

    report: Report
    paper: list[Any]
    pdf: str
    word: str
    excel: dict[str, list[Typed]]


@pytest.fixture
def city(make_city: MakeCity) -> City:
    """Random tasks with a past, at the present day."""
    return make_city(SEED, localdate())


def subject_of(kind: Kind, cast: Cast) -> Subject | None:
    """What a report of the kind is about here."""
    subjects: dict[Kind, Subject | None] = {
        Kind.RESOLUTION: cast.programme.resolution,
        Kind.PROGRAMME: cast.programme,
        Kind.AXIS: cast.department.axis,
        Kind.UNIT: cast.department,
        Kind.AREA: cast.ward.area,
        Kind.HEAD: Post.objects.get(unit=cast.department, is_head=True),
    }
    return subjects.get(kind)


def asked(kind: Kind, city: City) -> Report:
    """The office asks."""
    cast, on = city.cast, localdate()
    sent: dict[str, Any] = {"by": cast.office, "at": now(), "on": on, "form_key": uuid4()}
    if kind == Kind.LETTER:
        rows = [row for row in city.rows if row.group(on) == "overdue"]
        late = [row.task.pk for row in rows if row.task.lead_unit == cast.department]
        letter = LetterAsked(unit=cast.department, tasks=late, answer_by=on, closing="")
        return services.request_letter(letter, issuer=Issuer.OFFICE, **sent)
    wish = Wish(kind, quarter_of(on), on, Issuer.OFFICE, subject=subject_of(kind, cast))
    return services.request(wish, **sent)


def made_of(kind: Kind, city: City) -> Made:
    """The report of a kind, done."""
    report = asked(kind, city)
    services.make(report.pk, today=localdate())
    report.refresh_from_db()
    assert report.state == State.DONE, report.error
    sections = papers.sections(report, report.snapshot or {})
    return Made(
        report=report,
        paper=[markup.document_fromstring(section.html) for section in sections],
        pdf=words_of_pdf(report),
        word=words_of_word(report),
        excel=values_of_excel(report),
    )


def words_of_pdf(report: Report) -> str:
    """All words, with single spaces."""
    pages = PdfReader(report.file.path).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def words_of_word(report: Report) -> str:
    """All words of the body in reading order, with single spaces."""
    body = Document(report.word.path).element.body
    lines = ("".join(mark.text or "" for mark in line.iter("{*}t")) for line in _lines(body))
    return " ".join(" ".join(lines).split())


def _lines(body: Any) -> Iterator[Any]:  # noqa: ANN401 - XML has no types
    """Paragraphs, also within cells; a break begins a line as well."""
    for mark in body.iter("{*}br"):
        mark.addnext(mark.makeelement(f"{mark.tag[:-2]}t"))
        mark.getnext().text = " "
    yield from body.iter("{*}p")


def values_of_excel(report: Report) -> dict[str, list[Typed]]:
    """Sheets by name with their rows; a day is a date."""
    book = load_workbook(report.excel.path)
    return {
        sheet.title: [tuple(map(_plain, row)) for row in sheet.iter_rows(values_only=True)]
        for sheet in book.worksheets
    }


def _plain(value: object) -> object:
    """A day without its hour; a share to as many digits as Excel keeps."""
    if isinstance(value, float):
        return round(value, 12)
    return value.date() if isinstance(value, datetime) else value


# What the paper holds


def numbers(text: str) -> Counter[str]:
    """The numbers in a text."""
    return Counter(_NUMBER.findall(text))


def words_of(element: Any, *, drawn: bool) -> str:  # noqa: ANN401
    """The words of an element; `drawn`: those inside drawings, else those outside."""
    found = []
    for part in element.iter():
        if not isinstance(part.tag, str) or part.tag in {"style", "script"}:
            continue
        in_svg = part.tag == "svg" or any(above.tag == "svg" for above in part.iterancestors())
        if in_svg == drawn:
            found.append(part.text or "")
        above = part.getparent()
        tail_in_svg = above is not None and (
            above.tag == "svg" or any(one.tag == "svg" for one in above.iterancestors())
        )
        if part is not element and tail_in_svg == drawn:
            found.append(part.tail or "")
    return " ".join(found)


def bodies(made: Made) -> list[Any]:
    """The papers without their running feet."""
    found = [page.find("body") for page in made.paper]
    for body in found:
        for foot in body.find_class("foot"):
            foot.drop_tree()
    return found


def typed(cell: Any) -> object:  # noqa: ANN401
    """The value of a cell: a number, a day, or nothing for words."""
    if "data-n" in cell.attrib:
        value = float(cell.get("data-n"))
        return int(value) if value.is_integer() else value
    if "data-share" in cell.attrib:
        return round(float(cell.get("data-share")), 12)
    return date.fromisoformat(cell.get("data-day")) if "data-day" in cell.attrib else None


def values_of_paper(made: Made) -> Counter[object]:
    """All numbers and days in tables that are sheets; a number as often as it stands there."""
    return Counter(
        value
        for body in bodies(made)
        for table in body.iter("table")
        if table.get("data-sheet")
        for cell in table.iter("td", "th")
        if (value := typed(cell)) is not None
    )


def check_word(made: Made) -> None:
    """Word has the numbers of the paper, each as often."""
    there = numbers(" ".join(words_of(body, drawn=False) for body in bodies(made)))
    assert there
    assert numbers(made.word) == there


def check_pdf(made: Made) -> None:
    """The PDF has them too, and no others than those of drawings, heads, feet and contents."""
    there = numbers(" ".join(words_of(body, drawn=False) for body in bodies(made)))
    found = numbers(made.pdf)
    assert there - found == Counter()
    drawn = numbers(" ".join(words_of(body, drawn=True) for body in bodies(made)))
    # Besides stand: the foot and the number of each page, heads that are repeated, contents.
    heads = numbers(" ".join(" ".join(h.itertext()) for b in bodies(made) for h in b.iter("thead")))
    foot = numbers(papers.foot(made.report, made.report.snapshot or {}))
    pages = {str(page) for page in range(1, made.report.pages + 1)}
    more = set(found - there) - set(drawn) - set(heads) - set(foot) - pages
    titles = numbers(
        " ".join(s.title for s in papers.sections(made.report, made.report.snapshot or {}))
    )
    assert more <= set(titles)


def check_excel(made: Made) -> None:
    """Excel has those of its tables, as numbers and days."""
    rows = [row for name, rows in made.excel.items() if name != "Thông tin" for row in rows]
    found = Counter(v for row in rows for v in row if not isinstance(v, str) and v is not None)
    there = values_of_paper(made)
    assert there
    # The sums of a list's parts are no sums of the list: they are left out.
    assert found - there == Counter()
    missing = there - found
    sums = Counter(typed(c) for b in bodies(made) for c in b.iterfind(".//tr[@class='sum']/*"))
    assert missing - sums == Counter()


# The dashboard of the day

RESULTS: dict[Kind, tuple[str, dict[str, str]]] = {
    Kind.CITY: ("office", {}),
    Kind.RESOLUTION: ("office", {"resolution": "hn72"}),
    Kind.PROGRAMME: ("office", {"programme": "hn72"}),
    Kind.AXIS: ("office", {"axis": "ubnd"}),
    Kind.AREA: ("office", {"area": "00001"}),
    # Its own dashboard counts what the unit leads; its head has held the post all the time.
    Kind.UNIT: ("officer", {}),
    Kind.HEAD: ("head", {}),
}


def dashboard(user: User, **choice: str) -> Any:  # noqa: ANN401 - a context of a page
    """What the page shows."""
    response = signed_in(user).get(reverse("reports:dashboard"), choice)
    assert response.status_code == 200
    return response.context


def shown(context: Any, key: str) -> str:  # noqa: ANN401
    """The number on a tile."""
    return str(next(tile.value for tile in context["tiles"] if tile.key == key))


def check_results(made: Made, city: City) -> None:
    """The state of the day: sentences and a table."""
    user, choice = RESULTS[Kind(made.report.kind)]
    context = dashboard(getattr(city.cast, user), **choice)
    tally = context["figures"].tally
    sentences = (
        f"tổng số {shown(context, 'total')} nhiệm vụ đã giao; {number(tally.due)} nhiệm vụ đã đến",
        f"hoàn thành đúng hạn {number(tally.completed_on_time)} ({percent(tally.on_time.rate)})",
        f"quá hạn chưa hoàn thành {shown(context, 'overdue')}.",
        f"sắp đến hạn {shown(context, 'due_soon')}, trong hạn {number(tally.in_term)}",
    )
    for sentence in sentences:
        assert sentence in made.pdf
        assert sentence in made.word
    state = {row[0]: row[1] for row in made.excel["Kết quả chung"]}
    assert number(state["Tổng số nhiệm vụ"]) == shown(context, "total")
    assert number(state["Quá hạn chưa hoàn thành"]) == shown(context, "overdue")
    assert (state["Đã đến hạn"], state["Chờ xác nhận"]) == (tally.due, tally.awaiting)
    assert state["Hoàn thành đúng hạn"] == tally.completed_on_time
    assert tally.total > 5


def check_exceptions(made: Made, city: City) -> None:
    """The tabs of the dashboard."""
    counts = {tab.label: tab.count for tab in dashboard(city.cast.office)["tabs"]}
    rows = {row[0]: row[1] for row in made.excel["Tổng hợp"]}
    assert {label: rows[label] for label in counts} == counts
    for label, count in counts.items():
        assert f"{label} {count}" in made.pdf
        assert f"{label} {count}" in made.word
        if count:
            assert len(made.excel[label]) == count + 1


def check_urging(made: Made, city: City) -> None:
    """Late and silent tasks."""
    context = dashboard(city.cast.office)
    late, silent = shown(context, "overdue"), shown(context, "silent")
    sentence = f"{late} nhiệm vụ quá hạn, {silent} nhiệm vụ không cập nhật"
    assert sentence in made.pdf
    assert sentence in made.word
    total = made.excel["Đơn vị cần đôn đốc"][-1]
    assert list(map(number, total[-3:-1])) == [late, silent]


def check_tables(made: Made, city: City) -> None:
    """Sums, and a row for every task."""
    tally = dashboard(city.cast.office)["figures"].tally
    total = (tally.total, tally.due, tally.completed_on_time, tally.completed_late, tally.overdue)
    assert made.excel["Tổng hợp"][-1][2:7] == total
    line = f"Tổng cộng {' '.join(map(number, total))} {percent(tally.on_time.rate)}"
    assert line in made.pdf
    assert line in made.word
    lists = [rows for name, rows in made.excel.items() if name not in {"Thông tin", "Tổng hợp"}]
    assert sum(len(rows) - 1 for rows in lists) == tally.total


def check_areas(made: Made, city: City) -> None:
    """Each paper, the dashboard of its area."""
    for ward in (city.cast.ward, city.cast.other_ward):
        assert ward.area is not None
        context = dashboard(city.cast.office, area=ward.area.code)
        sentence = (
            f"tổng số {shown(context, 'total')} nhiệm vụ đã giao; "
            f"{number(context['figures'].tally.due)} nhiệm vụ đã đến hạn"
        )
        assert sentence in made.pdf
        assert sentence in made.word
    # One list of all areas, in which each row says whose it is.
    names = {area.name for area in (city.cast.ward.area, city.cast.other_ward.area) if area}
    for name, rows in made.excel.items():
        if name != "Thông tin":
            assert rows[0][0] == "Phường, xã"
            assert {row[0] for row in rows[1:]} == names


def check_letter(made: Made, city: City) -> None:
    """Every late task of the unit, which were all asked for."""
    late = shown(dashboard(city.cast.officer), "overdue")
    assert f"{late} nhiệm vụ sau do" in made.pdf
    assert f"{late} nhiệm vụ sau do" in made.word
    rows = next(rows for name, rows in made.excel.items() if name != "Thông tin")
    assert number(len(rows) - 1) == late


# With what each kind is compared; a new kind asks for an entry here.
CHECKS: dict[Kind, Callable[[Made, City], None]] = {
    **dict.fromkeys(RESULTS, check_results),
    Kind.EXCEPTIONS: check_exceptions,
    Kind.URGING: check_urging,
    Kind.TABLES: check_tables,
    Kind.AREAS: check_areas,
    Kind.LETTER: check_letter,
}


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_all_forms_hold_the_figures_of_the_dashboard(kind: Kind, city: City) -> None:
    made = made_of(kind, city)
    check_word(made)
    check_pdf(made)
    check_excel(made)
    CHECKS[kind](made, city)
