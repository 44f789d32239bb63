"""The Celery app: found by the worker and beat, and by `current_app` in the web process."""

import logging
import os
from typing import Any

from celery import Celery, Task
from celery.beat import PersistentScheduler, ScheduleEntry
from django.utils.module_loading import import_string

from hanoi_programmes.reminders.services.broker import doorbells
from hanoi_programmes.schedule import RECORDED, TIMETABLE
from hanoi_programmes.ui.attribution import acting

log = logging.getLogger(__name__)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hanoi_programmes.settings")

# Longest job < visibility timeout, so that a broker never redelivers running work; a second run
# would be harmless anyway, since the claim in the database decides (RELIABILITY §5.5).
VISIBILITY_SECONDS = 900


# By name: the apps, and with them the models, are ready only after this module.
_RECORDER = "hanoi_programmes.reminders.services.runs.recorded"


class Job(Task[Any, Any]):
    """A job says its name to the row history with all that it writes.

    Of the timetable's jobs each run in a worker is written down, with what the job says it did.
    """

    def __call__(self, *args: object, **kwargs: object) -> object:
        """Run the job."""
        name = self.name.removeprefix("hanoi_programmes.")
        with acting("job", name):
            if self.request.called_directly or self.name not in RECORDED:
                return super().__call__(*args, **kwargs)
            with import_string(_RECORDER)(name, self.request.hostname or "") as tell:
                return tell(super().__call__(*args, **kwargs))


# Doorbells of an hour or two. They expire, but only a worker throws them away.
MOST_DOORBELLS = 200


class Beat(PersistentScheduler):
    """Rings only where somebody listens: a queue that nobody empties gets no more doorbells.

    Nothing is lost by it: each of these jobs finds what is to be done in the database.
    """

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:  # noqa: ANN401 - Celery's
        """Send one job of the timetable, unless its queue is full of unheard ones."""
        options = dict(entry.options or {})
        queue = self.app.amqp.router.route(options, str(entry.task))["queue"].name
        waiting = (doorbells([queue]) or {}).get(queue, 0)
        if waiting >= MOST_DOORBELLS:
            log.warning("Nobody empties %s (%s wait): %s is not rung", queue, waiting, entry.task)
            return
        super().apply_entry(entry, producer=producer)


app = Celery("hanoi_programmes", task_cls=Job)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_soft_time_limit=240,
    task_time_limit=270,
    task_default_queue="default",
    task_routes={
        "hanoi_programmes.reminders.jobs.*": {"queue": "mail"},
        "hanoi_programmes.reports.jobs.*": {"queue": "pdf"},
    },
    task_publish_retry_policy={"max_retries": 1, "interval_start": 0, "interval_max": 0.2},
    worker_prefetch_multiplier=1,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_soft_shutdown_timeout=30,
    worker_max_tasks_per_child=500,
    worker_max_memory_per_child=400_000,
    worker_hijack_root_logger=False,
    accept_content=["json"],
    task_serializer="json",
    timezone="Asia/Ho_Chi_Minh",
    enable_utc=True,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": VISIBILITY_SECONDS,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "unacked_mutex_expire": 30,
        "socket_connect_timeout": 3,
        "socket_timeout": 10,
        "socket_keepalive": True,
        "health_check_interval": 25,
        "global_keyprefix": "hanoi:",
    },
    beat_schedule=TIMETABLE,
    beat_scheduler="hanoi_programmes.celery:Beat",
)
app.autodiscover_tasks(related_name="jobs")
