"""The pages of the register: stranger, neighbour, reader, writer."""

from __future__ import annotations

import re
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.urls import reverse

from cases.models import Client
from cases.services import erase_client, register_client
from core.audit.models import AuditEvent
from core.scoping import Actor, scope
from tests.cases.conftest import CHILD, WOMAN, child, make_official, make_place, make_user, person

pytestmark = pytest.mark.usefixtures("committed_database")
SYSTEM = Actor.system("test looks at the register")


@pytest.fixture(autouse=True)
def unblocked(django_db_blocker, settings):
    # The second factor has tests of its own.
    settings.DEMO = True
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="module")
def world(committed_database, django_db_blocker) -> SimpleNamespace:
    with django_db_blocker.unblock():
        here, there = make_place("540502001", "泽当站"), make_place("540502101", "昌珠站")
        worker = make_user(here, "worker", "白玛央金")
        client = register_client(
            here.actor("worker"),
            station_id=here.station.pk,
            said=person(phone="13812345678", address="泽当街道某路1号"),
        )
        return SimpleNamespace(
            here=here,
            there=there,
            client=client,
            worker=worker,
            neighbour=make_user(there, "worker", "何静"),
            beginner=make_user(here, "uncertified_worker", "新人"),
            supervisor=make_user(here, "supervisor", "周岚"),
            official=make_official("540502", "李经办"),
        )


def browser(user) -> Browser:
    signed_in = Browser()
    signed_in.force_login(user)
    return signed_in


def new_person(world, **changes):
    facts = {
        "station": str(world.here.station.pk), "name": "拉巴", "document_type": "resident_id",
        "id_number": "430199200002290050", "consent_on": "2026-01-05", "submit_token": "token-token-1",
    }  # fmt: skip
    return facts | changes


def registered() -> int:
    with scope(SYSTEM):
        return Client.objects.visible_to(SYSTEM).count()


ROUTES = [("clients", ()), ("client", ("pk",)), ("client_trail", ("pk",)), ("client_print", ("pk",)),
          ("client_trail_print", ("pk",)), ("client_edit", ("pk",)), ("client_new", ())]  # fmt: skip


@pytest.mark.parametrize(("name", "args"), ROUTES)
def test_each_page_opens_for_the_worker_and_asks_a_stranger_to_sign_in(world, name, args):
    url = reverse(f"cases:{name}", args=[world.client.pk] if args else [])
    assert browser(world.worker).get(url).status_code == 200
    answer = Browser().get(url)
    assert answer.status_code == 302 and "次仁" not in answer.content.decode()


@pytest.mark.parametrize(("name", "args"), [route for route in ROUTES if route[1]])
def test_a_neighbour_finds_nothing(world, name, args):
    answer = browser(world.neighbour).get(reverse(f"cases:{name}", args=[world.client.pk]))
    assert answer.status_code == 404
    assert "次仁" not in answer.content.decode()


def test_the_worker_sees_the_name_and_the_official_a_mask_and_nobody_a_number(world):
    url = reverse("cases:client", args=[world.client.pk])
    mine, theirs = (browser(user).get(url).content.decode() for user in (world.worker, world.official))
    assert "次仁卓玛" in mine and "次仁卓玛" not in theirs and "次***" in theirs
    for page in (mine, theirs):
        assert WOMAN not in page and "13812345678" not in page and "某路1号" not in page
        assert "540599********0016" in page and "138****5678" in page


def test_the_list_masks_names_for_officials_and_keeps_terms_out_of_the_url(world):
    url = reverse("cases:clients")
    assert "次仁卓玛" in browser(world.worker).get(url).content.decode()
    assert "次仁卓玛" not in browser(world.official).get(url).content.decode()
    asked = browser(world.worker).post(f"{url}?do=search", {"keyword": "次仁"})
    assert asked.status_code == 302 and "次仁" not in asked["Location"] and "q=" in asked["Location"]


def test_an_unknown_query_parameter_and_a_huge_page_are_refused(world):
    url = reverse("cases:clients")
    assert browser(world.worker).get(f"{url}?colour=red").status_code == 400
    assert browser(world.worker).get(f"{url}?page_size=100000000").status_code == 400


def test_every_look_is_written_down(world):
    before = AuditEvent.objects.filter(act="client.read").count()
    browser(world.supervisor).get(reverse("cases:client", args=[world.client.pk]))
    assert AuditEvent.objects.filter(act="client.read").count() == before + 1
    page = browser(world.worker).get(reverse("cases:client_trail", args=[world.client.pk])).content.decode()
    assert "周岚" in page and "打开档案" in page


def test_revealing_asks_a_reason_and_gives_one_value(world):
    url = reverse("cases:client_reveal", args=[world.client.pk, "phone"])
    assert browser(world.worker).post(url, {"reason": ""}).status_code == 422
    assert browser(world.worker).post(url, {"reason": "other", "note": ""}).status_code == 422
    answer = browser(world.worker).post(url, {"reason": "visit", "note": "约明天上门"})
    assert "13812345678" in answer.content.decode()
    assert AuditEvent.objects.filter(act="client.reveal", reason="走访或联系本人：约明天上门").count() == 1
    assert browser(world.beginner).post(url, {"reason": "visit"}).status_code == 403
    assert browser(world.neighbour).post(url, {"reason": "visit"}).status_code == 404
    assert browser(world.worker).get(url).status_code == 405


def test_a_good_form_registers_once_however_often_it_is_sent(world):
    before, signed_in = registered(), browser(world.worker)
    first = signed_in.post(reverse("cases:client_new"), new_person(world))
    again = signed_in.post(reverse("cases:client_new"), new_person(world))
    assert first.status_code == 302 and first["Location"] == again["Location"]
    assert registered() == before + 1


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"id_number": "430199200002290051"}, "id_number", "校验位不符"),
        ({"id_number": ""}, "id_number", "无证件"),
        ({"id_number": "4.30199E+17"}, "id_number", "数字"),
        ({"birth_date": "2000-02-28"}, "birth_date", "不一致"),
        ({"sex": "2"}, "sex", "不一致"),
        ({"id_number": CHILD, "consent_on": ""}, "guardian_name", "监护人"),
        ({"id_number": WOMAN}, "id_number", "ZD-C-00001"),
        ({"name": "次仁卓玛", "birth_date": "1957-03-14", "id_number": "", "document_type": "none",
          "no_document_reason": "正在补办"}, "duplicate_reason", "同一人"),
        ({"station": "00000000-0000-0000-0000-000000000000"}, "station", "选择"),
    ],
)  # fmt: skip
def test_a_refused_form_says_why_beside_the_field(world, changes, field, says):
    before = registered()
    answer = browser(world.worker).post(
        reverse("cases:client_new"), new_person(world, submit_token=uuid4().hex, **changes)
    )
    assert answer.status_code == 422 and registered() == before
    errors = answer.context["form"].errors
    assert any(says in error for error in errors.get(field, ())), errors


def test_registering_at_a_neighbours_station_is_refused(world):
    facts = new_person(world, station=str(world.there.station.pk), submit_token="foreign-one")
    assert browser(world.worker).post(reverse("cases:client_new"), facts).status_code == 422


def test_editing_shows_no_number_and_keeps_what_is_left_empty(world):
    with scope(SYSTEM):
        version = Client.objects.visible_to(SYSTEM).get(pk=world.client.pk).version
    url = reverse("cases:client_edit", args=[world.client.pk])
    signed_in = browser(world.worker)
    page = signed_in.get(url).content.decode()
    assert WOMAN not in page and "13812345678" not in page and "某路1号" not in page
    facts = {"version": version, "name": "次仁卓玛", "document_type": "resident_id", "birth_date": "1957-03-14",
             "sex": "1", "community": "泽当社区"}  # fmt: skip
    assert signed_in.post(url, facts).status_code == 302
    with scope(SYSTEM):
        after = Client.objects.visible_to(SYSTEM).get(pk=world.client.pk)
    assert after.particulars().phone == "13812345678" and after.community == "泽当社区"
    stale = signed_in.post(url, {**facts, "community": "别的社区"})
    assert stale.status_code == 422 and "刚被别人改过" in stale.content.decode()


def test_small_writes_go_through_their_dialogs(world):
    signed_in, pk = browser(world.worker), world.client.pk
    here = reverse("cases:client", args=[pk])
    signed_in.post(
        reverse("cases:category_add", args=[pk]), {"category": "dibao", "valid_from": "2024-01-01", "evidence": "证"}
    )
    signed_in.post(reverse("cases:household_join", args=[pk]), {"relation": "self"})
    page = signed_in.get(here).content.decode()
    assert "低保对象" in page and "ZD-H-00001" in page
    consent = re.search(r"consents/([0-9a-f-]{36})/withdraw", page)[1]
    signed_in.post(reverse("cases:consent_withdraw", args=[pk, consent]))
    assert "已撤回" in signed_in.get(here).content.decode()
    history = signed_in.get(f"{here}?tab=history").content.decode()
    assert "<del>" in history and "对象类别" in history
    assert browser(world.neighbour).post(reverse("cases:household_leave", args=[pk])).status_code == 404


@pytest.mark.parametrize("role", ["supervisor", "official"])
def test_who_may_only_look_cannot_write(world, role):
    signed_in, pk = browser(getattr(world, role)), world.client.pk
    for name in ("category_add", "consent_give", "household_join", "household_leave"):
        assert signed_in.post(reverse(f"cases:{name}", args=[pk])).status_code == 403
    assert signed_in.get(reverse("cases:client_new")).status_code == 403


def test_the_print_sheet_is_a_pdf_that_is_written_down(world):
    answer = browser(world.worker).get(reverse("cases:client_print", args=[world.client.pk]))
    assert answer.content.startswith(b"%PDF") and answer["Content-Type"] == "application/pdf"
    assert AuditEvent.objects.filter(act="client.printed").exists()


def test_an_erased_file_says_so_and_prints_nothing(world):
    kid = register_client(world.here.actor("worker"), station_id=world.here.station.pk, said=child())
    erase_client(world.here.actor("worker"), client_id=kid.pk, reason="监护人依法申请")
    signed_in = browser(world.worker)
    page = signed_in.get(reverse("cases:client", args=[kid.pk])).content.decode()
    assert "档案已依法清除" in page and "扎西" not in page
    assert signed_in.get(reverse("cases:client_print", args=[kid.pk])).status_code == 422


def test_the_list_and_the_page_cost_a_fixed_number_of_queries(world, django_assert_max_num_queries):
    signed_in = browser(world.worker)
    signed_in.get(reverse("cases:clients"))
    with django_assert_max_num_queries(32):
        signed_in.get(reverse("cases:clients"))
    with django_assert_max_num_queries(32):
        signed_in.get(reverse("cases:client", args=[world.client.pk]))
