"""Addresses of people."""

from django.urls import path

from hanoi_programmes.people.views import gate, units

app_name = "people"
urlpatterns = [
    path("sign-in/", gate.sign_in, name="sign-in"),
    path("sign-out/", gate.sign_out, name="sign-out"),
    path("account/", units.account, name="account"),
    path("units/", units.unit_list, name="unit-list"),
    path("units/choose/", units.choose_unit, name="choose-unit"),
    path("units/<str:code>/", units.unit_page, name="unit-page"),
    path("reference/", units.reference, name="reference"),
    path("health/", gate.health, name="health"),
]
