"""The table of moves (PRODUCT §5): every move from every state by everybody; what each needs."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from django.db import transaction

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people.models import Holding, User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.models import Event, Evidence, Task
from hanoi_programmes.programmes.rules import Given
from hanoi_programmes.programmes.services.tasks import Stale, move
from hanoi_programmes.programmes.states import MOVES, State
from tests import factories
from tests.conftest import TODAY, Cast, act

DAY = timedelta(days=1)
EVERYTHING = Given(reason="Lý do rõ ràng", document="118-QĐ/TU", quality="met")

# PRODUCT §5 as it stands on the page: from, to, who. "Open" is assigned, in progress or refused.
OPEN = ("assigned", "in_progress", "refused")
PRODUCT: dict[str, tuple[tuple[str, ...], str, str]] = {
    "issue": (("draft",), "assigned", "office"),
    "acknowledge": (("assigned",), "in_progress", "lead unit"),
    "refuse": (("assigned",), "refused", "head of lead unit"),
    "insist": (("refused",), "assigned", "office"),
    "reassign": (OPEN, "assigned", "office"),
    "submit": (("in_progress",), "awaiting", "lead unit"),
    "accept": (("awaiting",), "completed", "verifier"),
    "return": (("awaiting",), "in_progress", "verifier"),
    "suspend": (OPEN, "suspended", "office"),
    "resume": (("suspended",), "in_progress", "office"),
    "cancel": (OPEN, "cancelled", "office"),
    "reopen": (("completed",), "in_progress", "office"),
}
PEOPLE = (
    "officer", "head", "ward_officer", "ward_head", "outsider", "office", "leader", "inspector",
    "administrator",
)  # fmt: skip
# Who is who for the city's task (led by the department) and for its ward's task below.
WHO = {
    "city": {
        "office": {"office"},
        "lead unit": {"officer", "head"},
        "head of lead unit": {"head"},
        "verifier": {"office"},
    },
    "ward": {
        "office": {"office"},
        "lead unit": {"ward_officer", "ward_head"},
        "head of lead unit": {"ward_head"},
        "verifier": {"office", "officer", "head"},
    },
}


def expected(name: str, state: str, person: str, place: str) -> str | None:
    """The state after the move, or None when the product forbids it."""
    sources, target, actor = PRODUCT[name]
    return target if state in sources and person in WHO[place][actor] else None


@dataclass(frozen=True)
class Story:
    """A task of the city or of the ward, with a submission behind it, in any state asked for."""

    cast: Cast
    place: str
    task: Task

    def user(self, name: str) -> User:
        user: User = getattr(self.cast, name)
        return user

    def set(self, state: str) -> Task:
        done = TODAY if state == "completed" else None
        Task.objects.filter(pk=self.task.pk).update(state=state, completed_on=done)
        return Task.objects.get(pk=self.task.pk)


@pytest.fixture(params=["city", "ward"])
def story(request: pytest.FixtureRequest, cast: Cast) -> Story:
    """Evidence waits, the six rõ are complete, and somebody of the lead unit has submitted."""
    city_task = factories.make_task(cast.programme, cast.department)
    task = city_task
    if request.param == "ward":
        task = factories.make_task(cast.programme, cast.ward, parent=city_task)
    submitter = cast.officer if request.param == "city" else cast.ward_officer
    Task.objects.filter(pk=task.pk).update(submitted_on=TODAY - DAY, submitted_by=submitter)
    factories.make_paper(factories.make_report(task, submitter, TODAY - DAY), TODAY - DAY)
    factories.make_head("other_head", cast.other_ward)
    return Story(cast, request.param, task)


def fields_of(task: Task) -> dict[str, Any]:
    return {field.attname: getattr(task, field.attname) for field in Task._meta.concrete_fields}


def outcome(task: Task, name: str, by: User, everything: Given) -> tuple[str, str]:
    """("moved", new state) or ("refused", reason), and nothing kept."""
    with transaction.atomic():
        try:
            moved = move(task, name, act=act(by), given=everything)
        except Denied as refusal:
            assert Task.objects.get(pk=task.pk).__dict__.items() >= fields_of(task).items()
            assert not Event.objects.exists()
            return "refused", refusal.reason
        kinds = list(Event.objects.filter(task=task).values_list("kind", "by", "on"))
        stored = Task.objects.get(pk=task.pk)
        transaction.set_rollback(True)
    assert kinds == [(name, by.pk, TODAY)]
    assert (stored.state, stored.version) == (moved.state, task.version + 1)
    return "moved", stored.state


def is_vietnamese_sentence(text: str) -> bool:
    return text.endswith(".") and text[0].isupper() and not text.isascii()


def test_the_table_has_the_moves_of_the_product() -> None:
    table = {name: (tuple(step.sources), str(step.target)) for name, step in MOVES.items()}
    assert table == {name: (sources, target) for name, (sources, target, _) in PRODUCT.items()}


@pytest.mark.parametrize("name", PRODUCT)
def test_each_move_is_open_to_whom_the_product_names_and_to_nobody_else(
    story: Story, name: str
) -> None:
    wrong, everything = [], replace(EVERYTHING, lead_unit=story.cast.other_ward)
    for state, person in product(State.values, PEOPLE):
        target = expected(name, state, person, story.place)
        result, detail = outcome(story.set(state), name, story.user(person), everything)
        if (result, detail) != ("moved", target) if target else result != "refused":
            wrong.append((state, person, result, detail))
        if result == "refused" and not is_vietnamese_sentence(detail):
            wrong.append((state, person, "no reason", detail))
    assert wrong == []


def test_the_buttons_are_the_moves_of_the_product(story: Story) -> None:
    for state, person in product(State.values, PEOPLE):
        task = story.set(state)
        moves = {step.name for step in rules.moves_for(story.user(person), task, on=TODAY)}
        allowed = {name for name in PRODUCT if expected(name, state, person, story.place)}
        assert moves == allowed, (state, person)


def test_a_refused_move_writes_nothing(story: Story) -> None:
    task = story.set("in_progress")
    spans = list(task.spans.values())
    for name in ("accept", "issue", "cancel", "refuse"):
        with pytest.raises(Denied):
            move(task, name, act=act(story.cast.outsider), given=EVERYTHING)
    assert Task.objects.filter(pk=task.pk).values().get() == (
        Task.objects.filter(pk=story.task.pk).values().get() | {"state": "in_progress"}
    )
    assert not Event.objects.exists()
    assert list(task.spans.values()) == spans


# Nobody accepts their own work


@pytest.mark.parametrize("name", ["accept", "return"])
def test_a_submitter_who_changed_units_still_cannot_verify(cast: Cast, name: str) -> None:
    parent = factories.make_task(cast.programme, cast.department)
    task = factories.make_task(
        cast.programme, cast.ward, parent=parent, state="awaiting", submitted_on=TODAY,
        submitted_by=cast.ward_officer,
    )  # fmt: skip
    User.objects.filter(pk=cast.ward_officer.pk).update(unit=cast.department)
    moved = User.objects.get(pk=cast.ward_officer.pk)
    with pytest.raises(Denied, match="Không tự xác nhận"):
        move(task, name, act=act(moved), given=EVERYTHING)


def test_a_unit_that_leads_both_tasks_cannot_accept_from_itself(cast: Cast) -> None:
    parent = factories.make_task(cast.programme, cast.department)
    task = factories.make_task(
        cast.programme, cast.department, parent=parent, state="awaiting", submitted_on=TODAY,
        submitted_by=cast.officer,
    )  # fmt: skip
    with pytest.raises(Denied, match="chính đơn vị mình"):
        move(task, "accept", act=act(cast.head), given=EVERYTHING)
    assert move(task, "accept", act=act(cast.office), given=EVERYTHING).state == State.COMPLETED


# The head is whoever holds the post on the day


def test_only_the_holder_of_the_post_on_the_day_may_refuse(cast: Cast) -> None:
    task = factories.make_task(cast.programme, cast.ward, state="assigned")
    Holding.objects.filter(user=cast.ward_head).update(ends_on=TODAY - DAY)
    deputy = factories.make_user("deputy", Role.HEAD, cast.ward)
    for user in (cast.ward_head, deputy):
        with pytest.raises(Denied, match="người đứng đầu"):
            move(task, "refuse", act=act(user), given=EVERYTHING)
    Holding.objects.filter(user=cast.ward_head).update(ends_on=TODAY)
    refused = move(task, "refuse", act=act(cast.ward_head), given=EVERYTHING)
    assert refused.state == State.REFUSED


# What a move needs

NEEDS = {
    ("assigned", "refuse"): ("ward_head", "reason", "Ghi lý do"),
    ("refused", "insist"): ("office", "reason", "Ghi lý do"),
    ("awaiting", "accept"): ("officer", "quality", "mức chất lượng"),
    ("awaiting", "return"): ("officer", "reason", "Ghi lý do"),
    ("in_progress", "suspend"): ("office", "document", "văn bản quyết định"),
    ("suspended", "resume"): ("office", "document", "văn bản quyết định"),
    ("in_progress", "cancel"): ("office", "document", "văn bản quyết định"),
    ("completed", "reopen"): ("office", "reason", "Ghi lý do"),
}


def given(base: Given, **changes: Any) -> Given:
    return replace(base, **changes)


@pytest.mark.parametrize("story", ["ward"], indirect=True)
@pytest.mark.parametrize(("state", "name"), NEEDS)
def test_a_move_without_what_it_needs_says_what_is_missing(
    story: Story, state: str, name: str
) -> None:
    person, missing, words = NEEDS[state, name]
    task, by = story.set(state), story.user(person)
    without, alone = {missing: ""}, {missing: "good"}
    with pytest.raises(Denied, match=words):
        move(task, name, act=act(by), given=given(EVERYTHING, **without))
    assert not Event.objects.exists()
    only = given(Given(), **alone)
    assert move(task, name, act=act(by), given=only).version == 2


def test_submission_needs_evidence_that_was_not_returned(cast: Cast) -> None:
    task = factories.make_task(cast.programme, cast.ward)
    with pytest.raises(Denied, match="cần minh chứng"):
        move(task, "submit", act=act(cast.ward_officer))
    paper = factories.make_paper(factories.make_report(task, cast.ward_officer, TODAY), TODAY)
    Evidence.objects.filter(pk=paper.pk).update(verdict="returned")
    with pytest.raises(Denied, match="cần minh chứng"):
        move(task, "submit", act=act(cast.ward_officer))
    Evidence.objects.filter(pk=paper.pk).update(verdict="waiting")
    submitted = move(task, "submit", act=act(cast.ward_officer))
    assert (submitted.submitted_on, submitted.submitted_by) == (TODAY, cast.ward_officer)


@pytest.mark.parametrize("state", ["assigned", "in_progress", "awaiting", "refused", "suspended"])
def test_submission_with_children_left_needs_a_reason(cast: Cast, state: str) -> None:
    task = factories.make_task(cast.programme, cast.department)
    factories.make_task(cast.programme, cast.ward, parent=task, state=state)
    factories.make_task(cast.programme, cast.other_ward, parent=task, state="cancelled")
    factories.make_paper(factories.make_report(task, cast.officer, TODAY), TODAY)
    with pytest.raises(Denied, match="Còn 1 nhiệm vụ thành phần"):
        move(task, "submit", act=act(cast.officer))
    submitted = move(task, "submit", act=act(cast.officer), given=Given(reason="Xã hẹn sau"))
    assert submitted.state == State.AWAITING
    assert Event.objects.get().note == "Xã hẹn sau"


def draft(cast: Cast, **changes: Any) -> Task:
    return factories.make_task(
        cast.programme, cast.ward, **{"state": "draft", "issued_on": None} | changes
    )


SIX: dict[str, dict[str, Any]] = {
    "rõ việc": {"text": ""},
    "rõ thời gian": {"deadline": None},
    "rõ sản phẩm": {"product": ""},
    "rõ thẩm quyền": {"authority": ""},
}


@pytest.mark.parametrize("clear", SIX)
def test_a_task_that_lacks_one_of_the_six_cannot_be_issued(cast: Cast, clear: str) -> None:
    task = draft(cast, **SIX[clear])
    with pytest.raises(Denied, match=f"còn thiếu: {clear}\\.$"):
        move(task, "issue", act=act(cast.office))
    assert sum(item.is_met for item in rules.six_clear(task, on=TODAY)) == 5


def test_a_unit_without_a_head_in_office_lacks_two_of_the_six(cast: Cast) -> None:
    Holding.objects.filter(user=cast.ward_head).update(ends_on=TODAY - DAY)
    with pytest.raises(Denied, match="còn thiếu: rõ người, rõ trách nhiệm"):
        move(draft(cast), "issue", act=act(cast.office))
    # An officer named by the task answers for it; the head is missed all the same.
    with pytest.raises(Denied, match=r"còn thiếu: rõ người\.$"):
        move(draft(cast, officer=cast.ward_officer), "issue", act=act(cast.office))


def test_a_task_without_a_lead_unit_cannot_be_issued(cast: Cast) -> None:
    task = draft(cast)
    Task.objects.filter(pk=task.pk).update(lead_unit=None)
    with pytest.raises(Denied, match="rõ người"):
        move(task, "issue", act=act(cast.office))


def test_an_issued_task_keeps_its_first_deadline_and_its_day(cast: Cast) -> None:
    due = date(2027, 3, 31)
    task = draft(cast, deadline=due, original_deadline=date(2020, 1, 1))
    issued = move(task, "issue", act=act(cast.office))
    assert (issued.issued_on, issued.original_deadline) == (TODAY, due)
    recurring = move(draft(cast, deadline=None, rhythm="month"), "issue", act=act(cast.office))
    assert recurring.state == State.ASSIGNED


# A page that was open while somebody else acted


def test_a_page_that_is_no_longer_true_changes_nothing(cast: Cast) -> None:
    task = factories.make_task(cast.programme, cast.ward, state="assigned")
    seen = task.version
    move(task, "acknowledge", act=act(cast.ward_officer), version=seen)
    with pytest.raises(Stale):
        move(task, "suspend", act=act(cast.office), given=EVERYTHING, version=seen)
    assert Task.objects.get(pk=task.pk).state == State.IN_PROGRESS
    assert Event.objects.count() == 1
