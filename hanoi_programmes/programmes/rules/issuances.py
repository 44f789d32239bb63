"""Who may record that a unit has issued its own plan for a programme, and what cannot be true."""

from datetime import date

from hanoi_programmes.lib.verdict import ALLOWED, Verdict
from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.rules import works_for
from hanoi_programmes.programmes.models import ActionProgramme


def asks_for_plans(programme: ActionProgramme) -> bool:
    """A draft binds nobody yet: units owe a plan only for what was issued."""
    return programme.status == ActionProgramme.Status.ISSUED


def may_record_plan(user: User, unit: Unit, programme: ActionProgramme) -> Verdict:
    """The unit's own officer or head, or the office for any unit."""
    if user.role != Role.OFFICE and not works_for(user, unit):
        return Verdict(
            "Kế hoạch do chuyên viên hoặc người đứng đầu của chính đơn vị ghi, "
            "hoặc Văn phòng Thành ủy ghi thay."
        )
    if not asks_for_plans(programme):
        return Verdict("Chương trình còn là dự thảo, chưa yêu cầu đơn vị ban hành kế hoạch.")
    return ALLOWED


def may_be_issued(
    unit: Unit, programme: ActionProgramme, *, issued_on: date, today: date
) -> Verdict:
    """A unit that works, a day that has come, and not before the resolution itself."""
    if not Unit.objects.active(today).filter(pk=unit.pk).exists():
        return Verdict(f"{unit} chưa bật hoặc đã kết thúc, không ghi kế hoạch mới.")
    return day_fits(programme, issued_on=issued_on, today=today)


def day_fits(programme: ActionProgramme, *, issued_on: date, today: date) -> Verdict:
    """Whether a plan for the programme can bear the day."""
    if issued_on > today:
        return Verdict(f"Ngày {issued_on:%d/%m/%Y} chưa tới. Nhập ngày ghi trên văn bản.")
    first = programme.resolution.issued_on
    if issued_on < first:
        return Verdict(
            f"Ngày {issued_on:%d/%m/%Y} trước ngày của {programme.resolution} "
            f"({first:%d/%m/%Y}). Kiểm tra lại ngày văn bản."
        )
    return ALLOWED
