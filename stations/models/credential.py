"""Credentials of external systems: hashed, expiring, with scopes, addresses, a rate and a membership of their own."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from django.contrib.postgres.fields import ArrayField
from django.db import models
from knox.models import AbstractAuthToken

from core.privacy.classification import Public
from stations.models.membership import Membership


class ApiCredential(AbstractAuthToken):
    """What an external system signs in with; it acts as one membership, within the scopes it was given."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="credentials")
    name = Public(models.CharField("名称", max_length=64))
    scopes = ArrayField(models.CharField(max_length=32), verbose_name="范围（权限代码）", default=list)
    addresses = ArrayField(models.CharField(max_length=43), verbose_name="许可地址，空为不限", default=list, blank=True)
    per_minute = models.PositiveIntegerField("每分钟次数", default=600)
    replaced_by = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "接口凭证"

    def admits(self, address: str) -> bool:
        """Whether a caller at this address may use the credential."""
        return not self.addresses or any(ip_address(address) in ip_network(net) for net in self.addresses)
