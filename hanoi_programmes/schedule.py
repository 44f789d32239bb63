"""The timetable: every periodic job of the house stands here and nowhere else."""

from typing import Any

from celery.schedules import crontab

# A pulse leaves its own mark; every other run is written down.
PULSE = "hanoi_programmes.reminders.jobs.pulse"

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
    # Bells do not wait for the worker of mails.
    "tell what other apps have to tell": {
        "task": "hanoi_programmes.reminders.jobs.tell",
        "schedule": 60.0,
        "options": {"queue": "default", "expires": 55},
    },
    "make waiting reports": {
        "task": "hanoi_programmes.reports.jobs.make_waiting",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    # Early, so that a report lies ready when offices open; the later hours find it asked for, or
    # make up for a beat that was dead. The job itself knows working days.
    "ask for regular reports": {
        "task": "hanoi_programmes.reports.jobs.run_schedules",
        "schedule": crontab(hour="5-17", minute=20),
        "options": {"queue": "default", "expires": 3000},
    },
    # At night, when nobody uploads; a night without a worker is made up for by the next.
    "sweep evidence files that no row names": {
        "task": "hanoi_programmes.programmes.jobs.sweep_evidence",
        "schedule": crontab(hour=2, minute=40),
        "options": {"expires": 3600},
    },
    "clear files of reports by their rule": {
        "task": "hanoi_programmes.reports.jobs.clean_files",
        "schedule": crontab(hour=2, minute=55),
        "options": {"expires": 3600},
    },
    # Is the run of 07:30 done? Asked on another queue than mails, and again each hour: whoever was
    # told is not told twice a day.
    "watch the day's reminders": {
        "task": "hanoi_programmes.reminders.jobs.watch",
        "schedule": crontab(hour="7-17", minute=45),
        "options": {"queue": "default", "expires": 3000},
    },
    "forget old runs": {
        "task": "hanoi_programmes.reminders.jobs.prune_runs",
        "schedule": crontab(hour=3, minute=10),
        "options": {"queue": "default", "expires": 3600},
    },
    **{
        f"feel the pulse of {queue}": {
            "task": PULSE,
            "schedule": 60.0,
            "args": (queue,),
            "options": {"queue": queue, "expires": 55},
        }
        for queue in ("default", "mail", "pdf")
    },
}

RECORDED = frozenset(entry["task"] for entry in TIMETABLE.values()) - {PULSE}
