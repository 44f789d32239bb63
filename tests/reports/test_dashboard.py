"""The dashboard as a page: who sees what, of which day, with and without script."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from hanoi_programmes.reports.figures import View
from tests import factories
from tests.conftest import Cast, signed_in
from tests.reports.conftest import MakeCity

URL = reverse("reports:dashboard")


def test_who_sees_all_reads_the_citys_figures(cast: Cast) -> None:
    factories.make_task(cast.programme, cast.department, deadline=localdate() - timedelta(days=47))
    page = signed_in(cast.leader).get(URL).content.decode()
    assert "Nhiệm vụ cấp Thành phố" in page
    assert "47 ngày" in page
    assert "chưa nêu" in page.lower()


def test_a_ward_reads_its_own_figures_and_the_heading_says_so(cast: Cast) -> None:
    factories.make_task(cast.programme, cast.department)
    factories.make_task(cast.programme, cast.ward)
    answer = signed_in(cast.ward_officer).get(URL)
    assert answer.context["figures"].tally.total == 1
    assert f"Nhiệm vụ do {cast.ward.name}" in answer.content.decode()
    assert "Phường, xã cần chú ý" not in answer.content.decode()


def test_an_administrator_is_told_why_not(cast: Cast) -> None:
    answer = signed_in(cast.administrator).get(URL)
    assert answer.status_code == 403
    assert "không xem nội dung chương trình" in answer.content.decode()


def test_nothing_to_count_is_said_in_words(cast: Cast) -> None:
    answer = signed_in(cast.leader).get(URL)
    assert answer.status_code == 200
    assert "Chưa có nhiệm vụ nào để tính" in answer.content.decode()


def test_a_day_to_come_is_refused_with_a_sentence(cast: Cast) -> None:
    factories.make_task(cast.programme, cast.department)
    tomorrow = localdate() + timedelta(days=1)
    answer = signed_in(cast.leader).get(URL, {"on": tomorrow.isoformat()})
    assert answer.status_code == 422
    assert "Chưa có số liệu sau hôm nay" in answer.content.decode()
    assert answer.context["figures"].on == localdate()


@pytest.mark.parametrize("on", ["hôm qua", "2026-02-30", "1999-01-01", "9999-99-99"])
def test_a_day_that_cannot_be_is_refused_with_a_sentence(cast: Cast, on: str) -> None:
    answer = signed_in(cast.leader).get(URL, {"on": on})
    assert answer.status_code == 422
    assert 'href="#f-on"' in answer.content.decode()


def test_a_resolution_that_does_not_exist_is_refused(cast: Cast) -> None:
    answer = signed_in(cast.leader).get(URL, {"resolution": "nq99"})
    assert answer.status_code == 422
    assert "Không có Nghị quyết này" in answer.content.decode()


def test_a_past_day_shows_what_was_true_then(cast: Cast) -> None:
    today = localdate()
    task = factories.make_task(
        cast.programme, cast.department, deadline=today - timedelta(days=20), state="completed",
        completed_on=today - timedelta(days=5),
    )  # fmt: skip
    open_then = {"state": "in_progress", "deadline": task.deadline, "completed_on": None}
    done = open_then | {"state": "completed", "completed_on": task.completed_on}
    factories.make_history(task, (factories.ISSUED, open_then), (today - timedelta(days=5), done))
    client = signed_in(cast.leader)
    past = client.get(URL, {"on": (today - timedelta(days=10)).isoformat()})
    assert past.context["figures"].tally.overdue == 1
    assert "Về hôm nay" in past.content.decode()
    assert client.get(URL).context["figures"].tally.completed_late == 1


@pytest.mark.parametrize("view", View.values)
def test_each_tab_has_its_rows_or_says_that_there_are_none(make_city: MakeCity, view: str) -> None:
    city = make_city(9, localdate())
    answer = signed_in(city.cast.leader).get(URL, {"view": view}, follow=True)
    tab = next(tab for tab in answer.context["tabs"] if tab.current)
    assert tab.key == view
    assert len(answer.context["exceptions"]) == min(tab.count, 6)


def test_htmx_gets_the_fragment_only(cast: Cast) -> None:
    factories.make_task(cast.programme, cast.department)
    answer = signed_in(cast.leader).get(URL, headers={"hx-request": "true"})
    page = answer.content.decode()
    assert "<html" not in page
    assert 'id="figures"' in page
    assert "HX-Request" in answer["Vary"]


def test_the_page_has_no_inline_style_or_foreign_address(make_city: MakeCity) -> None:
    city = make_city(9, localdate())
    page = signed_in(city.cast.leader).get(URL).content.decode()
    assert "style=" not in page
    assert "<style" not in page
    assert "data:" not in page
