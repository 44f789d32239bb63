"""The list of pages that are looked at is complete: a new page without its place there fails."""

import re
from contextlib import suppress
from uuid import UUID

from django.urls import Resolver404, resolve

from tests.browser.pages import PAGES
from tests.matrix import NO_GET, ROWS

# Answers that are no whole page, with what they are.
NO_PAGES = {
    "programmes:saved-counts": "the strip of the list, with numbers",
    "people:choose-unit": "rows for a field of a form",
    "people:choose-account": "rows for a field of a form",
    "people:health": "a word for the machine",
    "api:feed": "a calendar, for programs",
    "reminders:watch": "a word for the machine",
    "reminders:alarm": "a band on each page, empty while all is well",
    "reminders:system-state": "a part of the administrator's page",
    "programmes:choose-task": "rows for a field of a form",
    "programmes:choose-officer": "rows for a field of a form",
    "programmes:evidence-file": "a file",
    "programmes:history-export": "a file",
    "reminders:answer": "there only in a mail: test_answers runs axe there",
    "reminders:bell": "a part of the top bar",
    "reminders:latest": "a part of the top bar",
    "programmes:fan-out-undo": "there only after a fan-out; built as a move's page",
    "programmes:handover-page": "there only after a change: test_whole_life runs axe there",
    "programmes:news": "a part of the first page",
    "programmes:plan-export": "a file",
    "programmes:task-export": "a file",
    "reports:matrix-export": "a file",
    "reports:by-code": "there only after a report: test_thread runs axe there",
    "reports:contests-waiting": "a part of the first page",
    "reports:row": "a row of the list",
    "reports:schedule-ask": "fields of a form",
    "reports:choose-receiver": "rows for a field of a form",
    "reports:download": "a file",
    "reports:word": "a file",
    "reports:ask": "a part of the form for reports",
    "reports:preview": "a part of the page for reports",
    "reports:choose-unit": "rows for a field of a form",
    "reports:choose-area": "rows for a field of a form",
    "reports:choose-post": "rows for a field of a form",
}


def visited() -> set[str]:
    """The names of the addresses that the browser opens and examines."""
    names = set()
    for _, address in PAGES:
        with suppress(Resolver404):
            path = address.partition("?")[0].replace("{transaction}", str(UUID(int=1)))
            path = re.sub(r"\{\w+\}", "1", path)
            names.add(resolve(path).view_name)
    return names


def test_every_page_is_looked_at() -> None:
    pages = {name for name, row in ROWS.items() if 200 in row.get.values()}
    assert pages - visited() - set(NO_PAGES) == set()


def test_what_is_left_out_exists_and_is_read() -> None:
    assert {name for name in NO_PAGES if name not in ROWS or ROWS[name].get == NO_GET} == set()
    assert set(NO_PAGES) & visited() == set()
