"""A deadline is never before the day on which the work starts, whoever writes."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_row_history"),
        ("programmes", "0005_deadlines_within_the_parents"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("deadline__isnull", True),
                    ("starts_on__isnull", True),
                    ("deadline__gte", models.F("starts_on")),
                    _connector="OR",
                ),
                name="a_deadline_is_not_before_the_start",
            ),
        ),
    ]
