"""An absence with one end only is refused: a comparison with NULL had let it pass."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reminders", "0008_since_when_a_mail_fails"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="preference",
            name="quiet_days_have_both_ends",
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("quiet_from__isnull", True), ("quiet_until__isnull", True)),
                    models.Q(
                        ("quiet_from__isnull", False),
                        ("quiet_until__gte", models.F("quiet_from")),
                        ("quiet_until__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="quiet_days_have_both_ends",
            ),
        ),
    ]
