"""A reminder may be about a direction, an obstacle or a request; a mail counts its dead carriers."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0010_task_facts_by_lead"),
        ("reminders", "0002_notices_of_far_rungs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="notice",
            name="notice_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="reminder",
            name="each_rung_once",
        ),
        migrations.RemoveConstraint(
            model_name="reminder",
            name="rung_known",
        ),
        migrations.AddField(
            model_name="mail",
            name="crashes",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="mail",
            name="kind",
            field=models.CharField(
                choices=[
                    ("digest", "Thư gộp trong ngày"),
                    ("single", "Thư riêng từng việc"),
                    ("urging", "Đôn đốc"),
                    ("alarm", "Báo động vận hành"),
                ],
                default="digest",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="mail",
            name="queued_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(), editable=False
            ),
        ),
        migrations.AddField(
            model_name="mail",
            name="settled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="mail",
            name="text",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="reminder",
            name="matter",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("urged", "Được đôn đốc"),
                    ("overdue", "Quá hạn"),
                    ("today", "Hết hạn hôm nay"),
                    ("answer", "Chờ trả lời chỉ đạo"),
                    ("decide", "Chờ quyết định"),
                    ("soon", "Sắp đến hạn"),
                    ("update", "Cần cập nhật"),
                    ("verify", "Chờ xác nhận"),
                    ("ahead", "Trong hạn"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(
                condition=models.Q(("state__in", ["failed", "doubtful"])),
                fields=["state", "id"],
                name="mail_troubled",
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(fields=["task", "-planned_on"], name="reminder_of_task_newest"),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["digest", "single", "urging", "alarm"])),
                name="mail_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "urged",
                            "overdue",
                            "today",
                            "answer",
                            "decide",
                            "soon",
                            "update",
                            "verify",
                            "ahead",
                        ],
                    )
                ),
                name="notice_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                fields=("task", "recipient", "rung", "deadline", "matter"), name="each_rung_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "rung__regex",
                        "^((direction_|obstacle_|update_)?(before_[0-9]+|on_day|after_[0-9]+)|(verify|extension)_[0-9]+|urged)$",
                    )
                ),
                name="rung_known",
            ),
        ),
    ]
