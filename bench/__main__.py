"""python -m bench [ENTRY] [--factor F]: run the entries, print one table, write var/bench.json.

An entry is a module of this package with `ENTRY = "name"` and `run(factor) -> list[Row]`. Exits 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
from types import ModuleType

import django


def entries(wanted: str) -> list[ModuleType]:
    """The modules that declare an entry, in order of their names."""
    import bench

    names = sorted(module.name for module in pkgutil.iter_modules(bench.__path__) if not module.name.startswith("_"))
    modules = [
        importlib.import_module(f"bench.{name}") for name in names if name not in ("table", "timing", "database")
    ]
    found = [module for module in modules if hasattr(module, "ENTRY") and wanted in ("", module.ENTRY)]
    if not found:
        sys.exit(f"no entry {wanted!r}")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("entry", nargs="?", default=os.environ.get("ENTRY", ""))
    parser.add_argument("--factor", type=float, default=float(os.environ.get("FACTOR") or 1))
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.conf import settings

    from bench import table

    rows: list[table.Row] = []
    for module in entries(options.entry):
        print(f"… {module.ENTRY}", file=sys.stderr, flush=True)
        rows += module.run(options.factor)
        table.write(rows, settings.BASE_DIR / "var" / "bench.json")
    print(table.show(rows))
    return 1 if any(row.ok is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
