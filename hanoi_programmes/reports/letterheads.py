"""Who issues a paper, as its first and last page show it: header blocks, place, signature.

Names come from the issuing unit, words and marks from the layout; the number is left blank and
nobody's signature or seal is ever drawn.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum

from hanoi_programmes.people.models import Unit
from hanoi_programmes.people.roles import Level
from hanoi_programmes.reports.models import Report
from hanoi_programmes.reports.profiles import Heads, Layout, layout_of
from hanoi_programmes.reports.states import Issuer, Kind

# The axes whose bodies write as the Party does, and as the State does.
PARTY_AXIS = "dang"
STATE_AXES = frozenset({"ubnd", "hdnd"})
_LINES = {
    Heads.PARTY: ("Đảng Cộng sản Việt Nam", ""),
    Heads.STATE: ("Cộng hòa xã hội chủ nghĩa Việt Nam", "Độc lập - Tự do - Hạnh phúc"),
    Heads.NONE: ("", ""),
}
_COUNCIL = "Ban Thường vụ"
# The post of a head by the first word of the body's name; others are left to the signer.
_HEADS = {
    "Sở": "Giám đốc",
    "Văn phòng": "Chánh Văn phòng",
    "Thanh tra": "Chánh Thanh tra",
    "Ban": "Trưởng Ban",
    "Trung tâm": "Giám đốc",
    "Ủy ban Kiểm tra": "Chủ nhiệm",
    "Ủy ban nhân dân": "Chủ tịch",
    "Hội đồng nhân dân": "Chủ tịch",
}


# Where a long name is broken; the blanks after it hold together.
_PLACES = re.compile(r" ((?:Phường|Xã|thành phố|Thành phố) .+)$")
_TIED = "\u00a0"


class Signing(StrEnum):
    """Who is to sign: the head, a deputy in the head's place, or an office by order of the body."""

    HEAD = "head"
    DEPUTY = "deputy"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The blocks of a paper that depend on who issues it; empty ones are not printed.

    `number` is what follows the blank left for the registry's number; `line` and `motto` stand at
    the right; `mark` under the issuer and `dashes` under the subject are the Party's.
    """

    superior: str
    name: str
    number: str
    place: str
    authority: str
    post: str
    recipients: tuple[str, ...]
    lead: str = ""
    line: str = ""
    motto: str = ""
    mark: str = ""
    dashes: str = ""
    recipients_head: str = "Nơi nhận:"
    # A deputy of a committee signs under two lines of authority.
    second: str = ""

    @property
    def tied_superior(self) -> str:
        """The superior body; a name that needs two lines breaks before its place."""
        return _tied(self.superior)

    @property
    def tied_name(self) -> str:
        """The issuer, broken likewise."""
        return _tied(self.name)


def _tied(name: str) -> str:
    found = _PLACES.search(name)
    return f"{name[: found.start()]} {found[1].replace(' ', _TIED)}" if found else name


@dataclass(frozen=True, slots=True)
class _Body:
    """A body by its names; `symbol` stands in the number, `council` is whom the head signs for."""

    superior: str
    name: str
    symbol: str
    place: str
    council: str
    head: str
    recipients: tuple[str, ...]


_BOARD = _Body(
    superior="",
    name="Thành ủy Hà Nội",
    symbol="TU",
    place="Hà Nội",
    council=_COUNCIL,
    # The secretary or a deputy secretary: either signs for the committee.
    head="",
    recipients=("Thường trực Thành ủy", "Các đồng chí Thành ủy viên", "Lưu Văn phòng Thành ủy"),
)
_OFFICE = _Body(
    superior="Thành ủy Hà Nội",
    name="Văn phòng",
    symbol="VPTU",
    place="Hà Nội",
    council="",
    head="Chánh Văn phòng",
    recipients=("Thường trực Thành ủy", "Lưu Văn phòng Thành ủy"),
)


def letterhead(report: Report, signing: Signing = Signing.HEAD) -> Letterhead:
    """The blocks for the report's issuer, kind, profile and day."""
    layout = layout_of(report.profile, report.requested_on)
    body = _body_of(report)
    is_letter = report.kind == Kind.LETTER
    recipients = body.recipients
    if is_letter:
        recipients = ("Như trên", "Thường trực Thành ủy (để báo cáo)", recipients[-1])
    line, motto = _LINES[layout.heads]
    head = Letterhead(
        superior=body.superior if layout.heads != Heads.NONE else "",
        name=body.name,
        number=_number(layout, body, is_letter=is_letter),
        place=body.place,
        authority="",
        post=body.head,
        recipients=recipients,
        lead=layout.words.number,
        line=line,
        motto=motto,
        mark=layout.words.under_issuer,
        dashes=layout.words.under_subject,
        recipients_head=layout.words.recipients,
    )
    return _signed(head, layout, body, signing)


def _number(layout: Layout, body: _Body, *, is_letter: bool) -> str:
    """'-BC/TU' and '-CV/TU' of the Party, '/BC-UBND' and '/UBND' of the State."""
    if layout.heads == Heads.NONE or not body.symbol:
        return ""
    if layout.heads == Heads.PARTY:
        return f"-{'CV' if is_letter else 'BC'}/{body.symbol}"
    return f"/{body.symbol}" if is_letter else f"/BC-{body.symbol}"


def _signed(head: Letterhead, layout: Layout, body: _Body, signing: Signing) -> Letterhead:
    """The lines over the room for a signature, in the words of the layout."""
    words = layout.words
    behalf = f"{words.on_behalf} {body.council}" if body.council else ""
    if signing == Signing.ORDER and body.council:
        return replace(head, authority=f"{words.by_order} {body.council}", post="Chánh Văn phòng")
    if signing == Signing.DEPUTY and body.head:
        place = f"{words.in_place} {body.head}"
        first, second = (behalf, place) if behalf else (place, "")
        return replace(head, authority=first, second=second, post=f"Phó {body.head}")
    return replace(head, authority=behalf)


def _body_of(report: Report) -> _Body:
    if report.issuer == Issuer.BOARD:
        return _BOARD
    if report.issuer == Issuer.OFFICE or report.unit is None:
        return _OFFICE
    unit = report.unit
    if unit.axis.code == PARTY_AXIS:
        return _party_body(unit)
    return _state_body(unit) if unit.axis.code in STATE_AXES else _other_body(unit)


def _party_body(unit: Unit) -> _Body:
    kept = f"Lưu {unit.short_name}"
    if unit.level == Level.COMMUNE:
        return _Body(
            superior="Đảng bộ Thành phố Hà Nội",
            name=unit.name,
            symbol="ĐU",
            place=_place(unit),
            council=_COUNCIL,
            head="",
            recipients=("Văn phòng Thành ủy", "Ban Thường vụ Đảng ủy", "Lưu Văn phòng Đảng ủy"),
        )
    name = unit.name.removesuffix(" Thành ủy")
    is_committee = name.startswith("Đảng ủy")
    council = _COUNCIL if is_committee else name if name.startswith("Ủy ban") else ""
    return _Body(
        superior="Đảng bộ Thành phố Hà Nội" if is_committee else "Thành ủy Hà Nội",
        name=name,
        symbol="ĐU" if is_committee else f"{_initials(name)}TU",
        place="Hà Nội",
        council=council,
        head="" if is_committee else _head(name),
        recipients=("Thường trực Thành ủy", kept),
    )


def _state_body(unit: Unit) -> _Body:
    """People's committees and councils stand alone, departments under the city's committee."""
    is_council = unit.name.startswith(("Ủy ban nhân dân", "Hội đồng nhân dân"))
    words = " ".join(unit.name.split()[:4])
    to = "Ủy ban nhân dân Thành phố" if unit.level != Level.CITY else "Thường trực Thành ủy"
    return _Body(
        superior="" if is_council else "Ủy ban nhân dân thành phố Hà Nội",
        name=unit.name.removesuffix(" thành phố Hà Nội") if not is_council else unit.name,
        symbol=_initials(words) if is_council else _initials(unit.name.partition(" thành phố")[0]),
        place=_place(unit),
        council=words if is_council else "",
        head=_head(unit.name),
        recipients=(to, f"Lưu: VT, {unit.short_name}"),
    )


def _other_body(unit: Unit) -> _Body:
    return _Body("", unit.name, "", _place(unit), "", "", (f"Lưu {unit.short_name}",))


def _head(name: str) -> str:
    # The longest name first: "Ban" is a word of many.
    return next((_HEADS[word] for word in sorted(_HEADS, key=len, reverse=True)
                 if name.startswith(word)), "")  # fmt: skip


def _initials(name: str) -> str:
    """'Sở Giáo dục và Đào tạo' is SGDĐT: first letters without marks; Đ is a letter of its own."""
    words = [word for word in name.replace("-", " ").split() if word.lower() != "và"]
    plain = (unicodedata.normalize("NFD", word[0].upper())[0] for word in words)
    return "".join(plain)


def _place(unit: Unit) -> str:
    """'Phường Ba Đình' is written as 'Ba Đình' before the date."""
    name = unit.area.name if unit.area else "Hà Nội"
    return name.removeprefix("Phường ").removeprefix("Xã ")
