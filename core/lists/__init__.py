"""The one list of the product: declared as a `ListSpec`, drawn, paged, counted, saved and exported alike everywhere.

`from core.lists import ListSpec, Column, TextFilter, …` declares; `from core.lists.pages import list_view` serves.
"""

from core.lists import cells
from core.lists.criteria import Criteria
from core.lists.filters import (
    BooleanFilter,
    ChoiceFilter,
    DateRangeFilter,
    Filter,
    MultiChoiceFilter,
    RegionFilter,
    StationFilter,
    TextFilter,
)
from core.lists.spec import Act, BulkAct, Column, ListSpec, Refusal, RowAct

__all__ = [
    "Act",
    "BooleanFilter",
    "BulkAct",
    "ChoiceFilter",
    "Column",
    "Criteria",
    "DateRangeFilter",
    "Filter",
    "ListSpec",
    "MultiChoiceFilter",
    "Refusal",
    "RegionFilter",
    "RowAct",
    "StationFilter",
    "TextFilter",
    "cells",
]
