"""The addresses as they are in the quick start, where mails end in a local folder."""

from django.urls import include, path

from hanoi_programmes import urls
from hanoi_programmes.reminders.urls import addresses

urlpatterns = [
    path("", include((addresses(mail_folder="var/mail"), "reminders"))),
    *urls.urlpatterns,
]
