"""What the dashboards offer the frame."""

from accounts.roles import Perm
from core import registries
from core.registries import MenuEntry


def register() -> None:
    registries.menu.register("home", MenuEntry("", "工作台", "dashboards:home", "home", Perm.HOME, phone=True))
    registries.menu.register("todo", MenuEntry("", "待办", "core:todo", "clipboard-check", Perm.HOME, phone=True))
    registries.menu.register(
        "exports", MenuEntry("台账报表", "导出申请", "core:exports", "file-export", Perm.EXPORT_APPROVE)
    )
    registries.menu.register("downloads", MenuEntry("台账报表", "下载中心", "core:downloads", "download", Perm.HOME))
    registries.menu.register("help", MenuEntry("设置", "帮助", "core:help", "help", Perm.HOME))
