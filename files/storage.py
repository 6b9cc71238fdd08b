"""The store: one folder outside the web root, files under random names, whole or not there at all.

A file is streamed into `incoming`, written to the disk for good, and only then moved to its name. Whoever refers to
it does so after that: a reference never points to a missing file, and a file without one is taken away in time.
"""

import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

KEY = re.compile(r"[0-9a-f]{32}")
# What nobody refers to after this long was left behind by a process that ended in the middle.
LEFT_BEHIND_SECONDS = 3600


def incoming() -> Path:
    """The folder of files on their way in."""
    return _folder(Path(settings.MEDIA_ROOT) / "incoming")


def path_of(key: str) -> Path:
    """Where the file `key` lies; ValueError for anything that is not a key."""
    if not KEY.fullmatch(key):
        raise ValueError("not a key of the store")
    return _kept() / key[:2] / key


def keep(path: Path) -> str:
    """Move a finished file into the store, for good; returns its key."""
    key = secrets.token_hex(16)
    target = path_of(key)
    _folder(target.parent)
    _settle(path, os.O_RDONLY)
    os.replace(path, target)
    _settle(target.parent, os.O_RDONLY | os.O_DIRECTORY)
    return key


def discard(key: str) -> None:
    """Take a file away; nothing where it is gone already."""
    path_of(key).unlink(missing_ok=True)


def digest(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_whole(key: str, sha256: str) -> bool:
    """Whether the file is there and is what was stored."""
    return is_what_was_stored(path_of(key), sha256)


def is_what_was_stored(path: Path, sha256: str) -> bool:
    """Whether a file is there with these bytes."""
    try:
        return digest(path) == sha256
    except OSError:
        return False


def left_behind() -> Iterator[str]:
    """Keys of files old enough to be referred to by now, if anybody does."""
    for path in sorted(_kept().glob("??/*")):
        if KEY.fullmatch(path.name) and _is_old(path):
            yield path.name


def remove_unfinished() -> int:
    """Take away what was cut on its way in; returns how many files."""
    old = [path for path in incoming().iterdir() if _is_old(path)]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _kept() -> Path:
    return Path(settings.MEDIA_ROOT) / "kept"


def _folder(path: Path) -> Path:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _settle(path: Path, flags: int) -> None:
    """Wait until the disk has it: after a power cut it is still there."""
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_old(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > LEFT_BEHIND_SECONDS
    except FileNotFoundError:
        return False
