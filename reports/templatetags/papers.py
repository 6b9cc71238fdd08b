"""The tables of a frozen document on a page."""

from collections.abc import Iterator
from typing import Any

from django import template

from reports.documents.paper import written

register = template.Library()


@register.filter
def paper_rows(annex: dict[str, Any]) -> Iterator[list[tuple[str, str]]]:
    """The rows of an annex as (words, side) pairs."""
    sides = [column["align"] for column in annex["columns"]]
    for row in annex["rows"]:
        yield [(written(cell), side) for cell, side in zip(row, sides, strict=True)]
