"""Long papers three ways on the same content: seconds, processor time, peak memory, second run.

    SECRET_KEY=x DATABASE_URL=… REDIS_URL=… python -m tests.bench.papers 1000 20000 areas

Needs no database. Ways: WeasyPrint in one piece as its manual has it; headless Chromium's print;
ours (sections of 250 rows, two processes, cached by what they hold, joined). Each way is a process
of its own whose whole tree is watched; memory is the peak of the sum of its proportional shares.
A way that takes more than `LIMIT_MB` is stopped, so that the machine's other users go on.
"""

import hashlib
import io
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import django

django.setup()

from weasyprint import CSS, HTML  # noqa: E402
from weasyprint.urls import URLFetcher  # noqa: E402

from hanoi_programmes.reports import pdf  # noqa: E402
from hanoi_programmes.reports.pdf.fonts import FAMILY, font_faces, font_in_use  # noqa: E402
from hanoi_programmes.reports.pdf.styles import sheet  # noqa: E402
from hanoi_programmes.reports.profiles import layout_of  # noqa: E402
from hanoi_programmes.reports.states import Profile  # noqa: E402

SECTION_ROWS, AREAS, PROCESSES = 250, 126, 2
LIMIT_MB, LIMIT_SECONDS = 6_000, 3_000
CHROMIUM = "/usr/bin/chromium"
_WHAT = (
    "Xây dựng và ban hành kế hoạch triển khai chuyển đổi số trong trường học",
    "Rà soát, sắp xếp mạng lưới trạm y tế theo mô hình chính quyền hai cấp",
    "Báo cáo kết quả sắp xếp doanh nghiệp nhà nước, thoái vốn theo lộ trình được duyệt",
    "Số hóa hồ sơ di tích, lập danh mục di sản văn hóa phi vật thể trên địa bàn",
)
_STATES = ("đang thực hiện", "hoàn thành đúng hạn", "quá hạn 12 ngày", "chờ xác nhận")
FOOT = '<div class="foot">Mã số liệu SL-1116-0043 · số liệu đến 16/11/2026</div>'


def rows_of(unit: int, rows: int, mark: str = "") -> str:
    """The rows of one unit."""
    return "".join(
        f'<tr><td class="c">{n}</td><td>{_WHAT[(unit + n) % 4]}, đợt {n}{mark}</td>'
        f'<td>Ủy ban nhân dân phường số {unit}</td><td class="c">{n % 28 + 1:02d}/11/2026</td>'
        f'<td>{_STATES[n % 4]}</td><td class="r">{n * 7 % 101}%</td></tr>'
        for n in range(1, rows + 1)
    )


def unit_table(unit: int, rows: int, mark: str = "") -> str:
    """One unit's appendix, landscape."""
    return (
        f'<section class="appendix"><h2>Phụ lục đơn vị {unit}</h2>'
        '<table class="small"><colgroup><col class="c1"><col><col class="c6"><col class="c4">'
        '<col class="c5"><col class="c3"></colgroup><thead><tr><th scope="col">TT</th>'
        '<th scope="col">Nhiệm vụ</th><th scope="col">Chủ trì</th><th scope="col">Hạn</th>'
        '<th scope="col">Tình trạng</th><th scope="col">Tiến độ</th></tr></thead>'
        f"<tbody>{rows_of(unit, rows, mark)}</tbody></table></section>"
    )


def page_of(body: str, style: str = "") -> str:
    """A whole document."""
    head = f'<meta charset="utf-8"><title>Phụ lục theo đơn vị</title>{style}'
    return f'<!DOCTYPE html><html lang="vi"><head>{head}</head><body>{FOOT}{body}</body></html>'


def units(rows: int) -> list[tuple[int, int]]:
    """Units and the rows of each."""
    return [(unit, min(SECTION_ROWS, rows - unit * SECTION_ROWS))
            for unit in range(-(-rows // SECTION_ROWS))]  # fmt: skip


def whole(rows: int) -> str:
    """All sections in one document."""
    return "".join(unit_table(unit, count) for unit, count in units(rows))


# The three ways


class _AnyFont(URLFetcher):  # type: ignore[misc]
    """The one-piece way finds the same font files by their usual addresses."""


def one_piece(rows: int, out: Path) -> dict[str, float]:
    """WeasyPrint as its manual has it: one document, tagged, page numbers by its own counters."""
    faces = font_faces()
    for style, file in font_in_use().files.items():
        faces = faces.replace(f'report-font:{style.replace(" ", "")}"', f'{file.as_uri()}"')
    numbers = "@page { @top-center { content: counter(page) } }"
    sheets = [CSS(string=one) for one in (faces, sheet(layout_of(Profile.PARTY)), numbers)]
    began = time.monotonic()
    page = HTML(string=page_of(whole(rows)), url_fetcher=_AnyFont())
    page.write_pdf(out, stylesheets=sheets, pdf_variant="pdf/a-2a")
    return {"seconds": time.monotonic() - began}


def chromium(rows: int, out: Path) -> dict[str, float]:
    """Headless Chromium's print of the same page, tagged as it does by default."""
    family = font_in_use().family
    style = f"<style>{sheet(layout_of(Profile.PARTY)).replace(FAMILY, family)}</style>"
    file = out.with_suffix(".html")
    file.write_text(page_of(whole(rows), style), encoding="utf-8")
    flags = (
        *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
        *("--no-first-run", "--disable-background-networking", "--no-pdf-header-footer"),
    )
    home = f"--user-data-dir={out.parent / 'chromium'}"
    began = time.monotonic()
    subprocess.run(
        [CHROMIUM, *flags, home, f"--print-to-pdf={out}", file.as_uri()],
        check=True, capture_output=True, timeout=LIMIT_SECONDS,
    )  # fmt: skip
    return {"seconds": time.monotonic() - began}


def draw_section(given: tuple[str, str]) -> tuple[str, bytes]:
    """One section, in a process of the pool."""
    digest, page = given
    return digest, pdf.lay_out(page, profile=Profile.PARTY, numbered=False).write()


def make(pages: Iterable[tuple[str, str]], cache: dict[str, bytes], out: Path) -> float:
    """Draw what is not kept, join all; the seconds it took."""
    began = time.monotonic()
    wanted = [(hashlib.sha256(page.encode()).hexdigest(), title, page) for title, page in pages]
    missing = [(digest, page) for digest, _title, page in wanted if digest not in cache]
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        cache.update(pool.imap_unordered(draw_section, missing))
    parts = [pdf.Part(title, cache[digest]) for digest, title, _page in wanted]
    content, _pages = pdf.join(parts, profile=Profile.PARTY, title="Phụ lục", author="Thành ủy")
    out.write_bytes(content)
    return time.monotonic() - began


def ours(rows: int, out: Path) -> dict[str, float]:
    """Twice: all, and again after one unit changed one word."""
    cache: dict[str, bytes] = {}

    def pages(mark: str) -> list[tuple[str, str]]:
        return [
            (f"Đơn vị {unit}", page_of(unit_table(unit, count, mark if unit == 1 else "")))
            for unit, count in units(rows)
        ]

    first = make(pages(""), cache, out)
    return {"seconds": first, "again": make(pages(" (sửa)"), cache, out)}


def area_page(area: int) -> str:
    """Two pages of one ward: header, sentences, a table."""
    sentence = "Trong kỳ, phường đã hoàn thành các nhiệm vụ được giao theo kế hoạch của Thành phố. "
    return page_of(
        '<header class="blocks"><div class="issuer"><p class="superior">Đảng bộ Thành phố Hà Nội'
        f'</p><p class="name">Đảng ủy phường số {area}</p><p class="mark">*</p></div><div class='
        '"party"><p class="title-line"><span>Đảng Cộng sản Việt Nam</span></p></div></header>'
        f'<h1 class="type">Báo cáo</h1><p class="subject">Kết quả của phường số {area}</p>'
        f"<h2>I. KẾT QUẢ</h2><p>{sentence * 6}</p><table><colgroup><col class='c1'><col>"
        "<col class='c8'><col class='c4'><col class='c4'><col class='c3'></colgroup><thead><tr>"
        '<th scope="col">TT</th><th scope="col">Nhiệm vụ</th><th scope="col">Chủ trì</th>'
        '<th scope="col">Hạn</th><th scope="col">Tình trạng</th><th scope="col">Tiến độ</th>'
        f"</tr></thead><tbody>{rows_of(area, 14)}</tbody></table><p>{sentence * 4}</p>"
    )


def draw_area(area: int) -> tuple[int, bytes, bytes, int]:
    """One ward's paper: to be joined, and by itself."""
    raw = pdf.lay_out(area_page(area), profile=Profile.PARTY, numbered=False).write()
    alone, pages = pdf.join(
        [pdf.Part("", raw)], profile=Profile.PARTY, title=f"Phường {area}", author="Thành ủy"
    )
    return area, raw, alone, pages


def areas(count: int, out: Path) -> dict[str, float]:
    """All wards' papers: each by itself in a ZIP, and all in one file."""
    began = time.monotonic()
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        drawn = sorted(pool.imap_unordered(draw_area, range(1, count + 1)))
    parts = [pdf.Part(f"Phường {area}", raw, own_pages=True) for area, raw, _alone, _n in drawn]
    content, pages = pdf.join(parts, profile=Profile.PARTY, title="126 phường, xã", author="TU")
    out.write_bytes(content)
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as archive:
        for area, _raw, alone, _n in drawn:
            archive.writestr(f"{area:03d}.pdf", alone)
    return {
        "seconds": time.monotonic() - began,
        "pages": pages,
        "each": max(n for *_rest, n in drawn),
        "zip_mb": len(box.getvalue()) / 1e6,
    }


WAYS: dict[str, Callable[[int, Path], dict[str, float]]] = {
    "chromium": chromium,
    "ours": ours,
    "one_piece": one_piece,
    "areas": areas,
}


# Watching


@dataclass
class Watched:
    """What a way took."""

    figures: dict[str, float]
    processor: float
    peak_mb: float
    size_mb: float
    pages: int
    end: str


def _tree(root: int) -> list[int]:
    """A process and all below it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        children.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    return found


def _share(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def watch(way: str, number: int) -> Watched:
    """Run one way in a process of its own, and look at it five times a second."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "paper.pdf"
        command = [sys.executable, "-m", "tests.bench.papers", "--one", way, str(number), str(out)]
        running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        peak, end, began = 0.0, "", time.monotonic()
        while not end:
            try:
                running.wait(0.2)
                end = "done" if running.returncode == 0 else "no PDF"
            except subprocess.TimeoutExpired:
                tree = _tree(running.pid)
                peak = max(peak, sum(map(_share, tree)))
                too_long = time.monotonic() - began > LIMIT_SECONDS
                if peak > LIMIT_MB or too_long:
                    end = f"stopped at {peak:.0f} MB after {time.monotonic() - began:.0f} s"
                    for pid in reversed(tree):
                        os.kill(pid, 9)
                    running.wait()
        said = running.stdout.read() if running.stdout else ""
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        size, pages = _size(out)
    figures = json.loads(said.splitlines()[-1]) if end == "done" else {}
    return Watched(figures, took, peak, size, pages, end)


def _size(out: Path) -> tuple[float, int]:
    if not out.exists():
        return 0, 0
    told = subprocess.run(["pdfinfo", str(out)], capture_output=True, text=True, check=False)
    pages = [line.split()[1] for line in told.stdout.splitlines() if line.startswith("Pages")]
    return out.stat().st_size / 1e6, int(pages[0]) if pages else 0


def main(arguments: list[str]) -> None:
    """The asked sizes one after another; `--one` is a way's own process."""
    if arguments[:1] == ["--one"]:
        print(json.dumps(WAYS[arguments[1]](int(arguments[2]), Path(arguments[3]))))
        return
    print("| rows | way | seconds | processor | peak MB | MB | pages | again | load | end |")
    for asked in arguments:
        ways = [("areas", AREAS)] if asked == "areas" else [
            (way, int(asked)) for way in ("ours", "chromium", "one_piece")
        ]  # fmt: skip
        for way, number in ways:
            took = watch(way, number)
            load = os.getloadavg()[0]
            shown = {name: round(value, 1) for name, value in took.figures.items()}
            print(
                f"| {number} | {way} | {shown.get('seconds', '')} | {took.processor:.1f} |"
                f" {took.peak_mb:.0f} | {took.size_mb:.1f} | {took.pages} |"
                f" {shown.get('again', '')} | {load:.1f} | {took.end} {shown} |",
                flush=True,
            )


if __name__ == "__main__":
    main(sys.argv[1:])
