# ruff: noqa: T201 - it tells what it wrote
"""Take pictures of the papers themselves, one of each kind, from a running product.

    python -m tests.browser.paper_pictures http://127.0.0.1:8000 docs/screens PASSWORD

Fetches the newest finished PDF of each kind that the office finds in its list, and sets its first
pages side by side. A kind of which there is no paper yet is named, to be asked for by hand.
"""

import io
import re
import shutil
import sys
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from hanoi_programmes.embedded.trial import BROWSERS
from hanoi_programmes.reports.states import Kind
from tests.browser.pictures import FLAGS, small

PAGES = 3
SCALE = 62 / 72
GAP = 8
_FILE = re.compile(r'href="(/reports/\d+/file/)"')


def newest(page: Page, base: str, kind: str) -> bytes | None:
    """The PDF on top of the list of a kind; None when there is none."""
    page.goto(f"{base}/reports/?of={kind}")
    found = _FILE.search(page.content())
    return page.request.get(base + found[1]).body() if found else None


def side_by_side(content: bytes) -> bytes:
    """The first pages in a row, as a PNG."""
    paper = pypdfium2.PdfDocument(content)
    shown = [paper[n].render(scale=SCALE).to_pil() for n in range(min(PAGES, len(paper)))]
    width = sum(one.width for one in shown) + GAP * (len(shown) - 1)
    row = Image.new("RGB", (width, max(one.height for one in shown)), "#c8ccd2")
    left = 0
    for one in shown:
        row.paste(one, (left, 0))
        left += one.width + GAP
    out = io.BytesIO()
    row.save(out, "PNG")
    return out.getvalue()


def main() -> None:
    """Write one picture a kind."""
    base, folder, password = sys.argv[1:]
    path = next(filter(None, map(shutil.which, BROWSERS)))
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=path, args=FLAGS).new_page()
        page.goto(f"{base}/sign-in/")
        page.fill("[name=username]", "vanphong")
        page.fill("[name=password]", password)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "/sign-in/" not in url)
        for kind in Kind.values:
            if content := newest(page, base, kind):
                file = Path(folder) / f"paper-{kind}.png"
                file.write_bytes(small(side_by_side(content)))
                print(f"{file} {file.stat().st_size // 1024} KB")
            else:
                print(f"{kind}: none in the list")


if __name__ == "__main__":
    main()
