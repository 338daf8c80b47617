"""The demonstration data: laid once, completed when called again, only in demonstration mode."""

from __future__ import annotations

import os
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from stations.demonstration import lay_places_and_people, sign_ins

# Apps above lay their own part over ours; they are called by name, since nothing here may import upwards.
ABOVE = (("cases.demonstration", "lay_clients"),)


class Command(BaseCommand):
    help = "Lay the demonstration data (QIANSHOU_DEMO=1); --print lists the sign-ins."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--print", action="store_true", dest="listing", help="only list the sign-ins")
        parser.add_argument("--password", default=os.environ.get("DEMO_PASSWORD", ""), help="for all sign-ins")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is no demonstration: QIANSHOU_DEMO is not set.")
        if options["listing"]:
            self.list_sign_ins()
            return
        if not options["password"]:
            raise CommandError("Say the sign-ins' password: DEMO_PASSWORD or --password.")
        lay_places_and_people(options["password"])
        for module, name in ABOVE:
            if find_spec(module):
                getattr(import_module(module), name)()
        self.stdout.write("demonstration: laid")

    def list_sign_ins(self) -> None:
        for one in sign_ins():
            self.stdout.write(f"  {one['username']:<22} {one['role']} · {one['place']}")
