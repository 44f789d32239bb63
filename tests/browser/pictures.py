# ruff: noqa: T201 - it tells what it wrote
"""Take the pictures of the tour from a running product with illustrative data.

    python -m tests.browser.pictures http://127.0.0.1:8000 docs/screens PASSWORD

Each picture shows what fits on one screen of its width; colours are reduced to keep files small.
"""

import io
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from hanoi_programmes.embedded.trial import BROWSERS

FLAGS = ["--no-sandbox", "--disable-gpu"]
HEIGHTS = {1440: 1000, 1366: 900, 390: 844, 1920: 1080}
COLOURS = 160


@dataclass(frozen=True, slots=True)
class Picture:
    """One file: its name, who looks, at which address, how wide, in which theme.

    `opens` is the text of a link of the page that is followed before the picture is taken.
    """

    name: str
    who: str
    address: str
    width: int = 1440
    theme: str = "light"
    opens: str = ""


PICTURES = [
    Picture("sign-in", "", "/sign-in/"),
    Picture("home", "chuyenvien.lang", "/"),
    Picture("home-phone", "chuyenvien.lang", "/", 390),
    Picture("week", "chuyenvien.lang", "/week/"),
    Picture("dashboard", "thuongtruc", "/dashboard/"),
    Picture("dashboard-dark", "thuongtruc", "/dashboard/", theme="dark"),
    Picture("dashboard-phone", "thuongtruc", "/dashboard/", 390),
    Picture("meeting", "thuongtruc", "/dashboard/meeting/?slide=1", 1920),
    Picture("matrix", "thuongtruc", "/matrix/"),
    Picture("matrix-dark", "thuongtruc", "/matrix/", 1366, "dark"),
    Picture("scorecard-unit", "thuongtruc", "/scorecards/units/UBND-SYT/"),
    Picture("scorecard-area", "thuongtruc", "/scorecards/areas/00199/"),
    Picture("tasks", "vanphong", "/tasks/"),
    Picture("tasks-phone", "vanphong", "/tasks/", 390),
    Picture("task", "thuongtruc", "/tasks/?group=overdue", opens="Xử lý trụ sở"),
    Picture("task-phone", "chuyenvien.lang", "/tasks/?group=overdue", 390, opens="sổ sức khỏe"),
    Picture("programme", "vanphong", "/programmes/hn72/"),
    Picture("plans", "vanphong", "/programmes/plans/"),
    Picture("calendar", "vanphong", "/working-days/"),
    Picture("decisions", "thuongtruc", "/decisions/"),
    Picture("urging", "vanphong", "/urging/"),
    Picture("reports", "vanphong", "/reports/"),
    Picture("health", "quantri", "/system/"),
    Picture("feeds", "chuyenvien.lang", "/calendar/"),
    Picture("components", "vanphong", "/components/"),
    Picture("shortcuts", "vanphong", "/shortcuts/"),
]


def take(browser: Browser, base: str, picture: Picture, password: str) -> bytes:
    """A PNG of the first screen."""
    size = {"width": picture.width, "height": HEIGHTS[picture.width]}
    page = browser.new_page(viewport=size, color_scheme=picture.theme, locale="vi-VN")  # type: ignore[arg-type]
    if picture.who:
        page.goto(f"{base}/sign-in/")
        page.fill("[name=username]", picture.who)
        page.fill("[name=password]", password)
        page.press("[name=password]", "Enter")
        # A busy machine may be idle on the network before the answer comes.
        page.wait_for_url(lambda url: "/sign-in/" not in url)
    _open(page, base, picture)
    found = page.screenshot()
    page.close()
    return found


def _open(page: Page, base: str, picture: Picture) -> None:
    answer = page.goto(base + picture.address)
    if answer is None or answer.status != 200:
        sys.exit(f"{picture.name}: {picture.address} did not open")
    if picture.opens:
        page.get_by_role("link", name=picture.opens).first.click()
    page.wait_for_load_state("networkidle")


def small(png: bytes) -> bytes:
    """The same picture with a palette."""
    out = io.BytesIO()
    image = Image.open(io.BytesIO(png)).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    """Write the pictures whose names are given, or all."""
    base, folder, password, *names = sys.argv[1:]
    path = next(filter(None, map(shutil.which, BROWSERS)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for picture in PICTURES:
            if not names or picture.name in names:
                file = Path(folder) / f"{picture.name}.png"
                file.write_bytes(small(take(browser, base, picture, password)))
                print(f"{file} {file.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
