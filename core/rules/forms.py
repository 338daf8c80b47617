"""The form for a new value of a rule."""

from django import forms

from core.rules.models import RuleStatus


class NewValue(forms.Form):
    value = forms.CharField(label="新取值", max_length=200)
    region_code = forms.RegexField(
        r"^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$",
        label="适用区划代码",
        required=False,
        help_text="空表示全国；填写区划代码只改该地及其下级",
        error_messages={"invalid": "区划代码应为 2、4、6、9 或 12 位数字。"},
    )
    valid_from = forms.DateField(label="自哪一天起", widget=forms.DateInput(attrs={"type": "date"}))
    source = forms.CharField(label="依据", max_length=200, help_text="文号、条款或会议纪要")
    status = forms.ChoiceField(label="性质", choices=RuleStatus.choices)
