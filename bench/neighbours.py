"""Other provinces in the tables of a portal, with rounds, values and results: what no page may notice.

To be imported after Django.
"""

from django.db.models import F, Q

from communes.models import Area, Classification, Kind, Level, Placement
from criteria import engine
from criteria.actions.rounds import open_round
from criteria.models import Reading, Round, State, Verdict

_REGION, _TIER = "TN", "ntm"


def settle(provinces: int, *, communes: int) -> None:
    """Add so many provinces of so many communes, with the portal's own rounds of the first commune set."""
    own = Round.objects.filter(criteria_set__level=Level.COMMUNE, criteria_set__tier=_TIER)
    rounds = list(own.select_related("period", "criteria_set"))
    for number in range(provinces):
        province = _province(f"N{number:02}", communes)
        for like in rounds:
            _fill(
                open_round(
                    province=province, period=like.period, criteria_set=like.criteria_set, due_on=like.due_on, by=None
                )
            )


def _province(code: str, communes: int) -> Area:
    province, district = (
        Area.objects.create(code=code + tail, kind=kind, level=level, name=f"{kind.label} {code}", sort_key=code)
        for tail, kind, level in (("", Kind.PROVINCE, Level.PROVINCE), ("D", Kind.DISTRICT, Level.DISTRICT))
    )
    units = [
        Area.objects.create(
            code=f"{code}{n:03}", kind=Kind.COMMUNE, level=Level.COMMUNE, name=f"Xã {code} {n}", sort_key=f"{code}{n}"
        )
        for n in range(communes)
    ]
    path = f"/{province.code}/"
    above = Placement(area=district, parent=province, path=f"{path}{district.code}/")
    below = [Placement(area=unit, parent=district, path=f"{above.path}{unit.code}/") for unit in units]
    Placement.objects.bulk_create([Placement(area=province, parent=None, path=path), above, *below])
    Classification.objects.bulk_create(
        Classification(area=unit, scheme=Classification.Scheme.REGION, value=_REGION) for unit in units
    )
    return province


def _fill(opened: Round) -> None:
    """Half of the values are approved and met, half fail."""
    for verdict, odd in ((Verdict.MET, 0), (Verdict.NOT_MET, 1)):
        rows = Reading.objects.filter(assessment__round=opened, input__derived__isnull=True)
        rows = rows.alias(half=F("pk") % 2).filter(half=odd)
        rows.update(value=1, state=State.APPROVED, verdict=verdict)
    engine.recompute(engine.folders(Q(round=opened)))
