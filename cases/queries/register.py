"""The register: who is on it, found by name, number, category, age, place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from cases.enums import Category, ClientState
from cases.models import Client, ClientCategory
from cases.queries import indexes
from cases.queries.ages import years_before
from cases.queries.masks import ERASED_NAME, sees_names, shown_name
from cases.queries.people import station_names, worker_names
from cases.queries.waiting import children_without_guardian, without_consent
from core import audit
from core.identifiers import IdentifierProblem
from core.identifiers.masking import mask_phone
from core.identifiers.names import initials_key, normalise_person_name
from core.identifiers.phone import check_phone
from core.identifiers.resident_id import age_on, normalise
from core.privacy.identity import open_particulars
from core.scoping import Actor
from core.scoping.actor import prefix_end

FIELDS = (
    "id", "number", "station_id", "person_key", "sealed", "birth_date", "sex", "community", "state", "worker_id",
    "registered_on", "document_type",
)  # fmt: skip
KIND = Client.IDENTITY_KIND
# A part of a name is found by its initials first; so many files at most are opened to see whether the characters fit.
MOST_OPENED = 2000
AGES = {
    "0-13": (0, 13),
    "14-17": (14, 17),
    "18-59": (18, 59),
    "60-69": (60, 69),
    "70-79": (70, 79),
    "80-": (80, 200),
}
WAITING = {"missing": without_consent, "guardian": children_without_guardian}
_FILE_NUMBER = re.compile(r"[A-Z]{1,8}-C-\d{1,6}", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"[0-9A-Za-z]{6,18}")


def clients(actor: Actor, asked: Mapping[str, Any]) -> QuerySet[Client]:
    """Files within reach. `asked`: keyword, age (a key of AGES), category (codes), consent (a key of WAITING), state.

    Nothing said of a state means active.
    """
    rows = Client.objects.visible_to(actor)
    if not asked.get("state"):
        rows = rows.filter(state=ClientState.ACTIVE)
    if asked.get("age"):
        rows = rows.filter(**born_between(*AGES[asked["age"]]))
    if asked.get("category"):
        rows = rows.filter(pk__in=_in_category(actor, asked["category"]))
    if asked.get("consent"):
        rows = rows.filter(pk__in=WAITING[asked["consent"]](actor).values("pk"))
    if asked.get("keyword"):
        rows = found(actor, rows, asked["keyword"])
    return rows


def born_between(youngest: int, oldest: int) -> dict[str, date]:
    """The births of everybody aged so much to so much (whole years) today."""
    today = timezone.localdate()
    return {"birth_date__lte": years_before(today, youngest), "birth_date__gt": years_before(today, oldest + 1)}


def _in_category(actor: Actor, codes: list[str]) -> QuerySet:
    today = timezone.localdate()
    rows = ClientCategory.objects.visible_to(actor).filter(category__in=codes, valid_from__lte=today)
    return rows.filter(Q(valid_to=None) | Q(valid_to__gt=today)).values("client_id")


def found(actor: Actor, rows: QuerySet[Client], keyword: str) -> QuerySet[Client]:
    """A file number; a whole ID number or telephone by keyed index; a name, a part of one or its initials.

    Names are searched only for those who are shown them.
    """
    text = normalise_person_name(keyword)
    if not text:
        return rows
    if _FILE_NUMBER.fullmatch(text):
        return rows.filter(number=text.upper())
    number = normalise(text.replace(" ", "")).upper()
    if _LONG_NUMBER.fullmatch(number) and any(character.isdigit() for character in number):
        return rows.filter(_by_number(number))
    phone = check_phone(text)
    if not isinstance(phone, IdentifierProblem):
        return rows.filter(phone_index=indexes.phone_index(phone.number))
    if not sees_names(actor):
        return rows.none()
    if text.isascii() and text.isalpha():
        initials = text.lower()
        return rows.filter(initials__gte=initials, initials__lt=prefix_end(initials))
    return rows.filter(Q(name_index=indexes.name_index(text)) | Q(pk__in=_named_like(rows, text)))


def _by_number(number: str) -> Q:
    condition = Q(id_index=indexes.id_index(number))
    phone = check_phone(number)
    if not isinstance(phone, IdentifierProblem):
        condition |= Q(phone_index=indexes.phone_index(phone.number))
    return condition


def _named_like(rows: QuerySet[Client], text: str) -> list[UUID]:
    """Files whose name begins with these characters: by initials, then opened and looked at."""
    initials = initials_key(text)[:16]
    if not initials:
        return []
    near = rows.filter(initials__gte=initials, initials__lt=prefix_end(initials), person_key__isnull=False)
    return [
        pk
        for pk, key, sealed in near.order_by("initials", "id").values_list("id", "person_key", "sealed")[:MOST_OPENED]
        if open_particulars(bytes(key or b""), bytes(sealed), kind=KIND, row_id=pk).name.startswith(text)
    ]


def shown_rows(actor: Actor, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of FIELDS as this actor is shown them: opened, masked, with names beside; and written down as looked at."""
    ids = [row["id"] for row in rows]
    audit.note("client", ids, how="listed")
    tags = category_labels(actor, ids)
    stations = station_names(actor, (row["station_id"] for row in rows))
    workers = worker_names(actor, (row["worker_id"] for row in rows))
    today = timezone.localdate()
    return [_shown(actor, row, tags, stations, workers, today) for row in rows]


def _shown(actor: Actor, row: dict[str, Any], tags: dict, stations: dict, workers: dict, today: date) -> dict[str, Any]:
    name, phone = ERASED_NAME, ""
    if row["person_key"]:
        said = open_particulars(row["person_key"], row["sealed"], kind=Client.IDENTITY_KIND, row_id=row["id"])
        name, phone = shown_name(actor, said.name), mask_phone(said.phone)
    birth = row["birth_date"]
    return {
        "id": row["id"],
        "number": row["number"],
        "name": name,
        "phone": phone,
        "sex": row["sex"],
        "age": age_on(birth, today) if birth else None,
        "categories": tags.get(row["id"], []),
        "community": row["community"],
        "station_id": row["station_id"],
        "station": stations.get(row["station_id"], ""),
        "worker": workers.get(row["worker_id"], ""),
        "state": row["state"],
        "registered_on": row["registered_on"],
    }


def category_labels(actor: Actor, ids: list[UUID]) -> dict[UUID, list[str]]:
    """The categories that hold today, by client, in one query."""
    today = timezone.localdate()
    rows = ClientCategory.objects.visible_to(actor).filter(client__in=ids, valid_from__lte=today)
    rows = rows.filter(Q(valid_to=None) | Q(valid_to__gt=today)).order_by("valid_from", "id")
    labels: dict[UUID, list[str]] = {}
    for client_id, code in rows.values_list("client_id", "category"):
        labels.setdefault(client_id, []).append(Category(code).label)
    return labels
