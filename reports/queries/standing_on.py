"""What the results of a year stand on: the law, the territory, the write that computed them, how fresh, how final."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils.timezone import localtime

from criteria.models import Assessment, Attainment, Period, Round
from criteria.queries.attained import latest_approval, numbers_of


def stands_on(year: int) -> dict[str, Any]:
    """Beside the figures of the year: three statements."""
    rounds = Round.objects.filter(
        province__code=settings.PROVINCE_CODE, period__kind=Period.Kind.YEAR, period__year=year
    )
    law = ("criteria_set__slug", "criteria_set__version", "criteria_set__legal_basis")
    opened = list(rounds.order_by(law[0]).values_list(*law, "period__ends_on", "closed_on"))
    results = Attainment.objects.filter(assessment__round__in=rounds)
    found = results.aggregate(epoch=Max("epoch"), at=Max("computed_at"))
    return {
        "sets": [
            {"set": slug, "set_version": version, "legal_basis": numbers_of(basis)}
            for slug, version, basis, *_ in opened
        ],
        "territory_on": max((end for *_, end, _ in opened), default=dt.date(year, 12, 31)),
        "status": "official" if opened and all(closed for *_, closed in opened) else "provisional",
        "epoch": found["epoch"],
        "computed_at": found["at"] and localtime(found["at"]),
        "input_watermark": _latest(rounds),
    }


def _latest(rounds: Any) -> dt.datetime | None:
    """When the latest value that counts was approved: one look-up a folder, by its index."""
    folders = Assessment.objects.filter(round__in=rounds).annotate(at=latest_approval())
    latest = folders.aggregate(Max("at"))["at__max"]
    return latest and localtime(latest)
