import core.identifiers.uuid7
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("username", models.CharField(max_length=64, unique=True, verbose_name="登录名")),
                ("display_name", models.CharField(max_length=64, verbose_name="姓名")),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                ("is_system", models.BooleanField(default=False, verbose_name="外部系统")),
                ("must_change_password", models.BooleanField(default=False, verbose_name="下次登录须改密码")),
                ("password_changed_at", models.DateTimeField(blank=True, null=True, verbose_name="改密时间")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="开户时间")),
                ("opened_by_id", models.BigIntegerField(editable=False, null=True, verbose_name="开户人")),
            ],
            options={
                "verbose_name": "账号",
                "verbose_name_plural": "账号",
            },
        ),
        migrations.CreateModel(
            name="OneTimeSlip",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=core.identifiers.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[("password", "一次性密码"), ("second_factor", "第二验证重置码")],
                        max_length=16,
                        verbose_name="用途",
                    ),
                ),
                ("hash", models.CharField(max_length=256, verbose_name="散列")),
                ("issued_at", models.DateTimeField(verbose_name="打印时间")),
                ("issued_by_id", models.BigIntegerField(null=True, verbose_name="打印人")),
                ("expires_at", models.DateTimeField(verbose_name="失效时间")),
                ("used_at", models.DateTimeField(null=True, verbose_name="使用时间")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="作废时间")),
            ],
            options={
                "verbose_name": "一次性纸条",
                "verbose_name_plural": "一次性纸条",
            },
        ),
        migrations.CreateModel(
            name="PasswordHistory",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=256, verbose_name="密码散列")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "历史密码",
                "verbose_name_plural": "历史密码",
            },
        ),
        migrations.CreateModel(
            name="UserSession",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=core.identifiers.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("session_key", models.CharField(max_length=40, unique=True)),
                ("began_at", models.DateTimeField(auto_now_add=True, verbose_name="登录时间")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="结束时间")),
                ("address", models.GenericIPAddressField(null=True, verbose_name="地址")),
                ("agent", models.CharField(blank=True, max_length=200, verbose_name="浏览器")),
            ],
            options={
                "verbose_name": "会话",
                "verbose_name_plural": "会话",
            },
        ),
        migrations.CreateModel(
            name="SecondFactor",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="second_factor",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("sealed", models.BinaryField(null=True, verbose_name="密钥")),
                ("pending", models.BinaryField(null=True, verbose_name="待确认的密钥")),
                ("last_step", models.BigIntegerField(default=0, verbose_name="用过的时间步")),
                ("recovery", models.JSONField(default=list, verbose_name="备用码散列")),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="启用时间")),
                ("failures", models.PositiveSmallIntegerField(default=0, verbose_name="连续输错")),
                ("locked_until", models.DateTimeField(null=True, verbose_name="锁定至")),
            ],
            options={
                "verbose_name": "第二验证",
                "verbose_name_plural": "第二验证",
            },
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("username"), name="user_username_once"
            ),
        ),
        migrations.AddField(
            model_name="onetimeslip",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="slips", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="passwordhistory",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="password_history",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="usersession",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="sessions", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="onetimeslip",
            constraint=models.UniqueConstraint(
                condition=models.Q(("used_at", None), ("withdrawn_at", None)),
                fields=("user", "purpose"),
                name="slip_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="onetimeslip",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("issued_at"))), name="slip_forward"
            ),
        ),
        migrations.AddIndex(
            model_name="usersession",
            index=models.Index(fields=["user", "-id"], name="user_session_by_user"),
        ),
    ]
