"""Forms of signing in and of one's own account. They read; what is right is the services' to say."""

from __future__ import annotations

from django import forms


def _secret(label: str, autocomplete: str, *, required: bool = True, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=128, strip=False, required=required, help_text=help_text,
        error_messages={"required": f"请填写{label}。"},
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete, "data-wide": ""}),
    )  # fmt: skip


class SignInForm(forms.Form):
    username = forms.CharField(
        label="登录名", max_length=64, error_messages={"required": "请填写登录名。"},
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "data-wide": ""}
        ),
    )  # fmt: skip
    password = _secret("密码", "current-password", help_text="第一次登录，填纸条上的一次性密码。")


class ChangePasswordForm(forms.Form):
    """`asks_old`: after a slip there is no old password."""

    old = _secret("原密码", "current-password")
    new = _secret("新密码", "new-password")
    again = _secret("再填一次新密码", "new-password")

    def __init__(self, *args: object, asks_old: bool = True, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not asks_old:
            del self.fields["old"]

    def clean_again(self) -> str:
        again = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new", again):
            raise forms.ValidationError("两次填的新密码不一样。")
        return again


class CodeForm(forms.Form):
    code = forms.CharField(
        label="验证码", max_length=40, error_messages={"required": "请填写验证码。"},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "data-wide": ""}),
    )  # fmt: skip
