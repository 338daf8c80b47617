"""The frame: a menu without dead ends, keys and skip link, search, 待办, drafts, the first page."""

from __future__ import annotations

import re

import pytest
from django.test import RequestFactory

from accounts.roles import ROLES
from core import frame, registries
from core.jobs.models import Notification
from core.lists.models import Draft
from core.registries import Found, MenuEntry, SearchSource, Todo, TodoSource

pytestmark = pytest.mark.usefixtures("list_site")


@pytest.fixture
def registry(monkeypatch):
    """Registries of this test alone."""
    for name in ("menu", "searches", "todos"):
        monkeypatch.setattr(registries, name, registries.Registry(name))
    return registries


@pytest.mark.parametrize("role", [code for code in ROLES if code != "external"])
def test_no_entry_of_the_menu_leads_to_a_refusal(make_member, settings, role):
    settings.ROOT_URLCONF = "config.urls"
    browser, _ = make_member(role, region="540502")
    page = browser.get("/help/")
    links = re.findall(r'class="item"\s+href="([^"]+)"', page.content.decode())

    assert links and page.status_code == 200
    assert {link: browser.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_each_entry_is_shown_to_those_who_hold_its_permission_only(registry, make_member):
    registry.menu.register("a", MenuEntry("服务", "甲", "core:todo", "home", "station.read"))
    registry.menu.register("b", MenuEntry("设置", "乙", "core:help", "help", "audit.read"))
    registry.menu.register("c", MenuEntry("设置", "丙", "nowhere:at_all", "help", "station.read"))
    _, official = make_member("official", region="540502")

    assert [entry.label for entry, _ in frame.allowed_entries(official)] == ["甲"]


def test_groups_stand_in_the_order_people_know(registry, make_member):
    for code, group in (("a", "设置"), ("b", "服务"), ("c", ""), ("d", "别的")):
        registry.menu.register(code, MenuEntry(group, code, "core:todo", "home", "home"))
    _, actor = make_member("official", region="540502")

    assert [group["label"] for group in frame.menu(frame.allowed_entries(actor), "/")] == ["", "服务", "设置", "别的"]


def test_the_longest_matching_address_is_the_current_entry():
    entries = [(None, "/"), (None, "/stations/"), (None, "/stations/workers/")]

    assert frame.current_url(entries, "/stations/workers/7/") == "/stations/workers/"
    assert frame.current_url(entries, "/stations/9/") == "/stations/"
    assert frame.current_url(entries, "/elsewhere/") == ""


def test_every_page_has_a_skip_link_a_main_and_named_landmarks(make_member):
    browser, _ = make_member("official", region="540502")

    for path in ("/", "/todo/", "/help/", "/notifications/", "/exports/", "/search/", "/stations/"):
        page = browser.get(path).content.decode()
        assert '<a class="skip" href="#main">' in page and '<main id="main"' in page, path
        assert page.count("<h1") == 1, path
        assert 'aria-label="主菜单"' in page and 'aria-keyshortcuts="/"' in page, path


def test_the_frame_is_not_worked_out_for_a_page_without_a_person(db):
    request = RequestFactory().get("/")
    request.actor = None

    assert frame.context(request) == {"actor": None, "frame": {}}


def test_search_asks_each_source_under_its_permission_and_leaves_no_term_in_the_url(registry, make_member):
    asked = []

    def find(actor, text, limit):
        asked.append((text, limit))
        return [Found(f"{text}{n}", f"/x/{n}/") for n in range(limit)]

    registry.searches.register("a", SearchSource("社工站", "station.read", find))
    registry.searches.register("b", SearchSource("审计", "audit.read", lambda *_: pytest.fail("not this role's")))
    browser, _ = make_member("official", region="540502")

    page = browser.post("/search/", {"q": "扎西"}).content.decode()
    part = browser.post("/search/suggest/", {"q": "扎西"}).content.decode()

    assert asked == [("扎西", 21), ("扎西", 6)]
    assert "扎西19" in page and "扎西20" not in page and "还有更多" in page
    assert part.count("<li>") == 5 and "<html" not in part
    assert browser.get("/search/?q=扎西").content.decode().count("扎西") == 0


def test_a_search_term_over_sixty_characters_is_refused(make_member):
    browser, _ = make_member("official", region="540502")

    assert browser.post("/search/", {"q": "长" * 61}).status_code == 400


def test_todo_shows_what_waits_late_first_and_the_bell_counts_it(registry, make_member):
    registry.todos.register(
        "a", TodoSource("home", lambda actor: [Todo("核对时长", 6, "/a/"), Todo("没有的", 0, "/n/")])
    )
    registry.todos.register("b", TodoSource("home", lambda actor: [Todo("逾期走访", 3, "/b/", tone="late")]))
    registry.todos.register("c", TodoSource("audit.read", lambda actor: pytest.fail("not this role's")))
    browser, _ = make_member("official", region="540502")

    page = browser.get("/todo/").content.decode()

    assert page.index("逾期走访") < page.index("核对时长") and "没有的" not in page
    assert 'aria-label="待办，9 项"' in page


def test_a_draft_is_sealed_and_its_owners_alone(make_member):
    browser, actor = make_member("official", region="540502")
    from core.web.drafts import read_draft

    answer = browser.post("/drafts/client.new/", {"name": "扎西", "tags": ["a", "b"]})
    draft = Draft.objects.get()

    assert answer.status_code == 204 and answer["X-Session-Expires"]
    assert "扎西".encode() not in bytes(draft.sealed)
    kept = read_draft(actor, "client.new")
    assert kept["name"] == "扎西" and kept.getlist("tags") == ["a", "b"]
    _, other = make_member("official", region="540502", name="other")
    assert read_draft(other, "client.new") is None


@pytest.mark.parametrize(("key", "size"), [("x" * 121, 1), ("A B", 1), ("client.new", 70_000)])
def test_a_strange_or_huge_draft_is_refused(make_member, key, size):
    browser, _ = make_member("official", region="540502")

    assert browser.post(f"/drafts/{key}/", {"name": "x" * size}).status_code == 400
    assert not Draft.objects.exists()


def test_discarding_a_draft_goes_back_within_the_house_only(make_member):
    browser, _ = make_member("official", region="540502")
    browser.post("/drafts/client.new/", {"name": "x"})

    assert browser.post("/drafts/client.new/discard/?next=https://elsewhere.example/")["Location"] == "/"
    assert browser.post("/drafts/client.new/discard/?next=/clients/new/")["Location"] == "/clients/new/"
    assert not Draft.objects.exists()


def test_notifications_are_the_persons_own_and_can_be_marked_read(make_member):
    browser, actor = make_member("official", region="540502")
    _, other = make_member("official", region="540502", name="other")
    Notification.objects.create(user_id=actor.user_id, text="导出已完成", url="/jobs/")
    Notification.objects.create(user_id=other.user_id, text="别人的")

    page = browser.get("/notifications/").content.decode()
    assert "导出已完成" in page and "别人的" not in page
    browser.post("/notifications/read/")
    assert set(Notification.objects.filter(read_at=None).values_list("text", flat=True)) == {"别人的"}


def test_the_first_page_says_what_to_do_first_or_next(registry, make_member, make_stations):
    browser, _ = make_member("official", region="540502")
    page = browser.get("/").content.decode()
    assert "没有等您处理的事" in page and "运行中的社工站" in page

    registry.todos.register("b", TodoSource("home", lambda actor: [Todo("逾期走访", 3, "/b/", tone="late")]))
    page = browser.get("/").content.decode()
    assert "下一步" in page and "逾期走访（3）" in page


def test_the_first_page_shows_no_figure_of_what_the_role_may_not_open(make_member):
    browser, _ = make_member("association", region="540502")

    page = browser.get("/").content.decode()

    assert "在岗社工" in page and "在册服务对象" not in page
