import core.identifiers.resident_id
import core.identifiers.uuid7
import core.scoping.models
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=core.identifiers.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("official", "民政（社会工作）部门"),
                            ("township_official", "乡镇街道经办"),
                            ("station_head", "站长"),
                            ("deputy_head", "副站长"),
                            ("worker", "社工"),
                            ("uncertified_worker", "社工（未持证）"),
                            ("supervisor", "督导"),
                            ("association", "行业协会"),
                            ("dispatched", "援派社工"),
                            ("evaluator", "评估员"),
                            ("committee", "评估委员"),
                            ("finance_maker", "财务经办"),
                            ("finance_checker", "财务复核"),
                            ("volunteer_coordinator", "志愿服务专员"),
                            ("volunteer", "志愿者"),
                            ("auditor", "审计员（只读）"),
                            ("external", "外部系统"),
                            ("admin_system", "系统管理员"),
                            ("admin_security", "安全管理员"),
                            ("admin_audit", "审计管理员"),
                        ],
                        max_length=32,
                        verbose_name="角色",
                    ),
                ),
                ("is_national", models.BooleanField(default=False, verbose_name="全国")),
                ("title", models.CharField(blank=True, max_length=40, verbose_name="职务")),
                ("valid_from", models.DateField(verbose_name="起")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="止（不含）")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销")),
                ("revoked_by_id", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
            ],
            options={
                "verbose_name": "任职",
                "verbose_name_plural": "任职",
            },
        ),
        migrations.CreateModel(
            name="ApiCredential",
            fields=[
                ("digest", models.CharField(max_length=128, primary_key=True, serialize=False)),
                ("token_key", models.CharField(db_index=True, max_length=25)),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("expiry", models.DateTimeField(blank=True, null=True)),
                ("name", models.CharField(max_length=64, verbose_name="名称")),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32),
                        default=list,
                        size=None,
                        verbose_name="范围（权限代码）",
                    ),
                ),
                (
                    "addresses",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=43),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="许可地址，空为不限",
                    ),
                ),
                ("per_minute", models.PositiveIntegerField(default=600, verbose_name="每分钟次数")),
                (
                    "replaced_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.KNOX_TOKEN_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="auth_token_set",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="credentials",
                        to="stations.membership",
                    ),
                ),
            ],
            options={
                "verbose_name": "接口凭证",
                "verbose_name_plural": "接口凭证",
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=core.identifiers.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                ("credit_code", models.CharField(max_length=18, unique=True, verbose_name="统一社会信用代码")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("service", "社会服务机构（民办非企业单位）"),
                            ("foundation", "基金会"),
                            ("association", "社会团体"),
                            ("government", "党政机关"),
                            ("mass", "群团组织"),
                            ("enterprise", "企业"),
                            ("institution", "事业单位"),
                            ("other", "其他"),
                        ],
                        max_length=16,
                        verbose_name="类别",
                    ),
                ),
                ("founded_on", models.DateField(blank=True, null=True, verbose_name="成立日期")),
                ("contact", models.CharField(blank=True, max_length=64, verbose_name="联系方式")),
                ("is_example", models.BooleanField(default=False, verbose_name="示范数据")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="stations.organisation",
                        verbose_name="上级机构",
                    ),
                ),
            ],
            options={
                "verbose_name": "机构",
                "verbose_name_plural": "机构",
            },
        ),
        migrations.AddField(
            model_name="membership",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memberships",
                to="stations.organisation",
                verbose_name="机构",
            ),
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                (
                    "code",
                    core.scoping.models.RegionCodeField(
                        db_collation="C", max_length=12, primary_key=True, serialize=False, verbose_name="区划代码"
                    ),
                ),
                ("name", models.CharField(max_length=64, verbose_name="名称")),
                ("full_name", models.CharField(max_length=200, verbose_name="全称")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("province", "省级"),
                            ("city", "地级"),
                            ("county", "县级"),
                            ("township", "乡级"),
                            ("community", "村（社区）"),
                        ],
                        max_length=12,
                        verbose_name="层级",
                    ),
                ),
                ("pinyin", models.CharField(db_collation="C", max_length=200, verbose_name="拼音")),
                ("initials", models.CharField(db_collation="C", max_length=64, verbose_name="拼音首字母")),
                ("is_pseudo", models.BooleanField(default=False, verbose_name="统计用虚设区划")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="启用")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="停用")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="stations.region",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predecessors",
                        to="stations.region",
                    ),
                ),
            ],
            options={
                "verbose_name": "行政区划",
                "verbose_name_plural": "行政区划",
                "ordering": ["code"],
            },
        ),
        migrations.AddField(
            model_name="organisation",
            name="region",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="organisations",
                to="stations.region",
                verbose_name="所在地",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="region",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memberships",
                to="stations.region",
                verbose_name="区划",
            ),
        ),
        migrations.CreateModel(
            name="Installation",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ("authority", models.CharField(max_length=80, verbose_name="主管部门")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("province", "省级"),
                            ("city", "地级"),
                            ("county", "县级"),
                            ("township", "乡级"),
                            ("community", "村（社区）"),
                        ],
                        max_length=12,
                        verbose_name="层级",
                    ),
                ),
                ("set_up_at", models.DateTimeField(auto_now_add=True, verbose_name="启用时间")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stations.region",
                        verbose_name="辖区",
                    ),
                ),
            ],
            options={
                "verbose_name": "安装",
                "verbose_name_plural": "安装",
            },
        ),
        migrations.CreateModel(
            name="RegionCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[("townships", "乡镇街道数"), ("residents", "常住人口")],
                        max_length=24,
                        verbose_name="项目",
                    ),
                ),
                ("as_of", models.DateField(verbose_name="截至")),
                ("value", models.BigIntegerField(verbose_name="数值")),
                ("source", models.CharField(max_length=200, verbose_name="来源")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="counts", to="stations.region"
                    ),
                ),
            ],
            options={
                "verbose_name": "官方分母",
                "verbose_name_plural": "官方分母",
            },
        ),
        migrations.CreateModel(
            name="Station",
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
                ("name", models.CharField(max_length=80, verbose_name="名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[("station", "社工站"), ("point", "服务点"), ("room", "社工室")],
                        default="station",
                        max_length=8,
                        verbose_name="类型",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("preparing", "筹建"), ("running", "运行"), ("paused", "暂停"), ("closed", "撤销")],
                        default="preparing",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("founded_on", models.DateField(blank=True, null=True, verbose_name="设立日期")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="地址")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="电话")),
                (
                    "initials",
                    models.CharField(db_collation="C", editable=False, max_length=32, verbose_name="拼音首字母"),
                ),
                ("is_example", models.BooleanField(default=False, verbose_name="示范数据")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "operator",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stations",
                        to="stations.organisation",
                        verbose_name="承接机构",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="points",
                        to="stations.station",
                        verbose_name="上级站",
                    ),
                ),
                (
                    "region",
                    models.ForeignObject(
                        from_fields=["region_code"],
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stations",
                        to="stations.region",
                        to_fields=["code"],
                    ),
                ),
            ],
            options={
                "verbose_name": "社工站",
                "verbose_name_plural": "社工站",
            },
        ),
        migrations.CreateModel(
            name="MembershipStation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="named_stations",
                        to="stations.membership",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stations.station"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="membership",
            name="station",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memberships",
                to="stations.station",
                verbose_name="社工站",
            ),
        ),
        migrations.CreateModel(
            name="StationOperator",
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
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("created_by_id", models.BigIntegerField(null=True)),
                (
                    "role",
                    models.CharField(
                        choices=[("operator", "承接运营"), ("supervising", "督导支持")],
                        max_length=12,
                        verbose_name="角色",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="起")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="止（不含）")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stations.organisation"
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="stations.station",
                    ),
                ),
            ],
            options={
                "verbose_name": "承接沿革",
                "verbose_name_plural": "承接沿革",
            },
        ),
        migrations.CreateModel(
            name="StationProfile",
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
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("as_of", models.DateField(verbose_name="截至")),
                (
                    "area_km2",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="面积（平方公里）"
                    ),
                ),
                ("residents", models.PositiveIntegerField(blank=True, null=True, verbose_name="常住人口")),
                ("communities_urban", models.PositiveIntegerField(blank=True, null=True, verbose_name="城市社区")),
                (
                    "communities_fringe",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="城乡结合部社区"),
                ),
                ("resident_groups", models.PositiveIntegerField(blank=True, null=True, verbose_name="居民小组")),
                ("ethnic_groups", models.PositiveIntegerField(blank=True, null=True, verbose_name="民族数")),
                ("mixed_families", models.PositiveIntegerField(blank=True, null=True, verbose_name="民族通婚家庭")),
                ("source", models.CharField(max_length=200, verbose_name="来源")),
                (
                    "station",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="stations.station",
                    ),
                ),
            ],
            options={
                "verbose_name": "站点概况",
                "verbose_name_plural": "站点概况",
            },
        ),
        migrations.CreateModel(
            name="StationStatusChange",
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
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("created_by_id", models.BigIntegerField(null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[("preparing", "筹建"), ("running", "运行"), ("paused", "暂停"), ("closed", "撤销")],
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("since", models.DateField(verbose_name="自")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                (
                    "station",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="stations.station",
                    ),
                ),
            ],
            options={
                "verbose_name": "状态沿革",
                "verbose_name_plural": "状态沿革",
            },
        ),
        migrations.CreateModel(
            name="Worker",
            fields=[
                (
                    "region_code",
                    core.scoping.models.RegionCodeField(db_collation="C", max_length=12, verbose_name="区划代码"),
                ),
                (
                    "document_type",
                    models.CharField(
                        choices=[
                            ("resident_id", "居民身份证"),
                            ("household_book", "户口簿"),
                            ("hk_macao_permit", "港澳居民居住证"),
                            ("taiwan_permit", "台湾居民居住证"),
                            ("passport", "护照"),
                            ("permanent_residence", "外国人永久居留证"),
                            ("none", "无证件"),
                        ],
                        max_length=24,
                        verbose_name="证件类型",
                    ),
                ),
                ("sealed", models.BinaryField(verbose_name="身份（密文）")),
                ("person_key", models.BinaryField(null=True, verbose_name="个人密钥（包裹）")),
                ("id_index", models.UUIDField(editable=False, null=True, verbose_name="证件号码索引")),
                ("id_county", models.CharField(editable=False, max_length=6, verbose_name="索引所在区县")),
                ("name_index", models.BigIntegerField(editable=False, verbose_name="姓名索引")),
                ("phone_index", models.BigIntegerField(editable=False, null=True, verbose_name="电话索引")),
                (
                    "initials",
                    models.CharField(db_collation="C", editable=False, max_length=16, verbose_name="拼音首字母"),
                ),
                ("birth_date", models.DateField(null=True, verbose_name="出生日期")),
                (
                    "sex",
                    models.CharField(
                        choices=[
                            (core.identifiers.resident_id.Sex["UNKNOWN"], "未知"),
                            (core.identifiers.resident_id.Sex["MALE"], "男"),
                            (core.identifiers.resident_id.Sex["FEMALE"], "女"),
                            (core.identifiers.resident_id.Sex["UNSTATED"], "未说明"),
                        ],
                        default=core.identifiers.resident_id.Sex["UNKNOWN"],
                        max_length=1,
                        verbose_name="性别",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=core.identifiers.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("post", models.CharField(blank=True, max_length=32, verbose_name="岗位")),
                (
                    "certificate",
                    models.CharField(
                        choices=[
                            ("none", "未持证"),
                            ("assistant", "助理社会工作师"),
                            ("social_worker", "社会工作师"),
                            ("senior", "高级社会工作师"),
                        ],
                        default="none",
                        max_length=16,
                        verbose_name="证书",
                    ),
                ),
                ("certificate_number", models.CharField(blank=True, max_length=40, verbose_name="证书编号")),
                ("registered_on", models.DateField(blank=True, null=True, verbose_name="登记日期")),
                (
                    "employment",
                    models.CharField(
                        choices=[("active", "在岗"), ("left", "已离岗")],
                        default="active",
                        max_length=8,
                        verbose_name="在岗",
                    ),
                ),
                ("started_on", models.DateField(blank=True, null=True, verbose_name="到岗日期")),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="离岗日期")),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True, verbose_name="撤回")),
                ("is_example", models.BooleanField(default=False, verbose_name="示范数据")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workers",
                        to="stations.organisation",
                        verbose_name="所属机构",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workers",
                        to="stations.station",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "社工",
                "verbose_name_plural": "社工",
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=core.identifiers.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("what", models.CharField(max_length=32, verbose_name="事项")),
                ("valid_from", models.DateTimeField(verbose_name="起")),
                ("valid_until", models.DateTimeField(verbose_name="止（不含）")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("created_by_id", models.BigIntegerField(null=True)),
                (
                    "membership",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="stations.membership",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stations.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "授权",
                "verbose_name_plural": "授权",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_until__gt", models.F("valid_from"))), name="grant_forward"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("membership__isnull", False), ("organisation__isnull", False), _connector="OR"
                        ),
                        name="grant_to_somebody",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="region",
            index=models.Index(fields=["level", "code"], name="region_level"),
        ),
        migrations.AddIndex(
            model_name="region",
            index=models.Index(fields=["name"], name="region_name"),
        ),
        migrations.AddIndex(
            model_name="region",
            index=models.Index(fields=["initials"], name="region_initials"),
        ),
        migrations.AddIndex(
            model_name="region",
            index=models.Index(fields=["pinyin"], name="region_pinyin"),
        ),
        migrations.AddConstraint(
            model_name="region",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to", None), ("valid_from", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                ),
                name="region_valid_forward",
            ),
        ),
        migrations.AddConstraint(
            model_name="region",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent", None), ("code__startswith", models.F("parent_id")), _connector="OR"),
                name="region_parent_is_prefix",
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(fields=["region", "id"], name="organisation_by_region"),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(fields=["name"], name="organisation_by_name"),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent", models.F("id")), _negated=True), name="organisation_not_its_own_parent"
            ),
        ),
        migrations.AddConstraint(
            model_name="installation",
            constraint=models.CheckConstraint(condition=models.Q(("id", 1)), name="installation_once"),
        ),
        migrations.AddConstraint(
            model_name="regioncount",
            constraint=models.UniqueConstraint(fields=("region", "what", "as_of"), name="region_count_once"),
        ),
        migrations.AddConstraint(
            model_name="regioncount",
            constraint=models.CheckConstraint(condition=models.Q(("value__gte", 0)), name="region_count_not_negative"),
        ),
        migrations.AddIndex(
            model_name="station",
            index=models.Index(fields=["region_code", "id"], name="station_by_place"),
        ),
        migrations.AddIndex(
            model_name="station",
            index=models.Index(fields=["name", "id"], name="station_by_name"),
        ),
        migrations.AddIndex(
            model_name="station",
            index=models.Index(fields=["initials", "id"], name="station_by_initials"),
        ),
        migrations.AddIndex(
            model_name="station",
            index=models.Index(fields=["founded_on", "id"], name="station_by_founding"),
        ),
        migrations.AddConstraint(
            model_name="station",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "station"), ("parent", None)),
                    models.Q(models.Q(("kind", "station"), _negated=True), ("parent__isnull", False)),
                    _connector="OR",
                ),
                name="station_point_has_parent",
            ),
        ),
        migrations.AddConstraint(
            model_name="station",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "station"), _negated=True), ("region_code__regex", "^\\d{9}$"), _connector="OR"
                ),
                name="station_stands_in_a_township",
            ),
        ),
        migrations.AddConstraint(
            model_name="station",
            constraint=models.UniqueConstraint(fields=("region_code", "name"), name="station_name_once_a_place"),
        ),
        migrations.AddConstraint(
            model_name="membershipstation",
            constraint=models.UniqueConstraint(fields=("membership", "station"), name="membership_station_once"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("is_national", False), ("organisation", None), ("region__isnull", False), ("station", None)
                    ),
                    models.Q(
                        ("is_national", False), ("organisation__isnull", False), ("region", None), ("station", None)
                    ),
                    models.Q(
                        ("is_national", False), ("organisation", None), ("region", None), ("station__isnull", False)
                    ),
                    models.Q(("organisation", None), ("region", None), ("station", None)),
                    _connector="OR",
                ),
                name="membership_at_most_one_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("revoked_at", None), ("revoked_by_id__isnull", False), _connector="OR"),
                name="membership_revoked_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at", None), ("valid_to", None)),
                fields=("user", "role", "region", "organisation", "station"),
                name="membership_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"),
                name="membership_forward",
            ),
        ),
        migrations.AddConstraint(
            model_name="stationprofile",
            constraint=models.UniqueConstraint(fields=("station", "as_of"), name="station_profile_once_a_day"),
        ),
        migrations.AddIndex(
            model_name="worker",
            index=models.Index(fields=["station", "-id"], name="worker_by_station"),
        ),
        migrations.AddIndex(
            model_name="worker",
            index=models.Index(fields=["region_code", "-id"], name="worker_by_place"),
        ),
        migrations.AddIndex(
            model_name="worker",
            index=models.Index(fields=["initials", "id"], name="worker_by_initials"),
        ),
        migrations.AddIndex(
            model_name="worker",
            index=models.Index(fields=["name_index"], name="worker_by_name"),
        ),
        migrations.AddConstraint(
            model_name="worker",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("id_index", "id_county"),
                name="worker_once_a_county",
            ),
        ),
        migrations.AddConstraint(
            model_name="worker",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("employment", "active"), ("left_on", None)), ("employment", "left"), _connector="OR"
                ),
                name="worker_left_says_when",
            ),
        ),
    ]
