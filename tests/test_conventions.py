"""The house rules that no linter knows: sizes, opening sentences, the one door, no orphans."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from tests.matrix import SINK
from tests.test_addresses import ROUTES

ROOT = Path(settings.ROOT)
TEMPLATES = ROOT / "templates"
FUNCTION_LINES, FILE_LINES, SCRIPT_LINES = 40, 400, 200
# Say what the thing is.
FORBIDDEN = {
    "utils", "util", "helpers", "helper", "common", "core", "misc", "managers", "signals",
    "selectors", "constants",
}  # fmt: skip


def tracked(*patterns: str) -> list[Path]:
    """Files of the project, new ones too, without what git ignores."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for line in listed.stdout.splitlines() if (path := ROOT / line).exists()]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


PYTHON = tracked("*.py")
MODULES = [path for path in PYTHON if "migrations" not in path.parts]
PAGES = tracked("templates/*.html", "templates/*.txt", "templates/*.svg", "templates/*.css")


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


# Sizes


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_functions_and_files_can_be_read_at_a_glance(path: Path) -> None:
    long = {
        function.name: lines
        for function in functions(path)
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > FUNCTION_LINES
    }
    assert long == {}
    assert len(path.read_text(encoding="utf-8").splitlines()) <= FILE_LINES


def test_the_scripts_are_two_and_stay_small() -> None:
    """What every form needs (app), and comforts that nobody has to know of (keys)."""
    scripts = [ROOT / "static" / "js" / script for script in ("app.js", "keys.js")]
    assert sorted(tracked("static/*.js")) == scripts
    for script in scripts:
        assert len(script.read_text(encoding="utf-8").splitlines()) < SCRIPT_LINES


# One way out of the house


def test_mails_leave_by_the_ledger_and_the_relay_alone() -> None:
    """A mail that is sent past them could be lost or doubled by any crash."""
    doors = {"get_connection", "mail_admins", "mail_managers", "send_mail", "send_mass_mail"}
    messages = ("message.", "mail.", "email.")
    found: dict[str, set[str]] = {}
    for path in tracked("hanoi_programmes/*.py"):
        text = path.read_text(encoding="utf-8")
        used = {door for door in doors if re.search(rf"\b{door}\b", text)}
        used |= {"smtplib"} if re.search(r"^(from|import) smtplib\b", text, re.M) else set()
        used |= {"send"} if any(f"{one}send(" in text for one in messages) else set()
        found |= {name(path): used} if used else {}
    relay = "hanoi_programmes/reminders/relay.py"
    assert found == {relay: {"get_connection", "send", "smtplib"}}


# Sentences and names


# Django writes the first migration of an app.
WRITTEN = [path for path in PYTHON if path.name != "0001_initial.py"]


@pytest.mark.parametrize("path", WRITTEN, ids=name)
def test_a_module_opens_with_a_sentence(path: Path) -> None:
    if path.read_text(encoding="utf-8").strip():
        opening = (ast.get_docstring(tree_of(path)) or "").partition("\n\n")[0]
        assert opening.endswith((".", ":", "?")), opening
    else:
        assert path.name == "__init__.py"


def test_no_file_is_named_for_nothing() -> None:
    named = {path.stem for path in PYTHON} | {path.parent.name for path in PYTHON}
    assert named & FORBIDDEN == set()


def test_no_test_sleeps() -> None:
    asleep = [
        f"{name(path)}:{node.lineno}"
        for path in tracked("tests/*.py")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr == "sleep"
    ]
    assert asleep == []


# The one door: what a view reads, it reads as its reader may see it

# The same for everybody who works here: what they hold belongs to nobody.
PUBLIC = {"Area", "Axis", "CalendarDay", "Resolution", "TaskGroup", "Unit"}
# Read by another door, and why that is safe.
OTHER_DOORS = {
    ("people/http.py", "User"): "who signed in, by the key in the session",
    ("programmes/views/decisions.py", "Direction"): "its task is then asked for at the door",
    ("programmes/views/decisions.py", "Extension"): "its task is then asked for at the door",
    ("programmes/views/decisions.py", "Obstacle"): "its task is then asked for at the door",
    ("programmes/filters/asked.py", "ActionProgramme"): "names a condition of the list",
    ("programmes/filters/asked.py", "Task"): "by keys that came through the door, or led by us",
    ("programmes/views/progress.py", "Evidence"): "filtered by the tasks that are visible",
    ("reports/filters.py", "ActionProgramme"): "names a condition, behind the matrix's own door",
    ("reminders/filters.py", "ActionProgramme"): "names a condition of the list",
    ("reminders/views/urging.py", "Reminder"): "of tasks that were fetched through the door",
    ("reminders/views/tasks.py", "Reminder"): "of a task that was fetched through the door",
    ("programmes/views/lists.py", "Task"): "whether there are any of the reader's own giving",
}
EDGE = ("views.py", "http.py", "forms.py", "filters.py")


def reads(path: Path) -> Iterator[tuple[str, str, int]]:
    """Model, the first method asked of its manager, and the line."""
    for node in ast.walk(tree_of(path)):
        if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute)):
            continue
        manager = node.value
        if manager.attr in {"objects", "_default_manager", "_base_manager"}:
            yield ast.unparse(manager.value), node.attr, node.lineno


def test_views_read_only_through_the_door() -> None:
    package = ROOT / "hanoi_programmes"
    edge = [p for p in MODULES if p.name in EDGE or p.parent.name in {"views", "filters"}]
    assert len(edge) > 10
    past = [
        (str(path.relative_to(package)), model, line)
        for path in edge
        for model, method, line in reads(path)
        # `none()` reads nothing: forms begin with it and are given rows by their view.
        if method not in {"visible_to", "none"} and model not in PUBLIC
    ]
    unexplained = [read for read in past if read[:2] not in OTHER_DOORS]
    assert unexplained == []
    assert {read[:2] for read in past} == set(OTHER_DOORS)


def test_templates_and_jobs_ask_no_manager() -> None:
    pages = [name(page) for page in PAGES if ".objects" in page.read_text(encoding="utf-8")]
    assert pages == []


# Templates


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_template_compiles(page: Path) -> None:
    get_template(str(page.relative_to(TEMPLATES)))


# Django looks for these by itself.
BY_DJANGO = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}


def test_no_template_is_without_a_user() -> None:
    sources = [*tracked("hanoi_programmes/*.py"), *PAGES]
    used = {
        found
        for source in sources
        for found in re.findall(
            r"[\"'(]([\w./-]+\.(?:html|txt|svg|css))[\"')]", source.read_text(encoding="utf-8")
        )
    }
    names = {str(page.relative_to(TEMPLATES)) for page in PAGES}
    assert names - used - BY_DJANGO == set()


def test_every_address_named_in_a_template_exists() -> None:
    known = {*ROUTES, *SINK}
    wrong = [
        (name(page), asked)
        for page in PAGES
        for asked in re.findall(r"\{%\s*url\s+[\"']([^\"']+)[\"']", page.read_text("utf-8"))
        if asked not in known
    ]
    assert wrong == []
