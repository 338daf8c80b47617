"""Every route × method × persona × object, foreign ids in path, query and body, with each lock off in turn.

architecture.md 'Who may see what' 7; assurance.md 'Scope'. Foreign and missing must be one and the same answer.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client

from core.scoping.query import ScopedQuerySet
from stations.demonstration import SIGN_INS
from tests import database
from tests.matrix.objects import PLACES, Thing, lay_objects, missing
from tests.matrix.routes import Route, UnknownKind, every_route, kind_of

pytestmark = pytest.mark.campaign
SCOPED_KINDS = {"station", "worker", "client", "consent", "job"}
FIELDS = ("station", "worker", "operator", "parent", "organisation")
JSON_FIELDS = ("station_id", "worker_id", "organisation_id", "parent_id")
# These pages ask a second permission inside (who looked is for those who see names): 403 on an own object is right.
ASK_MORE = {"cases:client_trail", "cases:client_trail_print", "client-looks"}
HELD_OUT = {"external.demo"}  # comes with a credential, not with a session: tests/core/api
# One of each role × reach; the whole list in normal mode.
PEOPLE = [one.username for one in SIGN_INS if one.username not in HELD_OUT]
FEW = ["worker.zedang", "official.naidong", "official.haining", "supervisor.hunan"]
# What differs between two answers that say the same: tokens, times, ids.
NOISE = re.compile(
    rb'csrfmiddlewaretoken[^>]*>|"X-CSRFToken":\s*"[^"]*"|nonce="[^"]*"|name="submit_token"[^>]*>'
    rb'|data-session-expires="[^"]*"|csrf-token[^>]*>'
    rb"|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}|[A-Za-z0-9]{64}"
)


@dataclass
class World:
    name: str
    things: list[Thing]
    browsers: dict[str, Any] = field(default_factory=dict)

    def enter(self, username: str) -> tuple[Client, Any]:
        from stations.actors import actor_as
        from tests.personas import ensure_membership, signed_in

        if username not in self.browsers:
            membership = ensure_membership(username)
            self.browsers[username] = signed_in(membership), actor_as(membership)
        return self.browsers[username]


@pytest.fixture(scope="module")
def world(committed_database: str) -> World:
    return World(committed_database, lay_objects())


@contextmanager
def no_manager() -> Iterator[None]:
    """visible_to says the reach and filters nothing."""
    kept = ScopedQuerySet.visible_to
    ScopedQuerySet.visible_to = lambda self, actor: self._said()  # type: ignore[method-assign]
    try:
        yield
    finally:
        ScopedQuerySet.visible_to = kept  # type: ignore[method-assign]


@contextmanager
def no_policies(name: str) -> Iterator[None]:
    """Every table's row-level security switched off by the owner, on again afterwards."""
    session = database.connect(os.environ["DATABASE_URL"], name)
    with session.cursor() as cursor:
        cursor.execute("SELECT oid::regclass::text FROM pg_class WHERE relrowsecurity AND relkind IN ('r', 'p')")
        tables = [row[0] for row in cursor.fetchall()]
        assert len(tables) > 10, "there was nothing to switch off"
        for word in ("DISABLE", "ENABLE"):
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} {word} ROW LEVEL SECURITY")
            if word == "DISABLE":
                try:
                    yield
                except BaseException:
                    for table in tables:
                        cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
                    raise
    session.close()


@contextmanager
def mode_of(world: World, mode: str) -> Iterator[None]:
    if mode in ("manager off", "both off"):
        with no_manager():
            if mode == "both off":
                with no_policies(world.name):
                    yield
            else:
                yield
    elif mode == "rls off":
        with no_policies(world.name):
            yield
    else:
        yield


def send(client: Client, route: Route, path: str, body: dict[str, str] | None = None) -> Any:
    """One attempt, undone whatever it did."""
    client.raise_request_exception = False
    # "Saved." of an attempt that was undone would show on the next page: the cookie is outside the transaction.
    client.cookies.pop("messages", None)
    with transaction.atomic():
        if route.is_api:
            answer = client.generic(route.method, path, json.dumps(body or {}) if route.method != "GET" else "",
                                    "application/json")  # fmt: skip
        else:
            answer = client.generic(route.method, path, urlencode(body or {}) if route.method != "GET" else "",
                                    "application/x-www-form-urlencoded")  # fmt: skip
        if answer.streaming:
            b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    return answer


def ids_of(thing: Thing) -> dict[str, str]:
    """Each kind's id in a path that leads to this thing."""
    return {"client": thing.parent, thing.kind: thing.id} if thing.kind == "consent" else {thing.kind: thing.id}


def plain(answer: Any, *echoes: str) -> bytes:
    """The body without what differs by chance and without the ids the request itself named."""
    body = b"" if answer.streaming else answer.content
    for echo in echoes:
        body = body.replace(echo.encode(), b"ID")
    return NOISE.sub(b"", body)


@dataclass
class Attempts:
    """What one persona tried, and what was wrong with the answers."""

    world: World
    username: str
    counts: Counter = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.client, self.actor = self.world.enter(self.username)
        self.foreign = [one for one in self.world.things if not one.within(self.actor)]

    def run(self, routes: list[Route]) -> None:
        for route in routes:
            if route.needs is None or route.name == "accounts:sign_out":
                continue
            self.by_path(route)
            if route.needs in self.actor.permissions:
                self.by_query(route) if route.method == "GET" else self.by_body(route)

    def try_(self, route: Route, path: str, how: str, body: Any = None, echoes: tuple[str, ...] = ()) -> Any:
        self.counts[how] += 1
        answer = send(self.client, route, path, body)
        text = b"" if answer.streaming else answer.content
        for echo in echoes:
            text = text.replace(echo.encode(), b"")
        for one in self.foreign:
            if any(canary.encode() in text for canary in one.canaries):
                self.say(route, how, f"shows {one.kind} {one.label}")
        if answer.status_code >= 500 and answer.status_code != 503:
            self.say(route, how, f"status {answer.status_code}")
        return answer

    def say(self, route: Route, how: str, what: str) -> None:
        self.wrong.append(f"{self.username} {route.method} {route.name} [{how}]: {what}")

    def by_path(self, route: Route) -> None:
        kinds = [kind for _, kind in route.kinds]
        last = kinds[-1] if kinds else ""
        none = {kind: missing(kind).id for kind in kinds}
        gone = self.try_(route, route.path(none), "path missing" if kinds else "no object", echoes=tuple(none.values()))
        if route.needs and route.needs not in self.actor.permissions and gone.status_code != 403:
            self.say(route, "wrong role", f"{gone.status_code}, not 403")
        if last not in SCOPED_KINDS:
            return
        for thing in [one for one in self.world.things if one.kind == last]:
            self.at(route, thing, gone, tuple(none.values()))

    def at(self, route: Route, thing: Thing, gone: Any, nobody: tuple[str, ...]) -> None:
        ids = ids_of(thing)
        answer = self.try_(route, route.path(ids), f"path {thing.label}", echoes=tuple(ids.values()))
        how = f"path {thing.label}"
        if route.needs and route.needs not in self.actor.permissions:
            if answer.status_code != 403:
                self.say(route, how, f"wrong role: {answer.status_code}, not 403")
        elif thing.within(self.actor):
            # What is withdrawn has less to show, and a job that made nothing has no file.
            refused = (401, 403) if thing.label.endswith("withdrawn") or thing.kind == "job" else (401, 403, 404)
            if answer.status_code in refused and route.name not in ASK_MORE:
                self.say(route, how, f"own object: {answer.status_code}")
        elif answer.status_code != gone.status_code:
            self.say(route, how, f"foreign {answer.status_code}, missing {gone.status_code}")
        elif plain(answer, *ids.values()) != plain(gone, *nobody):
            self.say(route, how, "foreign and missing differ in their bodies")

    def own_path(self, route: Route) -> str | None:
        """The address of an own object, or None where this persona has none of that kind."""
        if not route.kinds:
            return route.path({})
        last = route.kinds[-1][1]
        own = [one for one in self.world.things if one.kind == last and one.within(self.actor)]
        return route.path(ids_of(own[0])) if own else None

    def compare(self, route: Route, how: str, ask: Any) -> None:
        """`ask` sends one id; every foreign id must be answered as the missing one."""
        nobody = missing("station").id
        gone = ask(nobody)
        for thing in {one.kind: one for one in self.foreign if one.kind in ("station", "worker")}.values():
            answer = ask(thing.id)
            same = answer.status_code == gone.status_code and plain(answer, thing.id) == plain(gone, nobody)
            if not same:
                self.say(route, how, f"{thing.kind} {thing.label}: {answer.status_code}, missing {gone.status_code}")

    def by_query(self, route: Route) -> None:
        path = self.own_path(route)
        for name in ("station", "worker") if path and not route.kinds else ():
            self.compare(route, f"query {name}", lambda id: self.try_(
                route, f"{path}?{urlencode({name: id})}", f"query {name}", echoes=(id,)))  # noqa: B023  # fmt: skip

    def by_body(self, route: Route) -> None:
        path = self.own_path(route)
        names = JSON_FIELDS if route.is_api else FIELDS
        if path:
            self.compare(route, "body", lambda id: self.try_(
                route, path, "body", dict.fromkeys(names, id), echoes=(id,)))  # fmt: skip


def keep_figures(mode: str, who: str, attempts: Attempts) -> None:
    """One line a run: workers write side by side, `var/matrix.json` is a file of lines."""
    Path("var").mkdir(exist_ok=True)
    said = {"mode": mode, "who": who, "attempts": attempts.counts.total(), "wrong": len(attempts.wrong)}
    with Path("var/matrix.json").open("a", encoding="utf-8") as out:
        out.write(json.dumps(said) + "\n")


RUNS = [("normal", who) for who in PEOPLE] + [(mode, who) for mode in ("manager off", "rls off") for who in FEW]


@pytest.mark.parametrize(("mode", "who"), RUNS)
def test_nobody_sees_or_touches_what_is_out_of_reach(world: World, mode: str, who: str) -> None:
    attempts = Attempts(world, who)
    with mode_of(world, mode):
        attempts.run(every_route())
    keep_figures(mode, who, attempts)
    assert attempts.counts.total() >= 150
    assert not attempts.wrong, f"{len(attempts.wrong)} of {attempts.counts.total()}:\n" + "\n".join(
        attempts.wrong[:100]
    )


def test_with_both_locks_off_the_matrix_finds_leaks(world: World) -> None:
    """Proves that the matrix can fail: it must see foreign rows by path and in lists."""
    attempts = Attempts(world, "worker.zedang")
    with mode_of(world, "both off"):
        attempts.run(every_route())
    keep_figures("both off", "worker.zedang", attempts)
    assert any("shows station" in one for one in attempts.wrong)
    assert any("foreign 200, missing 404" in one and "[path province]" in one for one in attempts.wrong)


def test_a_stranger_is_asked_to_sign_in_on_every_route(world: World) -> None:
    wrong = []
    for route in every_route():
        things = [one for one in world.things if route.kinds and one.kind == route.kinds[-1][1]]
        paths = [ids_of(one) for one in things] or [{kind: missing(kind).id for _, kind in route.kinds}]
        for ids in paths if route.needs is not None else ():
            answer = send(Client(), route, route.path(ids))
            expected = (401,) if route.is_api else (302,)
            if answer.status_code not in expected or b"\xe9\x87\x91\xe4\xb8\x9d\xe9\x9b\x80" in answer.content:
                wrong.append(f"{route.method} {route.name}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_a_parameter_of_unknown_kind_fails_by_name() -> None:
    with pytest.raises(UnknownKind, match="cases:visit"):
        kind_of("cases:visit", "visit_id")
    with pytest.raises(UnknownKind, match="nothing:here"):
        kind_of("nothing:here", "pk")


def test_the_matrix_is_large_enough() -> None:
    """At least 10,000 attempts over the modes: path attempts alone, counted from the routes without running them."""
    asked = [route for route in every_route() if route.needs is not None and route.name != "accounts:sign_out"]
    at = {"client": 2 * len(PLACES), **dict.fromkeys(("station", "worker", "consent"), len(PLACES))}
    each = sum(1 + at.get(route.kinds[-1][1] if route.kinds else "", 0) for route in asked)
    assert each * len(RUNS) >= 10_000, f"{each} × {len(RUNS)}"
