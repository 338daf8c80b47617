"""Seal what waits and write the chain's tail to the anchor, now; the schedule does the same each minute."""

from typing import Any

from django.core.management.base import BaseCommand

from core.audit import sealing


class Command(BaseCommand):
    help = "Seal the waiting audit rows and anchor the tail (run as the job role: QIANSHOU_ROLE=job)."

    def handle(self, *args: Any, **options: Any) -> None:
        sealed = sealing.seal_all()
        anchored = sealing.anchor_tail()
        self.stdout.write(f"sealed {sealed} rows; anchor {'written' if anchored else 'unchanged'}")
