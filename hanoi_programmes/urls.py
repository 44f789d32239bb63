"""Where each prefix goes."""

from django.urls import include, path

handler400 = "hanoi_programmes.people.views.gate.bad_request"
urlpatterns = [
    path("", include("hanoi_programmes.people.urls")),
    path("", include("hanoi_programmes.programmes.urls")),
    path("", include("hanoi_programmes.reminders.urls")),
    path("", include("hanoi_programmes.reports.urls")),
    path("", include("hanoi_programmes.api.urls")),
]
