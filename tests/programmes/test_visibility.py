"""The one door (PRODUCT §9): who sees which task; lists, counts, search and pages agree on it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from random import Random
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.programmes.filters import task_counts
from hanoi_programmes.programmes.models import Evidence, Participant, Task
from tests import factories
from tests.conftest import TODAY, Cast, signed_in
from tests.programmes.conftest import move_form, update_form

OVERSEERS = ("office", "leader", "inspector")
EVERYBODY = (
    "officer", "head", "ward_officer", "ward_head", "outsider", "administrator", *OVERSEERS,
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """One task of each relation to the ward of the cast."""

    city: Task
    own: Task
    sibling: Task
    joined: Task
    foreign: Task
    draft: Task
    cancelled: Task
    below_joined: Task

    def tasks(self) -> dict[str, Task]:
        """By name."""
        return vars(self)


@pytest.fixture
def world(cast: Cast) -> World:
    """The department leads the city's task, two wards its parts; the ward joins another one."""
    elsewhere = factories.make_unit("UBND-STC", parent=cast.city, name="Sở Tài chính")
    city = factories.make_task(cast.programme, cast.department)
    joined = factories.make_task(cast.programme, elsewhere)
    Participant.objects.create(task=joined, unit=cast.ward, part="partner")
    return World(
        city=city,
        own=factories.make_task(cast.programme, cast.ward, parent=city),
        sibling=factories.make_task(cast.programme, cast.other_ward, parent=city),
        joined=joined,
        below_joined=factories.make_task(cast.programme, cast.other_ward, parent=joined),
        foreign=factories.make_task(cast.programme, elsewhere),
        draft=factories.make_task(cast.programme, cast.ward, state="draft", issued_on=None),
        cancelled=factories.make_task(cast.programme, cast.ward, state="cancelled"),
    )


SEEN = {
    "ward_officer": {"own", "city", "joined", "cancelled"},
    "ward_head": {"own", "city", "joined", "cancelled"},
    "outsider": {"sibling", "city", "below_joined", "joined"},
    "officer": {"city", "own", "sibling"},
    "head": {"city", "own", "sibling"},
    "administrator": set(),
}


@pytest.mark.parametrize("name", EVERYBODY)
def test_each_sees_what_their_place_shows_them(cast: Cast, world: World, name: str) -> None:
    visible = set(Task.objects.visible_to(getattr(cast, name)))
    seen = {key for key, task in world.tasks().items() if task in visible}
    assert seen == (set(world.tasks()) if name in OVERSEERS else SEEN[name])
    assert len(visible) == len(seen)


def test_the_top_of_an_axis_sees_all_below_it_but_no_drafts(cast: Cast, world: World) -> None:
    chair = factories.make_user("chair", Role.HEAD, cast.city)
    assert set(Task.objects.visible_to(chair)) == set(Task.objects.exclude(state="draft"))


def test_a_unit_whose_code_begins_alike_is_not_below(cast: Cast) -> None:
    alike = factories.make_unit("UBND-SYT-2", parent=cast.city)
    task = factories.make_task(cast.programme, alike)
    user = factories.make_user("alike", Role.OFFICER, alike)
    for tasks in (Task.objects.visible_to, Task.objects.counted_for):
        assert list(tasks(user)) == [task]
        assert not tasks(cast.officer).exists()


def test_nobody_sees_by_the_place_of_a_user_without_one(cast: Cast, world: World) -> None:
    assert not Task.objects.visible_to(User(role=Role.OFFICER)).exists()


# Any tree, against a plain oracle


@dataclass
class Node:
    """A task of the oracle's world."""

    lead: int
    parent: int | None
    partners: set[int]
    state: str


@dataclass
class Plan:
    """Units by their parents, tasks by lead, parent and partners: all by index."""

    units: list[int | None]
    nodes: list[Node] = field(default_factory=list)

    def below(self, top: int) -> set[int]:
        """The unit and every unit under it."""
        found = {top}
        for index, parent in enumerate(self.units):
            found |= {index} if parent in found else set()
        return found

    def above(self, node: int) -> set[int]:
        """The tasks over a task."""
        parent = self.nodes[node].parent
        return set() if parent is None else {parent} | self.above(parent)

    def visible(self, unit: int) -> set[int]:
        """PRODUCT §9: led or joined by the unit or one below; above those; below what is led."""
        units = self.below(unit)
        real = {i for i, node in enumerate(self.nodes) if node.state != "draft"}
        led = {i for i in real if self.nodes[i].lead in units}
        mine = led | {i for i in real if self.nodes[i].partners & units}
        thread = {j for i in mine for j in self.above(i)}
        parts = {i for i in real if self.above(i) & led}
        return (mine | thread | parts) & real


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Up to six units in one tree or several, and up to nine tasks."""
    size = draw(st.integers(1, 6))
    units = [draw(st.none() | st.integers(0, i - 1)) if i else None for i in range(size)]
    one = st.integers(0, size - 1)
    plan = Plan(units)
    for index in range(draw(st.integers(1, 9))):
        parent = draw(st.none() | st.integers(0, index - 1)) if index else None
        partners = draw(st.sets(one, max_size=3))
        # Mostly issued, or nothing would be seen.
        state = draw(st.sampled_from(["assigned", "awaiting", "cancelled", "draft"]))
        plan.nodes.append(Node(draw(one), parent, partners, state))
    return plan


FIRST = 1_000_000


def build(cast: Cast, plan: Plan) -> list[Unit]:
    """The plan in the database; task number i has the key FIRST + i."""
    units = factories.make_tree(plan.units)
    rows = [
        {
            "pk": FIRST + index,
            "state": node.state,
            "lead_unit": units[node.lead],
            "parent_id": FIRST + node.parent if node.parent is not None else None,
            "ancestors": [FIRST + above for above in sorted(plan.above(index))],
            "completed_on": TODAY,
        }
        for index, node in enumerate(plan.nodes)
    ]
    factories.make_tasks(cast.programme, units[0], rows)
    Participant.objects.bulk_create(
        Participant(task_id=FIRST + index, unit=units[partner], part="partner")
        for index, node in enumerate(plan.nodes)
        for partner in node.partners
    )
    return units


def agrees_with_the_oracle(cast: Cast, plan: Plan) -> None:
    """For each unit of the plan; nothing of it is kept."""
    counted = Task.objects.with_group(TODAY).in_figures()
    with transaction.atomic():
        for index, unit in enumerate(build(cast, plan)):
            user = User(role=Role.OFFICER, unit=unit)
            found = sorted(Task.objects.visible_to(user).values_list("pk", flat=True))
            assert found == sorted(FIRST + node for node in plan.visible(index)), unit
            # Figures of today count on it: what a reader's units lead needs no door.
            assert set(counted.city_or_led(user).values_list("pk", flat=True)) <= set(found), unit
        transaction.set_rollback(True)


@given(plans())
@settings(max_examples=40)
def test_the_door_opens_as_the_oracle_says(cast: Cast, plan: Plan) -> None:
    agrees_with_the_oracle(cast, plan)


@pytest.mark.parametrize("seed", range(5))
def test_the_door_opens_as_the_oracle_says_in_a_large_house(cast: Cast, seed: int) -> None:
    """Evenly random, where small examples are too alike: thirty units, seventy tasks."""
    random = Random(seed)  # noqa: S311 - the same houses on every machine
    plan = Plan([random.choice([None, *range(i)]) if i else None for i in range(30)])
    for index in range(70):
        parent = random.randrange(index) if index and random.random() < 0.6 else None
        partners = set(random.sample(range(30), random.choice([0, 0, 1, 2])))
        state = random.choice(["assigned", "awaiting", "completed", "draft"])
        plan.nodes.append(Node(random.randrange(30), parent, partners, state))
    agrees_with_the_oracle(cast, plan)


# Lists, counts, search and pages show the same tasks


def listed(user: User, query: str) -> list[int]:
    response = signed_in(user).get(f"/tasks/?{query}&per=100")
    assert response.status_code == 200
    page = response.context["page"]
    assert page.paginator.count == len(page.object_list)
    return list(page.object_list)


def pks(tasks: Iterable[Task]) -> list[int]:
    return sorted(task.pk for task in tasks)


@pytest.mark.parametrize("name", [name for name in EVERYBODY if name != "administrator"])
def test_list_search_count_and_pages_agree(cast: Cast, world: World, name: str) -> None:
    user: User = getattr(cast, name)
    visible = Task.objects.visible_to(user)
    assert sorted(listed(user, "level=all")) == pks(visible)
    assert sorted(listed(user, "q=nhiem+vu")) == pks(visible)
    counted = listed(user, "")
    assert len(counted) == task_counts(user, date(2026, 11, 16))["all"]
    assert set(counted) <= set(pks(visible.issued()))
    client = signed_in(user)
    opened = [
        task
        for task in world.tasks().values()
        if client.get(f"/tasks/{task.pk}/").status_code == 200
    ]
    assert pks(opened) == pks(visible)


def test_an_administrator_is_told_why_there_is_no_content(cast: Cast, world: World) -> None:
    client = signed_in(cast.administrator)
    for url in ("/tasks/", f"/tasks/{world.own.pk}/", "/programmes/", "/dashboard/", "/reports/"):
        response = client.get(url)
        assert response.status_code == 403
        assert "không xem nội dung chương trình" in response.content.decode()


def test_what_is_not_seen_does_not_exist_on_any_address(cast: Cast, world: World) -> None:
    client = signed_in(cast.ward_officer)
    report = factories.make_report(world.sibling, cast.outsider, date(2026, 11, 1))
    evidence = factories.make_file(report)
    addresses = [f"/evidence/{evidence.pk}/"]
    for name in ("sibling", "foreign", "draft", "below_joined"):
        task = f"/tasks/{world.tasks()[name].pk}/"
        addresses += [task, f"{task}history/", f"{task}report/", f"{task}reminders/"]
        addresses += [f"{task}moves/acknowledge/"]
    for address in addresses:
        assert client.get(address).status_code == 404, address
    for name in ("report", "moves/acknowledge"):
        data = update_form() | move_form(world.sibling)
        assert client.post(f"/tasks/{world.sibling.pk}/{name}/", data).status_code == 404
    data = {"form_key": str(uuid4()), "task": [world.sibling.pk]}
    client.post("/tasks/nothing-arose/", data)
    assert not world.sibling.events.exists()
    assert Evidence.objects.count() == 1


def test_the_thread_above_is_read_only(cast: Cast, world: World) -> None:
    client = signed_in(cast.ward_head)
    page = client.get(f"/tasks/{world.city.pk}/")
    assert page.status_code == 200
    assert page.context["moves"] == []
    response = client.get(f"/tasks/{world.city.pk}/report/")
    assert response.status_code == 403
    assert "Việc này do đơn vị chủ trì (Sở Y tế) thực hiện." in response.content.decode()


def test_a_page_names_no_task_that_its_reader_may_not_see(cast: Cast, world: World) -> None:
    for name, task in world.tasks().items():
        Task.objects.filter(pk=task.pk).update(text=f"canary-{name}-x", product=f"canary-{name}-y")
    client = signed_in(cast.ward_officer)
    hidden = set(world.tasks()) - SEEN["ward_officer"]
    pages = ["/", "/tasks/?level=all", "/tasks/?q=canary", "/dashboard/", "/programmes/hn72/"]
    pages += [f"/tasks/{world.tasks()[name].pk}/" for name in SEEN["ward_officer"]]
    pages += ["/units/00002-UBND/", "/notices/", "/reports/"]
    for page in pages:
        html = client.get(page).content.decode()
        assert [name for name in hidden if f"canary-{name}-" in html] == [], page


# Every number opens exactly its rows


@pytest.mark.parametrize("name", ["ward_officer", "officer", "office"])
def test_each_figure_of_the_first_page_opens_its_rows(
    cast: Cast, world: World, clock: date, name: str
) -> None:
    user: User = getattr(cast, name)
    units = (cast.ward, cast.department)
    for state in ("assigned", "in_progress", "awaiting", "refused", "completed", "suspended"):
        for unit in units:
            for days in (-1, 3):
                factories.make_task(
                    cast.programme, unit, state=state, completed_on=clock, submitted_on=clock,
                    deadline=date.fromordinal(clock.toordinal() + days),
                )  # fmt: skip
    Task.objects.filter(pk=world.sibling.pk).update(state="awaiting", submitted_on=clock)
    Task.objects.filter(pk__in=[world.own.pk, world.city.pk]).update(returned_on=clock)
    for section in signed_in(user).get("/").context["sections"]:
        assert len(listed(user, section.address)) == section.count, section.title
