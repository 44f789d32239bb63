"""Add objections to figures of scorecards and their answers."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """One new table; no row is rewritten."""

    dependencies = [
        ("people", "0006_hints_and_shortcuts"),
        ("reports", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FigureContest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("figure", models.CharField(max_length=40, verbose_name="số liệu")),
                ("shown", models.CharField(max_length=120, verbose_name="số đang hiện")),
                ("address", models.CharField(max_length=300, verbose_name="trang")),
                ("as_of", models.DateField(verbose_name="tính đến ngày")),
                ("text", models.TextField(verbose_name="chỗ chưa đúng")),
                ("at", models.DateTimeField(verbose_name="lúc nêu")),
                (
                    "is_upheld",
                    models.BooleanField(blank=True, null=True, verbose_name="đúng là sai"),
                ),
                ("answer", models.TextField(blank=True, verbose_name="trả lời")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="lúc trả lời"),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="figure_contests",
                        to="people.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_at", None)),
                        fields=["at"],
                        name="contest_waiting",
                    ),
                    models.Index(fields=["unit", "-at"], name="contest_of_unit_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answer", ""),
                                ("answered_at__isnull", True),
                                ("answered_by__isnull", True),
                                ("is_upheld__isnull", True),
                            ),
                            models.Q(
                                ("answer__gt", ""),
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                ("is_upheld__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_contest_is_answered_whole",
                    )
                ],
            },
        ),
    ]
