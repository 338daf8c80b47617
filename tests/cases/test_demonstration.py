"""The invented people: enough of them, marked, impossible, the same every time."""

from __future__ import annotations

import pytest

from cases.demonstration import laid, lay_clients
from cases.models import Client, Consent
from core.identifiers.resident_id import age_on
from core.scoping import Actor, scope
from stations.models import Region

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test looks at the invented people")


@pytest.fixture
def people(zedang, maqiao, changzhu) -> list[Client]:
    lay_clients()
    with scope(SYSTEM):
        return list(Client.objects.visible_to(SYSTEM).order_by("region_code", "number"))


def test_each_place_has_its_people_and_a_second_run_adds_none(zedang, people):
    by_place = {code: sum(one.region_code == code for one in people) for code in {one.region_code for one in people}}
    assert by_place == {"540502001": 120, "540502101": 6, "330481004": 40}
    assert lay_clients() == 0
    with scope(SYSTEM):
        assert laid(SYSTEM) == 166


def test_no_number_can_be_anybodys(people):
    numbers = [number for one in people if (number := one.particulars().id_number)]
    assert len(numbers) > 150 and {number[4:6] for number in numbers} == {"99"}
    assert not Region.objects.filter(code__in={number[:6] for number in numbers}).exists()
    assert all(one.is_example for one in people)


def test_long_names_children_with_guardians_and_people_without_papers_are_among_them(people):
    assert any("·" in one.particulars().name for one in people)
    assert any(one.document_type == "none" for one in people)
    children = [one for one in people if age_on(one.birth_date, one.registered_on) < 14]
    assert children and all(one.particulars().guardian_phone for one in children)
    with scope(SYSTEM):
        guarded = set(
            Consent.objects.visible_to(SYSTEM).filter(given_by="guardian").values_list("client_id", flat=True)
        )
    assert {one.pk for one in children} <= guarded
