"""Notices and mails of what other apps want told."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0007_tidings"),
        ("programmes", "0010_task_facts_by_lead"),
        ("reminders", "0009_both_ends_of_an_absence"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="mail",
            name="mail_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="notice",
            name="notice_kind_known",
        ),
        migrations.AddField(
            model_name="notice",
            name="tiding",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notice",
                to="people.tiding",
            ),
        ),
        migrations.AlterField(
            model_name="mail",
            name="kind",
            field=models.CharField(
                choices=[
                    ("digest", "Thư gộp trong ngày"),
                    ("single", "Thư riêng từng việc"),
                    ("urging", "Đôn đốc"),
                    ("alarm", "Báo động vận hành"),
                    ("tiding", "Báo cáo"),
                ],
                default="digest",
                max_length=10,
            ),
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
                    ("ready", "Báo cáo"),
                    ("trouble", "Báo cáo cần xem lại"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["digest", "single", "urging", "alarm", "tiding"])),
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
                            "ready",
                            "trouble",
                        ],
                    )
                ),
                name="notice_kind_known",
            ),
        ),
    ]
