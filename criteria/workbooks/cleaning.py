"""Sent tables on disk against their rows: old ones go, what was cut goes, what is kept must be what was sent."""

import datetime as dt
import time
from collections.abc import Iterator
from itertools import islice

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from criteria.models import Import
from criteria.workbooks import storing
from files import storage

_ENDED = (Import.State.APPLIED, Import.State.REFUSED, Import.State.CANCELLED)
_BATCH = 500


def kept() -> QuerySet[Import]:
    """Imports whose file must be there: those on their way, and those that ended not too long ago."""
    since = timezone.now() - dt.timedelta(days=settings.IMPORT_KEEP_DAYS)
    return Import.objects.exclude(state__in=_ENDED, finished_at__lt=since)


def clean() -> int:
    """Take away files of long ended imports, what was read of them, and what was cut on its way in; how many.

    Nothing younger than an hour is touched: its row may not be committed yet.
    """
    taken, left = 0, _old_files()
    while names := list(islice(left, _BATCH)):
        known = dict(kept().filter(stored_as__in=map(_stem, names)).values_list("stored_as", "state"))
        for name in names:
            if not _is_needed(name, known.get(_stem(name))):
                storing.forget(name)
                taken += 1
    return taken


def _stem(name: str) -> str:
    return name.partition(".")[0]


def _is_needed(name: str, state: str | None) -> bool:
    """Whether an old file is of use to an import in that state: what was read of one only until it is checked."""
    if name == _stem(name):
        return state is not None
    return name.endswith(".json") and state == Import.State.READ


def _old_files() -> Iterator[str]:
    before = time.time() - storage.LEFT_BEHIND_SECONDS
    for path in sorted(storing.folder().glob("*")):
        if path.is_file() and path.stat().st_mtime < before:
            yield path.name


def faults() -> Iterator[str]:
    """Kept files that are missing or not what was sent, a line each."""
    for pk, name, sha256 in kept().order_by("pk").values_list("pk", "stored_as", "sha256").iterator(chunk_size=_BATCH):
        if not storage.is_what_was_stored(storing.path_of(name), sha256):
            yield f"import {pk}: file missing, or not what was sent"
