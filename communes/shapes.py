"""How rows of a query become the answer that a serializer promises: only the columns asked for, no model instance.

A serializer is the contract; a shape reads it. Each of its fields is a column, is worked out of columns (`Computed`,
named in the serializer's `computed`), or is read for the whole page at once (`Beside`): one left out costs nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone
from rest_framework import serializers

from communes.asked import fields_of

Row = Sequence[Any]
Read = Callable[[Row], Any]
# From the keys of a page's rows to what gives a row its value.
Load = Callable[[list[tuple]], Callable[..., Any]]


@dataclass(frozen=True)
class Computed:
    """A field worked out of columns of the same row."""

    needs: tuple[str, ...]
    by: Callable[..., Any]


@dataclass(frozen=True)
class Beside:
    """A field read for all rows of a page together; `needs` are the columns that `load` tells the rows apart by."""

    needs: tuple[str, ...]
    load: Load


@dataclass
class Shape:
    """Columns to read, and how a row of them is told."""

    columns: list[str] = field(default_factory=list)
    places: dict[str, tuple[int, ...]] = field(default_factory=dict)
    beside: dict[str, tuple[tuple[int, ...], Load]] = field(default_factory=dict)
    reads: list[tuple[str, Read]] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        serializer: type[serializers.Serializer],
        names: Iterable[str] | None = None,
        beside: dict[str, Beside] | None = None,
    ) -> "Shape":
        """The shape of a serializer's fields, or of those named."""
        given = beside or {}
        needs = tuple((name, each.needs) for name, each in given.items())
        drawn = _drawn(serializer, tuple(names or ()), needs)
        loads = {name: (at, given[name].load) for name, at in drawn.places.items()}
        return cls(list(drawn.columns), drawn.places, loads, drawn.reads)

    def column(self, path: str) -> int:
        """Where the column stands in a row; it is added if nobody asked for it before."""
        if path not in self.columns:
            self.columns.append(path)
        return self.columns.index(path)

    def tell(self, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """The rows as the answer says them; one statement or so for each field that is read beside."""
        reads = dict(self.reads)
        for name, (at, load) in self.beside.items():
            reads[name] = _keyed(at, load([tuple(row[i] for i in at) for row in rows]))
        told = list(reads.items())
        return [{name: read(row) for name, read in told} for row in rows]


@lru_cache(maxsize=512)
def _drawn(
    serializer: type[serializers.Serializer], names: tuple[str, ...], needs: tuple[tuple[str, tuple[str, ...]], ...]
) -> Shape:
    """A shape as it is for every request: what is read beside has its places, and is loaded by each for itself."""
    shape, known, apart = Shape(), fields_of(serializer), dict(needs)
    for name in names or known:
        if name in apart:
            shape.places[name] = tuple(shape.column(need) for need in apart[name])
            shape.reads.append((name, itemgetter(0)))  # its place; each page brings its own
        else:
            shape.reads.append((name, _read(shape, serializer, name, known[name], "")))
    return shape


def children(
    queryset: QuerySet[Any], key: str, serializer: type[serializers.Serializer], prefix: str = "", **beside: Beside
) -> Beside:
    """Rows that belong to a row by `key`, in the order of `queryset`; `prefix` leads from them to what is told."""
    shape = Shape.of(serializer, beside=beside)

    def load(keys: list[tuple]) -> Callable[..., Any]:
        columns = [prefix + column for column in shape.columns]
        found = list(queryset.filter(**{f"{key}__in": [pk for (pk,) in keys]}).values_list(*columns, key))
        groups: dict[Any, list[dict[str, Any]]] = defaultdict(list)
        for row, told in zip(found, shape.tell(found), strict=True):
            groups[row[-1]].append(told)
        return lambda pk: groups.get(pk, [])

    return Beside(("pk",), load)


def _keyed(at: tuple[int, ...], value: Callable[..., Any]) -> Read:
    if len(at) == 1:
        (only,) = at
        return lambda row: value(row[only])
    several = itemgetter(*at)
    return lambda row: value(*several(row))


def _read(shape: Shape, owner: type[serializers.Serializer], name: str, kind: serializers.Field, prefix: str) -> Read:
    computed: dict[str, Computed] = getattr(owner, "computed", {})
    if name in computed:
        return _keyed(tuple(shape.column(prefix + need) for need in computed[name].needs), computed[name].by)
    source = str(kind.source)
    path = prefix + source.replace(".", "__")
    if isinstance(kind, serializers.Serializer):
        return _nested(shape, kind, path)
    if source.startswith("get_") and source.endswith("_display"):
        column = source.removeprefix("get_").removesuffix("_display")
        words = dict(_field(owner.Meta.model, column).flatchoices)  # type: ignore[attr-defined]
        return _word(shape.column(prefix + column), words)
    at = shape.column(path)
    if shown := getattr(kind, "shown", None):
        return _word(at, shown)
    if isinstance(kind, serializers.DateTimeField):
        zone = timezone.get_current_timezone()
        return lambda row: row[at] and row[at].astimezone(zone)
    return itemgetter(at)


def _nested(shape: Shape, kind: serializers.Serializer, path: str) -> Read:
    inner = [(name, _read(shape, type(kind), name, each, f"{path}__")) for name, each in kind.fields.items()]
    if not kind.allow_null:
        return lambda row: {name: read(row) for name, read in inner}
    at = shape.column(path)
    return lambda row: None if row[at] is None else {name: read(row) for name, read in inner}


def _word(at: int, words: dict[Any, Any]) -> Read:
    return lambda row: words.get(row[at], row[at])


def _field(model: type[Model], name: str) -> Any:
    return model._meta.get_field(name)
