"""One district: its own set with why, its communes, and its recognition."""

from dataclasses import dataclass

from accounts.scope import Actor
from communes.models import Area, Level
from criteria.models import DossierSubmission
from reports.queries.commune import UnitPage, unit_page
from reports.queries.communes import CommuneRow, commune_rows, rural
from reports.queries.results import Counts, roll_ups
from reports.queries.standpoint import Standpoint
from reports.queries.units import placed


@dataclass(frozen=True)
class DistrictPage:
    unit: UnitPage
    rows: list[CommuneRow]
    counts: list[tuple[object, Counts]]
    submissions: list[DossierSubmission]

    @property
    def area(self) -> Area:
        return self.unit.area

    @property
    def rural(self) -> list[CommuneRow]:
        return rural(self.rows)

    @property
    def urban(self) -> list[CommuneRow]:
        return [row for row in self.rows if row not in self.rural]

    @property
    def recognised(self) -> dict[str, int]:
        """Xã that hold each tier by decision; tiers nest."""
        order = ("ntm", "advanced", "model")
        held = [row.recognition.tier for row in self.rural if row.recognition]
        return {tier: sum(h in order[place:] for h in held) for place, tier in enumerate(order)}

    @property
    def share(self) -> float | None:
        """Share of the xã recognised NTM, in per cent."""
        return self.recognised["ntm"] / len(self.rural) * 100 if self.rural else None


def district_page(standpoint: Standpoint, code: str, user: Actor, *, tier: str = "") -> DistrictPage:
    """The page of a district; the number of queries does not grow with its communes. Raises UnknownUnit."""
    unit = unit_page(standpoint, code, user, tier=tier, level=Level.DISTRICT)
    members = [
        placed_unit
        for placed_unit in placed(standpoint.province, standpoint.units_on)
        if placed_unit.district and placed_unit.district.pk == unit.area.pk
    ]
    counted = roll_ups(standpoint.shown, tier="ntm", area_ids=[unit.area.pk])
    submitted = DossierSubmission.objects.filter(area=unit.area).order_by("known_on")
    if standpoint.as_of:
        submitted = submitted.filter(known_on__lte=standpoint.as_of)
    return DistrictPage(
        unit=unit,
        rows=commune_rows(standpoint, members),
        counts=[(period, counted.get((period.pk, unit.area.pk), Counts())) for period in standpoint.shown],
        submissions=list(submitted),
    )
