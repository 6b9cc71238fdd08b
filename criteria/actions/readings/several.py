"""Several values of one request."""

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
