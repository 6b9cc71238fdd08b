"""Which threshold binds a unit, among the rows known for an input.

The order is legal, not numerical:
1. a provincial row that holds on the date goes before any national one (where the national text leaves the
   level to the province, or the province office entered a level with its own legal reference);
2. of the province's rows, a stand-in (an illustrative level that nobody entered) gives way to any other;
3. then the row made for the year (income levels rise every year), then for the commune group, then for the
   region, then the general row.
A row made for another year, group or region never applies, however close. No row: "chưa có ngưỡng".
"""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol, TypeVar


class Row(Protocol):
    """What a threshold says. An empty region, group, year or date means "any"."""

    province_id: int | None
    region: str
    group: str
    year: int | None
    value: Decimal
    valid_from: dt.date | None
    valid_to: dt.date | None

    @property
    def is_stand_in(self) -> bool: ...


AnyRow = TypeVar("AnyRow", bound=Row)


def pick(
    rows: Iterable[AnyRow],
    *,
    region: str,
    group: str,
    year: int | None,
    on: dt.date,
    province_id: int | None = None,
) -> AnyRow | None:
    """The most specific row that applies to the unit on `on`; of two alike, the one in force later."""
    applying = [row for row in rows if _applies(row, region=region, group=group, year=year, on=on, to=province_id)]
    return max(applying, key=_rank) if applying else None


def _applies(row: Row, *, region: str, group: str, year: int | None, on: dt.date, to: int | None) -> bool:
    return (
        row.province_id in (None, to)
        and row.region in ("", region)
        and row.group in ("", group)
        and row.year in (None, year)
        and holds_on(row, on)
    )


def holds_on(row: Row, on: dt.date) -> bool:
    """Whether the row is in force on `on`; both ends count."""
    return (row.valid_from is None or row.valid_from <= on) and (row.valid_to is None or row.valid_to >= on)


def _rank(row: Row) -> tuple[bool, bool, bool, bool, bool, dt.date]:
    return (
        row.province_id is not None,
        not row.is_stand_in,
        row.year is not None,
        bool(row.group),
        bool(row.region),
        row.valid_from or dt.date.min,
    )
