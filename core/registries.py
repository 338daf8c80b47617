"""Empty registries that the apps fill when they start: the core knows of no app, yet shows what all of them offer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from core.scoping import Actor

T = TypeVar("T")


class Registry(Generic[T]):
    """Things by code, in the order they were registered; a code is taken once (again by the same thing: no harm)."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._items: dict[str, T] = {}

    def register(self, code: str, item: T) -> T:
        if self._items.get(code, item) != item:
            raise ValueError(f"{self.what} {code!r} is registered already")
        self._items[code] = item
        return item

    def get(self, code: str) -> T | None:
        return self._items.get(code)

    def __getitem__(self, code: str) -> T:
        return self._items[code]

    def __iter__(self) -> Any:
        return iter(self._items.items())

    def values(self) -> list[T]:
        return list(self._items.values())


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line of the left menu; shown to those who hold the permission, so that no entry leads to a refusal."""

    group: str
    label: str
    url_name: str
    icon: str
    permission: str
    phone: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One hit of the global search. `label` is already masked for this actor."""

    label: str
    url: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class SearchSource:
    label: str
    permission: str
    find: Callable[[Actor, str, int], Sequence[Found]]


@dataclass(frozen=True, slots=True)
class Todo:
    """One line of 待办: what waits, how many, where."""

    label: str
    count: int
    url: str
    tone: str = ""
    icon: str = "clipboard-check"


@dataclass(frozen=True, slots=True)
class TodoSource:
    permission: str
    waiting: Callable[[Actor], Sequence[Todo]]


@dataclass(frozen=True, slots=True)
class Panel:
    """A small page of its own that a lower app's page shows without knowing it, under its own permission."""

    place: str
    label: str
    permission: str
    url_name: str
    data: Callable[..., Any] = field(default=lambda *_: None)


@dataclass(frozen=True, slots=True)
class SubjectData:
    """Where an app keeps data about a kind of person, so that access, erasure and legal hold reach all of it."""

    label: str
    collect: Callable[[Actor, Any], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class CredentialFinder:
    """How a credential is found by its digest, and whom it acts as."""

    find: Callable[[str], Any]
    actor: Callable[[Any], Actor]


menu: Registry[MenuEntry] = Registry("menu entry")
searches: Registry[SearchSource] = Registry("search source")
todos: Registry[TodoSource] = Registry("todo source")
panels: Registry[Panel] = Registry("panel")
subject_data: Registry[SubjectData] = Registry("subject data")
# The one way from a signed-in user to an actor; `stations` knows places, so `stations` fills it.
actor_for_request: Registry[Callable[[Any], Actor | None]] = Registry("actor resolver")
actor_for_token: Registry[CredentialFinder] = Registry("credential finder")
actor_for_ids: Registry[Callable[[int, Any], Actor | None]] = Registry("actor resolver by id")
