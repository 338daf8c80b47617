"""The back office: Django's admin behind our own sign-in, within reach, by permission; never a second way to work.

Business records are read-only here and link to their pages; reference data is written by who holds its permission.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.contrib import admin
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from core import audit
from core.access import ask_to_sign_in, enter, public, refuse
from core.errors import DomainError, Forbidden
from core.scoping import Scoped

HOME = "home"


class BackOffice(admin.AdminSite):
    """Each page runs inside `core.access.enter`, so that the database knows the reach and looks are written down."""

    site_title = "牵手"
    site_header = "牵手 · 后台"
    index_title = "基础数据与查看"
    site_url = "/"
    enable_nav_sidebar = False

    def has_permission(self, request: Any) -> bool:
        """Whoever may read at least one of the registered models beyond what everybody may."""
        actor = getattr(request, "actor", None)
        return actor is not None and any(
            actor.may(opens_by) for each in self._registry.values() if (opens_by := getattr(each, "opens_by", ""))
        )

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        def run(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.actor is None:
                return ask_to_sign_in(request)
            try:
                if not self.has_permission(request):
                    raise Forbidden()
                return enter(request, request.actor, HOME, lambda: view(request, *args, **kwargs))
            except DomainError as error:
                return refuse(request, error)

        wrapped = csrf_protect(run if cacheable else never_cache(run))
        update_wrapper(wrapped, view)
        wrapped.access = HOME  # type: ignore[attr-defined]
        return wrapped

    @public
    def login(self, request: Any, extra_context: Any = None) -> HttpResponse:
        """There is one sign-in page."""
        return ask_to_sign_in(request)

    def get_urls(self) -> list:
        """Without Django's own sign-out, password change and its door to anything's page by content type."""
        return [entry for entry in super().get_urls() if getattr(entry, "name", "") not in LEFT_OUT]


LEFT_OUT = {"logout", "password_change", "password_change_done", "view_on_site"}
site = BackOffice(name="admin")


class ScopedAdmin(admin.ModelAdmin):
    """Rows within reach, read-only. `reads`: the permission to see them; `opens_by`: the one that opens the site."""

    reads = ""
    opens_by = ""
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    def get_queryset(self, request: Any) -> Any:
        if issubclass(self.model, Scoped):
            return self.model.objects.visible_to(request.actor)
        return self.model.objects.all()

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Choices are narrowed like everything else."""
        target = db_field.remote_field.model
        if issubclass(target, Scoped):
            kwargs["queryset"] = target.objects.visible_to(request.actor)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_module_permission(self, request: Any) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return bool(request.actor and self.reads and request.actor.may(self.reads))

    def has_add_permission(self, request: Any) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False


class ReferenceAdmin(ScopedAdmin):
    """Reference data: `writes` may add and change it, each time with a row in the trail; nothing is deleted here."""

    writes = ""

    def has_add_permission(self, request: Any) -> bool:
        return self._may_write(request)

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return self._may_write(request)

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        act = f"{self.model._meta.model_name}.{'changed' if change else 'added'}"
        audit.record(request.actor, act, channel="admin", row=str(obj.pk), fields=sorted(form.changed_data))

    def _may_write(self, request: Any) -> bool:
        return bool(request.actor and self.writes and request.actor.may(self.writes))


def page_link(route: str, label: str, key: str = "pk") -> Callable[[Any], str]:
    """A column that leads to the row's own page, where the work is done."""

    def link(row: Any) -> str:
        return format_html('<a href="{}">{}</a>', reverse(route, args=[getattr(row, key)]), label)

    link.short_description = "页面"  # type: ignore[attr-defined]
    return link
