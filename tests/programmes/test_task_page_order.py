"""The task page: what its reader must do first, nothing cut off, a form where one can fill it."""

from django.test import Client

from hanoi_programmes.programmes.models import Task
from tests import factories
from tests.conftest import TODAY, Cast, signed_in

LONG = "Xây dựng, đồng bộ " * 16


def page_of(client: Client, task: Task) -> str:
    """What stands on the page itself, without navigation."""
    return client.get(f"/tasks/{task.pk}/").content.decode().partition("<main")[2]


def test_a_title_of_three_hundred_letters_is_whole_wherever_it_stands(cast: Cast) -> None:
    parent = factories.make_task(cast.programme, cast.department, text=LONG.strip())
    child = factories.make_task(cast.programme, cast.ward, parent=parent)
    assert page_of(signed_in(cast.office), parent).count(LONG.strip()) == 1
    assert LONG.strip() in page_of(signed_in(cast.ward_officer), child)
    assert (
        "…" not in page_of(signed_in(cast.office), parent).partition("<h1")[2].partition("<form")[0]
    )


def test_who_must_verify_meets_that_before_all_else(cast: Cast) -> None:
    task = factories.make_task(
        cast.programme, cast.department, state="awaiting", submitted_on=TODAY,
        submitted_by=cast.officer,
    )  # fmt: skip
    page = page_of(signed_in(cast.office), task)
    assert page.index('id="verify"') < page.index('id="six-clear"')
    assert 'id="verify"' not in page_of(signed_in(cast.leader), task)


def test_the_button_to_the_form_stands_only_where_there_is_a_form(cast: Cast) -> None:
    task = factories.make_task(cast.programme, cast.ward)
    page = page_of(signed_in(cast.ward_officer), task)
    assert page.index('class="to-form') < page.index('id="update"')
    for reader in (cast.leader, cast.inspector):
        shown = page_of(signed_in(reader), task)
        assert 'class="to-form' not in shown
        assert 'id="update"' not in shown


def test_on_paper_the_last_report_takes_the_place_of_the_form(cast: Cast) -> None:
    task = factories.make_task(cast.programme, cast.ward)
    factories.make_report(task, cast.ward_officer, TODAY, text="Đã lập 14 tổ.")
    own = page_of(signed_in(cast.ward_officer), task)
    printed = own.partition('aria-labelledby="progress"')
    assert printed[0].rstrip().endswith('<section class="panel only-print"')
    assert "Đã lập 14 tổ." in printed[2]
    other = page_of(signed_in(cast.leader), task)
    assert '<section class="panel" aria-labelledby="progress"' in other


def test_evidence_that_is_there_comes_before_what_hinders_and_its_lack_after(cast: Cast) -> None:
    task = factories.make_task(cast.programme, cast.ward)
    factories.make_obstacle(task, cast.ward_officer, TODAY)
    client = signed_in(cast.ward_officer)
    lacking = page_of(client, task)
    assert lacking.index('id="obstacles"') < lacking.index('id="evidence"')
    report = factories.make_report(task, cast.ward_officer, TODAY)
    factories.make_paper(report, TODAY)
    there = page_of(client, task)
    assert there.index('id="evidence"') < there.index('id="obstacles"')
