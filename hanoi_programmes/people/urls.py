"""Addresses of people."""

from django.urls import path

from hanoi_programmes.people.views import accounts, gate, help_pages, hints, password, posts, units

app_name = "people"
urlpatterns = [
    path("sign-in/", gate.sign_in, name="sign-in"),
    path("sign-out/", gate.sign_out, name="sign-out"),
    path("account/", units.account, name="account"),
    path("account/password/", password.change_password, name="change-password"),
    path("account/shortcuts/", help_pages.switch_shortcuts, name="switch-shortcuts"),
    path("shortcuts/", help_pages.shortcuts, name="shortcuts"),
    path("help/", help_pages.help_page, name="help"),
    path("units/", units.unit_list, name="unit-list"),
    path("units/choose/", units.choose_unit, name="choose-unit"),
    path("units/<str:code>/", units.unit_page, name="unit-page"),
    path("units/<str:code>/history/", units.unit_history, name="unit-history"),
    path("units/<str:code>/posts/new/", posts.add_post, name="post-new"),
    path("units/<str:code>/posts/<int:pk>/rename/", posts.rename_post, name="post-rename"),
    path("units/<str:code>/posts/<int:pk>/appoint/", posts.appoint, name="appoint"),
    path(
        "units/<str:code>/posts/<int:pk>/holdings/<int:holding>/relieve/",
        posts.relieve,
        name="relieve",
    ),
    path(
        "units/<str:code>/posts/<int:pk>/holdings/<int:holding>/withdraw/",
        posts.withdraw,
        name="withdraw",
    ),
    path("areas/<str:code>/", units.area_page, name="area-page"),
    path("accounts/", accounts.account_list, name="account-list"),
    path("accounts/choose/", accounts.choose_account, name="choose-account"),
    path("accounts/new/", accounts.new_account, name="account-new"),
    path("accounts/<int:pk>/", accounts.account_page, name="account-page"),
    path("accounts/<int:pk>/place/", accounts.place_account, name="account-place"),
    path("accounts/<int:pk>/switch/", accounts.switch_account, name="account-switch"),
    path("accounts/<int:pk>/password/", accounts.renew_password, name="account-password"),
    path("reference/", units.reference, name="reference"),
    path("hints/<slug:key>/", hints.put_away, name="put-hint-away"),
    path("health/", gate.health, name="health"),
]
