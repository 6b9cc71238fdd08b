"""The table of districts: recognition, plan, and how their communes stand."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from django.conf import settings

from communes.models import Area, Level
from criteria.models import DossierSubmission, Period, Reading, Recognition, State, Target
from reports.queries.charts import Spark
from reports.queries.dashboard import choices
from reports.queries.holdings import Holdings
from reports.queries.results import Counts
from reports.queries.standpoint import Standpoint
from reports.queries.units import Unit, is_rural


@dataclass(frozen=True)
class Watched:
    """Median of the watched indicator among the communes that have an approved value."""

    value: Decimal
    threshold: Decimal | None
    communes: int

    @property
    def holds(self) -> bool:
        return self.threshold is not None and self.value >= self.threshold


@dataclass(frozen=True)
class DistrictRow:
    area: Area
    recognition: Recognition | None
    advanced: Recognition | None
    submission: DossierSubmission | None
    targets: list[Target]
    communes: int
    by_tier: dict[str, int]
    counts: list[tuple[Period, Counts]]
    spark: Spark | None
    watched: Watched | None

    @property
    def official(self) -> Counts:
        """Counts of the first period shown: the official one, where there is one."""
        return self.counts[0][1] if self.counts else Counts()

    @property
    def current(self) -> Counts | None:
        """Counts of the open period beside it."""
        return self.counts[1][1] if len(self.counts) > 1 else None


def district_rows(
    standpoint: Standpoint,
    districts: list[Area],
    communes: list[Unit],
    *,
    held: Holdings,
    counted: dict[tuple[int, int], Counts],
    watched: dict[int | None, Watched],
    submissions: list[DossierSubmission],
    targets: list[Target],
    sparks: dict[str, Spark | None],
) -> list[DistrictRow]:
    """One row for each of the districts, from what was read. No statement."""
    members = _members(communes)
    submitted, named = {row.area_id: row for row in submissions}, _naming(targets)
    return [
        DistrictRow(
            area=area,
            recognition=held.of(area.pk).get("ntm") or held.of(area.pk).get("completed"),
            advanced=held.of(area.pk).get("advanced"),
            submission=submitted.get(area.pk),
            targets=named.get(area.pk, []),
            communes=len(members[area.pk]),
            by_tier={tier: held.count(members[area.pk], tier) for tier in ("ntm", "advanced", "model")},
            counts=[(period, counted.get((period.pk, area.pk), Counts())) for period in standpoint.shown],
            spark=sparks.get(area.code),
            watched=watched.get(area.pk),
        )
        for area in districts
    ]


def _members(communes: list[Unit]) -> dict[int, list[Area]]:
    found: dict[int, list[Area]] = defaultdict(list)
    for unit in communes:
        if unit.district and is_rural(unit.area):
            found[unit.district.pk].append(unit.area)
    return found


def submissions(standpoint: Standpoint) -> list[DossierSubmission]:
    """Districts' dossiers sent up for results until the page's year, as known by its date: one statement."""
    rows = DossierSubmission.objects.filter(result_year__lte=standpoint.year, area__level=Level.DISTRICT)
    if standpoint.as_of:
        rows = rows.filter(known_on__lte=standpoint.as_of)
    return list(rows.select_related("area").order_by("known_on"))


def _naming(targets: list[Target]) -> dict[int, list[Target]]:
    """District id → the targets that name it."""
    found: dict[int, list[Target]] = defaultdict(list)
    for target in targets:
        for area in target.areas.all():
            found[area.pk].append(target)
    return found


def watched_medians(standpoint: Standpoint, communes: list[Unit]) -> dict[int | None, Watched]:
    """District id (None: the whole province) → median of the watched indicator in the first period shown."""
    watched = choices()["watched"]
    rows = Reading.objects.filter(
        assessment__round__period=standpoint.shown[0] if standpoint.shown else None,
        assessment__round__province__code=settings.PROVINCE_CODE,
        assessment__round__criteria_set__level=watched["level"],
        assessment__round__criteria_set__tier=watched["tier"],
        input__indicator__code=watched["indicator"],
        state=State.APPROVED,
        value__isnull=False,
    ).order_by("-input__ordinal")  # the indicator itself comes before its sub-conditions: it is read last and stays
    latest = {
        area: (value, bound)
        for area, value, bound in rows.values_list("assessment__area_id", "value", "threshold__value")
        if value is not None
    }
    groups: dict[int | None, list[tuple[Decimal, Decimal | None]]] = defaultdict(list)
    for unit in communes:
        if found := latest.get(unit.area.pk):
            groups[None].append(found)
            if unit.district:
                groups[unit.district.pk].append(found)
    return {pk: _median(values) for pk, values in groups.items()}


def _median(values: list[tuple[Decimal, Decimal | None]]) -> Watched:
    bounds = [bound for _, bound in values if bound is not None]
    return Watched(median(value for value, _ in values), max(bounds) if bounds else None, len(values))
