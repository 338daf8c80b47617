"""What waits at the register: consents missing, children without a guardian's consent that stands."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from cases.enums import ClientState, ConsentGiver, ConsentPurpose
from cases.models import Client, Consent
from cases.queries.ages import years_before
from core.scoping import Actor

GUARDIAN_BELOW = 14


def without_consent(actor: Actor) -> QuerySet[Client]:
    """Active files with no service consent that stands."""
    standing = _standing(actor).filter(purpose=ConsentPurpose.SERVICE)
    return _active(actor).filter(~Exists(standing))


def children_without_guardian(actor: Actor) -> QuerySet[Client]:
    """Children under 14 today whose guardian's consent was withdrawn or never came."""
    standing = _standing(actor).filter(given_by=ConsentGiver.GUARDIAN)
    born = years_before(timezone.localdate(), GUARDIAN_BELOW)
    return _active(actor).filter(~Exists(standing), birth_date__gt=born)


def _standing(actor: Actor) -> QuerySet[Consent]:
    return Consent.objects.visible_to(actor).filter(client=OuterRef("pk"), withdrawn_on=None)


def _active(actor: Actor) -> QuerySet[Client]:
    return Client.objects.visible_to(actor).filter(state=ClientState.ACTIVE)
