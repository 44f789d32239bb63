"""Reports as pages: asking, watching, fetching, checking by code; and what each refusal says."""

import typing
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, now
from kombu.exceptions import OperationalError
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from hanoi_programmes.lib.dates import quarter_of
from hanoi_programmes.lib.periods import period_key
from hanoi_programmes.people.models import User
from hanoi_programmes.reports import jobs, services
from hanoi_programmes.reports.figures import Scope, overview
from hanoi_programmes.reports.models import Report
from hanoi_programmes.reports.states import State
from tests.conftest import Cast, signed_in
from tests.reports.conftest import MakeCity

URL = reverse("reports:list")


@pytest.fixture(autouse=True)
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Which reports a worker was woken for, without a broker."""
    bell: list[int] = []
    monkeypatch.setattr(
        jobs.make_report, "apply_async", lambda args, **_options: bell.append(args[0])
    )
    return bell


def asked(**changes: object) -> dict[str, Any]:
    """What the form sends."""
    return {
        "kind": "city",
        "period": period_key(quarter_of(localdate()), "quarter"),
        "issuer": "board",
        "profile": "party-05HD",
        "named": "yes",
        "form_key": str(uuid4()),
    } | changes


def post(client: Client, **changes: object) -> HttpResponse:
    """Send the form; work promised on commit is done."""
    return typing.cast("HttpResponse", client.post(URL, asked(**changes)))


def of_the_ward(cast: Cast) -> dict[str, object]:
    """What a ward's officer sends about the own ward."""
    return {"kind": "unit", "about_unit": cast.ward.pk, "issuer": "unit", "profile": "state-ND30"}


@pytest.fixture
def made(cast: Cast, media: Path) -> Report:
    """A finished report of the office."""
    post(signed_in(cast.office))
    report = Report.objects.get()
    services.make(report.pk, today=localdate())
    report.refresh_from_db()
    return report


def test_a_request_is_written_down_and_a_worker_is_woken(
    cast: Cast, rung: list[int], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = post(signed_in(cast.office), kind="programme", programme=cast.programme.key)
    assert answer.status_code == 303
    report = Report.objects.get()
    assert (report.programme, report.as_of) == (cast.programme, localdate())
    assert rung == [report.pk]


def test_two_clicks_are_one_report(cast: Cast) -> None:
    client, form = signed_in(cast.office), asked()
    client.post(URL, form)
    client.post(URL, form)
    assert Report.objects.count() == 1


def test_a_past_quarter_ends_with_its_last_day(cast: Cast) -> None:
    post(signed_in(cast.office), period="2026-Q2")
    report = Report.objects.get()
    assert (report.period_start, report.as_of) == (date(2026, 4, 1), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"kind": "letter"}, "Lựa chọn này không có trong danh sách"),
        ({"kind": ""}, "Chọn loại báo cáo"),
        ({"period": ""}, "Chọn kỳ."),
        ({"period": "1999"}, "Lựa chọn này không có trong danh sách"),
        ({"period": "2024-Q4"}, "Chưa có số liệu trước năm 2025"),
        ({"period": "2099-Q4"}, "Kỳ này chưa bắt đầu"),
        ({"kind": "programme", "programme": "hn00"}, "Không có trong phạm vi được xem"),
        ({"kind": "programme"}, "Chọn chương trình."),
        ({"kind": "unit"}, "Chọn đơn vị."),
        ({"profile": "state-ND30"}, "Lựa chọn này không có trong danh sách"),
        ({"issuer": "unit"}, "Lựa chọn này không có trong danh sách"),
        ({"form_key": "x"}, "Trang mở đã cũ"),
        ({"form_key": ""}, "Trang mở đã cũ"),
    ],
)
def test_a_wrong_form_gets_a_sentence_and_writes_nothing(
    cast: Cast, wrong: dict[str, str], sentence: str
) -> None:
    answer = post(signed_in(cast.office), **wrong)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Report.objects.exists()


def test_without_a_broker_the_request_waits_and_the_page_says_so(
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def away(*_args: object, **_options: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(jobs.make_report, "apply_async", away)
    client = signed_in(cast.office)
    with django_capture_on_commit_callbacks(execute=True):
        assert post(client).status_code == 303
    Report.objects.update(requested_at=now() - timedelta(minutes=5))
    page = client.get(URL).content.decode()
    assert "Máy lập báo cáo chưa nhận việc" in page
    assert Report.objects.get().state == State.WAITING


def test_the_sweep_rings_for_what_waits_or_was_left(cast: Cast, rung: list[int]) -> None:
    client = signed_in(cast.office)
    post(client)
    post(client, period="2026-Q1")
    post(client, period="2026-Q2")
    waiting, left, running = Report.objects.order_by("pk")
    for report in (left, running):
        services.claim(report.pk)
    Report.objects.filter(pk=left.pk).update(lease_until=now() - timedelta(seconds=1))
    rung.clear()
    jobs.make_waiting()
    assert rung == [waiting.pk, left.pk]


def test_only_an_unfinished_row_asks_again(cast: Cast, media: Path) -> None:
    client = signed_in(cast.office)
    post(client)
    report = Report.objects.get()
    row = reverse("reports:row", args=[report.pk])
    assert 'hx-trigger="every 3s"' in client.get(row).content.decode()
    Report.objects.update(requested_at=now() - timedelta(minutes=5))
    assert 'hx-trigger="every 10s"' in client.get(row).content.decode()
    services.claim(report.pk)
    running = client.get(row).content.decode()
    assert "bước 1/4: chốt số liệu" in running
    assert "<progress" in running
    Report.objects.update(lease_until=now() - timedelta(seconds=1))
    services.make(report.pk, today=localdate())
    done = client.get(row).content.decode()
    assert "hx-trigger" not in done
    assert reverse("reports:download", args=[report.pk]) in done


def test_cancel_and_retry_answer_with_the_row_or_go_back_to_the_list(cast: Cast) -> None:
    client = signed_in(cast.office)
    post(client)
    report = Report.objects.get()
    cancel, retry = (reverse(f"reports:{name}", args=[report.pk]) for name in ("cancel", "retry"))
    answer = client.post(cancel, headers={"hx-request": "true"})
    assert "Đã hủy" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert client.post(retry).url == f"{URL}#made"  # type: ignore[attr-defined]
    assert Report.objects.get().state == State.WAITING
    assert client.get(cancel).status_code == 405


def test_what_waits_again_has_its_patience_again(cast: Cast) -> None:
    client = signed_in(cast.office)
    post(client)
    report = Report.objects.get()
    row = reverse("reports:row", args=[report.pk])
    Report.objects.update(requested_at=now() - timedelta(minutes=5))
    assert "every 10s" in client.get(row).content.decode()
    services.cancel(report, by=cast.office)
    services.retry(report, by=cast.office)
    assert "every 3s" in client.get(row).content.decode()


def test_a_failed_report_shows_its_sentence_and_a_way_on(cast: Cast) -> None:
    client = signed_in(cast.office)
    post(client)
    Report.objects.update(state=State.FAILED, error="Hệ thống gặp lỗi khi lập báo cáo.")
    page = client.get(URL).content.decode()
    assert "Hệ thống gặp lỗi khi lập báo cáo." in page
    assert "Thử lại" in page


def test_the_file_is_an_attachment_that_no_browser_runs(cast: Cast, made: Report) -> None:
    answer = signed_in(cast.leader).get(reverse("reports:download", args=[made.pk]))
    content = answer.getvalue()
    assert content.startswith(b"%PDF-")
    assert len(content) == made.size
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{made.code}.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store"


def pages_of(report: Report) -> list[str]:
    """Every address that shows something of a report."""
    names = ("row", "download")
    return [
        *(reverse(f"reports:{name}", args=[report.pk]) for name in names),
        reverse("reports:by-code", args=[report.code]),
    ]


def test_what_may_not_be_seen_does_not_exist(cast: Cast, made: Report) -> None:
    for stranger in (cast.ward_officer, cast.head, cast.outsider):
        client = signed_in(stranger)
        for page in pages_of(made):
            assert client.get(page).status_code == 404
        for name in ("cancel", "retry"):
            assert client.post(reverse(f"reports:{name}", args=[made.pk])).status_code == 404
        assert made.code not in client.get(URL).content.decode()


def test_rights_are_asked_for_at_the_download_not_at_the_request(cast: Cast, made: Report) -> None:
    """Whoever asked for a report and then lost the role does not keep the file."""
    User.objects.filter(pk=cast.office.pk).update(role="administrator")
    answer = signed_in(cast.office).get(reverse("reports:download", args=[made.pk]))
    assert answer.status_code == 403


def test_an_administrator_sees_no_report(cast: Cast, made: Report) -> None:
    client = signed_in(cast.administrator)
    for page in (URL, *pages_of(made)):
        assert client.get(page).status_code == 403


def test_there_is_no_file_before_it_is_done(cast: Cast) -> None:
    client = signed_in(cast.office)
    post(client)
    answer = client.get(reverse("reports:download", args=[Report.objects.get().pk]))
    assert answer.status_code == 403
    assert "Chưa có tệp để tải" in answer.content.decode()


def test_a_unit_sees_its_own_reports_only(cast: Cast, made: Report) -> None:
    client = signed_in(cast.ward_officer)
    assert post(client, **of_the_ward(cast)).status_code == 303
    reports = client.get(URL).context["page"].object_list
    assert [report.requested_by for report in reports] == [cast.ward_officer]
    everything = signed_in(cast.inspector).get(URL).context["page"].object_list
    assert len(everything) == 2
    own = signed_in(cast.office).get(URL, {"whose": "own"}).context["page"].object_list
    assert list(own) == [made]


def test_frozen_figures_are_called_up_by_code(make_city: MakeCity, media: Path) -> None:
    today = localdate()
    city = make_city(31, today)
    client = signed_in(city.cast.office)
    post(client)
    report = Report.objects.get()
    services.make(report.pk, today=today)
    answer = client.get(reverse("reports:find-code"), {"code": report.code.lower()}, follow=True)
    figures = answer.context["figures"].overview
    assert figures == overview(Scope(city.cast.office, today, today))
    page = answer.content.decode()
    shown = client.get(reverse("reports:dashboard")).context["figures"]
    assert shown == figures
    printed = " ".join(PdfReader(Report.objects.get().file.path).pages[0].extract_text().split())
    assert f"tổng số {shown.tally.total} nhiệm vụ đã giao" in printed
    assert Report.objects.get().sha256 in page
    assert f"on={today.isoformat()}" in page


@pytest.mark.parametrize("code", ["", "SL-0000-9999999", "x" * 100, "'; DROP TABLE", "SL-1116-1"])
def test_an_unknown_code_gets_a_sentence(cast: Cast, code: str) -> None:
    answer = signed_in(cast.office).get(reverse("reports:find-code"), {"code": code})
    assert answer.status_code == 404
    assert "Không có báo cáo nào mang mã vừa nhập" in answer.content.decode()


def test_a_code_with_another_day_is_not_this_report(cast: Cast, made: Report) -> None:
    wrong = f"SL-0101-{made.pk:04d}"
    if wrong != made.code:
        page = reverse("reports:by-code", args=[wrong])
        assert signed_in(cast.office).get(page).status_code == 404


def test_the_health_page_names_the_font_and_the_queue(cast: Cast, made: Report) -> None:
    page = signed_in(cast.administrator).get(reverse("reports:health")).content.decode()
    assert "đủ 186 chữ tiếng Việt" in page
    assert signed_in(cast.leader).get(reverse("reports:health")).status_code == 403


def test_the_list_takes_as_many_queries_for_one_as_for_many(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(cast.office)
    for number in range(1, 5):
        post(client, period=f"2025-Q{number}")
    with django_assert_max_num_queries(20):
        client.get(URL)
