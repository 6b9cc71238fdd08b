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
OTHER_ROUND = "Bảng này tải từ một đợt đã chốt, hoặc đợt bạn không được nhập. Tải bảng của đợt đang mở."
ITS_OWN = "Bảng này tải từ đợt {} · {}: đọc vào đợt đó."


def sheets_of(path: Path, kind: str) -> list[dict[str, Any]]:
    """The sheets as they stand in the file; raises files.Refusal."""
    return child.call("files.sheets:read", path, kind, seconds=SECONDS, memory=MEMORY)


def check(sheets: list[dict[str, Any]], chosen: Round, user: User) -> tuple[Round, checking.Outcome]:
    """What the table would write, and all its faults, with the round that it is of: a workbook of ours names its own,
    whichever was chosen. Refused where there is no table in it, or its round is not this person's to fill.
    """
    key = table.key_of(sheets)
    opened = chosen if key is None or key.round_id == chosen.pk else _round_of(key, user)
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
    if opened != chosen:
        notices.insert(0, ITS_OWN.format(opened.period, opened.criteria_set.name))
    outcome.notices = [*notices, *outcome.notices]
    if not given and not outcome.faults:
        raise Refused(EMPTY, field="file", code="empty")
    return opened, outcome


def _round_of(key: table.Key, user: User) -> Round:
    related = ("period", "criteria_set", "province")
    found = Round.objects.select_related(*related).filter(pk=key.round_id, closed_on=None).first()
    if found is None or not slots.enterable(user, found).exists():
        raise Refused(OTHER_ROUND, field="file", code="other_round")
    return found
