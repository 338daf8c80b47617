"""Organisations: each refusal of entering and correcting them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from core.errors import Conflict, Forbidden, Invalid, NotFound
from stations.models import Organisation
from stations.services.organisations import OrganisationInput, code_remarks, correct_organisation, enter_organisation

pytestmark = pytest.mark.django_db
SAID = OrganisationInput("长沙某社工中心（示范）", "52430100MJJ123450P", "service", "4301")


def test_a_full_width_code_is_stored_in_its_one_form(actor_of):
    said = replace(SAID, credit_code="５２４３０１００mjj123450p")
    assert enter_organisation(actor_of("official.hunan"), said=said).credit_code == SAID.credit_code


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "社"}, "name"),
        ({"credit_code": "52430100MJJ123450Q"}, "credit_code"),
        ({"credit_code": "91350100M000100Y4Z"}, "credit_code"),
        ({"credit_code": ""}, "credit_code"),
        ({"kind": "guild"}, "kind"),
        ({"region_code": "5405"}, "region"),
        ({"region_code": "999999"}, "region"),
        ({"parent_id": uuid4()}, "parent"),
        ({"founded_on": date(2999, 1, 1)}, "founded_on"),
    ],
)
def test_a_wrong_record_is_refused_beside_its_field(actor_of, change, field):
    with pytest.raises(Invalid) as refused:
        enter_organisation(actor_of("official.hunan"), said=replace(SAID, **change))
    assert field in refused.value.fields


def test_a_code_stands_once(actor_of):
    actor = actor_of("official.hunan")
    enter_organisation(actor, said=SAID)
    with pytest.raises(Conflict):
        enter_organisation(actor, said=replace(SAID, name="另一家（示范）"))


def test_warnings_do_not_block(actor_of):
    said = replace(SAID, kind="foundation")
    assert enter_organisation(actor_of("official.hunan"), said=said).kind == "foundation"
    assert code_remarks(SAID.credit_code, "foundation") and not code_remarks(SAID.credit_code, "service")


def test_no_organisation_is_above_itself(actor_of):
    actor = actor_of("official.hunan")
    above = enter_organisation(actor, said=SAID)
    below = enter_organisation(
        actor, said=OrganisationInput("株洲某中心（示范）", "52430299MJ0001029C", "service", "4302", parent_id=above.pk)
    )
    for parent in (above.pk, below.pk):
        with pytest.raises(Invalid) as refused:
            correct_organisation(actor, organisation_id=above.pk, version=1, said=replace(SAID, parent_id=parent))
        assert "parent" in refused.value.fields
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=above.pk).update(parent=above)


def test_correcting_asks_for_permission_reach_and_the_version(actor_of):
    one = enter_organisation(actor_of("official.hunan"), said=SAID)
    change = {"organisation_id": one.pk, "version": 1, "said": replace(SAID, contact="0731-82345678")}
    with pytest.raises(Forbidden):
        correct_organisation(actor_of("worker.zedang"), **change)
    with pytest.raises(NotFound):
        correct_organisation(actor_of("official.shenzhen"), **change)
    assert correct_organisation(actor_of("official.hunan"), **change).version == 2
    with pytest.raises(Conflict):
        correct_organisation(actor_of("official.hunan"), **{**change, "said": replace(SAID, contact="别的")})
