"""Addresses of reminders."""

from django.conf import settings
from django.urls import URLPattern, path

from hanoi_programmes.reminders import views

app_name = "reminders"


def addresses(*, mail_folder: str) -> list[URLPattern]:
    """The mails can be read only in the quick start, where they end in a local folder."""
    everywhere = [
        path("notices/", views.notices, name="notices"),
        path("notices/bell/", views.bell, name="bell"),
        path("notices/latest/", views.latest, name="latest"),
        path("notices/read/", views.read_all, name="read-all"),
        path("notices/<int:pk>/read/", views.read_one, name="read-one"),
        path("tasks/<int:pk>/reminders/", views.task_panel, name="task-panel"),
    ]
    quick_start = [
        path("mails/", views.mail_list, name="mail-list"),
        path("mails/<str:name>/", views.mail_page, name="mail-page"),
    ]
    return everywhere + quick_start if mail_folder else everywhere


urlpatterns = addresses(mail_folder=settings.MAIL_SINK_DIR)
