"""The office's own words: who may write, two writers at once, suggestions, the period before."""

from datetime import date
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate
from pytest_django import DjangoAssertNumQueries

from hanoi_programmes.lib.dates import month_of, previous
from hanoi_programmes.lib.periods import read_period
from hanoi_programmes.people.models import PlaceEvent, User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.reports.forms.periods import usual_period
from hanoi_programmes.reports.kinds import KINDS
from hanoi_programmes.reports.models import Report, ReportText
from hanoi_programmes.reports.states import Kind, TextPart
from tests import factories
from tests.conftest import Cast, signed_in

URL = reverse("reports:texts")


def opened(client: Client, query: str = "") -> dict[str, Any]:
    """What the form of the page holds, as a browser would send it."""
    form = client.get(f"{URL}?{query}").context["form"]
    return {name: form[name].value() for name in form.fields} | {"form_key": str(uuid4())}


def write(client: Client, query: str = "", **parts: str) -> int:
    """Open the page, type, send; the status of the answer."""
    return client.post(f"{URL}?{query}", opened(client, query) | parts).status_code


def text_of(part: TextPart) -> ReportText:
    """The stored part."""
    return ReportText.objects.get(part=part)


def test_words_are_kept_with_who_and_when_and_one_event(cast: Cast) -> None:
    client = signed_in(cast.office)
    assert write(client, strengths="Làm tốt.\r\nĐúng hạn. ", limits="Còn chậm.") == 302
    kept = text_of(TextPart.STRENGTHS)
    assert (kept.text, kept.by, kept.version) == ("Làm tốt.\nĐúng hạn.", cast.office, 1)
    assert (kept.kind, kept.subject, kept.period_start) == ("city", "", month_start())
    (event,) = PlaceEvent.objects.filter(kind="plan-report-text")
    assert event.changes == {"strengths": ["", "Làm tốt.\nĐúng hạn."], "limits": ["", "Còn chậm."]}
    page = unescape(client.get(URL).content.decode())
    assert cast.office.signature in page
    assert "Làm tốt.\nĐúng hạn." in page


def month_start() -> date:
    """The first day of the period that the form begins with."""
    period = read_period(usual_period(localdate()))
    assert period is not None
    return period.start


def test_the_same_form_writes_once_and_an_untouched_one_nothing(cast: Cast) -> None:
    client = signed_in(cast.office)
    form = opened(client) | {"causes": "Thiếu dữ liệu."}
    client.post(URL, form)
    client.post(URL, form)
    assert write(client) == 302
    assert text_of(TextPart.CAUSES).version == 1
    assert PlaceEvent.objects.filter(kind="plan-report-text").count() == 1


def test_two_who_write_at_once_keep_both_texts(cast: Cast) -> None:
    colleague = factories.make_user("office2", Role.OFFICE, cast.office.unit)
    mine, theirs = signed_in(cast.office), signed_in(colleague)
    form = opened(mine)
    write(theirs, limits="Của đồng nghiệp.", causes="Nguyên nhân của đồng nghiệp.")
    answer = mine.post(URL, form | {"limits": "Của tôi.", "ahead": "Việc tới."})
    page = unescape(answer.content.decode())
    assert answer.status_code == 409
    assert "Của đồng nghiệp." in page
    assert "Của tôi." in page
    assert colleague.signature in page
    # Nothing was written over, and nothing half.
    assert text_of(TextPart.LIMITS).text == "Của đồng nghiệp."
    assert not ReportText.objects.filter(part="ahead").exists()
    # Sent again, the form has seen the other text; the part it never touched stays the colleague's.
    again = answer.context["form"]
    sent = {name: again[name].value() for name in again.fields} | {"form_key": str(uuid4())}
    assert mine.post(URL, sent | {"limits": "Cả hai."}).status_code == 302
    assert text_of(TextPart.LIMITS).text == "Cả hai."
    assert text_of(TextPart.LIMITS).version == 2
    assert text_of(TextPart.AHEAD).text == "Việc tới."
    assert text_of(TextPart.CAUSES).text == "Nguyên nhân của đồng nghiệp."


def test_equal_words_are_no_conflict(cast: Cast) -> None:
    client = signed_in(cast.office)
    form = opened(client)
    write(client, limits="Như nhau.")
    assert client.post(URL, form | {"limits": "Như nhau."}).status_code == 302


UNIT = "kind=unit&unit_code=UBND-SYT"


@pytest.mark.parametrize(
    ("who", "query", "status"),
    [
        ("office", "kind=programme&programme=hn72", 302),
        ("office", UNIT, 302),
        ("officer", UNIT, 302),
        ("head", UNIT, 302),
        ("officer", "kind=programme&programme=hn72", 403),
        ("leader", "", 403),
        ("inspector", UNIT, 403),
        ("administrator", "", 403),
    ],
)
def test_who_may_write(cast: Cast, who: str, query: str, status: int) -> None:
    user: User = getattr(cast, who)
    form = {f"seen-{part.value}": "x" for part in TextPart} | {"form_key": str(uuid4())}
    form |= {"limits": "Còn chậm."}
    assert signed_in(user).post(f"{URL}?{query}", form).status_code == status
    assert ReportText.objects.exists() == (status == 302)


def test_readers_read(cast: Cast) -> None:
    write(signed_in(cast.office), limits="Còn chậm.")
    page = unescape(signed_in(cast.leader).get(URL).content.decode())
    assert "Còn chậm." in page
    assert "<textarea" not in page
    # The city's words are not a unit's to read: its people are asked about their own paper.
    assert "Còn chậm." not in unescape(signed_in(cast.officer).get(URL).content.decode())


def test_the_figures_suggest_and_a_button_adds_without_keeping(cast: Cast) -> None:
    today = localdate()
    late = factories.make_task(
        cast.programme, cast.department, deadline=today.replace(day=1), issued_on=today
    )
    factories.make_obstacle(late, cast.officer, today, proposal="Cho cơ chế")
    client = signed_in(cast.office)
    parts = client.get(URL).context["parts"]
    hints = {part.part: part.suggested for part in parts}
    assert "Còn 1 nhiệm vụ quá hạn" in hints[TextPart.LIMITS]
    assert "dứt điểm 1 nhiệm vụ" in hints[TextPart.AHEAD]
    form = opened(client) | {"limits": "Đã gõ.", "take": "limits"}
    answer = client.post(URL, form)
    assert answer.status_code == 200
    added = answer.context["form"]["limits"].value()
    assert added == f"Đã gõ.\n{hints[TextPart.LIMITS]}"
    assert not ReportText.objects.exists()
    # What comes back is sent as something typed.
    assert write_again(client, answer) == 302
    assert text_of(TextPart.LIMITS).text == added


def write_again(client: Client, answer: Any) -> int:  # noqa: ANN401 - the test client's answer
    """Send the form that came back."""
    form = answer.context["form"]
    sent = {name: form[name].value() for name in form.fields} | {"form_key": str(uuid4())}
    return client.post(URL, sent).status_code


def test_words_of_the_period_before_come_back(cast: Cast) -> None:
    client = signed_in(cast.office)
    now = month_of(localdate())
    before = previous(now, "month")
    query, earlier = (f"kind=city&period={span.start:%Y-%m}" for span in (now, before))
    write(client, earlier, proposals="Đề nghị bổ sung kinh phí.")
    page = unescape(client.get(f"{URL}?{query}").content.decode())
    assert "Lấy lại từ kỳ trước" in page
    answer = client.post(f"{URL}?{query}", opened(client, query) | {"before": "proposals"})
    assert answer.context["form"]["proposals"].value() == "Đề nghị bổ sung kinh phí."
    assert ReportText.objects.count() == 1


def test_lists_have_no_place_for_words(cast: Cast) -> None:
    page = unescape(signed_in(cast.office).get(f"{URL}?kind=tables").content.decode())
    assert "không có phần viết" in page
    missing = unescape(signed_in(cast.office).get(f"{URL}?kind=unit").content.decode())
    assert "Chọn đơn vị." in missing


def test_a_secret_and_a_flood_are_refused_and_stay_typed(cast: Cast) -> None:
    client = signed_in(cast.office)
    answer = client.post(URL, opened(client) | {"limits": "TỐI MẬT: kế hoạch"})
    assert answer.status_code == 422
    assert "TỐI MẬT: kế hoạch" in unescape(answer.content.decode())
    assert write(client, limits="a" * 10_001) == 422
    assert not ReportText.objects.exists()


def test_words_are_frozen_into_the_paper_of_the_city_and_not_into_a_units(cast: Cast) -> None:
    write(signed_in(cast.office), "kind=programme&programme=hn72", strengths="Của Thành ủy.")
    write(signed_in(cast.officer), UNIT, strengths="Của Sở.")

    def said(by: User, kind: Kind, **about: object) -> list[str]:
        kept = ReportText.objects.first()
        assert kept is not None
        report = Report(
            kind=kind, requested_by=by, rhythm="month", period_start=kept.period_start,
            period_end=kept.period_end, as_of=kept.period_start, **about,
        )  # fmt: skip
        figures: Any = KINDS[kind].figures(report, localdate())
        return [part.text for part in figures.texts]

    programme = {"programme": cast.programme}
    assert said(cast.leader, Kind.PROGRAMME, **programme) == ["Của Thành ủy."]
    assert said(cast.officer, Kind.PROGRAMME, **programme) == []
    assert said(cast.officer, Kind.UNIT, about_unit=cast.department) == ["Của Sở."]


def test_the_page_asks_as_much_for_one_unit_as_for_the_city(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    factories.make_task(cast.programme, cast.department)
    client = signed_in(cast.office)
    for query in ("", UNIT):
        with django_assert_max_num_queries(70):
            client.get(f"{URL}?{query}")
