"""Enter the national starting values of all declared rules; run again, it adds only what is missing."""

from typing import Any

from django.core.management.base import BaseCommand

from core.rules.services import load_rules


class Command(BaseCommand):
    help = "Enter the national starting values of the declared rules that have none yet."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_rules()} rules entered")
