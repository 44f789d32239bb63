"""How the jobs of the timetable ran, and when each queue was last worked on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reminders", "0004_ladders_preferences_urgings_answers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Pulse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("queue", models.CharField(max_length=50, unique=True)),
                ("worker", models.CharField(max_length=100)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["queue"],
            },
        ),
        migrations.CreateModel(
            name="JobRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("job", models.CharField(max_length=100)),
                ("worker", models.CharField(blank=True, max_length=100)),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("error", models.CharField(blank=True, max_length=500)),
                ("told", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "ordering": ["-began_at", "-pk"],
                "indexes": [models.Index(fields=["job", "-began_at"], name="job_run_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            ("ended_at__gte", models.F("began_at")),
                            _connector="OR",
                        ),
                        name="job_ends_after_it_began",
                    )
                ],
            },
        ),
    ]
