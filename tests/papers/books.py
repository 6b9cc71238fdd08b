"""Rows of a commune's book, as an officer writes them."""

import datetime as dt
from decimal import Decimal

from communes import book

VILLAGES, RESIDENTIAL, GARDENS = (book.KINDS[slug] for slug in ("thon", "khu-dan-cu", "vuon-mau"))
END_2024 = dt.date(2024, 12, 31)


def village(name: str = "Thôn 1", **said) -> dict[str, object]:
    return {"name": name, "households": 120, "population": 480, "valid_from": None, **said}


def garden(name: str = "Nguyễn Văn Thử", **said) -> dict[str, object]:
    return {"name": name, "village": "", "year": 2023, "area_m2": Decimal("1250.5"), **said}
