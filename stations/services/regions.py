"""Keeping the territory true: names change, divisions split and merge, official numbers are entered with their source.

A division that ended keeps its row, with the day and its successor. What stands at its code (stations and all below
them) is re-coded by a job that comes later; until then those rows stay where they are and the page says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Length, Substr
from django.utils import timezone

from accounts.roles import Perm
from core import audit
from core.errors import Conflict, Invalid, NotFound, Refused
from core.jobs.services import enqueue
from core.scoping import Actor, service
from stations.enums import LEVEL_OF_LENGTH
from stations.models import Region, RegionCount
from stations.services.recoding import TASK
from stations.territory.divisions import PARENT_LENGTH

FARTHEST = timedelta(days=366)
WHATS = {code: label for code, label in RegionCount._meta.get_field("what").choices or ()}


class NewRegion(NamedTuple):
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class CountInput:
    """An official number with its day and source: what rates are divided by."""

    what: str
    as_of: date
    value: int
    source: str


@service
def rename_region(actor: Actor, *, code: str, name: str, reason: str) -> Region:
    """Another name from now on; the code stays, full names below it follow. Raises NotFound, Invalid."""
    region = _lock(actor, code)
    named = _name(name)
    if named == region.name:
        return region
    before = region.full_name
    after = before.removesuffix(region.name) + named
    pinyin, initials = place_keys(named)
    Region.objects.filter(pk=code).update(name=named, full_name=after, pinyin=pinyin, initials=initials)
    below = Region.objects.filter(code__startswith=code, full_name__startswith=before).exclude(pk=code)
    below.update(full_name=Concat(Value(after), Substr(F("full_name"), Length(Value(before)) + 1)))
    _record(actor, "region.rename", code, reason, before=region.name, after=named)
    return Region.objects.get(pk=code)


@service
def split_region(actor: Actor, *, code: str, into: Sequence[NewRegion], on: date, reason: str) -> list[Region]:
    """On this day the division becomes two or more of its level; the first is the successor its rows will follow."""
    region = _lock(actor, code)
    _check_day(region, on)
    if len(into) < 2:
        raise Invalid("region.split_into_two", "拆分后至少有两个区划。", {"into": ["请填写至少两个新区划。"]})
    made = [_create(actor, region, new, on) for new in into if new.code != code]
    if len(made) != len(into):
        message = "拆分后的区划须使用新代码。"
        raise Invalid("region.code_same", message, {"into": [message]})
    _end(region, on, made[0])
    enqueue(TASK, {})
    _record(actor, "region.split", code, reason, into=[new.code for new in into], on=on.isoformat())
    return made


@service
def merge_regions(actor: Actor, *, codes: Sequence[str], into: NewRegion, on: date, reason: str) -> Region:
    """On this day they become one: a new code, or one of them that goes on. Raises NotFound, Invalid, Conflict."""
    regions = [_lock(actor, code) for code in sorted(set(codes))]
    if len(regions) < 2:
        raise Invalid("region.merge_two", "至少选择两个区划合并。", {"codes": ["至少选择两个区划。"]})
    if len({region.parent_id for region in regions}) > 1:
        raise Refused("region.merge_siblings", "只能合并同一上级的区划。", {"codes": ["只能合并同一上级的区划。"]})
    for region in regions:
        _check_day(region, on)
    stays = next((region for region in regions if region.code == into.code), None)
    if stays is None:
        target = _create(actor, regions[0], into, on)
    else:
        target = rename_region(actor, code=stays.code, name=into.name, reason=reason)
    for region in regions:
        if region.code != target.code:
            _end(region, on, target)
    enqueue(TASK, {})
    _record(actor, "region.merge", target.code, reason, codes=[region.code for region in regions], on=on.isoformat())
    return target


@service
def enter_count(actor: Actor, *, code: str, said: CountInput) -> RegionCount:
    """An official number of a division, entered once a day and kind. Raises NotFound, Invalid by field, Conflict."""
    region = _lock(actor, code)
    problems = {}
    if said.what not in WHATS:
        problems["what"] = ["没有这个项目。"]
    if said.as_of > timezone.localdate():
        problems["as_of"] = ["截至日期不能晚于今天。"]
    if said.value < 0:
        problems["value"] = ["数值不能小于 0。"]
    if len(said.source.strip()) < 4:
        problems["source"] = ["请写明来源（文件或年鉴的名称）。"]
    if problems:
        raise Invalid("region.count_invalid", "请按提示修改。", problems)
    try:
        with transaction.atomic():
            count = RegionCount.objects.create(
                region=region, what=said.what, as_of=said.as_of, value=said.value, source=said.source.strip()[:200]
            )
    except IntegrityError as error:
        message = "这一天的数字已经登记过。"
        raise Conflict("region.count_once", message, {"as_of": [message]}) from error
    _record(actor, "region.count", code, "", what=said.what, as_of=said.as_of.isoformat())
    return count


def place_keys(name: str) -> tuple[str, str]:
    """Full pinyin and initials of a place, as the published tree writes them (no tones, ü is v)."""
    from pypinyin import lazy_pinyin

    syllables = [one for one in lazy_pinyin(name, errors="ignore", v_to_u=False) if one]
    return "".join(syllables)[:200], "".join(one[0] for one in syllables)[:64]


# -- inside


def _lock(actor: Actor, code: str) -> Region:
    """The valid division, locked. Raises Forbidden, NotFound (also for one beyond reach), Refused when it ended."""
    actor.require(Perm.REGION_MANAGE)
    region = Region.objects.select_for_update(of=("self",)).filter(pk=code).first()
    if region is None or not actor.reach.covers(region.code, None):
        raise NotFound()
    if region.valid_to is not None:
        raise Refused("region.ended", f"{region.full_name}已于 {region.valid_to} 停用，不能再改。")
    return region


def _name(name: str) -> str:
    named = "".join(name.split())
    if not 2 <= len(named) <= 64:
        raise Invalid("region.name", "请填写区划名称。", {"name": ["请填写区划名称（2 至 64 字）。"]})
    return named


def _check_day(region: Region, on: date) -> None:
    message = ""
    if region.valid_from and on <= region.valid_from:
        message = f"日期须晚于启用日期（{region.valid_from}）。"
    elif on > timezone.localdate() + FARTHEST:
        message = "日期最多提前一年登记。"
    if message:
        raise Invalid("bad_day", message, {"on": [message]})


def _create(actor: Actor, like: Region, new: NewRegion, on: date) -> Region:
    """A division of the same level below the same parent."""
    name, code = _name(new.name), new.code.strip()
    parent = (
        code[: PARENT_LENGTH[len(code)]] if code.isascii() and code.isdecimal() and len(code) in PARENT_LENGTH else ""
    )
    if len(code) != len(like.code) or parent != (like.parent_id or ""):
        message = f"新代码应为 {len(like.code)} 位数字，并以 {like.parent_id} 开头。"
        raise Invalid("region.code", message, {"into": [message]})
    if not actor.reach.covers(code, None):
        raise NotFound()
    pinyin, initials = place_keys(name)
    region = Region(
        code=code,
        name=name,
        full_name=like.full_name.removesuffix(like.name) + name,
        level=LEVEL_OF_LENGTH[len(code)],
        parent_id=like.parent_id,
        pinyin=pinyin,
        initials=initials,
        valid_from=on,
    )
    try:
        with transaction.atomic():
            region.save(force_insert=True)
    except IntegrityError as error:
        message = f"代码 {code} 已经使用过；停用的代码不再使用。"
        raise Conflict("region.code_taken", message, {"into": [message]}) from error
    return region


def _end(region: Region, on: date, successor: Region) -> None:
    Region.objects.filter(pk=region.pk).update(valid_to=on, successor=successor)


def _record(actor: Actor, act: str, code: str, reason: str, **details: Any) -> None:
    audit.record(actor, act, kind="region", region_code=code, reason=reason.strip()[:200], **details)
