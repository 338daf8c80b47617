"""The list of clients against the plain Django page, at 3,000, 30,000 and 300,000 rows."""

from __future__ import annotations

import copy
import re
from pathlib import Path

from django.conf import settings
from django.test import Client, override_settings

from bench import people
from bench.database import as_owner, throwaway
from bench.table import Row, faster, within
from bench.timing import alternate

ENTRY = "list_page"
SIZES = (3_000, 30_000, 300_000)
ROUNDS = 40
FASTER, FLAT = 3.0, 1.3


def run(factor: float) -> list[Row]:
    """Whole pages of 50 rows, answered in process as the web role; ours reads sealed rows within reach, writes who
    looked, and has the same frame around it."""
    from bench.peers.plain_list import TABLES

    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"].append(Path(__file__).parent / "peers" / "templates")
    with throwaway(ENTRY) as database, override_settings(ROOT_URLCONF="bench.peers.plain_list", TEMPLATES=templates):
        return _measure(database, TABLES, [max(int(size * factor), 100) for size in SIZES])


def _measure(database: str, tables: str, sizes: list[int]) -> list[Row]:
    with as_owner(database) as owner:
        owner.execute(tables)
    browser = signed_in()
    places = people.stations(200)
    people.stations_in_clear(places)
    rows, ours, there = [], [], 0
    for size in sizes:
        for chunk in people.clients(places, there, size - there):
            people.in_clear(chunk)
        there = size
        with as_owner(database) as owner:
            owner.execute("VACUUM ANALYZE cases_client, cases_clientcategory, bench_client, stations_station")
        deep = next_page(browser)
        times = alternate(
            {
                "ours": lambda: answered(browser, "/clients/"),
                "peer": lambda: answered(browser, "/plain/"),
                "ours deep": lambda deep=deep: answered(browser, deep),
                "peer deep": lambda size=size: answered(browser, f"/plain/?page={size // 50}"),
                "frame": lambda: answered(browser, "/help/"),
            },
            rounds=ROUNDS,
        )
        rows.append(above_frame(size, times))
        ours.append(times["ours"])
        rows.append(faster(f"list page, {size:,} rows, first page", ours=times["ours"], peer=times["peer"], unit="ms",
                           times=FASTER))  # fmt: skip
        rows.append(faster(f"list page, {size:,} rows, another page", ours=times["ours deep"],
                           peer=times["peer deep"], unit="ms", times=FASTER))  # fmt: skip
    growth = within("list page, growth from smallest to largest", ours=ours[-1] / ours[0], limit=FLAT, unit="×",
                    says="flat: ≤ 1.3×")  # fmt: skip
    below = signed_in(places[7].region_code)
    township = alternate({"ours": lambda: answered(below, "/clients/")}, rounds=ROUNDS)["ours"]
    narrow = within("list page, one township of the largest", ours=township / ours[0], limit=FLAT, unit="×",
                    says="flat: ≤ 1.3×")  # fmt: skip
    return [*rows, growth, narrow]


def above_frame(size: int, times: dict[str, float]) -> Row:
    """What the list itself costs: both pages less a page that is nothing but the same frame, session and sign-in."""
    ours, peer = times["ours"] - times["frame"], times["peer"] - times["frame"]
    return Row(f"list page, {size:,} rows, above an empty page", ours, "ms", peer=peer, bar=f"is {peer / ours:.1f}×")


def signed_in(region: str = "") -> Client:
    from accounts.views.gate import SECOND_FACTOR_KEY

    browser = Client()
    browser.force_login(people.member("official", region=region))
    session = browser.session
    session[SECOND_FACTOR_KEY] = True
    session.save()
    return browser


def answered(browser: Client, url: str) -> str:
    response = browser.get(url)
    if response.status_code != 200:
        raise RuntimeError(f"{url}: {response.status_code}")
    return response.content.decode()


def next_page(browser: Client) -> str:
    """The address of our second page: where a keyset page stands makes no difference to what it costs."""
    found = re.search(r'rel="next"\s+href="([^"]+)"', answered(browser, "/clients/"))
    return found.group(1).replace("&amp;", "&") if found else "/clients/"
