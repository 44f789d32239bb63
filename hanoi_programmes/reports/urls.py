"""Addresses of reports."""

from django.urls import path

from hanoi_programmes.reports.views import (
    contests,
    dashboard,
    letters,
    matrix,
    meeting,
    programmes,
    reports,
    scorecards,
    sheet,
)

app_name = "reports"
urlpatterns = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path(
        "dashboard/programmes/<slug:key>/",
        programmes.programme_figures,
        name="programme-figures",
    ),
    path("components/", sheet.component_sheet, name="components"),
    path("dashboard/meeting/", meeting.meeting, name="meeting"),
    path("matrix/", matrix.matrix_page, name="matrix"),
    path("matrix/xlsx/", matrix.export, name="matrix-export"),
    path("reports/", reports.report_list, name="list"),
    path("reports/health/", reports.health, name="health"),
    path("reports/letter/", letters.letter, name="letter"),
    path("reports/<int:pk>/word/", letters.word, name="word"),
    path("reports/code/", reports.find_code, name="find-code"),
    path("reports/code/<str:code>/", reports.by_code, name="by-code"),
    path("reports/<int:pk>/", reports.report_row, name="row"),
    path("reports/<int:pk>/cancel/", reports.cancel, name="cancel"),
    path("reports/<int:pk>/retry/", reports.retry, name="retry"),
    path("reports/<int:pk>/file/", reports.download, name="download"),
    path("scorecards/", scorecards.index, name="scorecards"),
    path("scorecards/units/<str:code>/", scorecards.unit_scorecard, name="unit-scorecard"),
    path("scorecards/units/<str:code>/contest/", contests.contest, name="contest"),
    path("scorecards/areas/<str:code>/", scorecards.area_scorecard, name="area-scorecard"),
    path("scorecards/heads/<int:pk>/", scorecards.head_scorecard, name="head-scorecard"),
    path("contests/", contests.contest_list, name="contests"),
    path("contests/waiting/", contests.waiting, name="contests-waiting"),
    path("contests/<int:pk>/", contests.contest_page, name="contest-page"),
]
