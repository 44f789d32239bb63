"""Search: without marks, wherever the tone stands, in any order; and never past the door."""

from datetime import date
from html import unescape
from unicodedata import normalize

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from hanoi_programmes.lib.text import fold, parts_with, words_of
from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.models import Document, Task
from hanoi_programmes.programmes.services.search import Found, search
from hanoi_programmes.ui.templatetags.ui import highlight
from tests import factories
from tests.conftest import TODAY, Cast, signed_in


def found(query: str, user: User) -> Found:
    return search(query, user=user, on=TODAY, most=20)


def texts(result: Found) -> list[str]:
    return [line.task.text for line in result.tasks]


@pytest.fixture
def tasks(cast: Cast) -> dict[str, Task]:
    """Three tasks: of the ward, of the other ward, of the city."""
    ward = {"text": "Xây trường giáo dục hòa nhập", "source_document": "71/KH-UBND"}
    other = {"text": "Giáo dục hoà nhập tại Suối Hai", "code": "HN-12"}
    city = {"text": "Số hóa hồ sơ sức khỏe", "code": "HN-1", "source_document": "12/QĐ-TU"}
    return {
        "ward": factories.make_task(cast.programme, cast.ward, **ward),
        "other": factories.make_task(cast.programme, cast.other_ward, **other),
        "city": factories.make_task(cast.programme, cast.department, **city),
    }


# Words


@pytest.mark.parametrize(
    "query",
    [
        "giao duc",
        "giáo dục",
        "GIÁO DỤC",
        "duc giao",
        "hoa nhap",
        "hoà nhập",
        "hòa nhập",
        normalize("NFD", "hòa nhập"),
        "  nhập   hòa  ",
        '"giáo dục", hòa',
        "dục 71/kh",
        "71/KH-UBND",
        "giao duc lang",
        "Láng trường",
    ],
)
def test_a_task_is_found_however_its_words_are_typed(
    cast: Cast, tasks: dict[str, Task], query: str
) -> None:
    assert tasks["ward"].text in texts(found(query, cast.office))


@pytest.mark.parametrize("query", ["giao duc y te", "hòa bình", "giaoduc", "71-KH", "%", "_"])
def test_every_word_must_be_there_as_it_was_typed(
    cast: Cast, tasks: dict[str, Task], query: str
) -> None:
    assert tasks["ward"].text not in texts(found(query, cast.office))


@pytest.mark.parametrize("query", ["", " ", "a", "'", '""', ",;"])
def test_too_little_finds_nothing_and_asks_nothing(cast: Cast, query: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        result = found(query, cast.office)
    assert (result.is_asked, result.count, len(asked)) == (False, 0, 0)


def test_the_exact_code_or_number_comes_first(cast: Cast, tasks: dict[str, Task]) -> None:
    factories.make_task(cast.programme, cast.department, text="Nêu HN-12 và 71/KH-UBND", code="Z-9")
    factories.make_task(cast.programme, cast.department, text="Việc sau", code="HN-120")
    assert texts(found("hn-12", cast.office))[:2] == [tasks["other"].text, "Việc sau"]
    assert texts(found("71/kh-ubnd", cast.office))[0] == tasks["ward"].text


def test_the_citys_own_task_comes_before_its_parts(cast: Cast, tasks: dict[str, Task]) -> None:
    part = factories.make_task(
        cast.programme, cast.ward, parent=tasks["city"], text="Số hóa hồ sơ tại phường"
    )
    assert texts(found("ho so", cast.office)) == [tasks["city"].text, part.text]


def test_units_and_documents_stand_beside_tasks(cast: Cast, tasks: dict[str, Task]) -> None:
    Document.objects.create(
        programme=cast.programme, number="71/KH-UBND", issuer="UBND Thành phố",
        subject="Kế hoạch giáo dục", issued_on=date(2026, 2, 3),
    )  # fmt: skip
    report = factories.make_report(tasks["ward"], cast.ward_officer, TODAY)
    factories.make_paper(report, TODAY, document_number="45/BC-UBND")
    result = found("71/kh-ubnd", cast.office)
    assert [paper.number for paper in result.papers] == ["71/KH-UBND"]
    assert found("ke hoach giao duc", cast.office).papers[0].page == "programme"
    assert found("suoi hai", cast.office).units == [cast.other_ward]
    evidence = found("45/bc", cast.office).papers[0]
    assert (evidence.page, evidence.key) == ("task", tasks["ward"].pk)


# The door


@pytest.mark.parametrize("counts_to", [1000, 1])
def test_an_outsider_finds_nothing_of_others(
    cast: Cast, tasks: dict[str, Task], settings: Settings, counts_to: int
) -> None:
    settings.SEARCH_COUNTS_TO = counts_to
    report = factories.make_report(tasks["ward"], cast.ward_officer, TODAY)
    factories.make_paper(report, TODAY, document_number="999/CHIM-HOANG-YEN")
    factories.make_task(cast.programme, cast.ward, text="Chim hoàng yến", code="HOANG-YEN-1")
    for query in ("chim hoang yen", "hoang-yen-1", "999/CHIM-HOANG-YEN", "giao duc lang"):
        assert found(query, cast.ward_officer).count
        assert found(query, cast.office).count
        for stranger in (cast.outsider, cast.administrator):
            result = found(query, stranger)
            assert (result.tasks, result.task_count) == ([], 0), (query, stranger)
            assert (result.papers, result.paper_count) == ([], 0)
            page = signed_in(stranger).get("/search/", {"q": query}).content.decode()
            assert "HOANG-YEN-1" not in page
            assert "Chim hoàng yến" not in unescape(page)


def test_a_draft_is_found_by_the_office_only(cast: Cast) -> None:
    factories.make_task(cast.programme, cast.ward, text="Còn dự thảo", state="draft")
    assert found("du thao", cast.office).task_count == 1
    assert found("du thao", cast.ward_officer).task_count == 0


@pytest.mark.parametrize("query", ["giao duc", "hn-", "hoa nhap 71"])
def test_the_number_beside_a_kind_is_the_number_of_rows_behind_it(
    cast: Cast, tasks: dict[str, Task], query: str
) -> None:
    for user in (cast.office, cast.ward_officer):
        page = signed_in(user).get("/tasks/", {"q": query})
        assert page.context["page"].paginator.count == found(query, user).task_count
    units = signed_in(cast.office).get("/units/", {"q": "phuong"})
    assert units.context["page"].paginator.count == found("phuong", cast.office).unit_count


def test_a_few_are_shown_and_all_are_counted(cast: Cast) -> None:
    factories.make_tasks(cast.programme, cast.ward, [{} for _ in range(30)])
    result = search("nhiem vu", user=cast.office, on=TODAY, most=4)
    assert (len(result.tasks), result.task_count) == (4, 30)


def test_beyond_the_limit_it_says_more_than_so_many(cast: Cast, settings: Settings) -> None:
    settings.SEARCH_COUNTS_TO = 3
    factories.make_tasks(cast.programme, cast.ward, [{} for _ in range(3)])
    result = search("nhiem vu", user=cast.office, on=TODAY, most=2)
    assert (len(result.tasks), result.task_count, result.tasks_exceed) == (2, 3, False)
    client = signed_in(cast.office)
    assert "trên 3" not in client.get("/search/?q=nhiem+vu").content.decode()
    factories.make_tasks(cast.programme, cast.ward, [{} for _ in range(3)])
    result = search("nhiem vu", user=cast.office, on=TODAY, most=2)
    assert (len(result.tasks), result.task_count, result.tasks_exceed) == (2, 3, True)
    page = client.get("/search/?q=nhiem+vu").content.decode()
    assert "trên 3 nhiệm vụ" in page
    assert "Gõ thêm chữ để thu hẹp" in page
    assert "Xem tất cả" not in page
    quick = client.get(
        "/search/?q=nhiem+vu", headers={"hx-request": "true", "hx-target": "quick-found"}
    ).content.decode()
    assert "Trên 3 nhiệm vụ" in quick
    assert "Tất cả" not in quick


def test_beyond_the_limit_the_code_and_the_citys_own_tasks_still_come_first(
    cast: Cast, settings: Settings
) -> None:
    settings.SEARCH_COUNTS_TO = 3
    city = factories.make_task(cast.programme, cast.department, text="Việc của Thành phố")
    coded = factories.make_task(cast.programme, cast.ward, parent=city, text="Việc a", code="VIEC")
    for n in range(9):
        factories.make_task(cast.programme, cast.other_ward, parent=city, text=f"Việc {n}")
    assert texts(search("viec", user=cast.office, on=TODAY, most=3))[:2] == [coded.text, city.text]
    # What is ranked beside the newest passes the same door: the other ward's sibling never shows.
    mine = search("viec", user=cast.ward_officer, on=TODAY, most=20)
    assert (texts(mine), mine.task_count) == ([coded.text, city.text], 2)


# The page


def test_the_page_marks_words_and_escapes_the_rest(cast: Cast) -> None:
    factories.make_task(cast.programme, cast.ward, text="Việc <b>giáo dục</b> & đào tạo")
    page = signed_in(cast.office).get("/search/", {"q": "giao duc <i>"}).content.decode()
    assert "<i>" not in page
    page = signed_in(cast.office).get("/search/", {"q": "giao duc"}).content.decode()
    assert "&lt;b&gt;<mark>giáo</mark> <mark>dục</mark>&lt;/b&gt; &amp; đào tạo" in page


def test_htmx_gets_the_part_it_swaps(cast: Cast, tasks: dict[str, Task]) -> None:
    client = signed_in(cast.office)
    whole = client.get("/search/?q=giao")
    assert b"<html" in whole.content
    part = client.get("/search/?q=giao", headers={"hx-request": "true", "hx-target": "found"})
    assert part.content.lstrip().startswith(b'<div class="stack mt" id="found">')
    quick = client.get(
        "/search/?q=hn-1", headers={"hx-request": "true", "hx-target": "quick-found"}
    )
    assert quick.content.lstrip().startswith(b'<div id="quick-found">')
    assert "HX-Target" in quick["Vary"]
    empty = client.get("/search/?q=khong-co-tu-nay").content.decode()
    assert "Không tìm thấy" in empty


@pytest.mark.django_db
def test_the_indexes_are_there_where_the_extension_is() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'")
        expected = 3 * cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM pg_indexes WHERE indexname LIKE '%search_trigrams'")
        assert cursor.fetchone()[0] == expected


# Words and marks


def test_words_are_folded_cleaned_and_few() -> None:
    assert words_of("  “Giáo dục”, giáo (Đào-tạo) ") == ["giao", "duc", "dao-tao"]
    assert len(words_of(" ".join(map(str, range(99))))) == 8


def test_a_long_text_is_shown_from_shortly_before_the_word() -> None:
    shown = highlight("đầu " * 100 + "điểm đến", ["diem"])
    assert shown.startswith("…")
    assert shown.endswith("<mark>điểm</mark> đến")
    assert len(shown) < 150


letters = st.text(alphabet="aăâbcdđeêoôơuưyáàảãạẩộữỵỊĐ\u0301\u0323 ß%.", max_size=30)


@given(letters, st.lists(letters.map(fold).map(str.strip).filter(bool), max_size=3))
def test_marking_loses_and_adds_nothing(text: str, words: list[str]) -> None:
    parts = parts_with(text, words)
    whole = "".join(part for part, _ in parts)
    assert fold(whole) == fold(text)
    marked = [fold(part) for part, hit in parts if hit]
    assert all(any(word in part or part in word for word in words) for part in marked if part)
    assert bool(marked) or not any(word in fold(text) for word in words)
