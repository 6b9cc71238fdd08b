"""A list as a table: one column for each member that is no object, named by its way (`area.code`).

The names come from the serializer, so they are the contract's own and stand even over no row. A list in a cell is its
items with `; ` between them, an item that is an object standing as its first member: its code.
"""

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from files.tables import plain

Cell = str | int | Decimal | bool | None
Columns = dict[str, tuple[str, ...]]
_AS_THEY_ARE = {str, int, bool, Decimal, type(None)}


_TYPES: dict[type[serializers.Field], str] = {
    serializers.BooleanField: "boolean",
    serializers.IntegerField: "integer",
    serializers.DecimalField: "decimal",
    serializers.FloatField: "decimal",
    serializers.DateTimeField: "dateTime",
    serializers.DateField: "date",
}


def columns_of(serializer: Any) -> Columns:
    """Name → way of every column that the serializer's rows have."""
    return {".".join(way): way for way, _ in _ways(serializer)}


def fields_of(serializer: Any) -> list[tuple[str, str, str]]:
    """Every column with its type (of XML Schema) and what it means."""
    return [(".".join(way), _type(field), _meaning(field)) for way, field in _ways(serializer)]


def _meaning(field: serializers.Field) -> str:
    """The label of the model; a label that is only the name again says nothing."""
    is_name = str(field.label or "").lower() == str(field.field_name or "").replace("_", " ").lower()
    return str(field.help_text or "") if is_name else str(field.label or "")


def _ways(serializer: serializers.Serializer) -> Iterator[tuple[tuple[str, ...], serializers.Field]]:
    for name, field in serializer.fields.items():
        if field.write_only:
            continue
        inner = _object(field)
        if inner is None:
            yield (name,), field
        else:
            yield from (((name, *way), leaf) for way, leaf in _ways(inner))


def _type(field: serializers.Field) -> str:
    return next((name for kind, name in _TYPES.items() if isinstance(field, kind)), "string")


def _object(field: serializers.Field) -> serializers.Serializer | None:
    """The serializer of a member that is one object; a method says its own to the contract (extend_schema_field)."""
    if isinstance(field, serializers.SerializerMethodField):
        method = getattr(field.parent, str(field.method_name))
        field = getattr(method, "_spectacular_annotation", {}).get("field", field)
        field = field() if isinstance(field, type) and issubclass(field, serializers.BaseSerializer) else field
    return field if isinstance(field, serializers.Serializer) else None


def cells_of(row: dict[str, Any], columns: Columns) -> list[Cell]:
    """The cells of one row."""
    return [_cell(row.get(way[0]) if len(way) == 1 else _at(row, way)) for way in columns.values()]


def _at(found: Any, way: tuple[str, ...]) -> Any:
    for step in way:
        if found is None:
            return None
        found = found.get(step)
    return found


def _cell(value: Any) -> Cell:
    if type(value) in _AS_THEY_ARE:  # nearly all
        return value
    if isinstance(value, list):
        return "; ".join("" if item is None else _said(_first(item)) for item in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return Decimal(str(value))
    return value


def _first(item: Any) -> Any:
    return next(iter(item.values()), "") if isinstance(item, dict) else item


def _said(value: Any) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value)
