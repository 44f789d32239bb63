"""Addresses of reminders."""

from django.conf import settings
from django.urls import URLPattern, path

from hanoi_programmes.reminders.views import (
    answers,
    calendar,
    ladder,
    mails,
    notices,
    preferences,
    system,
    tasks,
    urging,
)

app_name = "reminders"


def addresses(*, mail_folder: str) -> list[URLPattern]:
    """The mails can be read only in the quick start, where they end in a local folder."""
    everywhere = [
        path("notices/", notices.notices, name="notices"),
        path("notices/bell/", notices.bell, name="bell"),
        path("notices/latest/", notices.latest, name="latest"),
        path("notices/read/", notices.read_all, name="read-all"),
        path("notices/preferences/", preferences.preferences, name="preferences"),
        path("notices/<int:pk>/read/", notices.read_one, name="read-one"),
        path("answers/<str:key>/", answers.answer, name="answer"),
        path("working-days/", calendar.calendar_page, name="calendar"),
        path("working-days/day/", calendar.edit_day, name="calendar-day"),
        path("working-days/proposals/", calendar.take_proposals, name="calendar-proposals"),
        path("working-days/<str:day>/remove/", calendar.remove_day, name="calendar-remove"),
        path("rungs/", ladder.ladder_page, name="ladder"),
        path("rungs/edit/", ladder.edit_ladder, name="ladder-edit"),
        path("tasks/<int:pk>/reminders/", tasks.task_panel, name="task-panel"),
        path("urging/", urging.urging_list, name="urging-list"),
        path("urging/send/", urging.send, name="urge"),
        path("urging/<int:pk>/", urging.urging_page, name="urging-page"),
        path("system/", system.system, name="system"),
        path("system/state/", system.system_state, name="system-state"),
        path("system/mails/<int:pk>/", system.settle, name="mail-settle"),
        path("system/alarm/", system.alarm, name="alarm"),
        path("health/reminders/", system.watch, name="watch"),
    ]
    quick_start = [
        path("mails/", mails.mail_list, name="mail-list"),
        path("mails/<str:name>/", mails.mail_page, name="mail-page"),
    ]
    return everywhere + quick_start if mail_folder else everywhere


urlpatterns = addresses(mail_folder=settings.MAIL_SINK_DIR)
