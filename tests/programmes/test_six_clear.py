"""The six rõ: the rule, its twin in SQL, and the score of a programme."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from hanoi_programmes.people.models import Holding
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.rules import Given, Known
from hanoi_programmes.programmes.shapes import clear_score, gaps
from hanoi_programmes.programmes.states import MOVES, Clarity
from tests import factories
from tests.conftest import TODAY, Cast


def lacking(task: Task, on: date = TODAY) -> set[str]:
    return {item.key for item in rules.six_clear(task, on=on) if not item.is_met}


def asked(task: Task, on: date = TODAY) -> set[str]:
    return {key for key in Clarity if Task.objects.lacking(key, on).filter(pk=task.pk).exists()}


# One fact changed, and the rõ that the task then lacks.
ONE_BY_ONE: dict[str, tuple[dict[str, object], set[str]]] = {
    "nothing": ({}, set()),
    "no lead unit": ({"lead_unit": None, "officer": None}, {"who", "answerable"}),
    "no text": ({"text": ""}, {"what"}),
    "no deadline": ({"deadline": None, "original_deadline": None, "precision": ""}, {"when"}),
    "a rhythm instead": (
        {"deadline": None, "original_deadline": None, "precision": "", "rhythm": "quarter"},
        set(),
    ),
    "no product": ({"product": ""}, {"product"}),
    "a countable product instead": (
        {"product": "", "count_label": "Hồ sơ", "count_goal": 20},
        set(),
    ),
    "a count of nothing": ({"product": "", "count_label": "Hồ sơ", "count_goal": 0}, {"product"}),
    "a goal without a name": ({"product": "", "count_goal": 9}, {"product"}),
    "no authority": ({"authority": ""}, {"authority"}),
}


@pytest.mark.parametrize("case", ONE_BY_ONE)
def test_each_of_the_six_is_missed_alone(cast: Cast, case: str) -> None:
    changes, missing = ONE_BY_ONE[case]
    task = factories.make_task(cast.programme, cast.ward, state="draft", issued_on=None)
    Task.objects.filter(pk=task.pk).update(**changes)
    task = Task.objects.get(pk=task.pk)
    assert lacking(task) == missing
    assert asked(task) == missing
    assert bool(rules.has_needs(task, MOVES["issue"], Given(), on=TODAY)) == (not missing)


def test_a_vacant_post_is_a_gap_on_that_day_only_and_an_officer_answers_meanwhile(
    cast: Cast,
) -> None:
    task = factories.make_task(cast.programme, cast.ward, state="draft", issued_on=None)
    Holding.objects.filter(user=cast.ward_head).update(ends_on=TODAY - timedelta(days=1))
    assert lacking(task) == asked(task) == {"who", "answerable"}
    yesterday = TODAY - timedelta(days=1)
    assert lacking(task, yesterday) == asked(task, yesterday) == set()
    Task.objects.filter(pk=task.pk).update(officer=cast.ward_officer)
    task = Task.objects.get(pk=task.pk)
    assert lacking(task) == asked(task) == {"who"}
    named = {item.key: item.value for item in rules.six_clear(task, on=TODAY)}
    assert named[Clarity.ANSWERABLE] == str(cast.ward_officer)


def test_who_is_answerable_is_named(cast: Cast) -> None:
    task = factories.make_task(cast.programme, cast.ward, officer=cast.ward_officer)
    item = rules.six_clear(task, on=TODAY)[3]
    assert item.value == f"Người đứng đầu {cast.ward}"
    assert item.detail == f"Theo dõi: {cast.ward_officer}"


def test_the_fifth_is_called_as_the_office_has_set_it(cast: Cast, settings: Settings) -> None:
    task = factories.make_task(cast.programme, cast.ward)
    assert rules.six_clear(task, on=TODAY)[4].name == "Rõ sản phẩm"
    settings.PRODUCT_LABEL = "Kết quả"
    item = rules.six_clear(task, on=TODAY)[4]
    assert (item.name, item.asks) == ("Rõ kết quả", "Nhập kết quả")


FACTS = st.fixed_dictionaries(
    {
        "text": st.sampled_from(["", "Việc"]),
        "product": st.sampled_from(["", "Báo cáo"]),
        "authority": st.sampled_from(["", "UBND"]),
        "deadline": st.sampled_from([None, date(2026, 12, 31)]),
        "rhythm": st.sampled_from(["", "month"]),
        "count_label": st.sampled_from(["", "Hồ sơ"]),
        "count_goal": st.sampled_from([None, 0, 5]),
        "unit": st.sampled_from(["none", "headed", "vacant"]),
        "officer": st.booleans(),
        "state": st.sampled_from(["draft", "completed", "cancelled"]),
    }
)


@settings(max_examples=30)
@given(rows=st.lists(FACTS, min_size=1, max_size=12))
def test_the_database_and_the_rule_say_the_same(cast: Cast, rows: list[dict[str, object]]) -> None:
    Task.objects.all().delete()
    Holding.objects.filter(user=cast.head).delete()
    units = {"none": None, "headed": cast.ward, "vacant": cast.department}
    made = []
    for drawn in rows:
        facts = {name: value for name, value in drawn.items() if name != "unit"}
        facts["lead_unit"] = units[str(drawn["unit"])]
        facts["officer"] = cast.ward_officer if drawn["officer"] else None
        facts["original_deadline"] = drawn["deadline"]
        if drawn["state"] != "draft":
            facts |= {"lead_unit": facts["lead_unit"] or cast.ward, "completed_on": TODAY}
        made.append(facts)
    factories.make_tasks(cast.programme, cast.ward, made)
    tasks = list(Task.objects.unfinished().select_related("lead_unit", "officer"))
    assert all(task.state == "draft" for task in tasks)
    found = rules.six_clear_many(tasks, on=TODAY)
    for key in Clarity:
        mirrored = {
            pk for pk, six in found.items() if any(i.key == key and not i.is_met for i in six)
        }
        assert mirrored == {task.pk for task in Task.objects.lacking(key, TODAY)}
    incomplete = {pk for pk, six in found.items() if not all(i.is_met for i in six)}
    assert incomplete == {task.pk for task in Task.objects.lacking("any", TODAY)}
    score = clear_score(Task.objects.all(), on=TODAY)
    assert (score.total, score.incomplete) == (len(tasks), len(incomplete))
    for lack in score.lacks:
        assert lack.count == Task.objects.lacking(lack.key, TODAY).count()


def test_many_tasks_cost_as_many_queries_as_one(
    cast: Cast, django_assert_num_queries: object
) -> None:
    draft = {"state": "draft", "deadline": TODAY, "original_deadline": TODAY}
    rows: list[dict[str, object]] = [
        dict(zip(("product", "authority"), texts, strict=True)) | draft
        for texts in product(["", "x"], repeat=2)
    ]
    factories.make_tasks(cast.programme, cast.ward, rows * 10)
    tasks = list(Task.objects.select_related("lead_unit", "officer"))
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(gaps(tasks, on=TODAY)) == 40
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert clear_score(Task.objects.all(), on=TODAY).complete == 10
    with django_assert_num_queries(1):  # type: ignore[operator]
        known = Known(tasks, on=TODAY)
        assert (
            sum(bool(rules.is_ready(t, MOVES["issue"], on=TODAY, known=known)) for t in tasks) == 10
        )


def test_a_task_is_not_issued_after_its_deadline(cast: Cast) -> None:
    task = factories.make_task(
        cast.programme, cast.ward, state="draft", issued_on=None,
        deadline=TODAY - timedelta(days=1),
    )  # fmt: skip
    verdict = rules.has_needs(task, MOVES["issue"], Given(), on=TODAY)
    assert verdict.reason == (
        "Thời hạn 15/11/2026 trước ngày giao 16/11/2026. Sửa thời hạn rồi giao."
    )
    # The deadline's own day still counts.
    assert rules.has_needs(task, MOVES["issue"], Given(), on=TODAY - timedelta(days=1))
