"""Who may make, stop and repeat a report and under which letterhead; who contests and answers."""

from hanoi_programmes.lib.verdict import ALLOWED, Verdict
from hanoi_programmes.people.models import Area, Post, Unit, User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.rules import may_see_programmes, works_for
from hanoi_programmes.programmes.models import ActionProgramme
from hanoi_programmes.reports import letterheads
from hanoi_programmes.reports.models import FigureContest, Report, ReportSchedule, Subject
from hanoi_programmes.reports.querysets import areas_scored_for, units_scored_for
from hanoi_programmes.reports.states import WRITTEN, Issuer, Kind, Profile, State

Letterhead = letterheads.Letterhead
letterhead = letterheads.letterhead


def may_make(user: User) -> Verdict:
    """Whoever sees programmes may report on what they see."""
    return may_see_programmes(user)


def may_report_on(user: User, subject: Subject | None) -> Verdict:
    """By place: a unit's own or one below it, an area seen whole, a head of such a unit; a
    programme the user sees, and of axes and resolutions what the user sees of them."""
    match subject:
        case ActionProgramme():
            seen = ActionProgramme.objects.visible_to(user).filter(pk=subject.pk).exists()
        case Unit():
            seen = units_scored_for(user).filter(pk=subject.pk).exists()
        case Area():
            seen = areas_scored_for(user).filter(pk=subject.pk).exists()
        case Post():
            units = units_scored_for(user).filter(pk=subject.unit_id)
            seen = subject.is_head and units.exists()
        case _:
            seen = True
    return ALLOWED if seen else Verdict("Đối tượng này không thuộc phạm vi được xem.")


def may_change(user: User, report: Report) -> Verdict:
    """Whoever asked for a report, or the office, may stop it and ask again."""
    if report.requested_by_id == user.pk or user.role == Role.OFFICE:
        return ALLOWED
    return Verdict("Chỉ người lập báo cáo hoặc Văn phòng Thành ủy được hủy hoặc lập lại.")


def may_download(report: Report) -> Verdict:
    """A file exists only when the report is done, and until it is cleared by rule."""
    if report.is_cleared:
        return Verdict(
            "Tệp đã được dọn theo thời hạn lưu, số liệu đã chốt còn nguyên. "
            "Mở trang báo cáo rồi bấm “Lập lại tệp”."
        )
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


def profiles_for(issuer: Issuer, unit: Unit | None) -> list[Profile]:
    """The layouts an issuer may choose, its own first: the Party's bodies write as the Party does,
    the State's by decree; a working paper, without either header, is everybody's."""
    axis = unit.axis.code if unit is not None else ""
    if issuer != Issuer.UNIT or axis == letterheads.PARTY_AXIS:
        return [Profile.PARTY, Profile.PLAIN]
    return [Profile.STATE, Profile.PLAIN] if axis in letterheads.STATE_AXES else [Profile.PLAIN]


def profile_for(issuer: Issuer, unit: Unit | None) -> Profile:
    """The layout that an issuer's papers have when nobody chooses."""
    return profiles_for(issuer, unit)[0]


def may_write_letter(user: User) -> Verdict:
    """The office drafts letters to units; who signs is decided on paper."""
    if user.role == Role.OFFICE:
        return ALLOWED
    return Verdict("Việc này do Văn phòng Thành ủy thực hiện.")


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


def may_change_schedule(user: User, schedule: ReportSchedule) -> Verdict:
    """Whoever set it up, or the office, may change, rest and end it; what has ended stays so."""
    if schedule.ended_at is not None:
        return Verdict("Lịch này đã kết thúc. Cần lập tiếp thì tạo lịch mới.")
    if schedule.made_by_id == user.pk or user.role == Role.OFFICE:
        return ALLOWED
    return Verdict("Chỉ người lập lịch hoặc Văn phòng Thành ủy được sửa, tạm dừng, kết thúc lịch.")


def may_go_on(schedule: ReportSchedule) -> Verdict:
    """It is made in the sight of who set it up: with that person gone, or at another place, it
    would tell others' posts of other figures."""
    maker = schedule.made_by
    if not maker.is_active:
        return Verdict(f"Tài khoản {maker} đã tắt.")
    if maker.unit_id != schedule.unit_id:
        was = schedule.unit.short_name if schedule.unit else "đơn vị cũ"
        return Verdict(f"{maker} không còn ở {was}, nơi lịch được lập.")
    if not may_make(maker):
        return Verdict(f"{maker} không còn quyền lập báo cáo.")
    if not may_report_on(maker, schedule.about_what):
        return Verdict(f"{maker} không còn được xem đối tượng của báo cáo.")
    if Issuer(schedule.issuer) not in issuers_for(maker):
        return Verdict(f"{maker} không còn được lập báo cáo dưới tên cơ quan đã chọn.")
    return ALLOWED


def may_receive(
    post: Post, held_by: User | None, *, maker: User, subject: Subject | None
) -> Verdict:
    """Its holder sees at least what the report counts. A vacant post is asked about on the day."""
    if held_by is None or held_by.sees_all:
        return ALLOWED
    if held_by.sees_by_unit and held_by.unit and _counts_within(held_by.unit, maker, subject):
        return ALLOWED
    return Verdict(
        f"{post} ({post.unit.short_name}): người đang giữ không được xem hết số liệu của báo cáo. "
        "Bỏ chức danh này, hoặc lập lịch báo cáo riêng của đơn vị đó."
    )


def _counts_within(place: Unit, maker: User, subject: Subject | None) -> bool:
    """Whether all that the maker counts about the subject lies in the place or below it."""
    if maker.sees_by_unit and maker.unit and maker.unit.path.startswith(place.path):
        return True
    match subject:
        case Unit():
            return subject.path.startswith(place.path)
        case Post():
            return subject.unit.path.startswith(place.path)
        case Area():
            paths = list(subject.units.values_list("path", flat=True))
            return bool(paths) and all(path.startswith(place.path) for path in paths)
    return False


def may_write_texts(user: User, paper: Report) -> Verdict:
    """The office writes for the city's papers; a unit's own people for their unit's."""
    if paper.kind in WRITTEN and user.role == Role.OFFICE:
        return ALLOWED
    unit = paper.about_unit
    if paper.kind == Kind.UNIT and unit is not None and works_for(user, unit):
        return ALLOWED
    return Verdict(
        "Nội dung này do Văn phòng Thành ủy viết; báo cáo của đơn vị do chính đơn vị viết."
    )
