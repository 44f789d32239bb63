"""What one app wants told, for the app that tells."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_hints_and_shortcuts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tiding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=120)),
                (
                    "tone",
                    models.CharField(
                        choices=[("good", "Đã xong"), ("bad", "Cần xem lại")],
                        default="good",
                        max_length=4,
                    ),
                ),
                ("headline", models.CharField(max_length=120)),
                ("text", models.CharField(max_length=300)),
                ("path", models.CharField(blank=True, max_length=200)),
                ("by_mail", models.BooleanField(default=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("taken_at", models.DateTimeField(blank=True, null=True)),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tidings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("taken_at__isnull", True)),
                        fields=["id"],
                        name="tiding_untaken",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("recipient", "key"), name="nobody_is_told_twice"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("path", ""),
                            models.Q(
                                ("path__startswith", "/"),
                                models.Q(("path__startswith", "//"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="tidings_lead_into_the_house",
                    ),
                ],
            },
        ),
    ]
