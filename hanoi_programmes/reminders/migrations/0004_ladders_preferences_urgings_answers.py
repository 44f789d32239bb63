"""Tables for the office's ladder, preferences, urgings by hand, and answers from mails."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0010_task_facts_by_lead"),
        ("reminders", "0003_what_a_reminder_is_about"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Ladder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("rungs", models.JSONField()),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="lý do")),
                ("form_key", models.UUIDField(blank=True, null=True, unique=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "delivery",
                    models.CharField(
                        choices=[
                            ("digest", "Một thư gộp mỗi ngày làm việc"),
                            ("single", "Mỗi việc một thư"),
                        ],
                        default="digest",
                        max_length=10,
                        verbose_name="cách nhận thư",
                    ),
                ),
                (
                    "quiet_weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="ngày không nhận",
                    ),
                ),
                (
                    "quiet_from",
                    models.DateField(blank=True, null=True, verbose_name="không nhận thư từ ngày"),
                ),
                (
                    "quiet_until",
                    models.DateField(blank=True, null=True, verbose_name="đến hết ngày"),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminder_preference",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Urging",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("on", models.DateField()),
                ("text", models.TextField(verbose_name="nội dung đôn đốc")),
                ("form_key", models.UUIDField(blank=True, null=True, unique=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("tasks", models.ManyToManyField(related_name="urgings", to="programmes.task")),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="AnswerLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "reply",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("nothing", "Không phát sinh"),
                            ("done", "Đã xong"),
                            ("stuck", "Vướng"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "mail",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer_links",
                        to="reminders.mail",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer_links",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer_links",
                        to="programmes.task",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("mail", "task"), name="one_answer_link_a_line"),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))),
                        name="answer_links_live_a_while",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reply", ""), ("used_at__isnull", True)),
                            models.Q(
                                ("used_at__isnull", False),
                                ("reply__in", ["nothing", "done", "stuck"]),
                            ),
                            _connector="OR",
                        ),
                        name="used_answer_links_say_what",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ladder",
            trigger=pgtrigger.compiler.Trigger(
                name="ladders_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="27257af70d7f0bc9d5fbd977d05814fb6456b9f5",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_ladders_append_only_cc615",
                    table="reminders_ladder",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.CheckConstraint(
                condition=models.Q(("delivery__in", ["digest", "single"])), name="delivery_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("quiet_from__isnull", True), ("quiet_until__isnull", True)),
                    ("quiet_until__gte", models.F("quiet_from")),
                    _connector="OR",
                ),
                name="quiet_days_have_both_ends",
            ),
        ),
    ]
