"""What one request does as a whole: with several values, or with a folder as it was seen."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction

from criteria import engine
from criteria.statements import Ids


@contextmanager
def several(reading_ids: Iterable[int]) -> Iterator[None]:
    """What is done with these values inside is one transaction; each action may still be refused for itself.

    Their units are locked first, in one order: a round that closes meanwhile closes before all of them or after all.
    """
    with transaction.atomic():
        engine.lock(engine.UNITS_OF_READINGS, Ids.of(reading_ids))
        yield


@contextmanager
def whole_folder(assessment_id: int) -> Iterator[None]:
    """What is done with the folder inside is one transaction, and nothing of its unit moves meanwhile."""
    with transaction.atomic():
        engine.lock(engine.UNITS_OF_FOLDERS, Ids.of([assessment_id]))
        yield
