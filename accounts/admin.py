"""Accounts in the back office: to look at, with a link to the page where the work is done."""

from accounts.models import User
from accounts.queries.reach import visible_accounts
from accounts.roles import Perm
from core.admin import ScopedAdmin, page_link, site


class UserAdmin(ScopedAdmin):
    reads = opens_by = Perm.ACCOUNT_READ
    list_display = ["username", "display_name", "is_active", "is_system", "last_login", "page"]
    list_filter = ["is_active", "is_system"]
    search_fields = ["username"]
    fields = ["username", "display_name", "is_active", "is_system", "must_change_password", "password_changed_at"]
    ordering = ["username"]
    page = staticmethod(page_link("stations:account", "账号页"))

    def get_queryset(self, request):
        return visible_accounts(request.actor)


site.register(User, UserAdmin)
