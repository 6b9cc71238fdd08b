"""Opening and closing the rounds of 2023, and opening those of 2024 from them."""

import datetime as dt

from django.utils import timezone

from communes.models import Area
from criteria.actions.rounds import close_round, ensure_year, open_round
from criteria.models import CriteriaSet, Period, Round
from reports.seed import files


def open_first(province: Area) -> int:
    """Open the year that the readings are generated for; returns how many rounds."""
    plan = files.document("readings.yaml")
    return _open(province, plan, prefill_from=None)


def close_first(province: Area) -> int:
    """Freeze the generated year; returns how many rounds."""
    plan = files.document("readings.yaml")
    still_open = Round.objects.filter(province=province, period__code=str(plan["period"]), closed_on=None)
    rounds = list(still_open.order_by("criteria_set__slug"))
    for opened in rounds:
        close_round(reading_round=opened, on=plan["closed_on"], by=None)
    return len(rounds)


def open_second(province: Area) -> int:
    """Open the year after it, each value as the draft it was before; returns how many rounds."""
    plan = files.document("current-year.yaml")
    return _open(province, plan, prefill_from=Period.objects.get(code=str(plan["prefilled_from"])))


def _open(province: Area, plan: dict, prefill_from: Period | None) -> int:
    period = ensure_year(plan["period"])
    due_on = plan.get("opened_due_on") or timezone.localdate() + dt.timedelta(days=plan["due_in_days"])
    sets = CriteriaSet.objects.filter(
        allows_rounds=True, level__in=plan["levels"], effective_from__lte=period.ends_on
    ).exclude(effective_to__lt=period.starts_on)
    for criteria_set in sets.order_by("slug"):
        open_round(
            province=province,
            period=period,
            criteria_set=criteria_set,
            due_on=due_on,
            by=None,
            prefill_from=prefill_from,
        )
    return len(sets)
