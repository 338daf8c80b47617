"""People and systems that sign in, and what signing in leaves behind."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from core.identifiers.uuid7 import uuid7
from core.privacy.classification import Personal, Public, Sensitive


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username__iexact=username)


class User(AbstractBaseUser):  # type: ignore[django-manager-missing]
    """Somebody, or some system, that signs in; what it may do comes from its memberships in `stations`."""

    username = Public(models.CharField("登录名", max_length=64, unique=True))
    display_name = Personal(models.CharField("姓名", max_length=64))
    is_active = models.BooleanField("启用", default=True)
    is_system = models.BooleanField("外部系统", default=False)
    must_change_password = models.BooleanField("下次登录须改密码", default=False)
    password_changed_at = models.DateTimeField("改密时间", null=True, blank=True)
    created_at = models.DateTimeField("开户时间", auto_now_add=True)
    # Who looks after an account before it has a membership anywhere; a number, as in the audit trail.
    opened_by_id = models.BigIntegerField("开户人", null=True, editable=False)

    objects = UserManager()
    USERNAME_FIELD = "username"

    class Meta:
        verbose_name = verbose_name_plural = "账号"
        constraints = [
            models.UniqueConstraint(Lower("username"), name="user_username_once"),
        ]

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name


class PasswordHistory(models.Model):
    """A password somebody had, hashed: it cannot be taken again soon."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="password_history")
    password = Public(models.CharField("密码散列", max_length=256))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "历史密码"


class SlipPurpose(models.TextChoices):
    PASSWORD = "password", "一次性密码"
    SECOND_FACTOR = "second_factor", "第二验证重置码"


class OneTimeSlip(models.Model):
    """A printed secret, hashed here: good once, for seven days; a newer one takes its place."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="slips")
    purpose = models.CharField("用途", max_length=16, choices=SlipPurpose.choices)
    hash = models.CharField("散列", max_length=256)
    issued_at = models.DateTimeField("打印时间")
    issued_by_id = models.BigIntegerField("打印人", null=True)
    expires_at = models.DateTimeField("失效时间")
    used_at = models.DateTimeField("使用时间", null=True)
    withdrawn_at = models.DateTimeField("作废时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "一次性纸条"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "purpose"], condition=Q(used_at=None, withdrawn_at=None), name="slip_one_open"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("issued_at")), name="slip_forward"),
        ]


class UserSession(models.Model):
    """A browser somebody signed in with. It lives as long as Django's session of that key does."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    session_key = Public(models.CharField(max_length=40, unique=True))
    began_at = models.DateTimeField("登录时间", auto_now_add=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    address = models.GenericIPAddressField("地址", null=True)
    agent = Public(models.CharField("浏览器", max_length=200, blank=True))

    class Meta:
        verbose_name = verbose_name_plural = "会话"
        indexes = [models.Index(fields=["user", "-id"], name="user_session_by_user")]


class SecondFactor(models.Model):
    """Somebody's authenticator: its secret sealed, the last step taken (a code is good once), recovery codes hashed."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="second_factor")
    sealed = Sensitive(models.BinaryField("密钥", null=True))
    pending = Sensitive(models.BinaryField("待确认的密钥", null=True))
    last_step = models.BigIntegerField("用过的时间步", default=0)
    recovery = models.JSONField("备用码散列", default=list)
    confirmed_at = models.DateTimeField("启用时间", null=True)
    failures = models.PositiveSmallIntegerField("连续输错", default=0)
    locked_until = models.DateTimeField("锁定至", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "第二验证"
