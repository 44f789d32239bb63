"""The mail that raises the alarm: its text was written when it rang."""

from django.template.loader import render_to_string

from hanoi_programmes.reminders.mail.letter import Contents, Letter


def alarm_letter(contents: Contents) -> Letter:
    """As it was written; the HTML part says the same."""
    mail = contents.mail
    html = render_to_string("reminders/mail/alarm.html", {"mail": mail})
    return Letter(mail.subject, mail.text, html)
