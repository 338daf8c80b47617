"""A credential for a demonstration's external system."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.roles import permissions_of
from core.scoping import Actor
from stations.models import Membership
from stations.services.credentials import issue_credential


class Command(BaseCommand):
    help = "Issue a credential to a demonstration's external system and print its secret (once)."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("username")
        parser.add_argument("--days", type=int, default=90)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is no demonstration: QIANSHOU_DEMO is not set.")
        held = Membership.objects.filter(user__username=options["username"], user__is_system=True, revoked_at=None)
        membership = held.select_related("user").first()
        if membership is None:
            raise CommandError(f"{options['username']} is no external system with a membership.")
        _, secret = issue_credential(
            Actor.system("demonstration credential"), membership=membership, name="示范凭证",
            scopes=permissions_of(membership.role), days=options["days"],
        )  # fmt: skip
        self.stdout.write(secret)
