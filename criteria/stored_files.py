"""Files in the store against the rows that refer to them: every row has its whole file, no file lies unreferred."""

from collections.abc import Iterator
from itertools import islice

from criteria.models import StoredFile
from criteria.workbooks import cleaning
from files import storage

_BATCH = 500


def faults() -> Iterator[str]:
    """Files of evidence and sent tables that are missing or not what was stored, a line each."""
    yield from cleaning.faults()
    for key, sha256 in StoredFile.objects.order_by("pk").values_list("key", "sha256").iterator(chunk_size=_BATCH):
        if not storage.is_whole(key, sha256):
            yield f"file {key}: missing, or not what was stored"


def collect() -> int:
    """Take away what was cut on its way in, and files that no row refers to; returns how many."""
    taken, left = storage.remove_unfinished(), storage.left_behind()
    while keys := list(islice(left, _BATCH)):
        known = set(StoredFile.objects.filter(key__in=keys).values_list("key", flat=True))
        unknown = [key for key in keys if key not in known]
        for key in unknown:
            storage.discard(key)
        taken += len(unknown)
    return taken
