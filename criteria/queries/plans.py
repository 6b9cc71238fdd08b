"""The plan of a year and its commendations, as the office keeps them."""

from django.db.models import Count, QuerySet

from criteria.models import Commendation, Target

PAGE = 60


def years() -> list[int]:
    """Years that have a plan, the latest first."""
    return list(Target.objects.order_by("-year").values_list("year", flat=True).distinct())


def targets(year: int) -> QuerySet[Target]:
    """What the plan of a year promises, with the units that it names."""
    return Target.objects.filter(year=year).select_related("area", "set_by").prefetch_related("areas")


def commendation_counts() -> dict[int, dict[str, int]]:
    """By year, the latest first, how many of each kind of recipient."""
    found: dict[int, dict[str, int]] = {}
    rows = Commendation.objects.order_by("-year").values_list("year", "recipient").annotate(n=Count("pk"))
    for year, recipient, n in rows:
        found.setdefault(year, {})[recipient] = n
    return found


def commendations(year: int, after: int = 0) -> tuple[list[Commendation], int | None]:
    """A page of a year's commendations in the order of their recording, and where the next one starts."""
    rows = list(Commendation.objects.filter(year=year, pk__gt=after).order_by("pk")[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None
