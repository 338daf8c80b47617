"""The identity base: what every kind of person (client, worker, later volunteer and donor) keeps of who they are.

There is no Person table: each kind keeps its own identity, and that two rows are the same human is shown only to
someone who may see both. Name, numbers, phone and address are one sealed value under the person's own key; beside it
stand keyed indexes for exact search and the pinyin initials for sorting, which name nobody.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import orjson
from django.db import models

from core.identifiers.documents import DocumentType
from core.identifiers.names import name_keys, normalise_person_name
from core.identifiers.resident_id import Sex
from core.privacy import crypto
from core.privacy.classification import Personal, Public, Sensitive

SEX_CHOICES = [(Sex.UNKNOWN, "未知"), (Sex.MALE, "男"), (Sex.FEMALE, "女"), (Sex.UNSTATED, "未说明")]
DOCUMENT_CHOICES = [(document.value, document.label) for document in DocumentType]


@dataclass(frozen=True, slots=True)
class Particulars:
    """The person's particulars in clear. Never logged, never cached, never put into a task's arguments."""

    name: str
    id_number: str = ""
    phone: str = ""
    address: str = ""
    no_document_reason: str = ""
    guardian_name: str = ""
    guardian_phone: str = ""

    def __repr__(self) -> str:
        return "Particulars(…)"

    __str__ = __repr__


class Identity(models.Model):
    """Who a person is, sealed, with keyed indexes beside it."""

    IDENTITY_KIND = ""

    document_type = Public(models.CharField("证件类型", max_length=24, choices=DOCUMENT_CHOICES))
    sealed = Sensitive(models.BinaryField("身份（密文）"))
    person_key = Sensitive(models.BinaryField("个人密钥（包裹）", null=True))
    id_index = Personal(models.UUIDField("证件号码索引", null=True, editable=False))
    id_county = Public(models.CharField("索引所在区县", max_length=6, editable=False))
    name_index = Personal(models.BigIntegerField("姓名索引", editable=False))
    phone_index = Personal(models.BigIntegerField("电话索引", null=True, editable=False))
    initials = Personal(models.CharField("拼音首字母", max_length=16, db_collation="C", editable=False))
    birth_date = Personal(models.DateField("出生日期", null=True))
    sex = Personal(models.CharField("性别", max_length=1, choices=SEX_CHOICES, default=Sex.UNKNOWN))

    class Meta:
        abstract = True

    def particulars(self) -> Particulars:
        """Open the seal. Raises crypto.ErasedPerson when the person's key was destroyed."""
        key = bytes(self.person_key) if self.person_key else None
        return open_particulars(key, bytes(self.sealed), kind=self.IDENTITY_KIND, row_id=self.pk)


def seal_context(kind: str, row_id: UUID) -> bytes:
    """A sealed value opens only in the row it was made for."""
    return f"{kind}:{row_id}".encode()


def open_particulars(person_key: bytes | None, sealed: bytes, *, kind: str, row_id: UUID) -> Particulars:
    plain = crypto.open_sealed(bytes(person_key or b""), bytes(sealed), context=seal_context(kind, row_id))
    return Particulars(**orjson.loads(plain))


def identity_columns(
    particulars: Particulars, *, kind: str, row_id: UUID, region_code: str, person_key: bytes | None = None
) -> dict[str, Any]:
    """The columns of `Identity` that follow from the particulars, for one row; a new key unless one is given."""
    vault = crypto.vault()
    plain = orjson.dumps({name: value for name, value in asdict(particulars).items() if value})
    context = seal_context(kind, row_id)
    key, sealed = (
        (person_key, vault.seal(person_key, plain, context=context))
        if person_key
        else vault.seal_new_person(plain, context=context)
    )
    number, phone = particulars.id_number, particulars.phone
    name = normalise_person_name(particulars.name)
    return {
        "person_key": key,
        "sealed": sealed,
        "id_index": UUID(bytes=vault.blind_index(f"{kind}.id", number)) if number else None,
        "id_county": region_code[:6],
        "name_index": vault.blind_index64(f"{kind}.name", name),
        "phone_index": vault.blind_index64(f"{kind}.phone", phone) if phone else None,
        "initials": name_keys(name)[1][:16],
    }
