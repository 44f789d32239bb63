"""Addresses of programmes."""

from django.urls import path

from hanoi_programmes.programmes.views import (
    bulk,
    cascade,
    decisions,
    drafts,
    home,
    inspection,
    merging,
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
    path("merge/<slug:kind>/", merging.merge, name="merge"),
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
    path("tasks/<int:pk>/extension/", decisions.extension_ask, name="extension-ask"),
    path("tasks/<int:pk>/direction/", decisions.direction_give, name="direction-give"),
    path("decisions/", decisions.decision_list, name="decisions"),
    path("extensions/<int:pk>/", decisions.extension_reply, name="extension-reply"),
    path("extensions/<int:pk>/withdraw/", decisions.extension_withdraw, name="extension-withdraw"),
    path("obstacles/<int:pk>/", decisions.obstacle_decide, name="obstacle-decide"),
    path("obstacles/<int:pk>/pass/", decisions.obstacle_pass, name="obstacle-pass"),
    path("obstacles/<int:pk>/withdraw/", decisions.obstacle_withdraw, name="obstacle-withdraw"),
    path("directions/<int:pk>/answer/", decisions.direction_answer, name="direction-answer"),
    path("directions/<int:pk>/close/", decisions.direction_close, name="direction-close"),
    path("directions/<int:pk>/again/", decisions.direction_again, name="direction-again"),
    path("drafts/<slug:form>-<int:pk>/", drafts.draft, name="draft"),
    path("evidence/<int:pk>/", progress.evidence_file, name="evidence-file"),
    path("programmes/", programmes.programme_list, name="programme-list"),
    path("programmes/<slug:key>/", programmes.programme_page, name="programme-page"),
]
