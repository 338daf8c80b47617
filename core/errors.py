"""What the product says when it refuses: one stable code, one sentence in Chinese, errors by field.

Services and queries raise these; pages and the API each map them once (`core.access`, `core.api`).
"""

from collections.abc import Mapping, Sequence


class DomainError(Exception):
    """A refusal a person can act on. `code` is stable and English, `message` Chinese, `fields` field → messages."""

    status = 422

    def __init__(self, code: str, message: str, fields: Mapping[str, Sequence[str]] | None = None) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.fields = {name: list(messages) for name, messages in (fields or {}).items()}


class Invalid(DomainError):
    """The input itself is wrong; `fields` says where."""

    status = 400


class Refused(DomainError):
    """The input is well formed, but a rule or the record's state forbids it."""


class NotSignedIn(DomainError):
    status = 401

    def __init__(self, code: str = "not_signed_in", message: str = "请先登录。") -> None:
        super().__init__(code, message)


class Forbidden(DomainError):
    """Within reach, but not for this role."""

    status = 403

    def __init__(self, code: str = "forbidden", message: str = "您的角色不能做这件事。") -> None:
        super().__init__(code, message)


class NotFound(DomainError):
    """Missing or out of reach: the two are never told apart."""

    status = 404

    def __init__(self, code: str = "not_found", message: str = "没有找到，或不在您的范围内。") -> None:
        super().__init__(code, message)


class Conflict(DomainError):
    """Somebody else was faster, or the same thing exists already."""

    status = 409


class Unavailable(DomainError):
    """A part we cannot do without is down; nothing was shown and nothing was changed."""

    status = 503

    def __init__(
        self, code: str = "unavailable", message: str = "系统暂时不可用，请稍后再试；您的数据没有改变。"
    ) -> None:
        super().__init__(code, message)
