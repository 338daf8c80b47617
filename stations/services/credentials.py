"""Issuing, rotating and ending the credentials of external systems."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_network

from django.utils import timezone

from accounts.roles import Perm
from core import audit
from core.errors import Invalid, NotFound
from core.scoping import Actor, service
from stations.models import ApiCredential, Membership

LONGEST = timedelta(days=365)


@service
def issue_credential(
    actor: Actor,
    *,
    membership: Membership,
    name: str,
    scopes: frozenset[str],
    days: int = 90,
    addresses: tuple[str, ...] = (),
    per_minute: int = 600,
) -> tuple[ApiCredential, str]:
    """A new credential and its secret; the secret is shown once and kept only as a digest."""
    actor.require(Perm.SECURITY_MANAGE)
    if not 0 < days <= LONGEST.days:
        raise Invalid("credential_days", "有效期须在 1 到 365 天之间。", {"days": ["1 到 365"]})
    if not membership.user.is_system:
        raise Invalid("credential_user", "只能为外部系统账号签发凭证。")
    for address in addresses:
        _check_network(address)
    credential, secret = ApiCredential.objects.create(
        user=membership.user,
        expiry=timedelta(days=days),
        membership=membership,
        name=name,
        scopes=sorted(scopes),
        addresses=list(addresses),
        per_minute=per_minute,
    )
    audit.record(actor, "credential.issue", scopes=sorted(scopes), days=days, name=name)
    return credential, secret


@service
def rotate_credential(actor: Actor, *, credential: ApiCredential, days: int = 90) -> tuple[ApiCredential, str]:
    """A successor with the same scopes; the old secret lives one more day so that the other side can change over."""
    actor.require(Perm.SECURITY_MANAGE)
    fresh, secret = issue_credential(
        actor,
        membership=credential.membership,
        name=credential.name,
        scopes=frozenset(credential.scopes),
        days=days,
        addresses=tuple(credential.addresses),
        per_minute=credential.per_minute,
    )
    tomorrow = timezone.now() + timedelta(days=1)
    ApiCredential.objects.filter(pk=credential.pk).update(replaced_by=fresh, expiry=min(credential.expiry, tomorrow))
    return fresh, secret


@service
def end_credential(actor: Actor, *, credential: ApiCredential) -> None:
    """From now on this credential opens nothing."""
    actor.require(Perm.SECURITY_MANAGE)
    if not ApiCredential.objects.filter(pk=credential.pk).update(expiry=timezone.now()):
        raise NotFound()
    audit.record(actor, "credential.end", name=credential.name)


def _check_network(address: str) -> None:
    try:
        ip_network(address)
    except ValueError as error:
        raise Invalid("credential_address", "地址须为 IP 或网段。", {"addresses": [address]}) from error
