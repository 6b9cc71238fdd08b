"""How long one statement of a process may take (PostgreSQL): a request is answered or refused, it never hangs."""

from typing import Any

from django.db import OperationalError
from django.db.backends.signals import connection_created

TOO_SLOW = (
    "Yêu cầu này cần nhiều thời gian hơn mức cho phép. Thu hẹp yêu cầu (ít dòng hơn, một huyện, một năm) rồi thử lại."
)
BUSY = "Cơ sở dữ liệu đang bận. Đợi vài giây rồi thử lại."
RETRY_AFTER = "5"
LIMIT = "statement_timeout"
_CANCELLED, _LOCK_NOT_AVAILABLE = "57014", "55P03"


def limit(seconds: int) -> None:
    """Connections that this process opens from now on end statements that take longer; 0 sets no limit."""

    def set_limit(connection: Any, **_: Any) -> None:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config(%s, %s, false)", [LIMIT, f"{seconds}s"])

    connection_created.connect(set_limit, weak=False, dispatch_uid=LIMIT)


def reason(exc: BaseException | None) -> tuple[str, str] | None:
    """Code and sentence where `exc` says that the database had no time for it; None for anything else."""
    if not isinstance(exc, OperationalError):
        return None
    state = getattr(exc.__cause__, "pgcode", None)
    if state == _CANCELLED:
        return "too_slow", TOO_SLOW
    return ("busy", BUSY) if state == _LOCK_NOT_AVAILABLE or "database is locked" in str(exc) else None
