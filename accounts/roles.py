"""Every permission and every role, on one screen: what a role may do, nowhere else (ADR 0009).

Where a role may do it is the membership's reach (`stations.actors`); whether a state allows it is the service's to say.
"""

from dataclasses import dataclass
from enum import StrEnum


class Perm(StrEnum):
    """A thing one may do; the label is the plain word shown to people."""

    label: str

    def __new__(cls, value: str, label: str) -> "Perm":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    HOME = "home", "进入系统"
    REGION_READ = "region.read", "查看行政区划"
    REGION_MANAGE = "region.manage", "维护行政区划"
    STATION_READ = "station.read", "查看社工站"
    STATION_MANAGE = "station.manage", "新增和修改社工站"
    ORGANISATION_READ = "organisation.read", "查看机构"
    ORGANISATION_MANAGE = "organisation.manage", "新增和修改机构"
    WORKER_READ = "worker.read", "查看社工队伍"
    WORKER_MANAGE = "worker.manage", "新增和修改社工"
    CLIENT_READ = "client.read", "查看服务对象（号码掩码）"
    CLIENT_NAMES = "client.names", "看到服务对象全名"
    CLIENT_WRITE = "client.write", "登记和修改服务对象"
    CLIENT_REVEAL = "client.reveal", "写明理由后查看号码和住址"
    CLIENT_EXPORT = "client.export", "导出服务对象名单"
    RULE_READ = "rule.read", "查看规则"
    RULE_MANAGE = "rule.manage", "登记规则的新取值"
    MEASURE_READ = "measure.read", "查看指标数值"
    AUDIT_READ = "audit.read", "查看审计记录"
    ACCOUNT_READ = "account.read", "查看账号和角色"
    ACCOUNT_MANAGE = "account.manage", "开户、任职、重置密码"
    SECURITY_MANAGE = "security.manage", "安全策略与接口凭证"
    EXPORT_APPROVE = "export.approve", "审批敏感字段导出"


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of permissions. `second_factor`: signing in asks for one, outside demonstration mode."""

    code: str
    label: str
    says: str
    permissions: frozenset[str]
    second_factor: bool = False
    excludes: frozenset[str] = frozenset()


LOOK = {Perm.HOME, Perm.REGION_READ, Perm.STATION_READ, Perm.ORGANISATION_READ, Perm.RULE_READ, Perm.MEASURE_READ}
TEAM = LOOK | {Perm.WORKER_READ}
SERVE = TEAM | {Perm.CLIENT_READ, Perm.CLIENT_NAMES, Perm.CLIENT_WRITE, Perm.CLIENT_REVEAL}
LEAD = SERVE | {Perm.STATION_MANAGE, Perm.WORKER_MANAGE, Perm.CLIENT_EXPORT}
OFFICE = TEAM | {Perm.CLIENT_READ, Perm.STATION_MANAGE, Perm.ORGANISATION_MANAGE, Perm.CLIENT_EXPORT}
ADMINISTRATORS = frozenset({"admin_system", "admin_security", "admin_audit"})


def _role(code: str, label: str, says: str, permissions: set, *, second_factor: bool = False) -> Role:
    excludes = ADMINISTRATORS - {code} if code in ADMINISTRATORS else frozenset()
    return Role(code, label, says, frozenset(map(str, permissions)), second_factor, excludes)


ROLES: dict[str, Role] = {
    role.code: role
    for role in [
        _role("official", "民政（社会工作）部门", "看辖区内的站点、队伍和数字，维护站点与机构；服务对象只见掩码。",
              OFFICE | {Perm.WORKER_MANAGE, Perm.EXPORT_APPROVE}, second_factor=True),
        _role("township_official", "乡镇街道经办", "看本乡镇街道的站点、队伍和服务对象（掩码），维护站点档案。",
              OFFICE, second_factor=True),
        _role("station_head", "站长", "管理本站：队伍、服务对象、导入导出。", LEAD | {Perm.EXPORT_APPROVE}),
        _role("deputy_head", "副站长", "承接机构派驻的日常负责人，与站长同样管理本站。", LEAD),
        _role("worker", "社工", "登记和服务本站的服务对象；看号码须写明理由。", SERVE | {Perm.CLIENT_EXPORT}),
        _role("uncertified_worker", "社工（未持证）", "协助登记；不能查看完整号码。", SERVE - {Perm.CLIENT_REVEAL}),
        _role("supervisor", "督导", "督导指定的几个站，看得到全名，不代为登记。",
              TEAM | {Perm.CLIENT_READ, Perm.CLIENT_NAMES, Perm.CLIENT_REVEAL}, second_factor=True),
        _role("association", "行业协会", "看辖区内的机构、站点和队伍；不看服务对象。", TEAM),
        _role("dispatched", "援派社工", "在受援站工作，可登记服务对象。", SERVE),
        _role("evaluator", "评估员", "只看评估轮次里脱敏的样本。", LOOK),
        _role("committee", "评估委员", "确认评估结论。", LOOK, second_factor=True),
        _role("finance_maker", "财务经办", "录入收支，不能复核自己录的。", LOOK, second_factor=True),
        _role("finance_checker", "财务复核", "复核收支，不能录入。", LOOK, second_factor=True),
        _role("volunteer_coordinator", "志愿服务专员", "管理志愿者、班次和时长。", LOOK),
        _role("volunteer", "志愿者", "看自己的班次与时长。", {Perm.HOME}),
        _role("auditor", "审计员（只读）", "只读查看站点、队伍、服务对象掩码和审计记录。",
              TEAM | {Perm.CLIENT_READ, Perm.AUDIT_READ}),
        _role("external", "外部系统", "按凭证的范围通过接口读写。", SERVE - {Perm.CLIENT_REVEAL, Perm.CLIENT_NAMES}),
        _role("admin_system", "系统管理员", "维护区划、机构、站点、账号与任职；不看服务对象。",
              TEAM | {Perm.REGION_MANAGE, Perm.STATION_MANAGE, Perm.ORGANISATION_MANAGE, Perm.WORKER_MANAGE,
                      Perm.ACCOUNT_READ, Perm.ACCOUNT_MANAGE}, second_factor=True),
        _role("admin_security", "安全管理员", "维护规则、安全策略与接口凭证；不看服务对象。",
              LOOK | {Perm.RULE_MANAGE, Perm.SECURITY_MANAGE, Perm.ACCOUNT_READ}, second_factor=True),
        _role("admin_audit", "审计管理员", "查看并校验审计记录；不做业务。",
              {Perm.HOME, Perm.AUDIT_READ, Perm.ACCOUNT_READ}, second_factor=True),
    ]
}  # fmt: skip

ROLE_CHOICES = [(role.code, role.label) for role in ROLES.values()]


def permissions_of(code: str) -> frozenset[str]:
    """The permissions of one role; an unknown role may nothing."""
    role = ROLES.get(code)
    return role.permissions if role else frozenset()
