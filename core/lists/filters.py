"""The query form's fields: what a person may ask, how it is checked, how it narrows the rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet

from core.lists.widgets import QuickDate, QuickInput, QuickSelect, QuickSelectMultiple, RegionInput
from core.scoping import Actor
from core.scoping.actor import prefix_end

Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Filter:
    """One condition. `lookup` is what it asks the rows; `apply(rows, value)` says it in its own way; with neither, the
    source reads `criteria.values[name]` itself. `personal` values are posted and never stand in a URL."""

    name: str
    label: str
    lookup: str = ""
    apply: Callable[[QuerySet, Any], QuerySet] | None = None
    personal: bool = False
    permission: str = ""
    help: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters it takes."""
        return (self.name,)

    def form_fields(self, actor: Actor) -> dict[str, forms.Field]:
        return {self.name: self.form_field(actor)}

    def form_field(self, actor: Actor) -> forms.Field:
        raise NotImplementedError

    def value(self, cleaned: dict[str, Any]) -> Any:
        """What was asked, or None."""
        given = cleaned.get(self.name)
        return None if given in ("", [], None) else given

    def narrow(self, rows: QuerySet, value: Any) -> QuerySet:
        if self.apply is not None:
            return self.apply(rows, value)
        return rows.filter(**{self.lookup: value}) if self.lookup else rows


@dataclass(frozen=True)
class TextFilter(Filter):
    """Words; `max_length` keeps a pasted page out of the database."""

    max_length: int = 60

    def form_field(self, actor: Actor) -> forms.Field:
        widget = QuickInput(attrs={"placeholder": self.help, "autocomplete": "off"})
        return forms.CharField(label=self.label, required=False, max_length=self.max_length, widget=widget)


@dataclass(frozen=True)
class ChoiceFilter(Filter):
    """One of some words."""

    choices: Choices | Callable[[Actor], Choices] = ()
    blank: str = "全部"

    def options(self, actor: Actor) -> list[tuple[str, str]]:
        return list(self.choices(actor) if callable(self.choices) else self.choices)

    def form_field(self, actor: Actor) -> forms.Field:
        options = [("", self.blank), *self.options(actor)]
        return forms.ChoiceField(label=self.label, required=False, choices=options, widget=QuickSelect)


@dataclass(frozen=True)
class MultiChoiceFilter(ChoiceFilter):
    """Any of some words; the lookup is asked with `__in`."""

    def form_field(self, actor: Actor) -> forms.Field:
        widget = QuickSelectMultiple(attrs={"data-search": "", "data-placeholder": self.blank})
        return forms.MultipleChoiceField(label=self.label, required=False, choices=self.options(actor), widget=widget)

    def narrow(self, rows: QuerySet, value: Any) -> QuerySet:
        if self.apply is not None:
            return self.apply(rows, value)
        return rows.filter(**{f"{self.lookup}__in": value}) if self.lookup else rows


@dataclass(frozen=True)
class BooleanFilter(Filter):
    """是 or 否."""

    words: tuple[str, str] = ("是", "否")

    def form_field(self, actor: Actor) -> forms.Field:
        choices = [("", "全部"), ("yes", self.words[0]), ("no", self.words[1])]
        return forms.TypedChoiceField(
            label=self.label,
            required=False,
            choices=choices,
            coerce=lambda given: given == "yes",
            empty_value=None,
            widget=QuickSelect,
        )


@dataclass(frozen=True)
class DateRangeFilter(Filter):
    """From one day to another, both included: parameters `<name>_from` and `<name>_to`."""

    @property
    def names(self) -> tuple[str, ...]:
        return f"{self.name}_from", f"{self.name}_to"

    def form_fields(self, actor: Actor) -> dict[str, forms.Field]:
        first, last = self.names
        return {first: self._day(f"{self.label}从"), last: self._day(f"{self.label}至")}

    def _day(self, label: str) -> forms.Field:
        return forms.DateField(label=label, required=False, widget=QuickDate, input_formats=["%Y-%m-%d"])

    def value(self, cleaned: dict[str, Any]) -> tuple[dt.date | None, dt.date | None] | None:
        first, last = (cleaned.get(name) for name in self.names)
        return (first, last) if first or last else None

    def narrow(self, rows: QuerySet, value: Any) -> QuerySet:
        if self.apply is not None or not self.lookup:
            return super().narrow(rows, value)
        first, last = value
        if first:
            rows = rows.filter(**{f"{self.lookup}__gte": first})
        return rows.filter(**{f"{self.lookup}__lte": last}) if last else rows


@dataclass(frozen=True)
class RegionFilter(Filter):
    """Everything at or below one division; `lookup` names the column that holds the code."""

    name: str = "region"
    label: str = "区划"
    lookup: str = "region_code"

    def form_field(self, actor: Actor) -> forms.Field:
        field = forms.CharField(
            label=self.label,
            required=False,
            widget=RegionInput(attrs={"autocomplete": "off"}),
            validators=[RegexValidator(r"^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$", "区划代码是 2、4、6、9 或 12 位数字。")],
        )
        field.region_top = ""  # type: ignore[attr-defined]
        return field

    def narrow(self, rows: QuerySet, value: Any) -> QuerySet:
        if self.apply is not None:
            return self.apply(rows, value)
        # A range, so that an index on the column serves it; LIKE would depend on the collation.
        return rows.filter(**{f"{self.lookup}__gte": value, f"{self.lookup}__lt": prefix_end(value)})


@dataclass(frozen=True)
class StationFilter(ChoiceFilter):
    """One station; `choices(actor)` names those within reach, as the stations app reads them."""

    name: str = "station"
    label: str = "社工站"
    lookup: str = "station_id"


def build_form(filters: Sequence[Filter], actor: Actor, data: Any) -> forms.Form:
    """The query form over these parameters; bound only when something was asked."""
    form = forms.Form(data or None, auto_id="q_%s", use_required_attribute=False)
    for item in filters:
        form.fields.update(item.form_fields(actor))
    return form
