"""Far rungs ring under the bell as well."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0001_initial"),
        ("reminders", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="notice",
            name="notice_kind_known",
        ),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("overdue", "Quá hạn"),
                    ("today", "Hết hạn hôm nay"),
                    ("soon", "Sắp đến hạn"),
                    ("update", "Cần cập nhật"),
                    ("verify", "Chờ xác nhận"),
                    ("ahead", "Trong hạn"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["overdue", "today", "soon", "update", "verify", "ahead"])
                ),
                name="notice_kind_known",
            ),
        ),
    ]
