"""Actor: who acts, in which role, and how far it reaches."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from core.errors import Forbidden


def prefix_end(prefix: str) -> str:
    """The smallest text (byte order) greater than every code that starts with `prefix`."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


@dataclass(frozen=True, slots=True)
class Reach:
    """Either every code in [lo, hi) or a list of stations, never both (architecture, "Who may see what", 2)."""

    lo: str = ""
    hi: str = ""
    stations: tuple[UUID, ...] = ()

    @classmethod
    def region(cls, code: str) -> Reach:
        """Everything at or below one division; the code's digits are its path."""
        return cls(lo=code, hi=prefix_end(code))

    @classmethod
    def of_stations(cls, stations: tuple[UUID, ...]) -> Reach:
        return cls(stations=tuple(sorted(stations)))

    @property
    def is_range(self) -> bool:
        return bool(self.lo)

    @property
    def database_role(self) -> str:
        return "reach_range" if self.is_range else "reach_list"

    def covers(self, region_code: str, station_id: UUID | None) -> bool:
        """Whether a row at this place is within reach; the database says the same by its policies."""
        return self.lo <= region_code < self.hi if self.is_range else station_id in self.stations


# Digits sort before ':': every code of every division lies in between.
NATION = Reach(lo="0", hi=":")


@dataclass(frozen=True, slots=True)
class Actor:
    """A person acting as one membership, an external system, or the system itself for a named reason."""

    reach: Reach
    permissions: frozenset[str] = frozenset()
    user_id: int | None = None
    membership_id: UUID | None = None
    role: str = ""
    name: str = ""
    place: str = ""
    grants: tuple[UUID, ...] = ()
    reason: str = ""
    token_scopes: frozenset[str] | None = None
    facts: dict[str, str] = field(default_factory=dict, compare=False, hash=False)

    @classmethod
    def system(cls, reason: str, *, reach: Reach = NATION) -> Actor:
        """The system acting for itself; `reason` is written into the audit trail."""
        return cls(reach=reach, role="system", name="系统", reason=reason)

    @property
    def is_system(self) -> bool:
        return self.role == "system"

    def may(self, permission: str) -> bool:
        return self.is_system or permission in self.permissions

    def require(self, permission: str) -> None:
        """Raise Forbidden unless this role holds the permission."""
        if not self.may(permission):
            raise Forbidden()
