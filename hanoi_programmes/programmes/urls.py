"""Addresses of programmes."""

from django.urls import path

from hanoi_programmes.programmes.views import (
    bulk,
    cascade,
    home,
    inspection,
    programmes,
    progress,
    search,
    tasks,
    verification,
)

app_name = "programmes"
urlpatterns = [
    path("", home.home, name="home"),
    path("history/", inspection.history, name="history"),
    path("history/export/", inspection.export, name="history-export"),
    path("history/<uuid:transaction>/", inspection.transaction, name="history-transaction"),
    path("readings/", inspection.readings, name="readings"),
    path("search/", search.search, name="search"),
    path("tasks/", tasks.task_list, name="task-list"),
    path("tasks/bulk/", bulk.bulk, name="bulk"),
    path("tasks/nothing-arose/", progress.nothing_arose, name="nothing-arose"),
    path("tasks/<int:pk>/", tasks.task_page, name="task-page"),
    path("tasks/<int:pk>/history/", tasks.task_history, name="task-history"),
    path("tasks/<int:pk>/report/", progress.report, name="report"),
    path("tasks/<int:pk>/fan-out/", cascade.fan_out, name="fan-out"),
    path("tasks/<int:pk>/fan-out/<int:cascade_pk>/undo/", cascade.undo, name="fan-out-undo"),
    path("tasks/<int:pk>/moves/<slug:name>/", progress.move, name="move"),
    path("tasks/<int:pk>/verify/", verification.verify, name="verify"),
    path("evidence/<int:pk>/", progress.evidence_file, name="evidence-file"),
    path("programmes/", programmes.programme_list, name="programme-list"),
    path("programmes/<slug:key>/", programmes.programme_page, name="programme-page"),
]
