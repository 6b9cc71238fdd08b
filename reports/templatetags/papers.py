"""The tables of a frozen document on a page."""

from collections.abc import Iterator
from typing import Any

from django import template

from reports.documents.paper import Head, heads, written

register = template.Library()


@register.filter
def paper_heads(annex: dict[str, Any]) -> list[list[tuple[Head, str]]]:
    """The rows of an annex's head as (cell, side) pairs."""
    sides = [column["align"] for column in annex["columns"]]
    return [
        [(head, "center" if head.across > 1 else sides[head.column]) for head in row] for row in heads(annex["columns"])
    ]


@register.filter
def paper_rows(annex: dict[str, Any]) -> Iterator[list[tuple[str, str]]]:
    """The rows of an annex as (words, side) pairs."""
    sides = [column["align"] for column in annex["columns"]]
    for row in annex["rows"]:
        yield [(written(cell), side) for cell, side in zip(row, sides, strict=True)]
