"""Where a page of a list begins."""

import datetime as dt
import re
from typing import NamedTuple, Self


class DayPlace(NamedTuple):
    """A place in a list that stands newest day first, then by id. Written in addresses as 2024-02-21.17."""

    day: dt.date
    pk: int

    def __str__(self) -> str:
        return f"{self.day.isoformat()}.{self.pk}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The place that an address names; None for anything else."""
        day, _, pk = text.partition(".")
        try:
            return cls(dt.date.fromisoformat(day), int(pk)) if re.fullmatch("[0-9]{1,18}", pk) else None
        except ValueError:
            return None


def row_id(text: str) -> int | None:
    """A row's id in an address, or None: what is no number asks for the first page."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
