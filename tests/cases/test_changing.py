"""What may happen to a file once it is there."""

from __future__ import annotations

from datetime import date

import orjson
import pytest
from django.utils import timezone

from cases.enums import ClientState
from cases.models import Client, ClientHistory, Consent
from cases.queries import dossier, register, trail, waiting
from cases.services import (
    CategoryInput,
    ClientChange,
    add_category,
    close_category,
    create_household,
    erase_client,
    give_consent,
    join_household,
    leave_household,
    merge_clients,
    register_client,
    restore_client,
    reveal,
    unmerge_client,
    update_client,
    withdraw_client,
    withdraw_consent,
)
from cases.services.consents import ConsentInput
from core.audit.models import AuditEvent
from core.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from core.privacy import crypto
from core.scoping import scope
from tests.cases.conftest import OTHER, WOMAN, child, person, some_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(zedang):
    return zedang.actor("worker", user_id=7)


@pytest.fixture
def client(zedang, worker) -> Client:
    return register_client(
        worker, station_id=zedang.station.pk, said=person(phone="13812345678", address="泽当街道某路1号")
    )


def change(client, **fields) -> ClientChange:
    return ClientChange(client.pk, client.version, fields, reason="登记更正")


def test_a_change_moves_the_version_and_keeps_what_stood_there_sealed(worker, client):
    after = update_client(worker, change=change(client, phone="13900002222"))

    assert (after.version, after.particulars().phone) == (2, "13900002222")
    with scope(worker):
        kept = ClientHistory.objects.visible_to(worker).get(client=client)
    assert kept.changed == ["phone"] and b"13812345678" not in bytes(kept.sealed)
    opened = crypto.open_sealed(
        bytes(client.person_key), bytes(kept.sealed), context=f"client:{client.pk}:history".encode()
    )
    assert orjson.loads(opened) == {"before": {"phone": "13812345678"}, "after": {"phone": "13900002222"}}
    event = AuditEvent.objects.get(act="client.update")
    assert event.details == {"fields": ["phone"]} and "139" not in str(event.reason)


def test_the_second_of_two_who_saw_the_same_version_is_told(worker, client):
    update_client(worker, change=change(client, phone="13900002222"))
    with pytest.raises(Conflict) as caught:
        update_client(worker, change=change(client, phone="13900003333"))
    assert caught.value.code == "changed_meanwhile"
    with scope(worker):
        assert Client.objects.visible_to(worker).get().particulars().phone == "13900002222"


def test_a_change_is_checked_like_a_registration(worker, client):
    with pytest.raises(Invalid) as caught:
        update_client(worker, change=change(client, id_number="540599195703140017"))
    assert caught.value.code == "id.check"


def test_a_number_that_somebody_beyond_reach_has_is_answered_neutrally(worker, client, changzhu):
    register_client(changzhu.actor("worker"), station_id=changzhu.station.pk, said=person(name="甲", id_number=OTHER))
    facts = {"id_number": OTHER, "birth_date": None, "sex": ""}
    with pytest.raises(Conflict) as caught:
        update_client(worker, change=change(client, **facts))
    assert caught.value.code == "id_number_not_accepted" and "昌珠" not in caught.value.message


def test_a_neighbours_file_is_not_found(client, changzhu):
    neighbour = changzhu.actor("worker")
    for attempt in (
        lambda: update_client(neighbour, change=change(client, phone="13900002222")),
        lambda: reveal(neighbour, client_id=client.pk, field="phone", reason="走访联系"),
        lambda: withdraw_client(neighbour, client_id=client.pk, version=1, reason="登记错误"),
        lambda: add_category(neighbour, client_id=client.pk, category=CategoryInput("dibao", date(2024, 1, 1))),
        lambda: erase_client(neighbour, client_id=client.pk, reason="本人申请"),
    ):
        with pytest.raises(NotFound):
            attempt()
    with scope(neighbour), pytest.raises(NotFound):
        dossier.client_page(neighbour, client.pk)


def test_names_are_full_for_the_station_and_its_supervisor_and_masked_for_everybody_else(zedang, client):
    def seen(actor):
        with scope(actor):
            page = dossier.client_page(actor, client.pk)
            [row] = register.shown_rows(actor, list(register.clients(actor, {}).values(*register.FIELDS)))
            assert row["name"] == page.name
            return page

    for role in ("worker", "supervisor", "station_head"):
        assert seen(zedang.actor(role)).name == "次仁卓玛"
    for actor in (zedang.official(), zedang.actor("auditor"), zedang.actor("external")):
        assert seen(actor).name == "次***"
    masked = seen(zedang.actor("worker")).masked
    assert masked["id_number"] == "540599********0016"
    assert (masked["phone"], masked["address"]) == ("138****5678", "泽当街道***")


def test_nothing_of_a_childs_number_is_shown(zedang, worker):
    kid = register_client(worker, station_id=zedang.station.pk, said=child())
    with scope(worker):
        assert dossier.client_page(worker, kid.pk).masked["id_number"] == "*" * 18


def test_revealing_needs_permission_and_a_reason_and_is_written_down(zedang, worker, client):
    assert reveal(worker, client_id=client.pk, field="id_number", reason="核对证件") == WOMAN
    event = AuditEvent.objects.get(act="client.reveal")
    assert (event.reason, event.details, event.user_id) == ("核对证件", {"field": "id_number"}, 7)
    with pytest.raises(Refused, match="reason_missing"):
        reveal(worker, client_id=client.pk, field="id_number", reason=" 看 ")
    with pytest.raises(Forbidden):
        reveal(zedang.actor("uncertified_worker"), client_id=client.pk, field="phone", reason="走访联系")
    with pytest.raises(Invalid):
        reveal(worker, client_id=client.pk, field="person_key", reason="走访联系")
    assert AuditEvent.objects.filter(act="client.reveal").count() == 1


def test_who_read_lists_what_happened_in_plain_words(zedang, worker, client):
    reveal(worker, client_id=client.pk, field="phone", reason="走访联系")
    update_client(worker, change=change(client, community="泽当社区"))
    with scope(worker):
        looks = trail.who_read(worker, client.pk)
    assert [look.did for look in looks] == ["修改资料：村（社区）", "查看完整内容：电话", "登记建档"]
    assert (looks[1].reason, looks[1].role) == ("走访联系", "社工")
    with scope(official := zedang.official()), pytest.raises(Forbidden):
        trail.who_read(official, client.pk)
    with scope(auditor := zedang.official(role="auditor")):
        assert trail.who_read(auditor, client.pk)


def test_a_category_is_open_once_and_closed_once(zedang, worker, client):
    add_category(worker, client_id=client.pk, category=CategoryInput("dibao", date(2024, 1, 1), evidence="低保证 123"))
    with pytest.raises(Conflict):
        add_category(worker, client_id=client.pk, category=CategoryInput("dibao", date(2025, 1, 1)))
    with scope(worker):
        [line] = dossier.client_page(worker, client.pk).categories
    assert (line.label, line.evidence) == ("低保对象", "低保证 123")
    with scope(official := zedang.official()):
        assert dossier.client_page(official, client.pk).categories[0].evidence == ""
    with pytest.raises(Invalid):
        close_category(worker, client_id=client.pk, category_id=line.id, valid_to=date(2023, 1, 1))
    close_category(worker, client_id=client.pk, category_id=line.id, valid_to=date(2025, 1, 1))
    with pytest.raises(Conflict):
        close_category(worker, client_id=client.pk, category_id=line.id, valid_to=date(2025, 2, 1))
    with pytest.raises(NotFound):
        close_category(worker, client_id=client.pk, category_id=some_id(), valid_to=date(2025, 2, 1))


def test_consent_is_withdrawn_without_a_reason_and_then_waits_in_the_list(worker, client):
    with scope(worker):
        assert not waiting.without_consent(worker).exists()
        given = Consent.objects.visible_to(worker).get(client=client, purpose="service")
    withdraw_consent(worker, client_id=client.pk, consent_id=given.pk)
    with scope(worker):
        assert list(waiting.without_consent(worker)) == [client]
        again = Consent.objects.visible_to(worker).get(pk=given.pk)
    assert (again.withdrawn_on, again.withdrawn_by_id) == (timezone.localdate(), 7)
    with pytest.raises(Conflict):
        withdraw_consent(worker, client_id=client.pk, consent_id=given.pk)
    give_consent(worker, client_id=client.pk, said=ConsentInput("service", "self", timezone.localdate(), "2"))
    with scope(worker):
        assert not waiting.without_consent(worker).exists()


def test_a_child_cannot_consent_for_itself(zedang, worker):
    today = timezone.localdate()
    facts = {"id_number": "", "document_type": "none", "no_document_reason": "正在补办"}
    kid = register_client(
        worker,
        station_id=zedang.station.pk,
        said=child(**facts, birth_date=today.replace(year=today.year - 9), consent_on=today),
    )
    with pytest.raises(Invalid) as caught:
        give_consent(worker, client_id=kid.pk, said=ConsentInput("photo", "self", today))
    assert "given_by" in caught.value.fields
    with scope(worker):
        for consent in Consent.objects.visible_to(worker).filter(client=kid):
            withdraw_consent(worker, client_id=kid.pk, consent_id=consent.pk)
        assert list(waiting.children_without_guardian(worker)) == [kid]


def test_households_are_made_joined_and_left(zedang, worker, client):
    made = create_household(worker, client_id=client.pk)
    son = register_client(worker, station_id=zedang.station.pk, said=person(name="儿子", id_number=OTHER))
    with scope(worker):
        number = dossier.client_page(worker, made.pk).household
    assert number == "ZD-H-00001"
    join_household(worker, client_id=son.pk, household_number=number, relation="child")
    with scope(worker):
        assert [member.relation for member in dossier.client_page(worker, client.pk).members] == ["户主", "子女"]
    with pytest.raises(Conflict):
        create_household(worker, client_id=son.pk)
    leave_household(worker, client_id=son.pk)
    with pytest.raises(Conflict):
        leave_household(worker, client_id=son.pk)


def test_a_file_is_withdrawn_and_restored_with_reasons(worker, client):
    gone = withdraw_client(worker, client_id=client.pk, version=1, reason="登记到别的站")
    assert gone.state == ClientState.WITHDRAWN
    with pytest.raises(Refused):
        update_client(worker, change=change(gone, phone="13900002222"))
    assert restore_client(worker, client_id=client.pk, version=2, reason="撤回有误").state == ClientState.ACTIVE


def test_a_withdrawn_file_is_not_restored_when_its_number_was_registered_since(zedang, worker, client):
    withdraw_client(worker, client_id=client.pk, version=1, reason="登记错误")
    register_client(worker, station_id=zedang.station.pk, said=person(name="另立"))
    with pytest.raises(Conflict):
        restore_client(worker, client_id=client.pk, version=2, reason="撤回有误")


def test_merging_points_to_the_other_file_and_can_be_taken_back(zedang, worker, client):
    other = register_client(worker, station_id=zedang.station.pk, said=person(name="同一人", id_number=OTHER))
    kept = merge_clients(worker, client_id=other.pk, into_id=client.pk, reason="同一人两次登记")
    with scope(worker):
        merged = Client.objects.visible_to(worker).get(pk=other.pk)
    assert kept.pk == client.pk and (merged.state, merged.merged_into_id) == (ClientState.MERGED, client.pk)
    with pytest.raises(Refused):
        merge_clients(worker, client_id=client.pk, into_id=client.pk, reason="自己合并自己")
    back = unmerge_client(worker, client_id=other.pk, reason="核对后不是同一人")
    assert (back.state, back.merged_into_id) == (ClientState.ACTIVE, None)
    with pytest.raises(Refused):
        unmerge_client(worker, client_id=other.pk, reason="再拆分一次")


def test_erasure_destroys_the_key_and_everything_under_it(worker, client):
    update_client(worker, change=change(client, phone="13900002222"))
    key = bytes(client.person_key)
    erased = erase_client(worker, client_id=client.pk, reason="本人依法申请删除")
    assert erased.person_key is None and erased.birth_date is None and erased.id_index is None
    with pytest.raises(crypto.ErasedPerson):
        erased.particulars()
    with scope(worker):
        page = dossier.client_page(worker, client.pk)
        assert (page.is_erased, page.name, page.masked["phone"]) == (True, "（已清除）", "")
        assert dossier.history(worker, client.pk) == []
        assert register.shown_rows(worker, list(register.clients(worker, {"state": "erased"}).values(*register.FIELDS)))
    with pytest.raises(crypto.ErasedPerson):
        reveal(worker, client_id=client.pk, field="phone", reason="走访联系")
    assert key


@pytest.mark.parametrize(
    "keyword", ["次仁卓玛", "次仁", "crzm", "cr", WOMAN, "138 1234 5678", "ZD-C-00001", "zd-c-00001"]
)
def test_a_client_is_found_by(worker, client, keyword):
    with scope(worker):
        assert list(register.clients(worker, {"keyword": keyword})) == [client]


@pytest.mark.parametrize("keyword", ["卓玛次仁", "次珍", "crzmx", OTHER, "13812345679"])
def test_and_not_by(worker, client, keyword):
    with scope(worker):
        assert not register.clients(worker, {"keyword": keyword}).exists()


def test_who_is_not_shown_names_cannot_search_by_them(zedang, client):
    with scope(official := zedang.official()):
        assert not register.clients(official, {"keyword": "次仁卓玛"}).exists()
        assert not register.clients(official, {"keyword": "crzm"}).exists()
        assert register.clients(official, {"keyword": WOMAN}).exists()


def test_filters_by_age_and_category(zedang, worker, client):
    register_client(
        worker, station_id=zedang.station.pk, said=child(categories=[CategoryInput("dibao", date(2024, 1, 1))])
    )
    with scope(worker):
        assert register.clients(worker, {"age": "60-69"}).get() == client
        assert register.clients(worker, {"category": ["dibao"]}).get().number == "ZD-C-00002"
        assert register.clients(worker, {}).count() == 2


def test_a_page_of_the_register_costs_the_same_for_many_as_for_few(zedang, worker, client, django_assert_num_queries):
    with scope(worker):
        rows = list(register.clients(worker, {}).values(*register.FIELDS))
        with django_assert_num_queries(2):
            register.shown_rows(worker, rows * 50)
