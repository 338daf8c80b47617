"""What rules there are: each is declared once, with what it means and its national starting value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from core.errors import Invalid
from core.registries import Registry
from core.rules.models import RuleStatus

# Older than every record: the starting value holds for whatever is entered late.
SINCE_EVER = date(2000, 1, 1)
KINDS = {"int": "整数", "decimal": "数值", "text": "文字", "bool": "是否"}


@dataclass(frozen=True, slots=True)
class KnownRule:
    """A rule the product asks for. `kind` is one of KINDS; `default` is its national value until another is entered."""

    code: str
    label: str
    kind: str
    default: Any
    source: str
    status: str
    unit: str = ""
    group: str = "系统"
    valid_from: date = SINCE_EVER
    least: int | None = 0

    def read(self, value: Any) -> Any:
        """`value` as this rule's kind. Raises Invalid with the field `value`."""
        try:
            return self._within(READERS[self.kind](value))
        except (ValueError, TypeError, InvalidOperation):
            raise self._wrong(f"请填写{KINDS[self.kind]}。") from None

    def typed(self, value: Any) -> Any:
        """A stored value as code wants it: decimals are stored as text."""
        return Decimal(str(value)) if self.kind == "decimal" else value

    def _within(self, value: Any) -> Any:
        if self.kind in ("int", "decimal") and self.least is not None and Decimal(str(value)) < self.least:
            raise self._wrong(f"不能小于 {self.least}。")
        if self.kind == "text" and not value:
            raise self._wrong("请填写。")
        return value

    def _wrong(self, message: str) -> Invalid:
        return Invalid("rule_value", message, {"value": [message]})


def _whole(value: Any) -> int:
    number = Decimal(str(value).strip())
    if number != number.to_integral_value():
        raise ValueError
    return int(number)


def _decimal(value: Any) -> str:
    number = Decimal(str(value).strip())
    if not number.is_finite():
        raise ValueError
    return f"{number.normalize():f}"


def _yes(value: Any) -> bool:
    known = {"true": True, "1": True, "是": True, "false": False, "0": False, "否": False}
    word = str(value).strip().lower()
    if word not in known:
        raise ValueError
    return known[word]


READERS: dict[str, Any] = {"int": _whole, "decimal": _decimal, "text": lambda value: str(value).strip(), "bool": _yes}

rules: Registry[KnownRule] = Registry("rule")


def register_rule(rule: KnownRule) -> None:
    rules.register(rule.code, rule)


def known_rules() -> Sequence[KnownRule]:
    return rules.values()


LAW, RULE, ASSUMPTION = RuleStatus.LAW, RuleStatus.RULE, RuleStatus.ASSUMPTION
PIPL = "《个人信息保护法》第三十一条"
STAFFING = "001-07 人员配备标准：专职不少于 6 人，其中持证不少于 4 人"
LEVEL3 = "等级保护三级：登录失败处理、闲置会话应结束"
OURS = "产品取值，待主管部门确认"

for declared in [
    KnownRule("session.idle_minutes", "闲置多久自动退出", "int", 30, LEVEL3, RULE, "分钟", "登录安全", least=1),
    KnownRule("lockout.failures", "连续输错几次锁定", "int", 5, LEVEL3, RULE, "次", "登录安全", least=1),
    KnownRule("lockout.minutes", "锁定多久", "int", 30, LEVEL3, RULE, "分钟", "登录安全", least=1),
    KnownRule("password.min_length", "密码最短位数", "int", 10, OURS, ASSUMPTION, "位", "登录安全", least=8),
    KnownRule("export.approval_threshold", "超过多少行的导出须经审批", "int", 1000, OURS, ASSUMPTION, "行", "导出"),
    KnownRule("client.guardian_age", "不满几周岁须监护人同意", "int", 14, PIPL, LAW, "周岁", "服务对象"),
    KnownRule("client.consent_text_version", "现行知情同意书版本", "text", "2026-1", OURS, ASSUMPTION, "", "服务对象"),
    KnownRule("staffing.full_time", "每站专职社工不少于", "decimal", "6", STAFFING, RULE, "人", "队伍"),
    KnownRule("staffing.certified", "每站持证社工不少于", "decimal", "4", STAFFING, RULE, "人", "队伍"),
]:
    register_rule(declared)
