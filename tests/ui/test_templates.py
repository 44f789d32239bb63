"""Every template obeys the content security policy and the rules for fragments and components."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

TEMPLATES = settings.ROOT / "templates"
FILES = sorted(TEMPLATES.rglob("*.html"))
# Mails and printed reports are read elsewhere, under other rules.
PAGES = [file for file in FILES if not {"mail", "pdf"} & set(file.parts)]
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))
SPRITE = (settings.ROOT / "static" / "icons.svg").read_text(encoding="utf-8")
ICONS = set(re.findall(r'<symbol id="([\w-]+)"', SPRITE))


def name(file: Path) -> str:
    return str(file.relative_to(TEMPLATES))


@pytest.mark.parametrize("file", FILES, ids=name)
def test_it_compiles(file: Path) -> None:
    get_template(name(file))


@pytest.mark.parametrize("file", PAGES, ids=name)
def test_it_needs_nothing_that_the_policy_forbids(file: Path) -> None:
    html = re.sub(r"\{#.*?#\}", "", file.read_text(encoding="utf-8"))
    assert (
        re.findall(r"<style|\sstyle=|\son\w+=|\shx-on|javascript:|data:[a-z]+/|//cdn", html) == []
    )
    assert re.findall(r'(?:src|href|action)="(?:https?:)?//', html) == []
    assert re.findall(r"<script(?![^>]*\bsrc=)", html) == []


@pytest.mark.parametrize("file", PAGES, ids=name)
def test_its_icons_are_in_the_sprite(file: Path) -> None:
    used = set(re.findall(r'\{% icon "([\w-]+)"', file.read_text(encoding="utf-8")))
    used |= set(re.findall(r'\bicon="([\w-]+)"', file.read_text(encoding="utf-8")))
    assert used - ICONS == set()


@pytest.mark.parametrize("file", PAGES, ids=name)
def test_every_form_that_posts_carries_its_token(file: Path) -> None:
    html = file.read_text(encoding="utf-8")
    for form in re.findall(r'<form[^>]*method="post".*?</form>', html, re.S):
        assert "{% csrf_token %}" in form


@pytest.mark.parametrize("file", COMPONENTS, ids=name)
def test_a_component_lists_its_variables(file: Path) -> None:
    head = file.read_text(encoding="utf-8").splitlines()[0]
    assert re.fullmatch(r"\{#.*([Vv]ariables?|the context).*#\}", head), head


@pytest.mark.parametrize("file", [f for f in PAGES if f.name.startswith("_")], ids=name)
def test_a_fragment_is_named_by_its_root(file: Path) -> None:
    root = re.search(
        r"<(?!!)[a-z]\w*[^>]*>", re.sub(r"\{#.*?#\}", "", file.read_text(encoding="utf-8")), re.S
    )
    assert root
    assert f'id="{file.stem.strip("_").replace("_", "-")}' in root.group()


def test_icons_of_states_exist() -> None:
    source = (settings.ROOT / "hanoi_programmes/ui/templatetags/ui.py").read_text(encoding="utf-8")
    assert set(re.findall(r'Look\("\w+", "([\w-]+)"', source)) <= ICONS
    assert set(re.findall(r'"s-[a-z]+"', SPRITE))
