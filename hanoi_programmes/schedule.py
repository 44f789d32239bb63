"""The timetable: every periodic job of the house stands here and nowhere else."""

from typing import Any

from celery.schedules import crontab

TIMETABLE: dict[str, dict[str, Any]] = {
    # 07:30 in Hanoi; the job itself knows working days (PRODUCT §7).
    "plan the day's reminders": {
        "task": "hanoi_programmes.reminders.jobs.plan_reminders",
        "schedule": crontab(hour=7, minute=30),
    },
    # Whatever the broker lost is found again within a minute.
    "deliver waiting mails": {
        "task": "hanoi_programmes.reminders.jobs.deliver_waiting",
        "schedule": 60.0,
    },
    "make waiting reports": {
        "task": "hanoi_programmes.reports.jobs.make_waiting",
        "schedule": 60.0,
    },
}
