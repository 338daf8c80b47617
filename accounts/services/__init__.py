"""Writing accounts."""

from accounts.services.accounts import disable_account, enable_account, open_account
from accounts.services.passwords import change_password, set_password
from accounts.services.slips import issue_slip

__all__ = ["change_password", "disable_account", "enable_account", "issue_slip", "open_account", "set_password"]
