"""Controls of the query form, written in Python: Django draws each option by two templates, and a choice of 300
stations took 20 ms of every page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe


class QuickInput(forms.TextInput):
    """`<input>`, without a template."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        shown = {"type": self.input_type, "name": name, **self.build_attrs(self.attrs, attrs)}
        text = self.format_value(value)
        if text is not None:
            shown["value"] = text
        return mark_safe(f"<input{flatatt(shown)}>")


class QuickDate(QuickInput):
    """A day as 2026-11-20."""

    input_type = "date"

    def format_value(self, value: Any) -> str | None:
        return None if value in ("", None) else str(value)


class RegionInput(forms.TextInput):
    """A division by cascade and by search (templates/components/fields/region.html)."""


class QuickSelect(forms.Select):
    """`<select>` of a flat choice, without a template an option."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = set(self.format_value(value))
        options = "".join(
            f'<option value="{escape(code)}"{" selected" if str(code) in chosen else ""}>{escape(label)}</option>'
            for code, label in self.choices
        )
        shown = {"name": name, **self.build_attrs(self.attrs, attrs)}
        if self.allow_multiple_selected:
            shown["multiple"] = True
        return mark_safe(f"<select{flatatt(shown)}>{options}</select>")


class QuickSelectMultiple(QuickSelect, forms.SelectMultiple):
    """`<select multiple>`; values by `getlist`."""

    allow_multiple_selected = True
