"""A sheet of contributions: all of its rows are written, or none and every fault at its cell."""

from collections.abc import Iterable

from django.db import transaction

from accounts import audit
from accounts.errors import Refused
from accounts.models import User
from accounts.roles import Permission
from communes import epochs
from criteria.queries.uploads import left_this_year
from criteria.workbooks import storing
from files import Refusal
from files.kinds import Kind, kind_of
from sponsorship.actions import ledger
from sponsorship.actions.shared import require_anywhere
from sponsorship.workbooks import reading, resolving
from sponsorship.workbooks.reading import CellFault, Row

ONLY_TABLES = "Chỉ nhận bảng .xlsx hoặc .csv."


def take_in(*, name: str, chunks: Iterable[bytes], by: User) -> int:
    """Read a sent file and write its rows; how many.

    Raises OutOfScope, or Refused at the field `file` with every wrong cell in `faults`.
    """
    require_anywhere(by, Permission.KEEP_LEDGER)
    stored = storing.store(chunks, left=left_this_year(by))
    try:
        kind = kind_of(storing.path_of(stored.name), name)
        if kind not in (Kind.XLSX, Kind.CSV):
            raise Refused(ONLY_TABLES, field="file", code="extension")
        sheets = reading.sheets_of(storing.path_of(stored.name), kind)
    except Refusal as refusal:
        raise Refused(refusal.message, field="file", code=refusal.code) from refusal
    finally:
        storing.forget(stored.name)
    rows, faults = reading.rows_of(sheets)
    return write(rows, faults, sha256=stored.sha256, by=by)


@transaction.atomic
def write(rows: list[Row], faults: list[CellFault], *, sha256: str, by: User) -> int:
    """Write read rows, all or none; how many.

    The checks stand inside: nobody closes the year or takes a receipt number meanwhile.
    """
    epochs.bump()
    said, wrong = resolving.resolve(rows, by)
    if found := sorted([*faults, *wrong], key=lambda fault: (fault.sheet, fault.row, fault.column)):
        message = f"{len(found)} chỗ không nhận được; chưa ghi khoản nào."
        raise Refused(message, field="file", code="faults", faults=found)
    written = ledger.write(said, by=by)
    data = {"number": f"{written} khoản", "sha256": sha256}
    audit.record(by=by, action="money.import", subject=by, data=data)
    return written
