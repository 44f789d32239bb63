"""Addresses of reminders."""

from django.conf import settings
from django.urls import path

from hanoi_programmes.reminders import views

app_name = "reminders"
urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/bell/", views.bell, name="bell"),
    path("notices/latest/", views.latest, name="latest"),
    path("notices/read/", views.read_all, name="read-all"),
    path("notices/<int:pk>/read/", views.read_one, name="read-one"),
    path("tasks/<int:pk>/reminders/", views.task_panel, name="task-panel"),
]

# In the quick start mails end in a local folder and can be read here; elsewhere these do not exist.
SINK = [
    path("mails/", views.mail_list, name="mail-list"),
    path("mails/<str:name>/", views.mail_page, name="mail-page"),
]
if settings.MAIL_SINK_DIR:
    urlpatterns += SINK
