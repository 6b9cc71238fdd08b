"""Recognition by decision: who holds a tier on a date, and what a year brought."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from communes.models import Area, AreaChange
from criteria.models import Recognition

_EVER = dt.date(1, 1, 1)
_GIVES = (Recognition.Act.GRANTED, Recognition.Act.CARRIED_OVER)


def known_by(decided_by: dt.date | None) -> Q:
    """Condition on recognitions: taken by that date, and not withdrawn. One without a date counts at any time."""
    stands = Q(withdrawn_at=None)
    return stands if decided_by is None else stands & (Q(counts_from=None) | Q(counts_from__lte=decided_by))


def _of_results_up_to(year: int | None) -> Q:
    """Condition: a result of `year` or before; without a result year, known by the end of `year`."""
    if year is None:
        return Q()
    undated = Q(result_year=None) & (Q(counts_from=None) | Q(counts_from__lte=dt.date(year, 12, 31)))
    return Q(result_year__lte=year) | undated


def year_of(result_year: int | None, counts_from: dt.date | None) -> int:
    """The same of columns: the first year of whose results it is one."""
    return result_year or (counts_from.year if counts_from else _EVER.year)


def holding(
    *, tier: str | None = None, up_to_year: int | None = None, decided_by: dt.date | None = None
) -> QuerySet[Recognition]:
    """Grants and carry-overs of the tier (of every tier without one) that no later revocation has ended."""
    known = Recognition.objects.filter(known_by(decided_by), **({"tier": tier} if tier else {}))
    later = known.filter(
        act=Recognition.Act.REVOKED,
        area_id=OuterRef("area_id"),
        tier=OuterRef("tier"),
        counts_from__gte=Coalesce(OuterRef("counts_from"), Value(_EVER)),
    )
    return known.filter(_of_results_up_to(up_to_year), ~Exists(later), act__in=_GIVES)


def in_force(
    *, tier: str, on: dt.date, up_to_year: int | None = None, decided_by: dt.date | None = None
) -> QuerySet[Area]:
    """Units that exist on `on` and hold the tier, by results up to `up_to_year` as decided by `decided_by`.

    Recognition stands on the unit it was given to: a unit formed by a merger holds only what was granted or
    carried over to itself (Decision 18/2022; the carry-over of Decision 3368/QĐ-UBND is such an act).
    A unit that only changed its district stays the same unit, though the register gives it a new date.
    """
    held = holding(tier=tier, up_to_year=up_to_year, decided_by=decided_by).values("area_id")
    moved = AreaChange.objects.filter(change=AreaChange.Change.DISTRICT_TRANSFER, old_id__in=held).values("new_id")
    return Area.objects.as_of(on).filter(Q(pk__in=held) | Q(pk__in=moved))


def granted_in_year(*, tier: str, year: int, decided_by: dt.date | None = None) -> QuerySet[Recognition]:
    """First grants with the result of `year` still in force; carry-overs after a merger are not among them."""
    return holding(tier=tier, decided_by=decided_by).filter(result_year=year, act=Recognition.Act.GRANTED)
