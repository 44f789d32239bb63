"""Who may make, stop and repeat a report and under which letterhead; who contests and answers."""

from dataclasses import dataclass, replace

from hanoi_programmes.lib.verdict import ALLOWED, Verdict
from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.people.roles import Level, Role
from hanoi_programmes.people.rules import may_see_programmes
from hanoi_programmes.reports.models import FigureContest, Report
from hanoi_programmes.reports.states import Issuer, Kind, Profile, State

# The Party's bodies: only they write in the Party's layout (399-QĐ/TW).
PARTY_AXIS = "dang"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The blocks of a paper that depend on who issues it; empty ones are not printed.

    `number` is what follows the blank left for the registry's number.
    """

    superior: str
    name: str
    number: str
    place: str
    authority: str
    post: str
    recipients: tuple[str, ...]


_BOARD = Letterhead(
    superior="",
    name="Thành ủy Hà Nội",
    number="-BC/TU",
    place="Hà Nội",
    authority="T/M BAN THƯỜNG VỤ",
    post="",
    recipients=("Thường trực Thành ủy", "Các đồng chí Thành ủy viên", "Lưu Văn phòng Thành ủy"),
)
_OFFICE = Letterhead(
    superior="Thành ủy Hà Nội",
    name="Văn phòng",
    number="-BC/VPTU",
    place="Hà Nội",
    authority="",
    post="Chánh Văn phòng",
    recipients=("Thường trực Thành ủy", "Lưu Văn phòng Thành ủy"),
)


def may_make(user: User) -> Verdict:
    """Whoever sees programmes may report on what they see."""
    return may_see_programmes(user)


def may_change(user: User, report: Report) -> Verdict:
    """Whoever asked for a report, or the office, may stop it and ask again."""
    if report.requested_by_id == user.pk or user.role == Role.OFFICE:
        return ALLOWED
    return Verdict("Chỉ người lập báo cáo hoặc Văn phòng Thành ủy được hủy hoặc lập lại.")


def may_download(report: Report) -> Verdict:
    """A file exists only when the report is done."""
    if report.state == State.DONE:
        return ALLOWED
    return Verdict(f"Chưa có tệp để tải: báo cáo {State(report.state).label.lower()}.")


def may_see_health(user: User) -> Verdict:
    """How the making of reports fares is for who runs the machine, and for the office."""
    if user.role in {Role.ADMINISTRATOR, Role.OFFICE}:
        return ALLOWED
    return Verdict("Trang này dành cho quản trị hệ thống và Văn phòng Thành ủy.")


def issuers_for(user: User) -> list[Issuer]:
    """Under whose name this user may prepare a draft: the committee's is the office's to use."""
    if user.role in {Role.OFFICE, Role.LEADER}:
        return [Issuer.BOARD, Issuer.OFFICE]
    return [Issuer.UNIT]


def profile_for(issuer: Issuer, unit: Unit | None) -> Profile:
    """Bodies of the Party write in the Party's layout; all others get a neutral working paper."""
    if issuer != Issuer.UNIT or (unit is not None and unit.axis.code == PARTY_AXIS):
        return Profile.PARTY
    return Profile.PLAIN


def may_write_letter(user: User) -> Verdict:
    """The office drafts letters to units; who signs is decided on paper."""
    if user.role == Role.OFFICE:
        return ALLOWED
    return Verdict("Việc này do Văn phòng Thành ủy thực hiện.")


def letterhead(report: Report) -> Letterhead:
    """The blocks for the report's issuer and kind."""
    head = _issuers(report)
    if report.kind != Kind.LETTER:
        return head
    kept = head.recipients[-1]
    to = ("Như trên", "Thường trực Thành ủy (để báo cáo)", kept)
    return replace(head, number=head.number.replace("-BC/", "-CV/"), recipients=to)


def _issuers(report: Report) -> Letterhead:
    if report.issuer == Issuer.BOARD:
        return _BOARD
    if report.issuer == Issuer.OFFICE or report.unit is None:
        return _OFFICE
    return _of_unit(report.unit)


def _of_unit(unit: Unit) -> Letterhead:
    if unit.axis.code != PARTY_AXIS:
        return Letterhead("", unit.name, "", "Hà Nội", "", "", (f"Lưu {unit.short_name}",))
    if unit.level != Level.COMMUNE:
        return Letterhead(
            superior="Thành ủy Hà Nội",
            name=unit.name.removesuffix(" Thành ủy"),
            number="-BC/",
            place="Hà Nội",
            authority="",
            post="",
            recipients=("Thường trực Thành ủy", f"Lưu {unit.short_name}"),
        )
    return Letterhead(
        superior="Đảng bộ Thành phố Hà Nội",
        name=unit.name,
        number="-BC/ĐU",
        place=_place(unit),
        authority="T/M BAN THƯỜNG VỤ",
        post="",
        recipients=("Văn phòng Thành ủy", "Ban Thường vụ Đảng ủy", "Lưu Văn phòng Đảng ủy"),
    )


def _place(unit: Unit) -> str:
    """'Phường Ba Đình' is written as 'Ba Đình' before the date."""
    name = unit.area.name if unit.area else "Hà Nội"
    return name.removeprefix("Phường ").removeprefix("Xã ")


def may_contest(user: User, unit: Unit) -> Verdict:
    """The unit itself, or one above it, says that a figure is wrong."""
    if user.sees_by_unit and user.unit and unit.path.startswith(user.unit.path):
        return ALLOWED
    return Verdict(
        "Việc báo số liệu chưa đúng do đơn vị được theo dõi gửi. "
        "Cần trao đổi về số liệu thì liên hệ Văn phòng Thành ủy."
    )


def may_answer_contest(user: User) -> Verdict:
    """The office keeps the figures, so it answers."""
    if user.role == Role.OFFICE:
        return ALLOWED
    return Verdict("Việc này do Văn phòng Thành ủy trả lời. Theo dõi kết quả ngay tại trang này.")


def is_unanswered(contest: FigureContest) -> Verdict:
    """One answer, which nobody overwrites."""
    if contest.answered_at is None:
        return ALLOWED
    who = contest.answered_by.signature if contest.answered_by else "Văn phòng Thành ủy"
    return Verdict(
        f"{who} đã trả lời trước đó, câu trả lời vừa nhập chưa được ghi. Xem câu trả lời ở trên."
    )
