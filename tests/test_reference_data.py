"""The reference and illustrative files say where they come from and keep to their vocabularies."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hanoi_programmes.lib.text import secrecy_mark

PACKAGE = Path(__file__).parents[1] / "hanoi_programmes"
PEOPLE = PACKAGE / "people" / "data"
PROGRAMMES = PACKAGE / "programmes" / "data"
FILES = sorted(path for folder in (PEOPLE, PROGRAMMES) for path in folder.iterdir())

CONFIDENCE = {"confirmed", "partial", "recalled", "unknown"}
AXES = {"dang", "hdnd", "ubnd", "mttq"}
CAUSES = {"data_software", "budget", "staff", "land_planning", "legal", "coordination"}
KINDS = {"day", "month", "quarter", "year", "recurring", "none"}
# The deadline of each story in days from the day of loading; None: no deadline, Ellipsis: any day.
STORIES: dict[str, tuple[int, int] | None] = {
    "late_long": (-60, -30),
    "late": (-29, -8),
    "late_short": (-7, -1),
    "due_soon": (0, 7),
    "returned": (-29, 60),
    "awaiting_on_time": (0, 60),
    "awaiting_late": (-60, -1),
    "blocked": (-60, 60),
    "completed_on_time": (-260, 60),
    "completed_late": (-260, -2),
    "suspended": (-60, 120),
    "ongoing": None,
    "no_deadline": None,
    "in_term": (8, 120),
    "not_acknowledged": (1, 120),
    "silent": (1, 120),
    "draft": (1, 200),
}
# Only a deadline printed as a day can be missed by an exact number of days.
EXACT = {"late_long", "late", "late_short", "due_soon", "awaiting_late", "completed_late"}
PLACEHOLDERS = {"{area}", "{done}", "{goal}", "{rest}", "{n}"}


def rows(name: str) -> list[dict[str, str]]:
    with (PEOPLE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def document(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((PROGRAMMES / name).read_text(encoding="utf-8"))
    return content


BODIES = {row["code"]: row for row in rows("organisations.csv")}
CONFIRMED = {code for code, row in BODIES.items() if row["confidence"] == "confirmed"}
AREAS = rows("areas.csv")
RESOLUTIONS = document("resolutions.json")["resolutions"]
ACTION_PROGRAMMES = document("programmes.json")["programmes"]
ILLUSTRATIVE = document("illustrative.json")
TASKS = ILLUSTRATIVE["tasks"]
FANNED = [task for task in TASKS if task["fan_out"]]


def code_of(task: dict[str, Any]) -> str:
    return str(task["code"])


def records(value: object) -> Iterator[dict[str, Any]]:
    """Every object in a document that claims a source or a confidence."""
    if isinstance(value, dict):
        if "source" in value or "confidence" in value:
            yield value
        for inner in value.values():
            yield from records(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from records(inner)


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


def test_areas_are_the_126_official_ones() -> None:
    assert Counter(row["kind"] for row in AREAS) == {"phường": 51, "xã": 75}
    assert len({row["code"] for row in AREAS}) == 126
    assert all(re.fullmatch(r"[0-9]{5}", row["code"]) for row in AREAS)
    assert all(row["name"].lower().startswith(row["kind"]) for row in AREAS)


def test_158_places_are_confirmed() -> None:
    places = [*BODIES.values(), *AREAS]
    assert len(places) == 191
    assert sum(row["confidence"] == "confirmed" for row in places) == 158


def test_bodies_hang_together() -> None:
    for code, row in BODIES.items():
        assert row["parent"] in {"", *BODIES}, code
        assert row["short_name"], code
        # The city as a territory is no body: it has neither axis nor head.
        assert (row["axis"] in AXES) == (code != "HN"), code
        assert bool(row["head_title"]) == (code != "HN"), code


def test_axes_and_commune_units_match() -> None:
    assert {row["code"] for row in rows("axes.csv")} == AXES
    units = rows("commune_units.csv")
    assert {row["axis"] for row in units} == AXES
    for row in units:
        assert BODIES[row["parent"]]["axis"] == row["axis"]
        assert "{area}" in row["name_pattern"]
        assert "{area}" in row["short_pattern"]


def test_calendar_days_are_exceptions_and_unique() -> None:
    days = rows("calendar.csv")
    assert len({row["day"] for row in days}) == len(days)
    assert {row["day"][:4] for row in days} == {"2025", "2026", "2027"}
    assert {row["is_working"] for row in days} == {"0", "1"}


def test_accounts_are_posts_of_known_units() -> None:
    accounts = json.loads((PEOPLE / "accounts.json").read_text(encoding="utf-8"))["accounts"]
    areas = {row["code"] for row in AREAS}
    heads = {row["axis"]: row["head_title"] for row in rows("commune_units.csv")}
    assert len({row["username"] for row in accounts}) == len(accounts)
    for row in accounts:
        assert row["email"].endswith("@thudo.example")
        assert bool(row["unit"]) != bool(row["area"])
        assert row["unit"] in {"", *CONFIRMED}
        assert row["area"] in {"", *areas}
        if row["is_head"]:
            title = heads[row["axis"]] if row["area"] else BODIES[row["unit"]]["head_title"]
            assert row["post_title"] == title


@pytest.mark.parametrize(
    "name", ["organisations.csv", "areas.csv", "axes.csv", "commune_units.csv", "calendar.csv"]
)
def test_every_row_has_source_and_confidence(name: str) -> None:
    for row in rows(name):
        assert row["source"], row
        assert row["confidence"] in CONFIDENCE, row


@pytest.mark.parametrize("name", ["resolutions.json", "programmes.json"])
def test_every_record_has_source_and_confidence(name: str) -> None:
    found = list(records(document(name)))
    assert len(found) > 40
    for record in found:
        assert record.get("source"), record
        assert record.get("confidence") in CONFIDENCE, record


def test_resolutions_have_their_groups_and_targets() -> None:
    assert {r["key"]: len(r["task_groups"]) for r in RESOLUTIONS} == {
        "nq71": 8,
        "nq72": 6,
        "nq79": 6,
        "nq80": 8,
    }
    targets = [target for r in RESOLUTIONS for target in r["targets"]]
    assert Counter(t["confidence"] for t in targets) == {"confirmed": 61, "recalled": 7}
    operators = {"=", ">=", "<=", ">", "<", "~", "range", "text", "yes_no"}
    assert {t["operator"] for t in targets} <= operators


def test_programmes_are_what_is_known() -> None:
    known = {p["key"]: (p["number"], p["status"]) for p in ACTION_PROGRAMMES}
    assert known == {
        "hn71": ("05-CTr/TU", "issued"),
        "hn72": ("06-CTr/TU", "issued"),
        "hn79": (None, "draft"),
        "hn80": (None, "draft"),
    }
    groups = {r["key"]: [g["heading"] for g in r["task_groups"]] for r in RESOLUTIONS}
    for programme in ACTION_PROGRAMMES:
        assert [g["heading"] for g in programme["groups"]] == groups[programme["resolution"]]
    real = [task for programme in ACTION_PROGRAMMES for task in programme["tasks"]]
    assert len(real) == 7
    assert {task["lead"] for task in real} <= {None, *CONFIRMED}


def test_national_targets_are_never_the_citys() -> None:
    national = {t["code"] for r in RESOLUTIONS for t in r["targets"]}
    city = {t["code"] for p in ACTION_PROGRAMMES for t in p["targets"]}
    assert national.isdisjoint(city)


def test_illustrative_tasks_fill_every_group() -> None:
    assert ILLUSTRATIVE["confidence"] == "illustrative"
    assert len({task["code"] for task in TASKS}) == len(TASKS) == 80
    filled = {(task["programme"], task["group"]) for task in TASKS}
    assert filled == {(p["key"], g["number"]) for p in ACTION_PROGRAMMES for g in p["groups"]}
    assert {task["story"] for task in TASKS} == set(STORIES)
    assert len(FANNED) == 12
    assert {task["fan_out"]["axis"] for task in FANNED} == AXES


def test_illustrative_shares_are_those_of_a_city_at_work() -> None:
    told = Counter(task["story"] for task in TASKS)
    assert 32 <= told["completed_on_time"] + told["completed_late"] <= 40
    late = sum(
        bool(task["offset_days"]) and task["offset_days"] < 0
        for task in TASKS
        if task["story"] in {"late_long", "late", "late_short", "blocked", "returned"}
    )
    assert 6 <= late <= 10


@pytest.mark.parametrize("task", TASKS, ids=code_of)
def test_task_is_whole(task: dict[str, Any]) -> None:
    assert task["code"].startswith(f"{task['programme'][2:]}-{task['group']}.")
    assert 60 <= len(task["title"]) <= 320
    assert task["deliverable"]
    assert task["authority"]
    assert task["clause"]
    assert {task["lead"], *task["partners"]} <= CONFIRMED
    assert task["lead"] not in task["partners"]
    assert task["deadline_kind"] in KINDS
    assert task["importance"] in {"normal", "key"}
    assert set(task["marks"]) <= {"hard", "new", "unprecedented"}
    assert 2 <= len(task["progress"]) <= 4
    assert (task["story"] == "draft") == (task["issued_offset_days"] is None)


def check_story(story: str, kind: str, offset: int | None) -> None:
    span = STORIES[story]
    if span is None:
        assert offset is None
        return
    # A waiting recurring task has no deadline either.
    if kind == "recurring":
        assert offset is None
        return
    assert offset is not None
    assert span[0] <= offset <= span[1]
    assert kind == "day" or story not in EXACT


@pytest.mark.parametrize("task", TASKS, ids=code_of)
def test_story_fits_the_dates(task: dict[str, Any]) -> None:
    story, offset, done = task["story"], task["offset_days"], task["completed_offset_days"]
    check_story(story, task["deadline_kind"], offset)
    assert (task["deadline_kind"] == "recurring") == bool(task["rhythm"])
    submitted = {"returned", "awaiting_on_time", "awaiting_late", "completed_late"}
    if story in submitted | {"completed_on_time"}:
        assert task["issued_offset_days"] < done < 0
        assert (done <= offset) == (story not in {"awaiting_late", "completed_late"})
        assert task["evidence"]
    else:
        assert done is None
    assert bool(task["return_reasons"]) == (story == "returned")
    assert (task["suspended_offset_days"] is not None) == (story == "suspended")
    if story == "blocked":
        assert any(o["resolved_offset_days"] is None for o in task["obstacles"])


@pytest.mark.parametrize("task", TASKS, ids=code_of)
def test_what_happened_comes_after_the_issue(task: dict[str, Any]) -> None:
    issued = task["issued_offset_days"]
    for obstacle in task["obstacles"]:
        assert obstacle["cause"] in CAUSES
        assert obstacle["decider"] in {None, *CONFIRMED}
        assert obstacle["decider_text"]
        assert issued < obstacle["raised_offset_days"] < 0
    current = task["offset_days"]
    for extension in task["extensions"]:
        assert extension["decision"] in {"agreed", "refused", "pending"}
        assert issued < extension["asked_offset_days"] < extension["from_offset_days"]
        assert extension["to_offset_days"] > extension["from_offset_days"]
    agreed = [e["to_offset_days"] for e in task["extensions"] if e["decision"] == "agreed"]
    assert current == (agreed[-1] if agreed else current)
    for direction in task["directions"]:
        assert direction["kind"] in {"direction", "explanation"}
        assert issued < direction["given_offset_days"] < direction["answer_by_offset_days"]


@pytest.mark.parametrize("task", FANNED, ids=code_of)
def test_children_fit_their_parent(task: dict[str, Any]) -> None:
    child = task["fan_out"]
    assert sum(child["stories"].values()) == 100
    for story in child["stories"]:
        check_story(
            "ongoing" if child["offset_days"] is None else story,
            child["deadline_kind"],
            child["offset_days"],
        )
    assert child["issued_offset_days"] > task["issued_offset_days"]
    if child["offset_days"] is not None:
        assert child["offset_days"] <= task["offset_days"]
    open_stories = set(child["stories"]) - {"completed_on_time", "completed_late"}
    if task["story"].startswith("completed"):
        assert not open_stories
        assert child["closed_by_offset_days"] == task["completed_offset_days"]
    assert ("blocked" in child["stories"]) <= bool(child["obstacles"])
    assert child["evidence"]
    assert "{area}" in child["title"]
    if "silent" in child["stories"]:
        assert child["issued_offset_days"] <= -45


@pytest.mark.parametrize("task", FANNED, ids=code_of)
def test_counts_are_asked_only_where_there_is_a_goal(task: dict[str, Any]) -> None:
    child = task["fan_out"]
    used = set(re.findall(r"\{\w+\}", " ".join(strings(child))))
    assert used <= PLACEHOLDERS
    if child["countable"] is None:
        assert used.isdisjoint({"{done}", "{goal}", "{rest}"})
    else:
        assert set(child["countable"]["goals"]) == {"phường", "xã"}


def test_pools_serve_every_resolution() -> None:
    pools = ILLUSTRATIVE["pools"]
    assert set(pools) == {r["key"] for r in RESOLUTIONS}
    for pool in pools.values():
        assert all(pool[name] for name in ("progress", "nothing_new", "obstacles", "evidence"))
        assert set(re.findall(r"\{\w+\}", " ".join(strings(pool)))) <= {"{area}", "{n}"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_files_hold_no_secret_no_person_and_one_spelling(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert path.stat().st_size < 400_000
    assert not secrecy_mark(text)
    assert "signer" not in text
    # People appear by post only: no honorific before a name, no signer of a resolution.
    assert not re.search(r"\b(ông|bà|đồng chí|đ/c|Tổng Bí thư) [A-ZĐ]", text)
    assert "uỷ" not in text
    assert not re.search(r"\b[Hh]oà\b", text)
