"""Reports drawn by sections: shared, kept, taken over, stopped, and never offered by halves."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from pypdf import PdfReader

from hanoi_programmes.lib.dates import quarter_of
from hanoi_programmes.people.models import Area, Unit
from hanoi_programmes.reports import services
from hanoi_programmes.reports.kinds import Wish
from hanoi_programmes.reports.models import RenderedSection, Report, ReportSection, ReportText
from hanoi_programmes.reports.services import sections as drawing
from hanoi_programmes.reports.states import Issuer, Kind, SectionState, State
from tests import factories
from tests.conftest import TODAY, Cast
from tests.reports.test_services import AT, ask, full_disk, offered, stop_at, text_of

DAY = timedelta(days=1)
TABLES = Wish(Kind.TABLES, quarter_of(TODAY), TODAY, Issuer.BOARD)


@pytest.fixture
def town(cast: Cast) -> Cast:
    """Ten units with two tasks each: a table of eleven sections."""
    for number in range(10):
        unit = factories.make_unit(f"U{number}", parent=cast.city)
        for _ in range(2):
            factories.make_task(cast.programme, unit, deadline=TODAY - 5 * DAY)
    return cast


def count_drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each section that is set into pages, as long as the test runs."""
    drawn: list[str] = []
    stop_at(monkeypatch, "lay_out", lambda: drawn.append("section"))
    return drawn


def test_a_table_is_drawn_unit_by_unit_and_joined(town: Cast, media: Path) -> None:
    report = ask(town.office, TABLES)
    services.make(report.pk, today=TODAY)
    report.refresh_from_db()
    reader = PdfReader(report.file.path)
    titles = [str(getattr(item, "title", "")) for item in reader.outline]
    assert sum(title.startswith("Biểu ") for title in titles) == 10
    assert "MỤC LỤC" in text_of(report)
    assert report.pages == len(reader.pages) >= 12
    assert not ReportSection.objects.exists()
    assert RenderedSection.objects.count() == 11
    assert report.word
    assert report.excel


def test_only_what_changed_is_drawn_again(
    town: Cast, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.make(ask(town.office, TABLES).pk, today=TODAY)
    drawn = count_drawn(monkeypatch)
    again = ask(town.office, TABLES)
    services.make(again.pk, today=TODAY)
    assert drawn == []
    # The kept sections were drawn for another report: each page has the code of this one.
    pages = PdfReader(Report.objects.get(pk=again.pk).file.path).pages
    assert all(again.code in page.extract_text() for page in pages)
    factories.make_task(town.programme, Unit.objects.get(code="U3"), deadline=TODAY)
    services.make(ask(town.office, TABLES).pk, today=TODAY)
    assert len(drawn) == 2  # the unit's table, and the first part with the sums


def test_a_lost_part_is_drawn_again(town: Cast, media: Path) -> None:
    services.make(ask(town.office, TABLES).pk, today=TODAY)
    for row in RenderedSection.objects.all()[:3]:
        Path(row.file.path).unlink()
    again = ask(town.office, TABLES)
    services.make(again.pk, today=TODAY)
    again.refresh_from_db()
    assert (again.state, again.error) == (State.DONE, "")


@pytest.mark.django_db(transaction=True)
def test_two_hands_draw_each_section_once(
    town: Cast, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn, hands = count_drawn(monkeypatch), []

    def lend(pk: int, wanted: int) -> None:
        def work() -> None:
            try:
                by_hand.append(services.lend_hand(pk))
            finally:
                connection.close()

        assert wanted == 2
        hands.append(Thread(target=work))
        hands[0].start()

    by_hand: list[int] = []
    report = ask(town.office, TABLES)
    services.make(report.pk, today=TODAY, lend=lend)
    hands[0].join()
    report.refresh_from_db()
    assert report.state == State.DONE
    assert len(drawn) == 11
    assert by_hand[0] > 0


def test_a_hand_that_does_not_come_back_is_not_waited_for(town: Cast, media: Path) -> None:
    """A section that a killed hand held is taken over when its lease has ended."""
    report = ask(town.office, TABLES)

    def lend(pk: int, _wanted: int) -> None:
        row = ReportSection.objects.filter(report=pk).first()
        assert row is not None
        past = {"claim": "00000000-0000-0000-0000-000000000001", "lease_until": Now() - DAY}
        ReportSection.objects.filter(pk=row.pk).update(**past)

    services.make(report.pk, today=TODAY, lend=lend)
    report.refresh_from_db()
    assert report.state == State.DONE


def test_a_section_is_held_by_one_hand(town: Cast, media: Path) -> None:
    report = services.claim(ask(town.office, TABLES).pk)
    assert report is not None
    report.snapshot = {}
    first, second = drawing.Hand(report, {}), drawing.Hand(report, {})
    ReportSection.objects.create(report=report, position=0, key="a", digest="0" * 64)
    assert first.take() is not None
    assert second.take() is None
    ReportSection.objects.update(lease_until=Now() - DAY)
    assert second.take() is not None


def test_cancelled_half_way_nothing_is_offered(
    town: Cast, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = ask(town.office, TABLES)
    drawn: list[int] = []

    def meanwhile() -> None:
        drawn.append(1)
        if len(drawn) == 4:
            services.cancel(report, by=town.office)

    stop_at(monkeypatch, "lay_out", meanwhile)
    assert services.make(report.pk, today=TODAY) is None
    assert len(drawn) == 4
    report.refresh_from_db()
    assert (report.state, report.file.name, report.word.name) == (State.CANCELLED, "", "")
    assert not offered(media)
    # Tried again, it goes on from what was drawn.
    services.retry(report, by=town.office)
    services.make(report.pk, today=TODAY)
    assert len(drawn) == 11
    assert Report.objects.get().state == State.DONE


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_disk_that_fills_while_files_are_written_leaves_none(
    cast: Cast, media: Path, monkeypatch: pytest.MonkeyPatch, which: int
) -> None:
    factories.make_task(cast.programme, cast.department)
    report, names = ask(cast.office), []
    real = default_storage.save

    def save(name: str, content: "ContentFile[bytes]", **how: Any) -> str:
        if "parts" in name:
            return str(real(name, content, **how))
        names.append(name)
        if len(names) == which + 1:
            # Half of it stands on the disk when there is no more room.
            real(name, ContentFile(content.read()[:100]), **how)
            full_disk()
        return str(real(name, content, **how))

    with monkeypatch.context() as broken:
        broken.setattr(default_storage, "save", save)
        with pytest.raises(OSError, match="No space"):
            services.make(report.pk, today=TODAY)
    report.refresh_from_db()
    assert report.state == State.FAILED
    assert "hết chỗ" in report.error
    assert not offered(media)
    services.retry(report, by=cast.office)
    services.make(report.pk, today=TODAY)
    assert Report.objects.get().state == State.DONE


def test_files_are_cleared_by_rule_and_made_again_from_the_figures(town: Cast, media: Path) -> None:
    report = ask(town.office, TABLES)
    services.make(report.pk, today=TODAY)
    report.refresh_from_db()
    before = (text_of(report), report.snapshot, report.sha256)
    # Things go on; the figures do not.
    factories.make_task(town.programme, town.department, deadline=TODAY)
    assert services.clean(AT + 1000 * DAY).reports == 1
    report.refresh_from_db()
    assert (report.file.name, report.is_cleared) == ("", True)
    assert not [path for path in media.rglob("*.*") if path.is_file()]
    services.draw_again(report)
    services.make(report.pk, today=TODAY)
    assert (text_of(report), report.snapshot, report.sha256) == before


def test_a_version_without_names_has_the_same_figures(town: Cast, media: Path) -> None:
    factories.make_head("another-head", Unit.objects.get(code="U3"))
    urging = Wish(Kind.URGING, quarter_of(TODAY), TODAY, Issuer.BOARD)
    report = ask(town.office, urging)
    services.make(report.pk, today=TODAY)
    factories.make_task(town.programme, town.department, deadline=TODAY - 9 * DAY)
    report.refresh_from_db()
    sent = services.Sent(town.office, AT, TODAY, uuid4())
    other = services.request_version(report, named=False, sent=sent)
    services.make(other.pk, today=TODAY)
    other.refresh_from_db()
    assert other.snapshot == report.snapshot
    assert "Người đứng đầu" in text_of(report)
    assert "Người đứng đầu" not in text_of(other)
    # Asked for again, the two are what there is.
    for named, known in ((True, report), (False, other)):
        again = services.Sent(town.office, AT, TODAY, uuid4())
        assert services.request_version(report, named=named, sent=again) == known


def test_all_areas_at_once_are_one_paper_and_an_archive(cast: Cast, media: Path) -> None:
    factories.make_task(cast.programme, cast.ward)
    report = ask(cast.office, Wish(Kind.AREAS, quarter_of(TODAY), TODAY, Issuer.BOARD))
    services.make(report.pk, today=TODAY)
    report.refresh_from_db()
    areas = {cast.ward.area, cast.other_ward.area}
    with zipfile.ZipFile(report.archive.path) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len(names) == len(areas)
        for area in areas:
            assert area is not None
            (name,) = [name for name in names if area.name in name]
            single = PdfReader(io.BytesIO(archive.read(name)))
            words = " ".join(page.extract_text() for page in single.pages)
            assert report.code in words
            assert f"trên địa bàn {area.name}" in " ".join(words.split())
            assert single.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert all(f"địa bàn {area.name}" in text_of(report) for area in areas if area)


def test_no_area_at_all_is_a_clear_end(cast: Cast, media: Path) -> None:
    report = ask(cast.ward_officer, Wish(Kind.AREAS, quarter_of(TODAY), TODAY, Issuer.UNIT))
    Area.objects.update(starts_on=TODAY + DAY)
    assert services.make(report.pk, today=TODAY) is None
    report.refresh_from_db()
    assert report.state == State.FAILED
    assert report.error.startswith("Không có phường, xã")


HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd|'/c calc'!A1",
    "\u202egnad\u202c \u200f\u200e",
    "Mới " * 125,
)


@pytest.mark.parametrize("kind", [Kind.CITY, Kind.EXCEPTIONS, Kind.URGING])
def test_hostile_text_is_text(cast: Cast, media: Path, kind: Kind) -> None:
    """Titles and the office's words; `test_hostile_text` looks into all three forms of a table."""
    period, late = quarter_of(TODAY), TODAY - 40 * DAY
    for text in HOSTILE:
        factories.make_task(cast.programme, cast.department, text=text, deadline=late)
    ReportText.objects.create(
        kind=kind, period_start=period.start, period_end=period.end, part="strengths",
        text="<b>lời văn phòng</b>", by=cast.office, at=AT,
    )  # fmt: skip
    report = ask(cast.office, Wish(kind, period, TODAY, Issuer.BOARD))
    services.make(report.pk, today=TODAY)
    report.refresh_from_db()
    assert (report.state, report.error) == (State.DONE, "")
    words = text_of(report).replace(" ", "")
    assert "<script>alert(1)</script>" in words
    assert "=cmd|" in words
    assert ("<b>lờivănphòng</b>" in words) == (kind == Kind.CITY)


@pytest.mark.parametrize("kind", [Kind.CITY, Kind.EXCEPTIONS, Kind.URGING])
def test_an_endless_text_is_cut_where_a_meeting_reads(cast: Cast, media: Path, kind: Kind) -> None:
    """50,000 letters of a title, an obstacle and a proposal: pages, not a hundred of them."""
    text = "đ" * 50_000
    task = factories.make_task(
        cast.programme, cast.department, text=text, product=text, deadline=TODAY - 40 * DAY
    )
    factories.make_obstacle(task, cast.officer, TODAY - 10 * DAY, text=text, proposal=text)
    report = ask(cast.office, Wish(kind, quarter_of(TODAY), TODAY, Issuer.BOARD))
    services.make(report.pk, today=TODAY)
    report.refresh_from_db()
    assert (report.state, report.error) == (State.DONE, "")
    assert report.pages < 40
    assert text in str(report.snapshot)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.LETTER])
def test_every_kind_is_made_without_data_and_with_one_row(
    cast: Cast, media: Path, kind: Kind
) -> None:
    subjects = {
        Kind.RESOLUTION: cast.programme.resolution,
        Kind.PROGRAMME: cast.programme,
        Kind.AXIS: cast.department.axis,
        Kind.UNIT: cast.department,
        Kind.AREA: cast.ward.area,
        Kind.HEAD: cast.ward_head.holdings.get().post,
    }
    wish = Wish(kind, quarter_of(TODAY), TODAY, Issuer.BOARD, subject=subjects.get(kind))
    for rows in range(2):
        report = ask(cast.office, wish)
        services.make(report.pk, today=TODAY)
        report.refresh_from_db()
        assert (report.state, report.error) == (State.DONE, ""), rows
        assert report.subject.split(" quý ")[0] in text_of(report) or kind == Kind.AREAS
        for unit in (cast.department, cast.ward):
            factories.make_task(cast.programme, unit, deadline=TODAY - 3 * DAY)


def test_a_unit_that_ended_is_reported_on_as_it_was(cast: Cast, media: Path) -> None:
    factories.make_task(cast.programme, cast.department, deadline=TODAY - 3 * DAY)
    Unit.objects.filter(pk=cast.department.pk).update(ends_on=TODAY - DAY, is_active=False)
    wish = Wish(Kind.UNIT, quarter_of(TODAY), TODAY, Issuer.BOARD, subject=cast.department)
    report = ask(cast.office, wish)
    services.make(report.pk, today=TODAY)
    report.refresh_from_db()
    assert report.state == State.DONE
    assert "tổng số 1 nhiệm vụ" in text_of(report)


def test_the_database_holds_what_sections_are(cast: Cast) -> None:
    report = ask(cast.office)
    row = {"report": report, "position": 0, "key": "a", "digest": "0" * 64}
    for wrong in (
        {"digest": "x"},
        {"state": SectionState.DONE, "pages": 0},
        {"claim": "00000000-0000-0000-0000-000000000001"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReportSection.objects.create(**row | wrong)
