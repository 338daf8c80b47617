"""What waits for somebody in the field."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from core.scoping import Actor
from stations.enums import Certificate, Employment, StationKind, StationStatus
from stations.models import Station, Worker

# A registration holds three years (003-02, domain "Workers"); it is announced a quarter before it ends.
REGISTRATION_DAYS, ANNOUNCED_DAYS = 3 * 365, 90


def stations_without_operator(actor: Actor) -> int:
    """Running stations nobody operates."""
    rows = Station.objects.visible_to(actor).filter(kind=StationKind.STATION, status=StationStatus.RUNNING)
    return rows.filter(operator=None).count()


def registrations_ending(actor: Actor) -> tuple[int, int]:
    """(over already, ending within a quarter) of certified workers in post."""
    today = timezone.localdate()
    over, soon = today - timedelta(days=REGISTRATION_DAYS), today - timedelta(days=REGISTRATION_DAYS - ANNOUNCED_DAYS)
    rows = Worker.objects.visible_to(actor).filter(employment=Employment.ACTIVE, withdrawn_at=None)
    rows = rows.exclude(certificate=Certificate.NONE)
    return rows.filter(registered_on__lte=over).count(), rows.filter(
        registered_on__gt=over, registered_on__lte=soon
    ).count()
