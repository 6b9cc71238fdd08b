"""An uploaded file as a checked table: read in the child, recognised, matched, checked. Changes nothing."""

from pathlib import Path
from typing import Any

from accounts.errors import Refused
from accounts.models import User
from criteria.models import Round
from criteria.workbooks import checking, slots, table
from criteria.workbooks.units import Units
from files import child

SECONDS, MEMORY = 10, 220 * child.MB
NO_TABLE = (
    "Không thấy bảng số liệu trong tệp. Hàng tiêu đề cần có “Mã đơn vị” (hoặc “Tên đơn vị”) và các mã nội dung, "
    "hoặc “Mã đơn vị”, “Mã nội dung”, “Giá trị”."
)
EMPTY = "Bảng không có giá trị nào."
OTHER_ROUND = "Bảng này tải từ đợt khác. Chọn đúng đợt, hoặc tải bảng của đợt này."


def sheets_of(path: Path, kind: str) -> list[dict[str, Any]]:
    """The sheets as they stand in the file; raises files.Refusal."""
    return child.call("files.sheets:read", path, kind, seconds=SECONDS, memory=MEMORY)


def check(sheets: list[dict[str, Any]], opened: Round, user: User) -> checking.Outcome:
    """What the table would write, and all its faults. Refused where there is no table of this round in it."""
    key = table.key_of(sheets)
    if key is not None and key.round_id != opened.pk:
        raise Refused(OTHER_ROUND, field="file", code="other_round")
    known = slots.by_code(slots.slots_of(slots.enterable(user, opened), opened))
    codes = {entry.code for entry in slots.inputs_of(opened)}
    ours = [sheet for sheet in sheets if sheet["name"] == table.DATA_SHEET] if key else sheets
    given, faults, notices = table.tables(ours, codes)
    if given is None:
        raise Refused(NO_TABLE, field="file", code="no_table")
    units = Units({slot.assessment.pk: slot.assessment.area for slot in known.values()}.values())
    outcome = checking.check(given, slots=known, units=units, key=key)
    outcome.faults = sorted([*faults, *outcome.faults], key=lambda fault: (fault.sheet, fault.row, fault.column))
    outcome.refused += len(faults)
    outcome.notices = [*notices, *outcome.notices]
    if not given and not outcome.faults:
        raise Refused(EMPTY, field="file", code="empty")
    return outcome
