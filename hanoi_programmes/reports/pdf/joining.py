"""Sections put together into one file: pages, structure trees, bookmarks, contents, numbers."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem

from hanoi_programmes.reports.pdf.common_fonts import CommonFonts
from hanoi_programmes.reports.pdf.contents import Line, draw_contents
from hanoi_programmes.reports.pdf.facts import state_facts
from hanoi_programmes.reports.pdf.setting import FOOT, few_collections
from hanoi_programmes.reports.pdf.stamps import Stamp, Stamper, resources_of
from hanoi_programmes.reports.profiles import Layout, layout_of
from hanoi_programmes.reports.states import Profile

_JUMP = "report-page:"
# Entries that a page of contents holds.
_ROWS = 33


@dataclass(frozen=True, slots=True)
class Part:
    """One drawn section. Without a title it stands neither among bookmarks nor in contents.

    `foot` is stamped instead of the foot it was drawn with: a kept section has an older code.
    """

    title: str
    content: bytes
    own_pages: bool = False
    foot: str = ""


@dataclass(slots=True)
class _Placed:
    """A section that was opened, and where its pages come to lie."""

    part: Part
    pdf: pikepdf.Pdf
    start: int
    is_contents: bool = False

    @property
    def pages(self) -> int:
        return len(self.pdf.pages)

    @property
    def foot(self) -> str:
        return self.part.foot or str(self.pdf.docinfo.get(f"/{FOOT}", ""))


def join(
    parts: Sequence[Part],
    *,
    profile: Profile | Layout | str,
    title: str,
    author: str,
    subject: str = "",
) -> tuple[bytes, int]:
    """One file of all parts, and its number of pages. Contents stand in it where more than one
    part has a title: first in a batch, else behind the first part, which is the signed paper."""
    layout = profile if isinstance(profile, Layout) else layout_of(profile)
    with few_collections():
        placed = _placed(parts, layout, title, author)
        joiner = _Joiner(layout)
        for section in placed:
            joiner.add(section)
        joiner.number(placed)
        joiner.bookmark(placed)
        state_facts(joiner.pdf, title=title, author=author, subject=subject)
        content = joiner.write()
        for section in placed:
            section.pdf.close()
    return content, sum(section.pages for section in placed)


def _placed(parts: Sequence[Part], layout: Layout, title: str, author: str) -> list[_Placed]:
    """The parts in order with their first pages, contents among them where they are wanted."""
    placed = [_Placed(part, pikepdf.open(io.BytesIO(part.content)), 0) for part in parts]
    if sum(bool(part.title) for part in parts) > 1:
        is_batch = all(part.own_pages for part in parts)
        placed.insert(
            0 if is_batch else 1, _contents(placed, layout, (title, author), is_batch=is_batch)
        )
    start = 0
    for section in placed:
        section.start = start
        start += section.pages
    return placed


def _contents(
    placed: list[_Placed], layout: Layout, names: tuple[str, str], *, is_batch: bool
) -> _Placed:
    """Drawn twice at most: how long they are decides on which pages the others begin."""
    before = 0 if is_batch else placed[0].pages
    # Lines of one row each: a guess that is mostly right, so that they are drawn once.
    pages, drawn = -(-(sum(bool(one.part.title) for one in placed) + 2) // _ROWS), 0
    content = b""
    while drawn != pages:
        pages = drawn or pages
        lines, start = [], 0
        for section in placed:
            if section.part.title:
                shift = pages if start >= before else 0
                lines.append(Line(section.part.title, start + shift + 1))
            start += section.pages
        foot = placed[0].foot
        content, drawn = draw_contents(lines, layout, names, foot=foot, of_file=is_batch)
    part = Part("", content, own_pages=is_batch)
    return _Placed(part, pikepdf.open(io.BytesIO(content)), 0, is_contents=True)


class _Joiner:
    """The file that is being made."""

    def __init__(self, layout: Layout) -> None:
        self.pdf = pikepdf.new()
        self._fonts = CommonFonts(self.pdf)
        self._stamper = Stamper(self.pdf, layout, self._fonts)
        self._has_total = layout.has_total
        self._next = 0
        self._owners = Array()
        root = self.pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        document = Dictionary(Type=Name.StructElem, S=Name.Document, P=root, K=Array())
        self._document = self.pdf.make_indirect(document)
        root.K = Array([self._document])
        self.pdf.Root.StructTreeRoot = root

    def add(self, section: _Placed) -> None:
        """Copy pages, then the tree: it finds its pages copied already."""
        source, before = section.pdf, len(self.pdf.pages)
        _resolve(source)
        self.pdf.pages.extend(source.pages)
        for at in range(before, before + section.pages):
            page = self.pdf.pages[at].obj
            page.StructParents = int(page.StructParents) + self._next
            for note in page.get("/Annots", ()):
                note.StructParent = int(note.StructParent) + self._next
        if section.pages:
            self._fonts.exchange(resources_of(self.pdf.pages[before].obj))
        if "/OutputIntents" not in self.pdf.Root:
            intents = source.make_indirect(source.Root.OutputIntents)
            self.pdf.Root.OutputIntents = self.pdf.copy_foreign(intents)
        self._graft(source)

    def _graft(self, source: pikepdf.Pdf) -> None:
        """Hang the section's tree below ours, as one part, with its numbers moved up."""
        part = self.pdf.copy_foreign(source.Root.StructTreeRoot.K[0])
        numbers = list(part.P.ParentTree.Nums)
        part.S, part.P = Name.Part, self._document
        self._document.K.append(part)
        last = -1
        for number, owner in zip(numbers[0::2], numbers[1::2], strict=True):
            last = max(last, int(number))
            self._owners.append(int(number) + self._next)
            self._owners.append(owner)
        self._next += last + 1

    def number(self, placed: Sequence[_Placed]) -> None:
        """Stamp all pages, and turn the marks of the contents into links."""
        whole = sum(section.pages for section in placed if not section.part.own_pages)
        at = 0
        for section in placed:
            is_own = section.part.own_pages
            foot, total = section.foot, section.pages if is_own else whole
            for index in range(section.pages):
                at += 0 if is_own else 1
                number = index + 1 if is_own else at
                is_shown = number > 1 and not (section.is_contents and is_own)
                shown = f"Trang {number}/{total}" if self._has_total else str(number)
                page = self.pdf.pages[section.start + index].obj
                self._stamper.stamp(page, Stamp(shown if is_shown else "", foot))
                if section.is_contents:
                    self._link(page)

    def _link(self, page: Any) -> None:
        for note in page.get("/Annots", ()):
            mark = str(note.A.URI) if "/A" in note and "/URI" in note.A else ""
            if mark.startswith(_JUMP):
                number = int(mark.removeprefix(_JUMP))
                del note["/A"]
                target = self.pdf.pages[number - 1].obj
                note.Dest = Array([target, Name.XYZ, 0, target.MediaBox[3], 0])
                note.Contents = pikepdf.String(f"Đến trang {number}")

    def bookmark(self, placed: Sequence[_Placed]) -> None:
        """Titles of parts; below each the headings of its text."""
        with self.pdf.open_outline() as outline:
            for section in placed:
                below = _headings(section)
                if section.is_contents:
                    below = [OutlineItem("Mục lục", section.start, "Fit")]
                elif section.part.title:
                    top = OutlineItem(section.part.title, section.start, "Fit")
                    top.is_closed = True
                    top.children.extend(below)
                    below = [top]
                outline.root.extend(below)

    def write(self) -> bytes:
        """The bytes; the same parts give the same file."""
        root = self.pdf.Root.StructTreeRoot
        root.ParentTree = self.pdf.make_indirect(Dictionary(Nums=self._owners))
        root.ParentTreeNextKey = self._next
        out = io.BytesIO()
        self.pdf.save(
            out,
            min_version="1.7",
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
            fix_metadata_version=False,
        )
        return out.getvalue()


def _resolve(source: pikepdf.Pdf) -> None:
    """Links to named places become links to places: names of two sections could be the same."""
    names = source.Root.get("/Names", Dictionary()).get("/Dests", Dictionary())
    entries = list(names.get("/Names", ()))
    if "/Names" in source.Root:
        del source.Root["/Names"]
    places = {str(name): place for name, place in zip(entries[0::2], entries[1::2], strict=True)}
    for page in source.pages if places else ():
        for note in page.obj.get("/Annots", ()):
            if "/Dest" in note and isinstance(note.Dest, pikepdf.String):
                note.Dest = Array(list(places[str(note.Dest)]))
                note.Contents = pikepdf.String("Đến mục được dẫn trong văn bản")


def _headings(section: _Placed) -> list[OutlineItem]:
    """A section's own bookmarks, with the pages they have now."""
    order = {page.obj.objgen: at for at, page in enumerate(section.pdf.pages)}

    def moved(item: OutlineItem) -> OutlineItem:
        place = list(cast("Array", item.destination))
        at = section.start + order[place[0].objgen]
        found = OutlineItem(
            item.title, at, "XYZ", left=float(place[2]), top=float(place[3]), zoom=0
        )
        found.children.extend(moved(one) for one in item.children)
        return found

    with section.pdf.open_outline() as outline:
        return [moved(item) for item in outline.root]
