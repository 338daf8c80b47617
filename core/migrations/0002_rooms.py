import core.identifiers.uuid7
import core.rules.models
import core.scoping.models
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_scope"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "at", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("id", models.UUIDField(default=core.identifiers.uuid7.uuid7, editable=False)),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("user_id", models.BigIntegerField(null=True, verbose_name="账号")),
                ("membership_id", models.UUIDField(null=True, verbose_name="任职")),
                ("role", models.CharField(max_length=32, verbose_name="角色")),
                ("act", models.CharField(max_length=64, verbose_name="行为")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="理由")),
                ("channel", models.CharField(max_length=16, verbose_name="途径")),
                ("subject_kind", models.CharField(blank=True, max_length=32, verbose_name="对象")),
                (
                    "subject_keys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None, verbose_name="对象（带密钥的散列）"
                    ),
                ),
                (
                    "region_code",
                    core.scoping.models.RegionCodeField(
                        blank=True, db_collation="C", max_length=12, verbose_name="区划代码"
                    ),
                ),
                ("station_id", models.UUIDField(null=True, verbose_name="社工站")),
                ("details", models.JSONField(default=dict, verbose_name="内容（不含个人信息）")),
            ],
            options={
                "verbose_name": "审计记录",
                "verbose_name_plural": "审计记录",
            },
        ),
        migrations.CreateModel(
            name="AuditPending",
            fields=[
                ("event_id", models.UUIDField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "待封存",
                "verbose_name_plural": "待封存",
            },
        ),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="封存时间")),
                ("event_ids", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                (
                    "event_times",
                    django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(), size=None),
                ),
                ("digests", models.BinaryField(verbose_name="逐条摘要")),
                ("previous", models.BinaryField(verbose_name="上一封条")),
                ("hash", models.BinaryField(unique=True, verbose_name="封条")),
            ],
            options={
                "verbose_name": "封条",
                "verbose_name_plural": "封条",
            },
        ),
        migrations.CreateModel(
            name="MeasureRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "period_start",
                        "run_id",
                        "subject_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("run_id", models.UUIDField()),
                ("period_start", models.DateField()),
                ("subject_id", models.UUIDField()),
                (
                    "region_code",
                    core.scoping.models.RegionCodeField(db_collation="C", max_length=12, verbose_name="区划代码"),
                ),
                (
                    "values",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DecimalField(decimal_places=4, max_digits=20, null=True), size=None
                    ),
                ),
            ],
            options={
                "verbose_name": "计量值",
                "verbose_name_plural": "计量值",
            },
        ),
        migrations.CreateModel(
            name="RegionDelta",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "region_code",
                    core.scoping.models.RegionCodeField(db_collation="C", max_length=12, verbose_name="区划代码"),
                ),
                ("month", models.DateField()),
                ("measure", models.CharField(max_length=64)),
                ("amount", models.DecimalField(decimal_places=4, max_digits=20)),
            ],
            options={
                "verbose_name": "未并入的变动",
                "verbose_name_plural": "未并入的变动",
            },
        ),
        migrations.CreateModel(
            name="DueRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("job", models.CharField(max_length=64)),
                ("slot", models.DateTimeField()),
                ("taken_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("job", "slot"), name="due_once")],
            },
        ),
        migrations.CreateModel(
            name="MeasureRun",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=core.identifiers.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("period_start", models.DateField(verbose_name="期间起")),
                ("period_end", models.DateField(verbose_name="期间止（不含）")),
                ("subject_kind", models.CharField(max_length=16, verbose_name="计量对象")),
                (
                    "codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64), size=None, verbose_name="度量，按列序"
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("cited_at", models.DateTimeField(null=True, verbose_name="被引用")),
            ],
            options={
                "verbose_name": "计量批次",
                "verbose_name_plural": "计量批次",
                "indexes": [models.Index(fields=["subject_kind", "period_start", "-id"], name="measure_run_latest")],
            },
        ),
        migrations.CreateModel(
            name="Outbox",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("task", models.CharField(max_length=64, verbose_name="任务")),
                ("arguments", models.JSONField(default=dict, verbose_name="参数（只有编号）")),
                ("due_at", models.DateTimeField(verbose_name="何时")),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("rung_at", models.DateTimeField(null=True, verbose_name="最近一次唤醒")),
                ("done_at", models.DateTimeField(null=True)),
                ("parked_at", models.DateTimeField(null=True, verbose_name="多次失败后搁置")),
                ("last_error", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "verbose_name": "待办信箱",
                "verbose_name_plural": "待办信箱",
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at", None), ("parked_at", None)), fields=["due_at"], name="outbox_due"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RegionSum",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region_code",
                    core.scoping.models.RegionCodeField(db_collation="C", max_length=12, verbose_name="区划代码"),
                ),
                ("month", models.DateField()),
                ("measure", models.CharField(max_length=64)),
                ("total", models.DecimalField(decimal_places=4, max_digits=20)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("measure", "region_code", "month"), name="region_sum_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Rule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=64, verbose_name="规则")),
                (
                    "region_code",
                    core.scoping.models.RegionCodeField(
                        blank=True, db_collation="C", help_text="空表示全国", max_length=12, verbose_name="区划代码"
                    ),
                ),
                ("value", models.JSONField(verbose_name="取值")),
                ("valid_from", models.DateField(verbose_name="起")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="止（不含）")),
                ("source", models.CharField(max_length=200, verbose_name="依据")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("law", "法律法规"),
                            ("rule", "部门规定"),
                            ("local", "地方规定"),
                            ("assumption", "暂定"),
                        ],
                        max_length=12,
                        verbose_name="性质",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("created_by_id", models.BigIntegerField(null=True)),
            ],
            options={
                "verbose_name": "规则",
                "verbose_name_plural": "规则",
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("code", "="),
                            ("region_code", "="),
                            (
                                core.rules.models.DateRange(
                                    "valid_from", "valid_to", django.contrib.postgres.fields.ranges.RangeBoundary()
                                ),
                                "&&",
                            ),
                        ],
                        name="rule_one_value_a_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchTerm",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=core.identifiers.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "检索词",
                "verbose_name_plural": "检索词",
            },
        ),
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=core.identifiers.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
                ("content_type", models.CharField(max_length=120, verbose_name="类型")),
                ("size", models.BigIntegerField(verbose_name="字节数")),
                ("sha256", models.CharField(max_length=64, verbose_name="摘要")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField(help_text="空表示随所属记录保存", null=True, verbose_name="到期")),
                ("gone_at", models.DateTimeField(null=True, verbose_name="内容已清除")),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "文件",
                "verbose_name_plural": "文件",
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=core.identifiers.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=64, verbose_name="种类")),
                ("title", models.CharField(max_length=200, verbose_name="名称")),
                ("membership_id", models.UUIDField(verbose_name="任职")),
                (
                    "region_code",
                    core.scoping.models.RegionCodeField(
                        blank=True, db_collation="C", max_length=12, verbose_name="区划代码"
                    ),
                ),
                ("parameters", models.JSONField(default=dict, verbose_name="参数（不含个人信息）")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "排队中"),
                            ("running", "进行中"),
                            ("done", "已完成"),
                            ("failed", "失败"),
                            ("cancelled", "已取消"),
                        ],
                        default="queued",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="第几次")),
                ("total", models.BigIntegerField(default=0, verbose_name="总数")),
                ("done", models.BigIntegerField(default=0, verbose_name="已处理")),
                ("message", models.CharField(blank=True, max_length=200, verbose_name="进展")),
                ("error_code", models.CharField(blank=True, max_length=64, verbose_name="错误")),
                ("outcome", models.JSONField(default=dict, verbose_name="结果（不含个人信息）")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("cancel_asked_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="jobs", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "result",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="core.storedfile"
                    ),
                ),
            ],
            options={
                "verbose_name": "任务",
                "verbose_name_plural": "任务",
            },
        ),
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                (
                    "region_code",
                    core.scoping.models.RegionCodeField(db_collation="C", max_length=12, verbose_name="区划代码"),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=core.identifiers.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("station_id", models.UUIDField(null=True, verbose_name="社工站")),
                ("kind", models.CharField(max_length=32, verbose_name="种类")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "已上传"),
                            ("checked", "已检查"),
                            ("importing", "导入中"),
                            ("imported", "已导入"),
                            ("undoing", "撤销中"),
                            ("undone", "已撤销"),
                            ("failed", "失败"),
                            ("cancelled", "已取消"),
                        ],
                        default="uploaded",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("user_id", models.BigIntegerField(verbose_name="上传人")),
                ("membership_id", models.UUIDField()),
                ("counts", models.JSONField(default=dict, verbose_name="计数")),
                ("fates", models.BinaryField(null=True, verbose_name="每行如何处理（压缩）")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("checked_at", models.DateTimeField(null=True)),
                ("imported_at", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "job",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.job"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.storedfile"
                    ),
                ),
                (
                    "marked",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="core.storedfile"
                    ),
                ),
            ],
            options={
                "verbose_name": "导入批次",
                "verbose_name_plural": "导入批次",
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("form_key", models.CharField(max_length=120)),
                ("sealed", models.BinaryField()),
                ("saved_at", models.DateTimeField(auto_now=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "form_key"), name="draft_once")],
            },
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=128)),
                ("body", models.BinaryField(verbose_name="请求的带密钥散列")),
                ("status", models.PositiveSmallIntegerField()),
                ("route", models.CharField(max_length=128)),
                ("object_id", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "key"), name="idempotency_once")],
            },
        ),
        migrations.CreateModel(
            name="ImportedRow",
            fields=[
                (
                    "region_code",
                    core.scoping.models.RegionCodeField(db_collation="C", max_length=12, verbose_name="区划代码"),
                ),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("station_id", models.UUIDField(null=True)),
                ("row", models.PositiveIntegerField(verbose_name="行号")),
                ("object_id", models.UUIDField()),
                ("created", models.BooleanField(verbose_name="新增")),
                ("version_after", models.PositiveIntegerField(verbose_name="导入后的版本")),
                ("before", models.BinaryField(null=True, verbose_name="导入前（密文）")),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="core.importbatch"
                    ),
                ),
            ],
            options={
                "verbose_name": "导入的行",
                "verbose_name_plural": "导入的行",
                "indexes": [models.Index(fields=["batch", "row"], name="imported_row_page")],
            },
        ),
        migrations.CreateModel(
            name="ImportProblem",
            fields=[
                (
                    "region_code",
                    core.scoping.models.RegionCodeField(db_collation="C", max_length=12, verbose_name="区划代码"),
                ),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("station_id", models.UUIDField(null=True)),
                ("row", models.PositiveIntegerField(verbose_name="行号")),
                ("column", models.CharField(blank=True, max_length=40, verbose_name="列")),
                (
                    "severity",
                    models.CharField(
                        choices=[("error", "有错"), ("double", "疑似重复"), ("note", "提醒")], max_length=8
                    ),
                ),
                ("code", models.CharField(max_length=64)),
                ("message", models.CharField(max_length=200, verbose_name="说明")),
                ("masked_row", models.JSONField(default=dict, verbose_name="本行（掩码）")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="problems", to="core.importbatch"
                    ),
                ),
            ],
            options={
                "verbose_name": "导入问题",
                "verbose_name_plural": "导入问题",
                "indexes": [models.Index(fields=["batch", "severity", "row"], name="import_problem_page")],
            },
        ),
        migrations.CreateModel(
            name="ExportRequest",
            fields=[
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待审批"),
                            ("approved", "已同意"),
                            ("rejected", "已退回"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="waiting",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("submitted_at", models.DateTimeField(auto_now_add=True, verbose_name="提交时间")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="审批时间")),
                ("seen_version", models.PositiveIntegerField(null=True, verbose_name="审批的版本")),
                ("decision_note", models.CharField(blank=True, max_length=200, verbose_name="审批意见")),
                (
                    "id",
                    models.UUIDField(
                        default=core.identifiers.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("list_key", models.CharField(max_length=64, verbose_name="名单")),
                ("title", models.CharField(max_length=120, verbose_name="名称")),
                ("query", models.CharField(blank=True, max_length=1000, verbose_name="条件（不含个人检索词）")),
                ("columns", models.JSONField(default=list, verbose_name="列")),
                (
                    "format",
                    models.CharField(
                        choices=[("xlsx", "Excel 工作簿（.xlsx）"), ("csv", "CSV（UTF-8）")],
                        default="xlsx",
                        max_length=8,
                        verbose_name="格式",
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="用途")),
                ("membership_id", models.UUIDField(verbose_name="任职")),
                (
                    "region_code",
                    core.scoping.models.RegionCodeField(
                        blank=True, db_collation="C", max_length=12, verbose_name="区划代码"
                    ),
                ),
                (
                    "station_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None, verbose_name="社工站"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审批人",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提交人",
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="core.job"
                    ),
                ),
            ],
            options={
                "verbose_name": "导出申请",
                "verbose_name_plural": "导出申请",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["region_code", "id"], name="export_waiting"
                    ),
                    models.Index(fields=["submitted_by", "-id"], name="export_by_user"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("submitted_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="exportrequest_decided_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("seen_version", models.F("version")),
                                ("state__in", ["approved", "rejected"]),
                            ),
                            models.Q(
                                ("decided_at", None),
                                ("decided_by", None),
                                ("seen_version", None),
                                ("state__in", ["waiting", "withdrawn"]),
                            ),
                            _connector="OR",
                        ),
                        name="exportrequest_decided_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ListPreference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("list_key", models.CharField(max_length=64)),
                ("columns", models.JSONField(default=list)),
                ("density", models.CharField(default="normal", max_length=12)),
                ("per_page", models.PositiveSmallIntegerField(default=50)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "list_key"), name="list_preference_once")],
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=200, verbose_name="内容")),
                ("url", models.CharField(blank=True, max_length=200, verbose_name="去处")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "通知",
                "verbose_name_plural": "通知",
                "indexes": [models.Index(fields=["user", "-id"], name="notification_by_user")],
            },
        ),
        migrations.CreateModel(
            name="SavedQuery",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=core.identifiers.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("list_key", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                ("query", models.CharField(max_length=1000, verbose_name="条件")),
                (
                    "shared_region",
                    core.scoping.models.RegionCodeField(
                        blank=True, db_collation="C", max_length=12, verbose_name="共享给"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "保存的查询",
                "verbose_name_plural": "保存的查询",
                "constraints": [models.UniqueConstraint(fields=("user", "list_key", "name"), name="saved_query_name")],
            },
        ),
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(condition=models.Q(("gone_at", None)), fields=["expires_at"], name="file_to_expire"),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(fields=["user", "-id"], name="job_by_user"),
        ),
    ]
