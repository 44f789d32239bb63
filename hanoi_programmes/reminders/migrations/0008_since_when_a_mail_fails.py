"""Since when the first server does not take a mail; what may leave is not with it already."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reminders", "0005_runs_of_jobs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="mail",
            name="failing_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        # Until now a mail that the server had put off kept the time of that attempt.
        migrations.RunSQL(
            "UPDATE reminders_mail SET handed_at = NULL WHERE state = 'queued'",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "queued"), _negated=True),
                    ("handed_at__isnull", True),
                    _connector="OR",
                ),
                name="queued_mails_are_not_handed",
            ),
        ),
    ]
