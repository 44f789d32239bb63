"""The form of a report: what each reader is offered, what is refused, where other pages lead."""

from datetime import date, timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate
from pytest_django import DjangoAssertNumQueries

from hanoi_programmes.people.models import Area, Holding, Post, Unit, User
from hanoi_programmes.reports.forms import ReportForm
from hanoi_programmes.reports.forms.periods import period_choices, rhythm_of, usual_period
from hanoi_programmes.reports.kinds import scope_of
from hanoi_programmes.reports.models import Report
from hanoi_programmes.reports.states import Kind, Rhythm
from tests import factories
from tests.conftest import Cast, signed_in

URL = reverse("reports:list")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker is rung for."""
    monkeypatch.setattr("hanoi_programmes.reports.jobs.ring", lambda _pk: True)


def sent(**changes: object) -> dict[str, Any]:
    """What the form sends."""
    return {
        "kind": "city",
        "period": f"{localdate():%Y-%m}",
        "issuer": "office",
        "profile": "party-05HD",
        "named": "yes",
        "form_key": str(uuid4()),
    } | changes


def post(user: User, **changes: object) -> tuple[int, str]:
    """Status and words of the answer."""
    answer = signed_in(user).post(URL, sent(**changes))
    return answer.status_code, unescape(answer.content.decode())


def shown(client: Client, query: str) -> str:
    """The words of the page."""
    return unescape(client.get(f"{URL}?{query}").content.decode())


def kinds_of(user: User) -> set[str]:
    """What the form offers."""
    form = ReportForm(user=user, today=localdate())
    return {offer.kind.value for _name, offers in form.groups for offer in offers}


def test_the_city_is_offered_every_kind_and_a_unit_its_own(cast: Cast) -> None:
    assert kinds_of(cast.office) == {kind.value for kind in Kind} - {"letter"}
    assert kinds_of(cast.officer) == {
        "resolution", "programme", "unit", "head", "exceptions", "urging", "tables",
    }  # fmt: skip
    # The ward is the only unit of its area: its people see the area whole.
    assert kinds_of(cast.ward_officer) == kinds_of(cast.officer) | {"area"}


def test_a_unit_begins_with_itself(cast: Cast) -> None:
    form = ReportForm(user=cast.officer, today=localdate())
    assert (form.shown_kind, form.asks) == (Kind.UNIT, "about_unit")
    asked = form.as_sent()
    assert asked.is_valid()
    assert asked.wanted().issuer == "unit"
    assert str(form["about_unit"].value()) == str(cast.department.pk)


@pytest.mark.parametrize("kind", [*Kind])
def test_each_kind_asks_for_what_it_must_be_about(cast: Cast, kind: Kind) -> None:
    if kind == Kind.LETTER:
        return
    form = ReportForm(asked={"kind": kind.value}, user=cast.office, today=localdate())
    asks = {"resolution", "programme", "axis", "about_unit", "area", "post"} & set(form.fields)
    wanted = {"unit": "about_unit", "head": "post"}.get(kind.value, kind.value)
    alone = {"city", "areas", "exceptions", "urging", "tables"}
    assert asks == (set() if kind.value in alone else {wanted})
    assert ("about" in form.fields) == (kind.value in {"exceptions", "urging", "tables"})


def test_a_list_may_be_of_a_part(cast: Cast) -> None:
    status, _ = post(cast.office, kind="urging", about="about_unit", about_unit=cast.department.pk)
    assert status == 303
    report = Report.objects.get()
    assert (report.kind, report.about_unit) == ("urging", cast.department)


def test_any_days_are_a_period(cast: Cast) -> None:
    today = localdate()
    start = today - 20 * DAY
    status, _ = post(cast.office, period="dates", start=start, end=today, as_of=today - DAY)
    assert status == 303
    report = Report.objects.get()
    assert (report.rhythm, report.period_start, report.as_of) == ("dates", start, today - DAY)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"period": "dates"}, "Nhập ngày đầu của kỳ."),
        ({"period": "dates", "start": "01/02/2026"}, "Nhập ngày cuối của kỳ."),
        (
            {"period": "dates", "start": "30/09/2026", "end": "01/09/2026"},
            "Ngày cuối kỳ 01/09/2026 đứng trước ngày đầu kỳ 30/09/2026. Đổi lại hai ngày.",
        ),
        ({"period": "dates", "start": "31/02/2026"}, "Nhập ngày theo dạng ngày/tháng/năm"),
        (
            {"period": "2026-Q1", "as_of": "2026-04-01"},
            "Ngày 01/04/2026 nằm ngoài kỳ báo cáo, từ 01/01/2026 đến 31/03/2026.",
        ),
        ({"as_of": "2099-01-01"}, "Chưa có số liệu sau hôm nay."),
    ],
)
def test_wrong_days_get_a_sentence_and_stay_as_typed(
    cast: Cast, wrong: dict[str, str], sentence: str
) -> None:
    status, page = post(cast.office, **wrong)
    assert status == 422
    assert sentence in page
    for name in ("start", "end"):
        if typed := wrong.get(name):
            assert typed in page
    assert not Report.objects.exists()


def test_a_unit_that_ended_is_told_with_its_heir(cast: Cast) -> None:
    start = localdate().replace(day=1)
    Unit.objects.filter(pk=cast.ward.pk).update(
        starts_on=start - 400 * DAY, ends_on=start - 10 * DAY, merged_into=cast.other_ward
    )
    status, page = post(cast.office, kind="unit", about_unit=cast.ward.pk)
    assert status == 422
    assert f"đã kết thúc hoạt động ngày {start - 10 * DAY:%d/%m/%Y}" in page
    assert str(cast.other_ward) in page
    # Its past may be reported on.
    before = f"{start - 10 * DAY:%Y-%m}"
    assert post(cast.office, kind="unit", about_unit=cast.ward.pk, period=before)[0] == 303


def test_a_vacant_post_has_nothing_to_report(cast: Cast) -> None:
    head = Post.objects.get(unit=cast.department, is_head=True)
    Holding.objects.filter(post=head).update(starts_on=localdate() + DAY)
    status, page = post(cast.office, kind="head", post=head.pk)
    assert status == 422
    assert "chưa có ai giữ chức vụ" in page
    factories.make_task(cast.programme, cast.department)
    report = Report(requested_by=cast.office, post=head, as_of=localdate(), kind=Kind.HEAD)
    assert not scope_of(report, localdate()).counted().exists()


def test_what_is_not_seen_cannot_be_reported_on(cast: Cast) -> None:
    form = {"issuer": "unit", "profile": "state-ND30"}
    status, page = post(cast.officer, kind="unit", about_unit=cast.ward.pk, **form)
    assert status == 422
    assert "Không có trong phạm vi được xem" in page
    area = Area.objects.get(code="00001")
    assert post(cast.outsider, kind="area", area=area.pk, **form)[0] == 422


def test_without_a_script_a_button_shows_the_fields_and_asks_for_nothing(cast: Cast) -> None:
    form = sent(kind="programme", period="2026-Q2", show="1")
    answer = signed_in(cast.office).post(URL, form)
    page = unescape(answer.content.decode())
    assert answer.status_code == 200
    assert 'name="programme"' in page
    assert '<option value="2026-Q2" selected>' in page
    assert not Report.objects.exists()


def test_htmx_gets_the_fields_of_the_kind_and_the_page_beside_them(cast: Cast) -> None:
    client = signed_in(cast.office)
    query = f"?kind=programme&programme={cast.programme.key}&period=2026-Q2"
    part = unescape(client.get(reverse("reports:ask") + query).content.decode())
    assert 'name="programme"' in part
    assert 'hx-swap-oob="true"' in part
    assert "quý II/2026" in part
    alone = unescape(client.get(reverse("reports:preview") + query).content.decode())
    assert "quý II/2026" in alone
    assert "hx-swap-oob" not in alone


def test_the_first_page_shows_the_figures_of_the_choice(cast: Cast) -> None:
    factories.make_task(cast.programme, cast.department)
    client = signed_in(cast.office)
    address = reverse("reports:preview")
    whole = client.get(address, {"kind": "city"}).context["preview"]
    ward = client.get(address, {"kind": "unit", "unit_code": "00001-UBND"}).context["preview"]
    assert (whole.tally.total, ward.tally.total) == (1, 0)
    missing = client.get(address, {"kind": "head"})
    assert missing.context["preview"] is None
    assert "Chọn chức vụ." in missing.content.decode()


@pytest.mark.parametrize("kind", ["exceptions", "urging", "tables", "areas", "city"])
def test_a_preview_of_every_kind_without_a_subject(cast: Cast, kind: str) -> None:
    factories.make_task(
        cast.programme, cast.department, deadline=localdate() - DAY, text="Xây kho dữ liệu"
    )
    answer = signed_in(cast.office).get(reverse("reports:preview"), {"kind": kind})
    assert answer.context["preview"].draft.kind == kind
    listed = kind in {"exceptions", "urging"}
    assert ("Xây kho dữ liệu" in answer.content.decode()) == listed


@pytest.mark.parametrize(
    ("name", "words", "found"),
    [
        ("choose-unit", "so y te", "Sở Y tế"),
        ("choose-area", "lang", "Phường Láng"),
        ("choose-area", "00002", "Xã Suối Hai"),
        ("choose-post", "so y te", "Sở Y tế"),
    ],
)
def test_subjects_are_found_by_typing(cast: Cast, name: str, words: str, found: str) -> None:
    address = reverse(f"reports:{name}")
    office = signed_in(cast.office).get(address, {"q": words}).content.decode()
    assert found in unescape(office)
    stranger = signed_in(cast.outsider).get(address, {"q": words}).content.decode()
    assert (found in unescape(stranger)) == (found == "Xã Suối Hai")


def test_words_that_fit_one_unit_choose_it_without_a_script(cast: Cast) -> None:
    assert post(cast.office, kind="unit", **{"about_unit-q": "y tế"})[0] == 303
    assert Report.objects.get().about_unit == cast.department


def report_links(client: Client, address: str) -> list[str]:
    """Where the page leads to the form of a report, with something chosen."""
    page = unescape(client.get(address).content.decode())
    return [part.partition('"')[0] for part in page.split(f'href="{URL}?')[1:]]


def test_other_pages_lead_here_with_everything_chosen(cast: Cast) -> None:
    factories.make_task(cast.programme, cast.department, deadline=localdate() - 40 * DAY)
    client, today = signed_in(cast.office), localdate()
    past = today - 3 * DAY
    pages = {
        f"{reverse('reports:dashboard')}?programme=hn72": "kind=programme&programme=hn72",
        reverse("programmes:programme-page", args=["hn72"]): "kind=programme&programme=hn72",
        reverse("reports:unit-scorecard", args=["UBND-SYT"]): (
            f"kind=unit&unit_code=UBND-SYT&period={today.year}"
        ),
        f"{reverse('reports:area-scorecard', args=['00001'])}?on={past}": (
            f"kind=area&area_code=00001&period={today.year}"
        ),
        reverse("reports:head-scorecard", args=[cast.head.pk]): "kind=head&post=",
        f"{reverse('reminders:urging-list')}?unit=UBND-SYT": (
            "kind=urging&about=about_unit&unit_code=UBND-SYT"
        ),
    }
    for page, wanted in pages.items():
        links = report_links(client, page)
        assert any(link.startswith(wanted) for link in links), (page, links)
        for link in links:
            form = client.get(f"{URL}?{link}").context["form"]
            assert form.as_sent().is_valid(), (link, form.as_sent().errors)
    listed = report_links(client, f"{reverse('reports:dashboard')}?resolution=hn72")
    assert "kind=exceptions&about=resolution&resolution=hn72" in listed


def test_the_dashboards_link_follows_the_choice_without_a_reload(cast: Cast) -> None:
    factories.make_task(cast.programme, cast.department)
    client, here = signed_in(cast.office), reverse("reports:dashboard")
    swapped = client.get(f"{here}?resolution=hn72", headers={"hx-request": "true"})
    assert 'id="report-link" hx-swap-oob="true"' in swapped.content.decode()
    assert "kind=resolution&amp;resolution=hn72" in swapped.content.decode()
    whole = client.get(here).content.decode()
    assert whole.count('id="report-link"') == 1
    assert "hx-swap-oob" not in whole


@pytest.mark.parametrize(
    ("today", "key"),
    [
        (date(2026, 11, 16), "2026-11"),
        (date(2026, 11, 3), "2026-10"),
        (date(2026, 1, 2), "2025-12"),
    ],
)
def test_the_usual_period_is_this_month_or_the_one_just_over(today: date, key: str) -> None:
    assert usual_period(today) == key


def test_periods_are_offered_by_rhythm_and_each_knows_it() -> None:
    groups = period_choices(date(2026, 11, 16), "2025-Q1")[1:-1]
    labels = [label for label, _options in groups]
    assert labels == [rhythm.label for rhythm in Rhythm if rhythm != Rhythm.DATES]
    for label, options in groups:
        assert isinstance(options, list)
        assert {rhythm_of(key).label for key, _words in options} == {label}
    assert rhythm_of("2026-01-02..2026-01-03") == Rhythm.DATES
    assert period_choices(date(2026, 11, 16), "2025-Q1")[0][0] == "2025-Q1"


def test_the_list_is_narrowed_by_kind_and_by_whose(cast: Cast) -> None:
    post(cast.office)
    post(cast.office, kind="urging")
    post(cast.leader, kind="tables")
    client = signed_in(cast.office)

    def listed(query: str) -> list[str]:
        lines = client.get(f"{URL}?{query}").context["lines"]
        return [line.report.kind for line in lines]

    assert listed("") == ["tables", "urging", "city"]
    assert listed("whose=own") == ["urging", "city"]
    assert listed("of=urging") == ["urging"]
    assert listed("of=khong-co") == listed("")
    assert "Không có báo cáo nào khớp" in shown(client, "of=head")


def test_many_running_reports_take_one_query_more_than_none(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for month in range(1, 9):
        post(cast.office, period=f"2026-{month:02d}")
    now = localdate()
    Report.objects.update(
        state="running", claim=uuid4(), lease_until=f"{now + DAY} 00:00+07", step=1
    )
    for report in Report.objects.all():
        report.sections.create(position=1, key="a", title="Sở Y tế", digest="0" * 64)
        report.sections.create(
            position=2, key="b", title="Sở Tư pháp", digest="1" * 64, state="done", pages=2
        )
    client = signed_in(cast.office)
    with django_assert_max_num_queries(26):
        page = unescape(client.get(URL).content.decode())
    assert page.count("1/2 phần: Sở Y tế") == 8
    assert page.count('hx-trigger="every 3s"') == 8
