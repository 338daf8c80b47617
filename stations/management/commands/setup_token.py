"""Print the secret that opens the first-run wizard; nothing once there are accounts."""

from typing import Any

from django.core.management.base import BaseCommand

from stations.services.setup import is_open, make_token


class Command(BaseCommand):
    help = "Make (once) and print the token of the first-run wizard; prints nothing once somebody has an account."

    def handle(self, *args: Any, **options: Any) -> None:
        if is_open():
            self.stdout.write(make_token())
