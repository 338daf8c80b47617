"""People and systems that sign in."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from core.privacy.classification import Personal, Public


class UserManager(BaseUserManager):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """Somebody, or some system, that signs in; what it may do comes from its memberships in `stations`."""

    username = Public(models.CharField("登录名", max_length=64, unique=True))
    display_name = Personal(models.CharField("姓名", max_length=64))
    is_active = models.BooleanField("启用", default=True)
    is_system = models.BooleanField("外部系统", default=False)
    must_change_password = models.BooleanField("下次登录须改密码", default=False)
    password_changed_at = models.DateTimeField("改密时间", null=True, blank=True)
    created_at = models.DateTimeField("开户时间", auto_now_add=True)

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
