"""Layout profiles of papers as dated data: every size, margin, line and word a rule fixes.

The figures are those of `domain/report-format.md`; what it calls "secondary" was not read in the
signed text, so each profile says how far it can be trusted and what a person must still check.
Points for letters and lines, millimetres for the page. CSS and Word are made from these values.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from hanoi_programmes.reports.states import Profile

POINT_MM = 25.4 / 72


class Heads(StrEnum):
    """What stands at the right of the first page: the Party's line, the State's two, or nothing."""

    PARTY = "party"
    STATE = "state"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Letters:
    """How one part of a paper is lettered: size in use, its line, the range of the rule, style."""

    size: float
    line: float = 18
    least: float = 0
    most: float = 0
    bold: bool = False
    italic: bool = False
    capitals: bool = False
    underlined: bool = False

    @property
    def allowed(self) -> tuple[float, float]:
        """The smallest and the largest size of the rule; one value unless it gives a range."""
        return (self.least or self.size, self.most or self.size)


@dataclass(frozen=True, slots=True)
class Margins:
    """White around a page, in millimetres."""

    top: float
    right: float
    bottom: float
    left: float


@dataclass(frozen=True, slots=True)
class Words:
    """Who signs: for the body, in the head's place, by order; and how number and rule are set."""

    on_behalf: str
    in_place: str
    by_order: str
    number: str
    joint: str
    under_issuer: str
    under_subject: str
    recipients: str = "Nơi nhận:"


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """One edition of a profile. `until` is the last day; `doubts` must be checked by a person."""

    profile: Profile
    rule: str
    since: date
    until: date | None
    source: str
    confidence: str
    doubts: str
    heads: Heads
    page: Margins
    appendix: Margins
    parts: Mapping[str, Letters]
    words: Words
    first_line: float = 10
    between: float = 6
    number_from_top: float = 10
    signature_lines: int = 4
    left_column: float = 44
    right_column: float = 55
    has_total: bool = False

    def holds_on(self, day: date) -> bool:
        """Whether a paper of that day is laid out by this edition."""
        return self.since <= day and (self.until is None or day <= self.until)


_BODY = Letters(14, 18, 14, 15)
_PARTY_PARTS = {
    "party": Letters(15, 22, bold=True, capitals=True),
    "motto": Letters(14, 18, bold=True),
    "superior": Letters(14, 18, capitals=True),
    "issuer": Letters(14, 18, bold=True, capitals=True),
    "number": Letters(14, 22),
    "place": Letters(14, 22, italic=True),
    "draft": Letters(14, 18, italic=True),
    "type": Letters(16, 24, 15, 16, bold=True, capitals=True),
    "subject": Letters(14, 20, 14, 15, bold=True),
    "about": Letters(12, 15, italic=True),
    "body": _BODY,
    "heading": replace(_BODY, line=20, bold=True),
    "subheading": replace(_BODY, line=20, bold=True),
    "authority": Letters(14, 20, bold=True, capitals=True),
    "post": Letters(14, 20, capitals=True),
    "name": Letters(14, 20, bold=True),
    "recipients_head": Letters(14, 18, underlined=True),
    "recipients": Letters(12, 15),
    "appendix_head": Letters(15, 20, 14, 15, bold=True, capitals=True),
    "appendix_of": Letters(14, 18, italic=True),
    "page_number": Letters(14, 14),
    # Not the rule's: what it says nothing of.
    "table": Letters(12, 15),
    "small": Letters(11, 14),
    "caption": Letters(11, 14, italic=True),
    "key": Letters(10, 13),
    "code": Letters(8, 10),
}
_PARTY = Layout(
    profile=Profile.PARTY,
    rule="Hướng dẫn 05-HD/VPTW",
    since=date(2026, 1, 12),
    until=None,
    source="domain/report-format.md §2: bảng so sánh [S3], đối chiếu 36-HD/VPTW [S10]",
    confidence="secondary",
    doubts="Ngày ban hành (12/01/2026 hay 27/5/2026), cách viết ủy hay uỷ, mẫu phụ lục, cỡ chữ.",
    heads=Heads.PARTY,
    page=Margins(20, 15, 20, 30),
    # The Party's rule for appendices was not read: landscape is allowed, the margins are ours.
    appendix=Margins(20, 20, 20, 20),
    parts=_PARTY_PARTS,
    words=Words("T/M", "K/T", "T/L", "Số", "-", "*", "-----"),
)
# The same sizes in a rule with other marks; papers of its time are not made here any more.
_PARTY_OLD = replace(
    _PARTY,
    rule="Hướng dẫn 36-HD/VPTW",
    since=date(2018, 4, 3),
    until=date(2026, 1, 11),
    source="domain/report-format.md §2: [S9], [S10]",
    doubts="Giãn dòng từ 18 pt trở lên; nơi nhận cách nhau dấu phẩy.",
)
_STATE = Layout(
    profile=Profile.STATE,
    rule="Nghị định 30/2020/NĐ-CP, Phụ lục I",
    since=date(2020, 3, 5),
    until=None,
    source="domain/report-format.md §3: [S11], đối chiếu [S3]",
    confidence="secondary",
    doubts="Cỡ chữ chọn trong khoảng cho phép; phụ lục theo mẫu của cơ quan.",
    heads=Heads.STATE,
    page=Margins(20, 15, 20, 30),
    appendix=Margins(20, 20, 20, 20),
    parts=_PARTY_PARTS
    | {
        "party": Letters(12, 18, 12, 13, bold=True, capitals=True),
        "motto": Letters(13, 18, 13, 14, bold=True),
        "superior": Letters(12, 18, 12, 13, capitals=True),
        "issuer": Letters(12, 18, 12, 13, bold=True, capitals=True),
        "number": Letters(13, 20),
        "place": Letters(13, 20, 13, 14, italic=True),
        "draft": Letters(13, 18, italic=True),
        "type": Letters(14, 22, 13, 14, bold=True, capitals=True),
        "subject": Letters(14, 20, 13, 14, bold=True),
        "about": Letters(12, 15, 12, 13),
        "body": Letters(14, 18, 13, 14),
        "heading": Letters(14, 20, 13, 14, bold=True),
        "subheading": Letters(14, 20, 13, 14, bold=True),
        "authority": Letters(14, 20, 13, 14, bold=True, capitals=True),
        "post": Letters(14, 20, 13, 14, bold=True, capitals=True),
        "name": Letters(14, 20, 13, 14, bold=True),
        "recipients_head": Letters(12, 16, bold=True, italic=True),
        "recipients": Letters(11, 14),
        "appendix_head": Letters(14, 20, 13, 14, bold=True, capitals=True),
        "appendix_of": Letters(14, 18, 13, 14, italic=True),
        "page_number": Letters(14, 14, 13, 14),
    },
    words=Words("TM.", "KT.", "TL.", "Số:", "/", "", ""),
    left_column=40,
    right_column=59,
)
_PLAIN = replace(
    _PARTY,
    profile=Profile.PLAIN,
    rule="Bản làm việc",
    since=date(2020, 1, 1),
    source="domain/report-format.md §4: nằm trong cả hai khoảng cho phép",
    confidence="ours",
    doubts="",
    heads=Heads.NONE,
    words=replace(_PARTY.words, number="", under_issuer="", under_subject=""),
    has_total=True,
)
EDITIONS = (_PARTY, _PARTY_OLD, _STATE, _PLAIN)


def layout_of(profile: Profile | str, on: date | None = None) -> Layout:
    """The edition that holds on a day; without a day, and for days before all, the newest."""
    editions = [layout for layout in EDITIONS if layout.profile == profile]
    if not editions:
        raise ValueError(f"no layout is named {profile}")
    held = (layout for layout in editions if on is not None and layout.holds_on(on))
    return next(held, editions[0])
