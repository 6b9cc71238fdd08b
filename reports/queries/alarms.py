"""The regression alarm: who holds a tier by decision and fails it now, and which limb of revocation that meets."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q

from communes.models import Level
from criteria.models import CriteriaSet, Criterion, Recognition, Verdict
from criteria.queries.recognition import known_by
from criteria.rules.revocation import limbs_met
from reports.queries.dashboard import tiers_of
from reports.queries.holdings import Holdings, ledger
from reports.queries.results import Result, codes_by_bit, named, results
from reports.queries.standpoint import Standpoint
from reports.queries.units import Territory, Unit, is_rural, territory_on


@dataclass(frozen=True)
class Alarm:
    """A recognised unit that fails. `limbs` are the conditions of revocation that its approved values meet now."""

    unit: Unit
    recognition: Recognition
    result: Result
    failing: list[Criterion]
    limbs: list[dict[str, Any]]

    @property
    def share(self) -> float:
        """Criteria not met, in per cent of all: what the limbs are measured by."""
        return self.result.failing / self.result.total * 100 if self.result.total else 0.0


@dataclass(frozen=True)
class AlarmPage:
    standpoint: Standpoint
    communes: list[Alarm]
    districts: list[Alarm]
    holders: int
    is_illustrative: bool

    @property
    def revocable(self) -> int:
        """Units that meet a limb."""
        return sum(bool(alarm.limbs) for alarm in self.communes + self.districts)

    @property
    def failing_ntm(self) -> int:
        """Xã that fail the standard which the plan promises to keep."""
        return sum(alarm.result.tier == tiers_of("commune")[0] for alarm in self.communes)


def alarms(standpoint: Standpoint) -> AlarmPage:
    """The alarm in the page's own period; the number of statements does not grow with the units."""
    territory = territory_on(standpoint.province, standpoint.territory_on)[standpoint.territory_on]
    held = ledger(standpoint.province, standpoint.as_of).up_to(standpoint.year)
    levels = Q(round__criteria_set__level__in=(Level.COMMUNE, Level.DISTRICT))
    found = results([standpoint.period] if standpoint.period else [], levels)
    failing = [row for row in found if row.verdict == Verdict.NOT_MET and held.has(row.area_id, row.tier)]
    criteria = codes_by_bit(row.criteria_set_id for row in failing)
    laws = {
        row.pk: row.revocation.get("any_of", [])
        for row in CriteriaSet.objects.filter(pk__in={row.criteria_set_id for row in failing})
    }
    revoked = _revoked_shares(standpoint, territory, held)
    units = {unit.area.pk: unit for unit in (*territory.districts, *territory.communes)}
    rows = [
        _alarm(
            units[row.area_id],
            held.of(row.area_id)[row.tier],
            row,
            criteria,
            laws[row.criteria_set_id],
            revoked.get(row.area_id),
        )
        for row in failing
        if row.area_id in units
    ]
    rows.sort(key=lambda alarm: (not alarm.limbs, -alarm.share, alarm.unit.area.sort_key))
    rural = [unit.area for unit in territory.communes if is_rural(unit.area)]
    return AlarmPage(
        standpoint=standpoint,
        communes=[alarm for alarm in rows if alarm.unit.area.level == Level.COMMUNE],
        districts=[alarm for alarm in rows if alarm.unit.area.level == Level.DISTRICT],
        holders=held.count(rural, tiers_of("commune")[0]),
        is_illustrative=any(row.is_illustrative for row in found),
    )


def _alarm(
    unit: Unit,
    recognition: Recognition,
    row: Result,
    criteria: dict[int, dict[int, Criterion]],
    limbs: list[dict[str, Any]],
    revoked: Decimal | None,
) -> Alarm:
    lacking = named(row.failing_mask, criteria[row.criteria_set_id])
    met = limbs_met(
        limbs,
        failing={criterion.code for criterion in lacking},
        total=row.total,
        communes_revoked=revoked,
    )
    return Alarm(unit, recognition, row, lacking, met)


def _revoked_shares(standpoint: Standpoint, territory: Territory, held: Holdings) -> dict[int, Decimal]:
    """District id → the per cent of its xã whose recognition was revoked and not granted again: one statement."""
    known, tier = known_by(standpoint.as_of), tiers_of("commune")[0]
    rows = Recognition.objects.filter(known, act=Recognition.Act.REVOKED, tier=tier)
    revoked = {pk for pk in rows.values_list("area_id", flat=True) if not held.has(pk, tier)}
    rural = [unit for unit in territory.communes if unit.district and is_rural(unit.area)]
    members = Counter(unit.district.pk for unit in rural if unit.district)
    gone = Counter(unit.district.pk for unit in rural if unit.district and unit.area.pk in revoked)
    return {pk: Decimal(gone[pk]) * 100 / number for pk, number in members.items()}
