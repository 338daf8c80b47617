"""Entering and correcting organisations: public register data, checked by their credit code (standards §1.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.roles import Perm
from core import audit
from core.errors import Conflict, Invalid, NotFound
from core.identifiers import IdentifierProblem
from core.identifiers.credit_code import CreditCode, RegisteredForm, check_credit_code
from core.scoping import Actor, service
from stations.enums import OrganisationKind
from stations.models import Organisation, Region

KIND = "organisation"
CHANGED_MEANWHILE = "这条记录刚被别人改过；您填的内容没有丢，请核对后再保存。"
# What the first two characters of the code usually are for a kind (standards §1.2); other kinds have no rule.
FORMS = {
    OrganisationKind.SERVICE: RegisteredForm.SERVICE_INSTITUTION,
    OrganisationKind.FOUNDATION: RegisteredForm.FOUNDATION,
    OrganisationKind.ASSOCIATION: RegisteredForm.SOCIAL_GROUP,
}
Problems = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class OrganisationInput:
    """What an organisation's record says."""

    name: str
    credit_code: str
    kind: str
    region_code: str
    parent_id: UUID | None = None
    founded_on: date | None = None
    contact: str = ""
    is_example: bool = False


@service
def enter_organisation(actor: Actor, *, said: OrganisationInput) -> Organisation:
    """Put an organisation on the register. Raises Forbidden, Invalid by field, Conflict (code taken)."""
    actor.require(Perm.ORGANISATION_MANAGE)
    organisation = Organisation(**_columns(actor, said, None))
    _save(organisation)
    audit.record(actor, "organisation.enter", kind=KIND, ids=[organisation.pk], region_code=said.region_code)
    return Organisation.objects.get(pk=organisation.pk)


@service
def correct_organisation(actor: Actor, *, organisation_id: UUID, version: int, said: OrganisationInput) -> Organisation:
    """Change the record somebody saw at `version`. Raises NotFound, Forbidden, Invalid, Conflict."""
    actor.require(Perm.ORGANISATION_MANAGE)
    organisation = Organisation.objects.select_for_update(of=("self",)).filter(pk=organisation_id).first()
    if organisation is None or not _near(actor, organisation.region_id):
        raise NotFound()
    if organisation.version != version:
        raise Conflict("changed_meanwhile", CHANGED_MEANWHILE)
    columns = _columns(actor, said, organisation)
    before = {name: getattr(organisation, name) for name in columns}
    changed = sorted(name for name, value in columns.items() if before[name] != value)
    if not changed:
        return organisation
    for name, value in columns.items():
        setattr(organisation, name, value)
    organisation.version += 1
    _save(organisation)
    audit.record(
        actor, "organisation.correct", kind=KIND, ids=[organisation.pk], region_code=said.region_code, fields=changed
    )
    return Organisation.objects.get(pk=organisation.pk)


def code_remarks(credit_code: str, kind: str) -> list[str]:
    """What should be looked at again about a code that may be saved (GB 11714 check, form of the body)."""
    found = check_credit_code(credit_code, form=_form_of(kind))
    return [warning.message for warning in found.warnings] if isinstance(found, CreditCode) else []


def _form_of(kind: str) -> RegisteredForm | None:
    return FORMS.get(OrganisationKind(kind)) if kind in OrganisationKind.values else None


def _columns(actor: Actor, said: OrganisationInput, organisation: Organisation | None) -> dict[str, Any]:
    problems: Problems = {}
    name = " ".join(said.name.split())
    if not 2 <= len(name) <= 120:
        problems["name"] = ["请填写登记证书上的名称（2 至 120 字）。"]
    code = check_credit_code(said.credit_code)
    if isinstance(code, IdentifierProblem):
        problems["credit_code"] = [code.message]
    if said.kind not in OrganisationKind.values:
        problems["kind"] = ["没有这个类别，请从列表中选择。"]
    if said.founded_on and said.founded_on > date.today():
        problems["founded_on"] = ["成立日期不能晚于今天。"]
    _check_region(actor, said.region_code, problems)
    _check_parent(said.parent_id, organisation, problems)
    if problems or isinstance(code, IdentifierProblem):
        raise Invalid("organisation.invalid", "机构信息有误，请按提示修改。", problems)
    return {
        "name": name,
        "credit_code": code.number,
        "kind": said.kind,
        "region_id": said.region_code,
        "parent_id": said.parent_id,
        "founded_on": said.founded_on,
        "contact": said.contact.strip()[:64],
        "is_example": said.is_example if organisation is None else organisation.is_example,
    }


def _near(actor: Actor, region_code: str) -> bool:
    """Organisations stand on the public register; they are kept by those whose reach covers their seat."""
    return actor.reach.covers(region_code, None)


def _check_region(actor: Actor, code: str, problems: Problems) -> None:
    if not Region.objects.filter(code=code, valid_to=None).exists():
        problems["region"] = ["请选择一个现行的行政区划。"]
    elif not _near(actor, code):
        problems["region"] = ["所在地不在您的辖区内。"]


def _check_parent(parent_id: UUID | None, organisation: Organisation | None, problems: Problems) -> None:
    """The chain of parents ends, and not in the organisation itself."""
    step = parent_id
    for _ in range(20):
        if step is None:
            return
        if organisation is not None and step == organisation.pk:
            break
        row = Organisation.objects.filter(pk=step).values_list("parent_id", flat=True)
        if not row:
            problems["parent"] = ["没有这个上级机构。"]
            return
        step = row[0]
    problems["parent"] = ["上级机构不能是本机构或本机构的下级。"]


def _save(organisation: Organisation) -> None:
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError as error:
        if "credit_code" not in str(error):
            raise
        message = "这个统一社会信用代码已经登记，请查找该机构，不要重复录入。"
        raise Conflict("organisation.registered", message, {"credit_code": [message]}) from error


__all__ = ["OrganisationInput", "code_remarks", "correct_organisation", "enter_organisation"]
