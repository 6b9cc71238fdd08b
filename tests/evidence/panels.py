"""Where the panel of a value is, and what the grid says of it."""

from django.urls import reverse

from criteria.models import Reading
from criteria.queries.marks import Marks, marks_in, with_marks


def marks_of(reading_ids: list[int]) -> dict[int, Marks]:
    return {row.pk: marks_in(row) for row in with_marks(Reading.objects.filter(pk__in=reading_ids))}


def address(name, reading):
    return reverse(f"criteria:{name}", args=[reading.pk])
