"""The steps of the first-run wizard."""

from __future__ import annotations

from django import forms

from accounts.roles import ADMINISTRATORS, ROLES
from core.lists.filters import RegionInput

# In the order in which they are asked for.
ORDER = [code for code in ROLES if code in ADMINISTRATORS]


def place_field(label: str, help_text: str, *, top: str = "") -> forms.CharField:
    field = forms.CharField(
        label=label, max_length=12, help_text=help_text, widget=RegionInput(attrs={"autocomplete": "off"}),
        error_messages={"required": f"请选择{label}。"},
    )  # fmt: skip
    field.region_base = "/setup/regions/"  # type: ignore[attr-defined]
    field.region_top = top  # type: ignore[attr-defined]
    field.region_depth = 4  # type: ignore[attr-defined]
    return field


def words(label: str, most: int, **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, widget=forms.TextInput(attrs={"autocomplete": "off", **attrs}),
        error_messages={"required": f"请填写{label}。"},
    )  # fmt: skip


class AuthorityForm(forms.Form):
    title = "主管部门与辖区"
    token = words("安装口令", 64)
    authority = words("主管部门名称", 80)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["token"].help_text = "安装人员启动系统时，屏幕上打印的口令；也可运行 manage.py setup_token 查看。"
        self.fields["authority"].help_text = "例如：乃东区民政局"
        self.fields["region"] = place_field("辖区", "选到哪一级，本系统就管到哪一级：省、市、县或乡镇（街道）。")


class AdministratorsForm(forms.Form):
    title = "三名管理员"

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for code in ORDER:
            self.fields[f"{code}_name"] = words("姓名", 64)
            self.fields[f"{code}_username"] = words("登录名", 64, autocapitalize="none")
        self.sections = [(ROLES[code].label, [f"{code}_name", f"{code}_username"], ROLES[code].says) for code in ORDER]


class FirstStationForm(forms.Form):
    title = "第一个社工站"

    def __init__(self, *args: object, top: str = "", **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["station_region"] = place_field(
            "所在乡镇（街道）", "社工站设在乡镇（街道）；其余站点以后再录入或导入。", top=top
        )
        self.fields["station_name"] = words("社工站名称", 80)
