"""A real Chromium on a real product: pages that fail their test on errors that nobody would see."""

import gzip
import json
import logging
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils.timezone import localdate
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    FilePayload,
    Page,
    Playwright,
    Response,
    StorageState,
    expect,
    sync_playwright,
)

from hanoi_programmes.embedded.trial import BROWSERS
from hanoi_programmes.reminders.jobs import plan_reminders
from tests.browser.product import ACCOUNTS, PASSWORD, Product, running
from tests.browser.wards import Ward, ward_of_its_own
from tests.workers import Worker

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage",
]  # fmt: skip
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = Axe().axe_script
# A refusal is an answer that tests ask for; the browser reports each one as an error.
ANSWERED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
Visit = Callable[..., Page]
# Every command of every session otherwise.
logging.getLogger("mail.log").setLevel(logging.WARNING)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of this folder needs a browser."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@dataclass
class Watch:
    """What went wrong behind the pages of a test; `allow` names what the test itself brings on."""

    troubles: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)
    loaded: list[Response] = field(default_factory=list)

    def allow(self, text: str) -> None:
        """Messages with this text are meant."""
        self.allowed.append(text)

    def over(self, page: Page) -> None:
        """Look after a page from now on."""
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        page.on("response", self._answered)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not ANSWERED.match(message.text):
            self.troubles.append(f"console: {message.text} ({message.location.get('url')})")

    def weight(self, kind: str = "") -> int:
        """Bytes of HTML, styles and scripts (or one of them) as a proxy compresses them."""
        asked = [one for one in self.loaded if not kind or one.request.resource_type == kind]
        return sum(len(gzip.compress(response.body())) for response in asked)

    def _answered(self, response: Response) -> None:
        if response.request.resource_type in {"document", "stylesheet", "script"}:
            self.loaded.append(response)
        part = "/static/" in response.url and response.status >= 400
        if response.status >= 500 or part:
            self.troubles.append(f"{response.status}: {response.url}")

    def verdict(self) -> list[str]:
        """The troubles that nobody asked for."""
        return [t for t in self.troubles if not any(text in t for text in self.allowed)]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright's own process."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The Chromium of this machine; without one the tests of this folder are skipped."""
    paths = [path for name in BROWSERS if (path := shutil.which(name))]
    if not paths:
        pytest.skip(f"no browser here, none of: {', '.join(BROWSERS)}")
    with playwright.chromium.launch(executable_path=paths[0], args=FLAGS) as chromium:
        yield chromium


@pytest.fixture(scope="session")
def product(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The running product; tests share its data, so each changes tasks of its own (see `ward`)."""
    with running(tmp_path_factory.mktemp("product")) as product:
        yield product


class States(dict[str, StorageState]):
    """The cookies of who is signed in, by role or account; each signs in once, when first asked."""

    def __init__(self, chromium: Browser, product: Product) -> None:
        super().__init__()
        self._chromium, self._product = chromium, product

    def __missing__(self, role: str) -> StorageState:
        with self._chromium.new_context(base_url=self._product.address) as context:
            page = context.new_page()
            sign_in(page, ACCOUNTS.get(role, role))
            page.wait_for_url(lambda url: "/sign-in/" not in url)
            self[role] = context.storage_state()
        return self[role]


@pytest.fixture(scope="session")
def states(chromium: Browser, product: Product) -> States:
    """One for the whole run."""
    return States(chromium, product)


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    """Through the gate, as a person does it."""
    if "/sign-in/" not in page.url:
        page.goto("/sign-in/")
    page.get_by_label("Tài khoản công vụ").fill(name)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fails the test on console errors, refusals of the content policy, and answers of 500."""
    watch = Watch()
    yield watch
    assert watch.verdict() == []


@pytest.fixture
def visit(chromium: Browser, product: Product, states: States, watch: Watch) -> Iterator[Visit]:
    """`visit("office", "/tasks/")`: a window of its own, signed in, watched, on the address.

    The role "" is nobody; an account's name stands for itself. `width` is the window's; other
    keywords go to the context: `java_script_enabled`, `forced_colors`, …
    """
    contexts: list[BrowserContext] = []

    def open_page(role: str, address: str = "/", **options: Any) -> Page:
        width = options.pop("width", 1366)
        options.setdefault("viewport", {"width": width, "height": 844 if width < 600 else 768})
        state = states[role] if role else None
        context = chromium.new_context(base_url=product.address, storage_state=state, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        watch.over(page)
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def ward(product: Product) -> Ward:
    """One that no other test has anything to do with."""
    return ward_of_its_own(product)


@pytest.fixture
def worker(product: Product) -> Iterator[Callable[[], Worker]]:
    """Starts a real Celery worker when the test wants one; it ends with the test."""
    started: list[Worker] = []

    def start() -> Worker:
        started.append(product.start_worker())
        return started[-1]

    yield start
    for one in started:
        one.kill()


@pytest.fixture(scope="session")
def lived(product: Product) -> Worker:
    """One morning has passed: the timetable's job has planned, and all mails have gone out."""
    product.make_working_day(localdate())
    worker = product.start_worker()
    try:
        worker.wait_for_job(plan_reminders.delay().id)
        planned = product.count("reminders_mail")
        worker.wait_for(lambda: len(product.mails()) == planned)
    finally:
        worker.kill()
    return worker


def pdf(name: str, content: bytes) -> FilePayload:
    """A file for `set_input_files` that says it is a PDF."""
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


def axe(page: Page, *rules: str) -> list[str]:
    """What axe finds wrong, by all of the house's rules or by some: rule, place and reason.

    Playwright evaluates outside the page's policy, so axe runs under the strict one unchanged.
    """
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE)
    chosen = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    options = {"runOnly": chosen, "resultTypes": ["violations"], "preload": False}
    found = page.evaluate(f"axe.run({json.dumps(options)})")
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def settled(page: Page) -> Page:
    """The page after what it asks for by htmx when it opens."""
    expect(page.locator(".htmx-request, .htmx-settling")).to_have_count(0)
    return page
