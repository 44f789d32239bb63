"""Reports of every kind, rhythm and profile; their sections, texts, schedules and recipients."""

import django.db.models.deletion
from django.conf import settings
from django.apps.registry import Apps
from django.db import migrations, models


def kinds_by_subject(apps: Apps, schema_editor: object) -> None:
    """A report of a quarter was of the whole city, or of one programme."""
    reports = apps.get_model("reports", "Report").objects.filter(kind="quarter")
    reports.filter(programme=None).update(kind="city")
    reports.exclude(programme=None).update(kind="programme")
    letters = apps.get_model("reports", "Report").objects.filter(kind="letter")
    letters.update(rhythm="dates")


def all_of_a_quarter(apps: Apps, schema_editor: object) -> None:
    """Back: what the older version cannot print is a report of a quarter to it."""
    apps.get_model("reports", "Report").objects.exclude(kind="letter").update(kind="quarter")


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_hints_and_shortcuts"),
        ("programmes", "0010_task_facts_by_lead"),
        ("reports", "0003_letters_to_units"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RenderedSection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("file", models.FileField(max_length=200, upload_to="")),
                ("pages", models.PositiveIntegerField()),
                ("size", models.PositiveBigIntegerField()),
                ("made_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="ReportRecipient",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReportSchedule",
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
                            ("city", "Tổng hợp toàn thành phố"),
                            ("resolution", "Theo nghị quyết"),
                            ("programme", "Theo chương trình hành động"),
                            ("axis", "Theo trục"),
                            ("unit", "Theo đơn vị"),
                            ("area", "Theo phường, xã"),
                            ("head", "Theo người đứng đầu"),
                            ("exceptions", "Danh sách việc cần tập trung"),
                            ("urging", "Danh sách cần đôn đốc"),
                            ("tables", "Phụ lục nhiệm vụ theo đơn vị"),
                            ("areas", "Báo cáo của tất cả phường, xã"),
                            ("letter", "Công văn đôn đốc"),
                        ],
                        default="city",
                        max_length=20,
                        verbose_name="loại",
                    ),
                ),
                (
                    "rhythm",
                    models.CharField(
                        choices=[
                            ("week", "Tuần"),
                            ("month", "Tháng"),
                            ("quarter", "Quý"),
                            ("half", "6 tháng"),
                            ("nine", "9 tháng"),
                            ("year", "Năm"),
                            ("dates", "Từ ngày … đến ngày …"),
                        ],
                        max_length=10,
                        verbose_name="kỳ",
                    ),
                ),
                (
                    "profile",
                    models.CharField(
                        choices=[
                            ("party-05HD", "Thể thức văn bản của Đảng (05-HD/VPTW)"),
                            ("state-ND30", "Thể thức văn bản hành chính (Nghị định 30/2020/NĐ-CP)"),
                            ("plain", "Bản làm việc"),
                        ],
                        max_length=20,
                        verbose_name="thể thức",
                    ),
                ),
                (
                    "issuer",
                    models.CharField(
                        choices=[
                            ("board", "Ban Thường vụ Thành ủy"),
                            ("office", "Văn phòng Thành ủy"),
                            ("unit", "Đơn vị lập báo cáo"),
                        ],
                        max_length=10,
                        verbose_name="cơ quan ban hành",
                    ),
                ),
                ("named", models.BooleanField(default=True, verbose_name="nêu tên người")),
                ("made_at", models.DateTimeField()),
                ("form_key", models.UUIDField(unique=True)),
                ("next_on", models.DateField(verbose_name="lần tới")),
                ("is_active", models.BooleanField(default=True, verbose_name="đang chạy")),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["-is_active", "next_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ReportSection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("key", models.CharField(max_length=80)),
                ("title", models.CharField(blank=True, max_length=500)),
                ("digest", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Đang chờ"), ("done", "Đã xong")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("claim", models.UUIDField(blank=True, null=True)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("pages", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["report", "position"],
            },
        ),
        migrations.CreateModel(
            name="ReportText",
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
                            ("city", "Tổng hợp toàn thành phố"),
                            ("resolution", "Theo nghị quyết"),
                            ("programme", "Theo chương trình hành động"),
                            ("axis", "Theo trục"),
                            ("unit", "Theo đơn vị"),
                            ("area", "Theo phường, xã"),
                            ("head", "Theo người đứng đầu"),
                            ("exceptions", "Danh sách việc cần tập trung"),
                            ("urging", "Danh sách cần đôn đốc"),
                            ("tables", "Phụ lục nhiệm vụ theo đơn vị"),
                            ("areas", "Báo cáo của tất cả phường, xã"),
                            ("letter", "Công văn đôn đốc"),
                        ],
                        max_length=20,
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=120)),
                ("period_start", models.DateField()),
                ("period_end", models.DateField()),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("results_note", "Kết quả nổi bật"),
                            ("strengths", "Ưu điểm"),
                            ("limits", "Hạn chế"),
                            ("causes", "Nguyên nhân"),
                            ("ahead", "Phương hướng, nhiệm vụ"),
                            ("proposals", "Kiến nghị, đề xuất"),
                        ],
                        max_length=20,
                        verbose_name="phần",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="nội dung")),
                ("at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["kind", "subject", "period_start", "part"],
            },
        ),
        migrations.CreateModel(
            name="ScheduledRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("period_start", models.DateField()),
                ("at", models.DateTimeField()),
                ("note", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ["-period_start", "-pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="report",
            name="letters_have_an_addressee",
        ),
        migrations.RemoveConstraint(
            model_name="report",
            name="one_unfinished_report_of_a_kind",
        ),
        migrations.AddField(
            model_name="report",
            name="about_unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.unit",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="archive",
            field=models.FileField(blank=True, max_length=200, upload_to=""),
        ),
        migrations.AddField(
            model_name="report",
            name="area",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.area",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="axis",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.axis",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="excel",
            field=models.FileField(blank=True, max_length=200, upload_to=""),
        ),
        migrations.AddField(
            model_name="report",
            name="named",
            field=models.BooleanField(default=True, verbose_name="nêu tên người"),
        ),
        migrations.AddField(
            model_name="report",
            name="post",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.post",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="resolution",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="programmes.resolution",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="rhythm",
            field=models.CharField(
                choices=[
                    ("week", "Tuần"),
                    ("month", "Tháng"),
                    ("quarter", "Quý"),
                    ("half", "6 tháng"),
                    ("nine", "9 tháng"),
                    ("year", "Năm"),
                    ("dates", "Từ ngày … đến ngày …"),
                ],
                default="quarter",
                max_length=10,
                verbose_name="kỳ",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="source",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="versions",
                to="reports.report",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="template_version",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AlterField(
            model_name="report",
            name="kind",
            field=models.CharField(
                choices=[
                    ("city", "Tổng hợp toàn thành phố"),
                    ("resolution", "Theo nghị quyết"),
                    ("programme", "Theo chương trình hành động"),
                    ("axis", "Theo trục"),
                    ("unit", "Theo đơn vị"),
                    ("area", "Theo phường, xã"),
                    ("head", "Theo người đứng đầu"),
                    ("exceptions", "Danh sách việc cần tập trung"),
                    ("urging", "Danh sách cần đôn đốc"),
                    ("tables", "Phụ lục nhiệm vụ theo đơn vị"),
                    ("areas", "Báo cáo của tất cả phường, xã"),
                    ("letter", "Công văn đôn đốc"),
                ],
                default="city",
                max_length=20,
                verbose_name="loại",
            ),
        ),
        migrations.AlterField(
            model_name="report",
            name="profile",
            field=models.CharField(
                choices=[
                    ("party-05HD", "Thể thức văn bản của Đảng (05-HD/VPTW)"),
                    ("state-ND30", "Thể thức văn bản hành chính (Nghị định 30/2020/NĐ-CP)"),
                    ("plain", "Bản làm việc"),
                ],
                max_length=20,
                verbose_name="thể thức",
            ),
        ),
        migrations.AlterField(
            model_name="report",
            name="programme",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="programmes.actionprogramme",
            ),
        ),
        migrations.AddConstraint(
            model_name="renderedsection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("digest__regex", "^[0-9a-f]{64}$"), ("pages__gt", 0), ("size__gt", 0)
                ),
                name="rendered_sections_are_whole",
            ),
        ),
        migrations.AddField(
            model_name="reportrecipient",
            name="post",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.post",
            ),
        ),
        migrations.AddField(
            model_name="reportrecipient",
            name="report",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="recipients",
                to="reports.report",
            ),
        ),
        migrations.AddField(
            model_name="reportrecipient",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reportschedule",
            name="about_unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.unit",
            ),
        ),
        migrations.AddField(
            model_name="reportschedule",
            name="area",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.area",
            ),
        ),
        migrations.AddField(
            model_name="reportschedule",
            name="axis",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.axis",
            ),
        ),
        migrations.AddField(
            model_name="reportschedule",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reportschedule",
            name="post",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.post",
            ),
        ),
        migrations.AddField(
            model_name="reportschedule",
            name="posts",
            field=models.ManyToManyField(blank=True, related_name="+", to="people.post"),
        ),
        migrations.AddField(
            model_name="reportschedule",
            name="programme",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="programmes.actionprogramme",
            ),
        ),
        migrations.AddField(
            model_name="reportschedule",
            name="resolution",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="programmes.resolution",
            ),
        ),
        migrations.AddField(
            model_name="reportschedule",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.unit",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="schedule",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reports",
                to="reports.reportschedule",
            ),
        ),
        migrations.RunPython(kinds_by_subject, all_of_a_quarter),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                condition=models.Q(("state", "done"), models.Q(("file", ""), _negated=True)),
                fields=["finished_at"],
                name="report_with_files",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind__in", ["city", "areas", "letter"]),
                        ("resolution__isnull", True),
                        ("programme__isnull", True),
                        ("axis__isnull", True),
                        ("about_unit__isnull", True),
                        ("area__isnull", True),
                        ("post__isnull", True),
                    ),
                    models.Q(
                        ("kind__in", ("exceptions", "urging", "tables")),
                        models.Q(
                            models.Q(
                                ("resolution__isnull", True),
                                ("programme__isnull", True),
                                ("axis__isnull", True),
                                ("about_unit__isnull", True),
                                ("area__isnull", True),
                                ("post__isnull", True),
                            ),
                            models.Q(
                                ("resolution__isnull", False),
                                ("programme__isnull", True),
                                ("axis__isnull", True),
                                ("about_unit__isnull", True),
                                ("area__isnull", True),
                                ("post__isnull", True),
                            ),
                            models.Q(
                                ("resolution__isnull", True),
                                ("programme__isnull", False),
                                ("axis__isnull", True),
                                ("about_unit__isnull", True),
                                ("area__isnull", True),
                                ("post__isnull", True),
                            ),
                            models.Q(
                                ("resolution__isnull", True),
                                ("programme__isnull", True),
                                ("axis__isnull", False),
                                ("about_unit__isnull", True),
                                ("area__isnull", True),
                                ("post__isnull", True),
                            ),
                            models.Q(
                                ("resolution__isnull", True),
                                ("programme__isnull", True),
                                ("axis__isnull", True),
                                ("about_unit__isnull", False),
                                ("area__isnull", True),
                                ("post__isnull", True),
                            ),
                            models.Q(
                                ("resolution__isnull", True),
                                ("programme__isnull", True),
                                ("axis__isnull", True),
                                ("about_unit__isnull", True),
                                ("area__isnull", False),
                                ("post__isnull", True),
                            ),
                            models.Q(
                                ("resolution__isnull", True),
                                ("programme__isnull", True),
                                ("axis__isnull", True),
                                ("about_unit__isnull", True),
                                ("area__isnull", True),
                                ("post__isnull", False),
                            ),
                            _connector="OR",
                        ),
                    ),
                    models.Q(
                        ("kind", "resolution"),
                        ("resolution__isnull", False),
                        ("programme__isnull", True),
                        ("axis__isnull", True),
                        ("about_unit__isnull", True),
                        ("area__isnull", True),
                        ("post__isnull", True),
                    ),
                    models.Q(
                        ("kind", "programme"),
                        ("resolution__isnull", True),
                        ("programme__isnull", False),
                        ("axis__isnull", True),
                        ("about_unit__isnull", True),
                        ("area__isnull", True),
                        ("post__isnull", True),
                    ),
                    models.Q(
                        ("kind", "axis"),
                        ("resolution__isnull", True),
                        ("programme__isnull", True),
                        ("axis__isnull", False),
                        ("about_unit__isnull", True),
                        ("area__isnull", True),
                        ("post__isnull", True),
                    ),
                    models.Q(
                        ("kind", "unit"),
                        ("resolution__isnull", True),
                        ("programme__isnull", True),
                        ("axis__isnull", True),
                        ("about_unit__isnull", False),
                        ("area__isnull", True),
                        ("post__isnull", True),
                    ),
                    models.Q(
                        ("kind", "area"),
                        ("resolution__isnull", True),
                        ("programme__isnull", True),
                        ("axis__isnull", True),
                        ("about_unit__isnull", True),
                        ("area__isnull", False),
                        ("post__isnull", True),
                    ),
                    models.Q(
                        ("kind", "head"),
                        ("resolution__isnull", True),
                        ("programme__isnull", True),
                        ("axis__isnull", True),
                        ("about_unit__isnull", True),
                        ("area__isnull", True),
                        ("post__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="report_subject_fits_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "letter"), ("addressee__isnull", True), _connector="XOR"
                ),
                name="letters_have_an_addressee",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "done"),
                    models.Q(("archive", ""), ("excel", ""), ("file", ""), ("word", "")),
                    _connector="OR",
                ),
                name="only_done_reports_have_files",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("state__in", ("waiting", "running")),
                    models.Q(("kind", "letter"), _negated=True),
                ),
                fields=(
                    "requested_by",
                    "kind",
                    "resolution",
                    "programme",
                    "axis",
                    "about_unit",
                    "area",
                    "post",
                    "rhythm",
                    "period_start",
                    "period_end",
                    "as_of",
                    "issuer",
                    "profile",
                    "named",
                    "source",
                ),
                name="one_unfinished_report_of_a_kind",
                nulls_distinct=False,
            ),
        ),
        migrations.AddField(
            model_name="reportsection",
            name="report",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="sections",
                to="reports.report",
            ),
        ),
        migrations.AddField(
            model_name="reporttext",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="scheduledrun",
            name="report",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="run",
                to="reports.report",
            ),
        ),
        migrations.AddField(
            model_name="scheduledrun",
            name="schedule",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="runs",
                to="reports.reportschedule",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportrecipient",
            constraint=models.UniqueConstraint(
                fields=("report", "user"), name="report_is_sent_to_a_user_once"
            ),
        ),
        migrations.AddIndex(
            model_name="reportschedule",
            index=models.Index(
                condition=models.Q(("is_active", True)), fields=["next_on"], name="schedule_next"
            ),
        ),
        migrations.AddConstraint(
            model_name="reportschedule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(
                            ("kind__in", ["city", "areas", "letter"]),
                            ("resolution__isnull", True),
                            ("programme__isnull", True),
                            ("axis__isnull", True),
                            ("about_unit__isnull", True),
                            ("area__isnull", True),
                            ("post__isnull", True),
                        ),
                        models.Q(
                            ("kind__in", ("exceptions", "urging", "tables")),
                            models.Q(
                                models.Q(
                                    ("resolution__isnull", True),
                                    ("programme__isnull", True),
                                    ("axis__isnull", True),
                                    ("about_unit__isnull", True),
                                    ("area__isnull", True),
                                    ("post__isnull", True),
                                ),
                                models.Q(
                                    ("resolution__isnull", False),
                                    ("programme__isnull", True),
                                    ("axis__isnull", True),
                                    ("about_unit__isnull", True),
                                    ("area__isnull", True),
                                    ("post__isnull", True),
                                ),
                                models.Q(
                                    ("resolution__isnull", True),
                                    ("programme__isnull", False),
                                    ("axis__isnull", True),
                                    ("about_unit__isnull", True),
                                    ("area__isnull", True),
                                    ("post__isnull", True),
                                ),
                                models.Q(
                                    ("resolution__isnull", True),
                                    ("programme__isnull", True),
                                    ("axis__isnull", False),
                                    ("about_unit__isnull", True),
                                    ("area__isnull", True),
                                    ("post__isnull", True),
                                ),
                                models.Q(
                                    ("resolution__isnull", True),
                                    ("programme__isnull", True),
                                    ("axis__isnull", True),
                                    ("about_unit__isnull", False),
                                    ("area__isnull", True),
                                    ("post__isnull", True),
                                ),
                                models.Q(
                                    ("resolution__isnull", True),
                                    ("programme__isnull", True),
                                    ("axis__isnull", True),
                                    ("about_unit__isnull", True),
                                    ("area__isnull", False),
                                    ("post__isnull", True),
                                ),
                                models.Q(
                                    ("resolution__isnull", True),
                                    ("programme__isnull", True),
                                    ("axis__isnull", True),
                                    ("about_unit__isnull", True),
                                    ("area__isnull", True),
                                    ("post__isnull", False),
                                ),
                                _connector="OR",
                            ),
                        ),
                        models.Q(
                            ("kind", "resolution"),
                            ("resolution__isnull", False),
                            ("programme__isnull", True),
                            ("axis__isnull", True),
                            ("about_unit__isnull", True),
                            ("area__isnull", True),
                            ("post__isnull", True),
                        ),
                        models.Q(
                            ("kind", "programme"),
                            ("resolution__isnull", True),
                            ("programme__isnull", False),
                            ("axis__isnull", True),
                            ("about_unit__isnull", True),
                            ("area__isnull", True),
                            ("post__isnull", True),
                        ),
                        models.Q(
                            ("kind", "axis"),
                            ("resolution__isnull", True),
                            ("programme__isnull", True),
                            ("axis__isnull", False),
                            ("about_unit__isnull", True),
                            ("area__isnull", True),
                            ("post__isnull", True),
                        ),
                        models.Q(
                            ("kind", "unit"),
                            ("resolution__isnull", True),
                            ("programme__isnull", True),
                            ("axis__isnull", True),
                            ("about_unit__isnull", False),
                            ("area__isnull", True),
                            ("post__isnull", True),
                        ),
                        models.Q(
                            ("kind", "area"),
                            ("resolution__isnull", True),
                            ("programme__isnull", True),
                            ("axis__isnull", True),
                            ("about_unit__isnull", True),
                            ("area__isnull", False),
                            ("post__isnull", True),
                        ),
                        models.Q(
                            ("kind", "head"),
                            ("resolution__isnull", True),
                            ("programme__isnull", True),
                            ("axis__isnull", True),
                            ("about_unit__isnull", True),
                            ("area__isnull", True),
                            ("post__isnull", False),
                        ),
                        _connector="OR",
                    ),
                    models.Q(("kind", "letter"), _negated=True),
                ),
                name="schedule_subject_fits_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportschedule",
            constraint=models.CheckConstraint(
                condition=models.Q(("rhythm__in", ("week", "month", "quarter"))),
                name="schedule_rhythm_is_regular",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportsection",
            constraint=models.UniqueConstraint(
                fields=("report", "position"), name="section_has_its_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="reportsection",
            constraint=models.UniqueConstraint(
                fields=("report", "key"), name="section_has_its_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="reportsection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "waiting"),
                    models.Q(("pages__gt", 0), ("state", "done")),
                    _connector="OR",
                ),
                name="done_sections_have_pages",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportsection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("claim__isnull", True), ("lease_until__isnull", False), _connector="XOR"
                ),
                name="claimed_sections_are_leased",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportsection",
            constraint=models.CheckConstraint(
                condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")),
                name="sections_have_a_digest",
            ),
        ),
        migrations.AddConstraint(
            model_name="reporttext",
            constraint=models.UniqueConstraint(
                fields=("kind", "subject", "period_start", "period_end", "part"),
                name="one_text_for_a_part",
            ),
        ),
        migrations.AddConstraint(
            model_name="reporttext",
            constraint=models.CheckConstraint(
                condition=models.Q(("period_end__gte", models.F("period_start"))),
                name="text_period_is_not_reversed",
            ),
        ),
        migrations.AddConstraint(
            model_name="reporttext",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "part__in",
                        ["results_note", "strengths", "limits", "causes", "ahead", "proposals"],
                    )
                ),
                name="text_part_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="scheduledrun",
            constraint=models.UniqueConstraint(
                fields=("schedule", "period_start"), name="schedule_runs_once_a_period"
            ),
        ),
    ]
