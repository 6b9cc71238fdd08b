"""A workbook into the register: looked at row by row, then all of it written or none. The way is the desk's own."""

from typing import Any

from accounts.errors import OutOfScope, Refused
from accounts.models import User
from accounts.roles import Permission
from accounts.scope import has_permission
from communes.templatetags.vietnamese import so
from criteria.workbooks.registers import Checked, Register, declare
from criteria.workbooks.rows import again, rows_of
from ocop.workbooks import applying, checking
from ocop.workbooks.checking import Staged
from ocop.workbooks.columns import COLUMNS

MOST_ROWS = 10_000
OTHER = "Sản phẩm mã này vừa được ghi hoặc sửa."
CHANGED_SINCE = "Sổ vừa được sửa sau khi kiểm tra; hàng {}: {} Tải tệp lên lại để xem hết."


def require(by: User) -> None:
    """Raises OutOfScope where the person keeps no products."""
    if not has_permission(by, Permission.KEEP_OCOP):
        raise OutOfScope


def check(sheets: list[dict[str, Any]], by: User) -> Checked:
    """Every row against the register and the rules; nothing is written."""
    read = rows_of(sheets, COLUMNS, most=MOST_ROWS)
    found = checking.check(read.rows, by)
    faults = sorted([*read.faults, *found.faults], key=lambda fault: (fault.sheet, fault.row, fault.column))
    told = [f"Trong đó có {so(found.certificates)} giấy chứng nhận."] if found.certificates else []
    return Checked(
        rows=[[_version(staged), *staged.row.kept] for staged in (*found.new, *found.changed)],
        faults=faults,
        notices=[*read.notices, *told],
        new=len(found.new),
        changed=len(found.changed),
        unchanged=found.unchanged,
    )


def write(rows: list[Any], *, by: User, source: str) -> int:
    """Check the rows once more and write them all, or raise Refused and write none; how many."""
    read = again([kept for _, *kept in rows], COLUMNS)
    applying.hold(read)
    found = checking.check(read, by)
    if found.faults:
        first = found.faults[0]
        raise Refused(CHANGED_SINCE.format(first.row + 1, first.message), field="file", code="faults")
    versions = {(row.sheet, row.number): version for row, (version, *_) in zip(read, rows, strict=True)}
    for each in (*found.new, *found.changed):
        if _version(each) != versions[each.row.sheet, each.row.number]:
            raise Refused(CHANGED_SINCE.format(each.row.number + 1, OTHER), field="file", code="stale")
    applying.write(found, by)
    return len(found.new) + len(found.changed)


def _version(staged: Staged) -> int | None:
    """Of the product that the row corrects; none where it is a new one."""
    return staged.product.version if staged.product else None


REGISTER = declare(
    Register(
        code="products",
        name="Sổ OCOP",
        noun="sản phẩm",
        require=require,
        check=check,
        write=write,
        sent_at="ocop:intake",
        kept_at="ocop:list",
    )
)
