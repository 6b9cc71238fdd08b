"""The province's data counter: ETags and cached bodies stand on it."""

from django.conf import settings
from django.db import connection

_RAISE = """
    INSERT INTO communes_epoch (province_code, value) VALUES (%s, 1)
    ON CONFLICT (province_code) DO UPDATE SET value = communes_epoch.value + 1
    RETURNING value
"""


def bump(province_code: str | None = None) -> int:
    """Raise the counter inside the current transaction and return the new value."""
    code = province_code or settings.PROVINCE_CODE
    with connection.cursor() as cursor:
        cursor.execute(_RAISE, [code])
        return cursor.fetchone()[0]


def current(province_code: str | None = None) -> int:
    """The counter as committed; one indexed read, in plain SQL because every answer begins with it."""
    code = province_code or settings.PROVINCE_CODE
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM communes_epoch WHERE province_code = %s", [code])
        row = cursor.fetchone()
    return row[0] if row else 0
