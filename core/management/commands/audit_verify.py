"""Check the audit trail; names every row that was changed, removed or added. Exit 0: whole. 1: touched."""

import sys
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand

from core.audit import sealing, verifying


class Command(BaseCommand):
    help = "Verify the audit trail against its seals and the anchor outside the database (QIANSHOU_ROLE=job)."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--limit", type=int, default=1000, help="stop after so many findings")

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for finding in islice(verifying.verify(), options["limit"]):
            found += 1
            self.stdout.write(f"{finding.what}\t{finding.row}\t{finding.says}")
        seals, rows = verifying.count_seals()
        anchors = sealing.read_anchors()
        if seals and not anchors:
            self.stderr.write(f"警告：{sealing.anchor_folder()} 没有锚点，尾部被截去将无从发现")
        self.stdout.write(f"{rows} 条记录，{seals} 道封条，{len(anchors)} 个锚点；发现 {found} 处问题。")
        if found:
            sys.exit(1)
