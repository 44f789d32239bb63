"""The mail that tells what another app had to tell: its words were written with the deed."""

from django.conf import settings

from hanoi_programmes.reminders.mail.letter import Contents, Letter, letter


def tiding_letter(contents: Contents) -> Letter:
    """The title and the address where it is read; the rest is inside the house, behind rights."""
    return letter(
        {"mail": contents.mail, "is_illustrative": settings.ILLUSTRATIVE},
        subject="reminders/mail/tiding.subject.txt",
        text="reminders/mail/tiding.txt",
        html="reminders/mail/tiding.html",
    )
