"""What of a PDF can be told without reading it: that it ends, and that it is not locked."""

import re
from pathlib import Path

_LOCKED = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
_END, _TAIL = b"%%EOF", 2048


def is_cut(path: Path) -> bool:
    """Whether the end is missing."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        return _END not in file.read()


def is_locked(path: Path) -> bool:
    """Whether it is encrypted: the trailer, which never is, says so."""
    return bool(_LOCKED.search(path.read_bytes()))
