"""Addresses of reports."""

from django.urls import path

from hanoi_programmes.reports.views import dashboard, programmes, reports

app_name = "reports"
urlpatterns = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path(
        "dashboard/programmes/<slug:key>/",
        programmes.programme_figures,
        name="programme-figures",
    ),
    path("reports/", reports.report_list, name="list"),
    path("reports/health/", reports.health, name="health"),
    path("reports/code/", reports.find_code, name="find-code"),
    path("reports/code/<str:code>/", reports.by_code, name="by-code"),
    path("reports/<int:pk>/", reports.report_row, name="row"),
    path("reports/<int:pk>/cancel/", reports.cancel, name="cancel"),
    path("reports/<int:pk>/retry/", reports.retry, name="retry"),
    path("reports/<int:pk>/file/", reports.download, name="download"),
]
