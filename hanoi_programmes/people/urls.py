"""Addresses of people."""

from django.urls import path

from hanoi_programmes.people import views

app_name = "people"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("account/", views.account, name="account"),
    path("units/", views.unit_list, name="unit-list"),
    path("units/<str:code>/", views.unit_page, name="unit-page"),
    path("reference/", views.reference, name="reference"),
    path("health/", views.health, name="health"),
]
