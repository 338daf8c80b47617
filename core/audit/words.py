"""The trail in plain words: an act's code as a person would say it. An app adds the words of its own acts."""

from __future__ import annotations

from collections.abc import Mapping

_WORDS: dict[str, str] = {}
CHANNELS = {"page": "页面", "api": "接口", "job": "后台任务", "system": "系统", "command": "命令行"}


def name_acts(words: Mapping[str, str]) -> None:
    """Code of an act → what it is called on the audit page."""
    _WORDS.update(words)


def act_words() -> list[tuple[str, str]]:
    """Every named act, for a choice."""
    return sorted(_WORDS.items(), key=lambda item: item[0])


def act_name(act: str) -> str:
    """The act's name; its code when nobody named it."""
    return _WORDS.get(act, act)


def channel_name(channel: str) -> str:
    return CHANNELS.get(channel, channel)


name_acts(
    {
        "account.opened": "开户",
        "account.disabled": "停用账号",
        "account.enabled": "恢复账号",
        "account.password_changed": "修改密码",
        "account.password_set": "设置密码",
        "account.slip_issued": "打印一次性密码条",
        "account.slip_used": "使用一次性密码条",
        "session.began": "登录",
        "session.ended": "退出",
        "session.refused": "登录被拒",
        "second_factor.confirmed": "启用双因素",
        "second_factor.locked": "双因素锁定",
        "second_factor.recovery_renewed": "更换恢复码",
        "membership.given": "任职",
        "membership.ended": "结束任职",
        "grant.opened": "授权",
        "grant.closed": "收回授权",
        "credential.issue": "签发接口凭证",
        "credential.end": "停用接口凭证",
        "client.register": "登记服务对象",
        "client.update": "修改服务对象",
        "client.reveal": "查看完整号码",
        "client.erase": "删除个人信息",
        "client.read": "打开服务对象档案",
        "client.listed": "在列表中看到服务对象",
        "client.trail": "查看“谁看过此档案”",
        "worker.register": "登记社工",
        "worker.update": "修改社工",
        "worker.transfer": "社工调动",
        "worker.withdraw": "撤回社工登记",
        "worker.reveal": "查看社工完整号码",
        "worker.read": "打开社工档案",
        "worker.listed": "在列表中看到社工",
        "station.open": "新设站点",
        "station.profile": "更新站点概况",
        "station.listed": "查看站点列表",
        "organisation.enter": "登记机构",
        "organisation.correct": "修改机构",
        "region.count": "登记官方数字",
        "region.merge": "区划合并",
        "region.rename": "区划更名",
        "region.split": "区划拆分",
        "rule.set": "登记规则取值",
        "import.upload": "上传导入文件",
        "import.check": "检查导入文件",
        "import.apply": "执行导入",
        "import.undo": "撤销导入",
        "import.cancel": "取消导入",
        "import.doubles": "处理疑似重复",
        "export.asked": "申请导出",
        "export.approved": "同意导出",
        "export.rejected": "退回导出",
        "list.exported": "导出列表",
        "job.start": "发起后台任务",
        "job.cancel": "取消后台任务",
        "file.download": "下载文件",
    }
)
