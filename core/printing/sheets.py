"""One PDF from one template and one set of data.

WeasyPrint was rejected: it needs system libraries that a county's machine may not have (libraries, "PDF / Word").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.utils import timezone

from core.scoping import Actor

SHEET = Path(__file__).with_name("sheet.typ")
# Chinese comes with a wheel; Tibetan and Uyghur are taken from the machine where a font for them is installed.
FONTS = ("Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "Noto Serif Tibetan", "Jomolhari",
         "Microsoft Himalaya", "Noto Sans Arabic", "UKIJ Tuz Tom")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Watermark:
    """Who printed, and when: across each page and in its foot."""

    who: str
    at: str

    @classmethod
    def of(cls, actor: Actor, at: datetime | None = None) -> Watermark:
        title = actor.facts.get("role_label", "")
        return cls(f"{actor.name} {title}".strip(), f"{timezone.localtime(at):%Y-%m-%d %H:%M}")


def render_pdf(template_name: str, data: Mapping[str, Any], *, mark: Watermark) -> bytes:
    """The PDF of `templates/<template_name>` (Typst). `data` is passed as JSON and never read as markup.

    Equal data and mark give equal bytes: the document carries no clock of its own.
    """
    import typst

    path = settings.BASE_DIR / "templates" / template_name
    source = SHEET.read_bytes() + b"\n" + path.read_bytes()
    inputs = {
        "data": orjson.dumps(dict(data), default=str).decode(),
        "mark": orjson.dumps(asdict(mark)).decode(),
        "fonts": orjson.dumps(known_fonts()).decode(),
    }
    compile_sheet: Any = typst.compile
    return compile_sheet(source, root=str(path.parent), font_paths=[font_folder()], sys_inputs=inputs)


@cache
def font_folder() -> str:
    import pylopdf_fonts_zh_cn

    return str(Path(pylopdf_fonts_zh_cn.sans_path()).parent)


@cache
def known_fonts() -> list[str]:
    """Of the wanted families, those this machine has, in order."""
    import typst

    here = set(typst.Fonts(font_paths=[font_folder()]).families()) if hasattr(typst, "Fonts") else set()
    return [family for family in FONTS if family in here] or list(FONTS[:1])
