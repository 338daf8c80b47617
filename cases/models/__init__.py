"""The service records."""

from cases.models.client import Client, ClientCategory, ClientHistory, Household, NumberSeries
from cases.models.consent import Consent

__all__ = ["Client", "ClientCategory", "ClientHistory", "Consent", "Household", "NumberSeries"]
