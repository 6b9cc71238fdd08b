"""Sheets of contributions: looked at row by row, then all of them written or none. The way is the desk's own."""

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from accounts import audit
from accounts.errors import OutOfScope, Refused
from accounts.models import User
from accounts.roles import Permission
from communes import epochs
from communes.book import last_paths
from communes.models import Area
from criteria.workbooks.registers import Checked, Register, declare
from criteria.workbooks.rows import rows_of
from sponsorship.actions import ledger
from sponsorship.actions.shared import require_anywhere
from sponsorship.checks import CLOSED, Received
from sponsorship.models import Contribution
from sponsorship.queries.years import closed_years
from sponsorship.workbooks import resolving
from sponsorship.workbooks.columns import COLUMNS

MOST_ROWS = 20_000
TAKEN = "Có số biên nhận vừa được ghi sau khi kiểm tra: {}. Tải tệp lên lại để xem chỗ trùng."
# What a checked row is kept as until it is written: these columns of the ledger in their order, JSON-ready.
_KEPT = (
    *("sponsor_id", "area_id", "village_id", "channel", "kind", "year", "received_on", "amount", "quantity", "unit"),
    *(
        "rate",
        "rate_basis",
        "purpose",
        "purpose_key",
        "criterion_id",
        "indicator_id",
        "pledge_id",
        "receipt",
        "receipt_key",
        "source",
    ),
)
_AREA, _YEAR, _RECEIPT, _KEY = map(_KEPT.index, ("area_id", "year", "receipt", "receipt_key"))
Kept = list[Any]
_FIELDS = {field.column: field for field in Contribution._meta.concrete_fields}


def require(by: User) -> None:
    """Raises OutOfScope where the person writes no ledger."""
    require_anywhere(by, Permission.KEEP_LEDGER)


def check(sheets: list[dict[str, Any]], by: User) -> Checked:
    """Every row against the ledger and the rules, a constant number of statements; nothing is written."""
    read = rows_of(sheets, COLUMNS, most=MOST_ROWS)
    good, wrong = resolving.resolve(read.rows, by)
    faults = sorted([*read.faults, *wrong], key=lambda fault: (fault.sheet, fault.row, fault.column))
    return Checked([_kept(said) for said in good], faults, read.notices, new=len(good))


def _kept(said: Received) -> Kept:
    columns = ledger.columns_of(said)
    columns["received_on"] = said.received_on.isoformat()
    if said.quantity is not None:
        columns["quantity"] = str(said.quantity)
    return [columns[name] for name in _KEPT]


def write(rows: list[Kept], *, by: User, source: str) -> int:
    """Write checked rows with their history, all or none; how many. What else may have changed is looked at again.

    Raises OutOfScope, or Refused where a year was closed or a receipt written meanwhile.
    """
    # First: whoever closes the year or writes the same receipt at this moment waits here.
    epochs.bump()
    areas = _areas(rows, by)
    _require_still(rows)
    last = Contribution.objects.aggregate(last=Max("pk"))["last"] or 0
    _insert(rows, by)
    # Whoever else writes waits for the epoch: the ids above the last one are these rows, in their order.
    ids = Contribution.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)
    _tell(zip(ids, rows, strict=True), areas, by)
    return len(rows)


def _areas(rows: list[Kept], by: User) -> dict[int, Area]:
    """The units of the rows; OutOfScope where the person no longer writes for one of them."""
    reached = {unit.pk: unit for unit in resolving.reached(by)}
    wanted = {row[_AREA] for row in rows}
    if not wanted <= reached.keys():
        raise OutOfScope
    return {pk: reached[pk] for pk in wanted}


def _require_still(rows: list[Kept]) -> None:
    if closed := closed_years() & {row[_YEAR] for row in rows}:
        raise Refused(CLOSED.format(min(closed)), field="file", code="closed_year")
    keys = {(row[_YEAR], row[_AREA], row[_KEY]): row[_RECEIPT] for row in rows if row[_KEY]}
    if taken := ledger.taken_receipts(keys).keys() & keys.keys():
        numbers = sorted(keys[key] for key in taken)
        raise Refused(TAKEN.format(", ".join(numbers[:5])), field="file", code="duplicate")


def _insert(rows: list[Kept], by: User) -> None:
    """One statement, which takes all rows as one value."""
    columns = [(name, _FIELDS[name].db_type(connection)) for name in _KEPT]
    if connection.vendor == "postgresql":
        cells = [f"(value ->> {place})::{kind}" for place, (_, kind) in enumerate(columns)]
        table = "json_array_elements(%s::json) WITH ORDINALITY AS each (value, place) ORDER BY place"
    else:
        cells = [f"json_extract(value, '$[{place}]')" for place in range(len(columns))]
        table = "json_each(%s) ORDER BY key"
    at = connection.ops.adapt_datetimefield_value(timezone.now())
    same = {"recorded_by_id": by.pk, "recorded_at": at, "is_illustrative": by.is_demo, "reason": ""}
    into = f"INSERT INTO {Contribution._meta.db_table} ({', '.join((*_KEPT, *same))})"
    with connection.cursor() as cursor:
        marks = ["%s"] * len(same)
        cursor.execute(f"{into} SELECT {', '.join((*cells, *marks))} FROM {table}", [*same.values(), json.dumps(rows)])


def _tell(written: Iterable[tuple[int, Kept]], areas: dict[int, Area], by: User) -> None:
    """The history of each entry, in a few statements."""
    places = last_paths(areas.values())
    told = (
        (pk, places.get(row[_AREA], ""), ledger.told(dict(zip(_KEPT, row, strict=True)), areas[row[_AREA]].code))
        for pk, row in written
    )
    with connection.cursor() as cursor:
        for statement, values in audit.insertions(by=by, action="money.receive", subject=Contribution, rows=told):
            cursor.execute(statement, values)


REGISTER = declare(
    Register(
        code="contributions",
        name="Sổ đỡ đầu, tài trợ",
        noun="khoản",
        require=require,
        check=check,
        write=write,
        sent_at="sponsorship:imports",
        kept_at="sponsorship:entries",
    )
)
