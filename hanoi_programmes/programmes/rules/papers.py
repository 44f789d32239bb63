"""Which day a document of a task may bear."""

from datetime import date

from hanoi_programmes.lib.verdict import ALLOWED, Verdict


def paper_day_fits(day: date, *, issued_on: date | None, today: date) -> Verdict:
    """Between the day on which the task was issued and today."""
    if day > today:
        return Verdict(f"Ngày {day:%d/%m/%Y} chưa tới. Kiểm tra lại ngày trên văn bản.")
    if issued_on and day < issued_on:
        return Verdict(
            f"Ngày {day:%d/%m/%Y} trước ngày giao nhiệm vụ ({issued_on:%d/%m/%Y}). "
            "Kiểm tra lại ngày trên văn bản."
        )
    return ALLOWED
