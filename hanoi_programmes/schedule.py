"""The timetable: every periodic job of the house stands here and nowhere else."""

from typing import Any

from celery.schedules import crontab

TIMETABLE: dict[str, dict[str, Any]] = {
    # 07:30 in Hanoi; the job itself knows working days (PRODUCT §7). It plans a day once: the later
    # hours find it done, or make up for a beat that was dead at 07:30.
    "plan the day's reminders": {
        "task": "hanoi_programmes.reminders.jobs.plan_reminders",
        "schedule": crontab(hour="7-17", minute=30),
        "options": {"expires": 3000},
    },
    # Whatever the broker lost is found again within a minute. A sweep that no worker heard in its
    # minute is thrown away: a night without a worker must not leave 600 of them.
    "deliver waiting mails": {
        "task": "hanoi_programmes.reminders.jobs.deliver_waiting",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "make waiting reports": {
        "task": "hanoi_programmes.reports.jobs.make_waiting",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    # At night, when nobody uploads; a night without a worker is made up for by the next.
    "sweep evidence files that no row names": {
        "task": "hanoi_programmes.programmes.jobs.sweep_evidence",
        "schedule": crontab(hour=2, minute=40),
        "options": {"expires": 3600},
    },
}
