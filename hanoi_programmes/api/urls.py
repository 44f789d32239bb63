"""Addresses for other programs, and the page that gives them out."""

from django.urls import path

from hanoi_programmes.api import views

app_name = "api"
urlpatterns = [
    path("calendar/", views.feeds, name="feeds"),
    path("calendar/<int:pk>/revoke/", views.revoke, name="feed-revoke"),
    path("feeds/<str:token>.ics", views.feed, name="feed"),
]
