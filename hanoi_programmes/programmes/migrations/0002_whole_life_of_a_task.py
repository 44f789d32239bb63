"""Fan-out, extensions, decisions, directions, hand-over, drafts: the rest of a task's life."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_posts_and_merging"),
        ("programmes", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="evidence",
            name="verdict_note",
            field=models.TextField(blank=True, verbose_name="nhận xét"),
        ),
        migrations.AddField(
            model_name="obstacle",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="taskspan",
            name="lead_unit",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.unit",
            ),
        ),
        migrations.CreateModel(
            name="Cascade",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("on", models.DateField()),
                ("plan", models.JSONField(default=dict)),
                ("size", models.PositiveIntegerField()),
                ("undone_on", models.DateField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cascades",
                        to="programmes.task",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
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
        migrations.AddField(
            model_name="task",
            name="cascade",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tasks",
                to="programmes.cascade",
            ),
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("made_on", models.DateField()),
                ("sheet", models.JSONField(default=dict)),
                ("note", models.TextField(blank=True, verbose_name="nội dung cần lưu ý")),
                ("outgoing_confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("incoming_confirmed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "incoming",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handover_in",
                        to="people.holding",
                    ),
                ),
                (
                    "outgoing",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handover_out",
                        to="people.holding",
                    ),
                ),
            ],
            options={
                "ordering": ["-made_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Direction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("direction", "Ý kiến chỉ đạo"),
                            ("explanation", "Yêu cầu giải trình"),
                        ],
                        max_length=12,
                    ),
                ),
                ("on", models.DateField()),
                ("text", models.TextField(verbose_name="nội dung")),
                ("answer_by", models.DateField(verbose_name="trả lời trước ngày")),
                ("answer", models.TextField(blank=True, verbose_name="trả lời")),
                ("answered_on", models.DateField(blank=True, null=True)),
                ("closed_on", models.DateField(blank=True, null=True)),
                ("closing", models.TextField(blank=True, verbose_name="kết luận")),
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
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="directions",
                        to="programmes.task",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="directions",
                        to="people.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["-on", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_on__isnull", True)),
                        fields=["unit"],
                        name="direction_open_of_unit",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("answer_by__gte", models.F("on"))),
                        name="direction_leaves_time_to_answer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_on__isnull", True)),
                            models.Q(
                                models.Q(("answer", ""), _negated=True),
                                ("answered_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="answered_directions_have_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=60)),
                ("data", models.JSONField(default=dict)),
                ("saved_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "key"), name="one_draft_a_form")
                ],
            },
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_on", models.DateField(verbose_name="ngày đề nghị")),
                ("reason", models.TextField(verbose_name="lý do")),
                ("deadline", models.DateField(verbose_name="thời hạn khi đề nghị")),
                ("wanted", models.DateField(verbose_name="thời hạn đề nghị")),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("waiting", "Chờ quyết định"),
                            ("agreed", "Đồng ý"),
                            ("refused", "Không đồng ý"),
                            ("other_date", "Ấn định ngày khác"),
                            ("withdrawn", "Đơn vị rút đề nghị"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                ("granted", models.DateField(blank=True, null=True, verbose_name="thời hạn mới")),
                ("decided_on", models.DateField(blank=True, null=True)),
                ("note", models.TextField(blank=True, verbose_name="ý kiến trả lời")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extensions",
                        to="programmes.task",
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_on", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answer", "waiting")),
                        fields=("task",),
                        name="one_extension_waits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("wanted__gt", models.F("deadline"))),
                        name="extension_wants_a_later_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", "waiting"), ("decided_on__isnull", True)),
                            models.Q(
                                models.Q(("answer", "waiting"), _negated=True),
                                ("decided_on__gte", models.F("asked_on")),
                            ),
                            _connector="OR",
                        ),
                        name="decided_extensions_have_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answer__in", ["agreed", "other_date"]), ("granted__isnull", False)
                            ),
                            models.Q(
                                models.Q(("answer__in", ["agreed", "other_date"]), _negated=True),
                                ("granted__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="granted_extensions_have_a_date",
                    ),
                ],
            },
        ),
    ]
