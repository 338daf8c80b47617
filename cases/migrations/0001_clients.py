import core.identifiers.resident_id
import core.identifiers.uuid7
import core.scoping.models
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("stations", "0001_field"),
    ]

    operations = [
        migrations.CreateModel(
            name="Household",
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
                ("number", models.CharField(max_length=32, verbose_name="户编号")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "station",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stations.station",
                    ),
                ),
            ],
            options={
                "verbose_name": "户",
                "verbose_name_plural": "户",
            },
        ),
        migrations.CreateModel(
            name="Client",
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
                ("number", models.CharField(max_length=32, verbose_name="档案编号")),
                (
                    "relation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("self", "户主"),
                            ("spouse", "配偶"),
                            ("child", "子女"),
                            ("grandchild", "孙子女"),
                            ("parent", "父母"),
                            ("grandparent", "祖父母"),
                            ("sibling", "兄弟姐妹"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                        verbose_name="与户主关系",
                    ),
                ),
                ("community", models.CharField(blank=True, max_length=64, verbose_name="村（社区）")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("active", "在册"),
                            ("withdrawn", "已撤回"),
                            ("merged", "已合并"),
                            ("erased", "已依法清除"),
                        ],
                        default="active",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("vouched_by", models.CharField(blank=True, max_length=40, verbose_name="补录担保人")),
                ("is_example", models.BooleanField(default=False, verbose_name="示范数据")),
                ("version", models.PositiveIntegerField(default=1)),
                ("registered_on", models.DateField(verbose_name="登记日期")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("created_by_id", models.BigIntegerField(null=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.client",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stations.station",
                    ),
                ),
                (
                    "worker",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stations.worker",
                        verbose_name="责任社工",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="cases.household",
                    ),
                ),
            ],
            options={
                "verbose_name": "服务对象",
                "verbose_name_plural": "服务对象",
            },
        ),
        migrations.CreateModel(
            name="NumberSeries",
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
                ("kind", models.CharField(choices=[("C", "档案"), ("H", "户")], max_length=1, verbose_name="系列")),
                ("prefix", models.CharField(max_length=8, verbose_name="字头")),
                ("last", models.PositiveIntegerField(default=0, verbose_name="已用到")),
                (
                    "station",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stations.station",
                    ),
                ),
            ],
            options={
                "verbose_name": "编号",
                "verbose_name_plural": "编号",
            },
        ),
        migrations.CreateModel(
            name="ClientCategory",
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
                    "category",
                    models.CharField(
                        choices=[
                            ("dibao", "低保对象"),
                            ("tekun", "特困人员"),
                            ("dibao_edge", "低保边缘家庭成员"),
                            ("expense", "支出型困难家庭成员"),
                            ("rigid", "刚性支出困难家庭成员"),
                            ("disabled", "残疾人"),
                            ("vagrant", "流浪乞讨人员"),
                            ("left_behind_child", "农村留守儿童"),
                            ("child_in_need", "困境儿童"),
                            ("orphan", "孤儿"),
                            ("de_facto_orphan", "事实无人抚养儿童"),
                            ("single_mother", "单身特困母亲"),
                            ("left_behind_woman", "农村留守妇女"),
                            ("elder_alone", "独居老年人"),
                            ("elder_empty_nest", "空巢老年人"),
                            ("elder_left_behind", "留守老年人"),
                            ("elder_no_kin", "孤寡老年人"),
                            ("elder_frail", "失能老年人"),
                            ("elder_disabled", "重残老年人"),
                            ("elder_family_planning", "计划生育特殊家庭老年人"),
                            ("poverty_watch", "防止返贫监测对象"),
                            ("low_income_watch", "低收入退出监测对象"),
                            ("correction", "社区矫正对象"),
                            ("rehabilitation", "戒毒康复人员"),
                            ("mental", "精神障碍患者"),
                            ("veteran", "优抚对象"),
                            ("other", "其他"),
                        ],
                        max_length=24,
                        verbose_name="类别",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="起")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="止（不含）")),
                ("evidence", models.BinaryField(null=True, verbose_name="依据（密文）")),
                (
                    "client",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="categories",
                        to="cases.client",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stations.station",
                    ),
                ),
            ],
            options={
                "verbose_name": "对象类别",
                "verbose_name_plural": "对象类别",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="client_category_forward",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)),
                        fields=("client", "category"),
                        name="client_category_open_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClientHistory",
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
                ("version", models.PositiveIntegerField(verbose_name="版本")),
                ("changed", models.JSONField(default=list, verbose_name="改了哪些项")),
                ("sealed", models.BinaryField(verbose_name="改前与改后（密文）")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                (
                    "client",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="history",
                        to="cases.client",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stations.station",
                    ),
                ),
            ],
            options={
                "verbose_name": "变更历史",
                "verbose_name_plural": "变更历史",
                "constraints": [models.UniqueConstraint(fields=("client", "version"), name="client_history_once")],
            },
        ),
        migrations.CreateModel(
            name="Consent",
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
                    "purpose",
                    models.CharField(
                        choices=[
                            ("service", "服务协议与知情同意"),
                            ("sensitive", "敏感个人信息处理"),
                            ("photo", "照片使用"),
                        ],
                        max_length=12,
                        verbose_name="用途",
                    ),
                ),
                ("text_version", models.CharField(max_length=16, verbose_name="文本版本")),
                (
                    "given_by",
                    models.CharField(
                        choices=[("self", "本人"), ("guardian", "监护人")], max_length=12, verbose_name="谁同意"
                    ),
                ),
                ("guardian", models.BinaryField(null=True, verbose_name="监护人（密文）")),
                ("given_on", models.DateField(verbose_name="日期")),
                ("witness", models.CharField(blank=True, max_length=40, verbose_name="见证人")),
                ("withdrawn_on", models.DateField(blank=True, null=True, verbose_name="撤回日期")),
                ("withdrawn_by_id", models.BigIntegerField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to="cases.client",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stations.station",
                    ),
                ),
            ],
            options={
                "verbose_name": "同意书",
                "verbose_name_plural": "同意书",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("withdrawn_on", None), ("withdrawn_by_id__isnull", False), _connector="OR"),
                        name="consent_withdrawn_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("given_by", "self"), ("guardian__isnull", False), _connector="OR"),
                        name="consent_guardian_named",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.UniqueConstraint(fields=("station", "number"), name="household_number_once"),
        ),
        migrations.AddIndex(
            model_name="client",
            index=models.Index(fields=["station", "-id"], name="client_by_station"),
        ),
        migrations.AddIndex(
            model_name="client",
            index=models.Index(fields=["region_code", "-id"], name="client_by_place"),
        ),
        migrations.AddIndex(
            model_name="client",
            index=models.Index(fields=["initials", "id"], name="client_by_initials"),
        ),
        migrations.AddIndex(
            model_name="client",
            index=models.Index(fields=["name_index"], name="client_by_name"),
        ),
        migrations.AddIndex(
            model_name="client",
            index=models.Index(
                condition=models.Q(("phone_index__isnull", False)), fields=["phone_index"], name="client_by_phone"
            ),
        ),
        migrations.AddIndex(
            model_name="client",
            index=models.Index(
                condition=models.Q(("household__isnull", False)), fields=["household"], name="client_by_household"
            ),
        ),
        migrations.AddIndex(
            model_name="client",
            index=models.Index(
                condition=models.Q(("worker__isnull", False)), fields=["worker", "-id"], name="client_by_worker"
            ),
        ),
        migrations.AddIndex(
            model_name="client",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)), fields=["merged_into"], name="client_merged"
            ),
        ),
        migrations.AddConstraint(
            model_name="client",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "active")), fields=("id_index", "id_county"), name="client_once_a_county"
            ),
        ),
        migrations.AddConstraint(
            model_name="client",
            constraint=models.UniqueConstraint(fields=("station", "number"), name="client_number_once"),
        ),
        migrations.AddConstraint(
            model_name="client",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into__isnull", False), ("state", "merged")),
                    models.Q(models.Q(("state", "merged"), _negated=True), ("merged_into__isnull", True)),
                    _connector="OR",
                ),
                name="client_merged_says_where",
            ),
        ),
        migrations.AddConstraint(
            model_name="client",
            constraint=models.CheckConstraint(
                condition=models.Q(("id_index__isnull", False), ("document_type", "none"), _connector="OR"),
                name="client_number_or_none_said",
            ),
        ),
        migrations.AddConstraint(
            model_name="client",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "erased"), ("person_key__isnull", False), _connector="OR"),
                name="client_sealed_until_erased",
            ),
        ),
        migrations.AddConstraint(
            model_name="client",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("birth_date", None), ("birth_date__lte", models.F("registered_on")), _connector="OR"
                ),
                name="client_born_before_registered",
            ),
        ),
        migrations.AddConstraint(
            model_name="numberseries",
            constraint=models.UniqueConstraint(fields=("station", "kind"), name="number_series_once"),
        ),
    ]
