"""Fields the forms of the field share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from core.lists.filters import RegionInput

CODE = RegexValidator(r"^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$", "区划代码是 2、4、6、9 或 12 位数字。")


class VersionedForm(forms.Form):
    """A form that knows which version of the record somebody saw, and takes each submission once."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    submit_token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


def region_field(
    label: str = "所在区划", *, top: str = "", required: bool = True, help_text: str = ""
) -> forms.CharField:
    """A division by cascade and by search; `top` is the code the choice starts under."""
    field = forms.CharField(
        label=label, required=required, widget=RegionInput(attrs={"autocomplete": "off"}), validators=[CODE],
        help_text=help_text,
    )  # fmt: skip
    field.region_top = top  # type: ignore[attr-defined]
    return field


def day_field(label: str, **how: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, input_formats=["%Y-%m-%d"], **how)


def choice_field(label: str, choices: list[tuple[str, str]], *, blank: str = "", **how: Any) -> forms.ChoiceField:
    """`blank`: the words of the empty choice, when there may be none."""
    given = [("", blank), *choices] if blank else choices
    return forms.ChoiceField(label=label, choices=given, required=how.pop("required", not blank), **how)


def searched(label: str, choices: list[tuple[str, str]], **how: Any) -> forms.ChoiceField:
    """A long choice with a search in it."""
    field = choice_field(label, choices, **how)
    field.widget.attrs.update({"data-search": "", "placeholder": how.get("blank", "")})
    return field
