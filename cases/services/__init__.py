"""What may happen to the service records: one verb a function."""

from cases.services.categories import add_category, close_category
from cases.services.checking import CategoryInput, ClientInput, Problem
from cases.services.clients import (
    ClientChange,
    Outcome,
    check_clients,
    register_client,
    register_clients,
)
from cases.services.consents import give_consent, withdraw_consent
from cases.services.erasing import erase_client
from cases.services.households import create_household, join_household, leave_household
from cases.services.merging import merge_clients, unmerge_client
from cases.services.reveal import reveal
from cases.services.updating import (
    restore_client,
    restore_clients,
    update_client,
    update_clients,
    withdraw_client,
    withdraw_clients,
)

__all__ = [
    "CategoryInput",
    "ClientChange",
    "ClientInput",
    "Outcome",
    "Problem",
    "add_category",
    "check_clients",
    "close_category",
    "create_household",
    "erase_client",
    "give_consent",
    "join_household",
    "leave_household",
    "merge_clients",
    "register_client",
    "register_clients",
    "restore_client",
    "restore_clients",
    "reveal",
    "unmerge_client",
    "update_client",
    "update_clients",
    "withdraw_client",
    "withdraw_clients",
    "withdraw_consent",
]
