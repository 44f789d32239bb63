"""Reports as jobs: asked once, made once, stopped between steps, failing with a sentence."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any
from uuid import UUID, uuid4

import pdfplumber
import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from pypdf import PdfReader

from hanoi_programmes.lib.dates import Period, quarter_of
from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.querysets import Choice
from hanoi_programmes.reports import pdf, services
from hanoi_programmes.reports.figures import Findings, Scope, overview
from hanoi_programmes.reports.kinds import Wish
from hanoi_programmes.reports.models import Report
from hanoi_programmes.reports.pdf import fonts
from hanoi_programmes.reports.shapes import thaw
from hanoi_programmes.reports.states import STEPS, Issuer, Kind, Profile, State
from hanoi_programmes.ui.templatetags.ui import number, percent
from tests import factories
from tests.conftest import HANOI, TODAY, Cast
from tests.reports.conftest import MakeCity

AT = datetime(2026, 11, 16, 8, 2, tzinfo=HANOI)
WANTED = Wish(Kind.CITY, quarter_of(TODAY), TODAY, Issuer.BOARD)


def ask(user: User, wanted: Wish = WANTED, key: UUID | None = None) -> Report:
    """One request."""
    return services.request(wanted, by=user, at=AT, on=TODAY, form_key=key or uuid4())


def text_of(report: Report) -> str:
    """All words of the file, spaces and breaks as one space."""
    report.refresh_from_db()
    pages = PdfReader(report.file.path).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def top_of(report: Report, page: int) -> str:
    """What stands in the top margin of a page."""
    with pdfplumber.open(report.file.path) as paper:
        sheet = paper.pages[page]
        return str(sheet.crop((0, 0, sheet.width, 50)).extract_text()).strip()


def offered(media: Path) -> list[Path]:
    """Files of reports; drawn sections that wait to be used again are offered to nobody."""
    files = [path for path in media.rglob("*.*") if path.is_file()]
    return [path for path in files if "parts" not in path.parts]


def test_a_report_is_made_and_says_the_same_as_the_dashboard(
    make_city: MakeCity, media: Path
) -> None:
    city = make_city(21, TODAY)
    report = ask(city.cast.office)
    services.make(report.pk, today=TODAY)
    figures = overview(Scope(city.cast.office, TODAY, TODAY))
    tally, words = figures.tally, text_of(report)
    assert report.state == State.DONE
    assert f"tổng số {number(tally.total)} nhiệm vụ đã giao" in words
    assert f"{number(tally.due)} nhiệm vụ đã đến hạn" in words
    assert f"hoàn thành đúng hạn {tally.completed_on_time} ({percent(tally.on_time.rate)})" in words
    assert f"quá hạn chưa hoàn thành {tally.overdue}" in words
    assert f"chờ xác nhận {tally.awaiting}" in words
    assert f"Có {tally.overdue} nhiệm vụ quá hạn" in words
    for part in figures.units:
        row = (part.tally.total, part.tally.due, part.tally.completed_on_time)
        assert f"{part.name} {' '.join(map(number, row))}" in words
    total = (tally.total, tally.due, tally.completed_on_time, tally.completed_late, tally.overdue)
    assert f"Tổng cộng {' '.join(map(number, total))}" in words
    assert thaw(Findings, report.snapshot or {}).overview == figures


def test_the_paper_is_complete(make_city: MakeCity, media: Path) -> None:
    city = make_city(22, TODAY)
    report = ask(city.cast.office)
    services.make(report.pk, today=TODAY)
    words = text_of(report)
    for part in (
        "THÀNH ỦY HÀ NỘI",
        "ĐẢNG CỘNG SẢN VIỆT NAM",
        "-BC/TU",
        "Hà Nội, ngày 16 tháng 11 năm 2026",
        "BÁO CÁO",
        "Kết quả thực hiện các chương trình hành động quý IV/2026",
        "-----",
        "Căn cứ Nghị quyết số 72-NQ/TW",
        "I. TÌNH HÌNH VÀ KẾT QUẢ THỰC HIỆN",
        "II. ƯU ĐIỂM, HẠN CHẾ, NGUYÊN NHÂN",
        "III. PHƯƠNG HƯỚNG, NHIỆM VỤ THỜI GIAN TỚI",
        "IV. KIẾN NGHỊ, ĐỀ XUẤT",
        "Nơi nhận:",
        "T/M BAN THƯỜNG VỤ",
        "PHỤ LỤC",
        report.code,
        "Dự thảo",
    ):
        assert part in words, part
    assert "minh họa" not in words.lower()


def test_the_file_is_tagged_embedded_and_numbered_from_page_two(
    make_city: MakeCity, media: Path
) -> None:
    city = make_city(22, TODAY)
    report = ask(city.cast.office)
    services.make(report.pk, today=TODAY)
    report.refresh_from_db()
    reader = PdfReader(report.file.path)
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "vi"
    assert reader.metadata is not None
    assert reader.metadata.title == report.subject
    assert report.pages == len(reader.pages) > 1
    assert [top_of(report, number) for number in (0, 1)] == ["", "2"]
    for page in reader.pages:
        fonts: Any = page["/Resources"]["/Font"]  # type: ignore[index]
        for font in fonts.values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            assert "/FontFile2" in descendant["/FontDescriptor"]
            assert pdf.FAMILY.replace(" ", "-") in descendant["/BaseFont"]


def test_made_up_data_says_so_on_every_page(cast: Cast, media: Path) -> None:
    factories.make_task(cast.programme, cast.department, confidence="illustrative")
    report = ask(cast.office)
    services.make(report.pk, today=TODAY)
    report.refresh_from_db()
    for page in PdfReader(report.file.path).pages:
        assert "Số liệu minh họa" in page.extract_text()


def test_a_unit_reports_what_it_sees_under_its_own_name(make_city: MakeCity, media: Path) -> None:
    city = make_city(23, TODAY)
    wanted = Wish(
        Kind.PROGRAMME,
        quarter_of(TODAY),
        TODAY,
        Issuer.UNIT,
        subject=city.cast.programme,
    )
    report = ask(city.cast.officer, wanted)
    services.make(report.pk, today=TODAY)
    words = text_of(report)
    key = city.cast.programme.resolution.key
    total = overview(Scope(city.cast.officer, TODAY, TODAY, Choice(resolution=key))).tally.total
    assert report.profile == Profile.STATE
    assert "Độc lập - Tự do - Hạnh phúc" in words
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" not in words
    assert f"tổng số {total} nhiệm vụ" in words


def test_figures_of_a_past_quarter_are_those_of_its_last_day(
    make_city: MakeCity, media: Path
) -> None:
    city = make_city(24, TODAY)
    period = Period(TODAY.replace(month=7, day=1), TODAY.replace(month=9, day=30))
    report = ask(city.cast.office, Wish(Kind.CITY, period, period.end, Issuer.OFFICE))
    services.make(report.pk, today=TODAY)
    figures = overview(Scope(city.cast.office, period.end, TODAY))
    assert thaw(Findings, Report.objects.get(pk=report.pk).snapshot or {}).overview == figures
    assert "quý III/2026" in text_of(report)


def test_nobody_uses_a_letterhead_that_is_not_theirs(cast: Cast) -> None:
    with pytest.raises(Denied, match="dưới tên cơ quan này"):
        ask(cast.ward_officer)
    with pytest.raises(Denied, match="quản trị"):
        ask(cast.administrator)
    assert not Report.objects.exists()


def test_the_same_form_twice_is_one_report(cast: Cast) -> None:
    key = uuid4()
    assert ask(cast.office, key=key) == ask(cast.office, key=key)
    assert Report.objects.count() == 1


def test_the_same_wish_while_one_waits_is_one_report(cast: Cast) -> None:
    first = ask(cast.office)
    assert ask(cast.office) == first
    Report.objects.update(state=State.CANCELLED)
    assert ask(cast.office) != first


def test_a_form_key_of_somebody_else_is_refused(cast: Cast) -> None:
    key = uuid4()
    ask(cast.office, key=key)
    with pytest.raises(Denied, match="đã được dùng"):
        ask(cast.leader, key=key)


def test_codes_are_printed_with_the_day_and_found_again(cast: Cast) -> None:
    report = ask(cast.office)
    assert report.code == f"SL-1116-{report.pk:04d}"
    assert Report.objects.coded(report.code).get() == report
    assert Report.objects.coded(f" {report.code.lower()} ").get() == report
    for wrong in ("", "SL-1116-", "SL-1116-0x1", "43", "SL-1116-" + "9" * 40):
        assert not Report.objects.coded(wrong).exists()


def test_a_claim_is_taken_once(cast: Cast) -> None:
    report = ask(cast.office)
    assert services.claim(report.pk) is not None
    assert services.claim(report.pk) is None


def test_a_report_left_by_a_dead_worker_is_taken_again(cast: Cast, media: Path) -> None:
    report = ask(cast.office)
    services.claim(report.pk)
    Report.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert services.make(report.pk, today=TODAY) is not None
    report.refresh_from_db()
    assert (report.state, report.attempts) == (State.DONE, 2)


def test_what_kills_its_worker_three_times_fails_with_a_sentence(cast: Cast) -> None:
    report = ask(cast.office)
    for _ in range(services.ATTEMPTS):
        assert services.claim(report.pk) is not None
        Report.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert services.claim(report.pk) is None
    report.refresh_from_db()
    assert report.state == State.FAILED
    assert "Đã thử 3 lần" in report.error


def stop_at(monkeypatch: pytest.MonkeyPatch, name: str, act: Callable[[], None]) -> None:
    """Let something happen just before the step that calls `pdf.<name>`."""
    real: Callable[..., object] = getattr(pdf, name)

    def meanwhile(given: object, **how: object) -> object:
        act()
        return real(given, **how)

    monkeypatch.setattr(pdf, name, meanwhile)


def test_a_cancelled_report_stops_before_its_next_step(
    cast: Cast, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = ask(cast.office)
    later: list[str] = []
    stop_at(monkeypatch, "lay_out", lambda: services.cancel(report, by=cast.office))
    stop_at(monkeypatch, "join", lambda: later.append("join"))
    assert services.make(report.pk, today=TODAY) is None
    report.refresh_from_db()
    assert report.state == State.CANCELLED
    assert later == []
    assert not offered(media)


def test_a_report_cancelled_at_the_last_moment_leaves_no_file(
    cast: Cast, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = ask(cast.office)
    stop_at(monkeypatch, "join", lambda: services.cancel(report, by=cast.office))
    assert services.make(report.pk, today=TODAY) is None
    assert Report.objects.get().state == State.CANCELLED
    assert not offered(media)


def test_progress_is_told_step_by_step(
    cast: Cast, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = ask(cast.office)
    seen: list[int] = []
    for name in ("lay_out", "join"):
        stop_at(monkeypatch, name, lambda: seen.append(Report.objects.get().step))
    services.make(report.pk, today=TODAY)
    assert seen == [1, 2]
    assert Report.objects.get().step == len(STEPS) - 1


def test_a_full_disk_fails_with_a_sentence_and_can_be_tried_again(
    cast: Cast, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = ask(cast.office)
    with monkeypatch.context() as broken:
        broken.setattr(pdf, "lay_out", full_disk)
        with pytest.raises(OSError, match="No space"):
            services.make(report.pk, today=TODAY)
    report.refresh_from_db()
    assert report.state == State.FAILED
    assert "hết chỗ" in report.error
    services.retry(report, by=cast.office)
    services.make(report.pk, today=TODAY)
    report.refresh_from_db()
    assert (report.state, report.error) == (State.DONE, "")


def test_a_machine_without_a_font_says_what_to_install(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = ask(cast.office)
    monkeypatch.setattr(fonts, "_candidates", lambda: iter(()))
    pdf.font_in_use.cache_clear()
    try:
        with pytest.raises(pdf.NoFont):
            services.make(report.pk, today=TODAY)
    finally:
        pdf.font_in_use.cache_clear()
    report.refresh_from_db()
    assert "fonts-liberation2" in report.error


def full_disk(*_args: object, **_how: object) -> None:
    """What a full disk says."""
    raise OSError("No space left on device")


def test_only_the_asker_and_the_office_may_stop_or_repeat(cast: Cast) -> None:
    wanted = Wish(Kind.CITY, quarter_of(TODAY), TODAY, Issuer.UNIT)
    report = ask(cast.ward_officer, wanted)
    for stranger in (cast.leader, cast.outsider, cast.inspector):
        with pytest.raises(Denied, match="Chỉ người lập báo cáo"):
            services.cancel(report, by=stranger)
    services.cancel(report, by=cast.office)
    with pytest.raises(Denied, match="Chỉ người lập báo cáo"):
        services.retry(report, by=cast.leader)
    services.retry(report, by=cast.ward_officer)


def test_what_has_ended_cannot_be_cancelled_nor_repeated_when_done(cast: Cast, media: Path) -> None:
    report = ask(cast.office)
    services.make(report.pk, today=TODAY)
    with pytest.raises(Denied, match="đã kết thúc"):
        services.cancel(report, by=cast.office)
    with pytest.raises(Denied, match="không cần lập lại"):
        services.retry(report, by=cast.office)


def test_a_repeat_beside_its_twin_is_refused(cast: Cast) -> None:
    report = ask(cast.office)
    services.cancel(report, by=cast.office)
    ask(cast.office)
    with pytest.raises(Denied, match="giống hệt"):
        services.retry(report, by=cast.office)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_file(cast: Cast, media: Path) -> None:
    report = ask(cast.office)
    start, made = Barrier(2), []

    def work() -> None:
        try:
            start.wait()
            made.append(services.make(report.pk, today=TODAY))
        finally:
            connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(one is None for one in made) == [False, True]
    assert len([path for path in offered(media) if path.suffix == ".pdf"]) == 1
    assert Report.objects.get().attempts == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "done"},
        {"state": "running"},
        {"state": "failed", "error": ""},
        {"error": "một câu", "state": "waiting"},
        {"state": "elsewhere"},
        {"as_of": TODAY + timedelta(days=400)},
    ],
)
def test_the_database_refuses_what_cannot_be(cast: Cast, wrong: dict[str, Any]) -> None:
    report = ask(cast.office)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(**wrong)
