"""The province's home: the official year, the open one beside it, the plan, and where it is stuck."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

from accounts.scope import Actor
from communes.models import Area, Level
from communes.templatetags.vietnamese import so
from criteria.models import DossierSubmission, Recognition, StatedDenominator, Target, Verdict
from reports.queries.bottlenecks import Bottleneck, bottlenecks, recognised_but_failing
from reports.queries.dashboard import choices, tiers_of
from reports.queries.districts import DistrictRow, Watched, district_rows, submissions, watched_medians
from reports.queries.dwelling import BookCounts, book_counts
from reports.queries.holdings import Holdings, Ledger, ledger
from reports.queries.map import Map, map_of
from reports.queries.ocop_years import OcopYear, ocop_years
from reports.queries.plan import Plan, facts_of, plan, planned_year, targets_from
from reports.queries.province import Condition, Conditions, Scheme, conditions, scheme
from reports.queries.recognised import RecognisedYears, recognised_years
from reports.queries.results import Counts, Result, indicators_of, results, roll_ups
from reports.queries.standing import Band, TierCounts, Urban, bands, criteria_in, tier_counts, urban
from reports.queries.standpoint import Standpoint
from reports.queries.summary import (
    Figures,
    Money,
    commune_grants,
    district_grants,
    merits_of,
    money_of,
    stated_denominators,
    stated_on,
)
from reports.queries.units import Territory, territory_on

_TIER = "ntm"
_NAMED = 3


@dataclass(frozen=True)
class YearResults:
    """What a year brought: the summary's figures, and the districts with their dates."""

    year: int
    communes: Figures
    districts: list[Recognition]
    submissions: list[DossierSubmission]
    ocop: OcopYear
    money: Money
    merits: Figures

    @property
    def markets(self) -> list[str]:
        """Export markets by name."""
        names = choices()["markets"]
        return [names.get(code, code) for code in self.ocop.markets]

    @property
    def assigned_share(self) -> float:
        """Share of the money that came through assigned sponsors, in per cent."""
        money = self.money.sums
        return money["assigned"] / money["total"] * 100 if money["total"] else 0.0


@dataclass(frozen=True)
class Home:
    standpoint: Standpoint
    results: YearResults
    scheme: Scheme | None
    conditions: Conditions | None
    tiers: TierCounts
    counts: list[tuple[Any, Counts]]
    bands: list[Band]
    plan: Plan | None
    districts: list[DistrictRow]
    units: int
    urban: Urban
    book: BookCounts
    watched: Watched | None
    watched_label: str
    watched_code: str
    bottlenecks: list[Bottleneck]
    alarms: list[Result]
    map: Map | None
    is_illustrative: bool

    @property
    def since(self) -> int:
        """The first year of the trends."""
        return choices()["recognised_since"]

    @property
    def official(self) -> Counts:
        return self.counts[0][1] if self.counts else Counts()

    @property
    def current(self) -> tuple[Any, Counts] | None:
        """The open period and its counts, beside the official one."""
        return self.counts[1] if len(self.counts) > 1 else None

    @property
    def totals(self) -> dict[str, int]:
        return {tier: sum(row.by_tier[tier] for row in self.districts) for tier in tiers_of("commune")}


def home(standpoint: Standpoint, user: Actor) -> Home:
    """Everything that the home shows; the number of statements does not grow with the units."""
    year = standpoint.official.year if standpoint.official else standpoint.year
    read = _read(standpoint, year)
    territory, held = read.territory[standpoint.territory_on], read.known.up_to(standpoint.year)
    communes = territory.communes
    of_official = [row for row in read.results if row.period_id in {p.pk for p in standpoint.shown[:1]}]
    area_ids = [area.pk for area in (standpoint.province, *territory.district_areas) if area]
    counted = roll_ups(standpoint.shown, tier=_TIER, area_ids=area_ids)
    counts = [(period, counted.get((period.pk, area_ids[0]), Counts())) for period in standpoint.shown if area_ids]
    watched = watched_medians(standpoint, communes)
    law = indicators_of(row.criteria_set_id for row in read.results)
    stuck = {tier: bottlenecks(of_official, law, tier=tier) for tier in tiers_of("commune")}
    promised = _plan(standpoint, read)
    alarms = recognised_but_failing(of_official, held)
    return Home(
        standpoint=standpoint,
        results=read.year,
        scheme=scheme(standpoint, read.results, law),
        conditions=_completed(conditions(standpoint, user), read, territory.district_areas, stuck, promised),
        tiers=tier_counts(communes, held, stated_on(read.denominators, dt.date(year, 12, 31))),
        counts=counts,
        bands=bands(counts[0][1] if counts else Counts(), criteria_in(of_official)),
        plan=promised,
        districts=district_rows(
            standpoint,
            territory.district_areas,
            communes,
            held=held,
            counted=counted,
            watched=watched,
            submissions=read.submissions,
            targets=read.targets,
            sparks=read.recognised.by_district("advanced"),
        ),
        units=len(communes),
        urban=urban(communes, held),
        book=book_counts(standpoint),
        watched=watched.get(None),
        watched_label=choices()["watched"]["label"],
        watched_code=choices()["watched"]["indicator"],
        bottlenecks=stuck[_TIER][: choices()["bottlenecks"]],
        alarms=alarms,
        map=map_of(standpoint.territory_on, communes, held, {row.area_id for row in alarms}),
        is_illustrative=any(row.is_illustrative for row in of_official),
    )


@dataclass(frozen=True)
class _Read:
    """What several blocks are made of, read once."""

    standpoint: Standpoint
    territory: dict[dt.date, Territory]
    known: Ledger
    results: list[Result]
    submissions: list[DossierSubmission]
    ocop: dict[int, OcopYear]
    targets: list[Target]
    denominators: list[StatedDenominator]
    year: YearResults
    recognised: RecognisedYears


def _read(standpoint: Standpoint, year: int) -> _Read:
    """The official year's results of every unit, the province's of every period, and what stands beside them."""
    known, submitted = ledger(standpoint.province, standpoint.as_of), submissions(standpoint)
    ocop = ocop_years(sorted({year, planned_year(standpoint)}), standpoint.as_of)
    years = range(choices()["recognised_since"], year + 1)
    days = {standpoint.territory_on, *(dt.date(each, 12, 31) for each in (*years, planned_year(standpoint)))}
    territory = territory_on(standpoint.province, *days)
    official = Q(round__period__in=standpoint.shown[:1]) | Q(round__criteria_set__level=Level.PROVINCE)
    return _Read(
        standpoint=standpoint,
        territory=territory,
        known=known,
        results=results(standpoint.shown, official),
        submissions=submitted,
        ocop=ocop,
        targets=targets_from(year, standpoint.province),
        denominators=stated_denominators(),
        year=YearResults(
            year=year,
            communes=commune_grants(known, year),
            districts=sorted(district_grants(known, year), key=lambda row: (row.counts_from or dt.date.max, row.pk)),
            submissions=[row for row in submitted if row.result_year == year],
            ocop=ocop[year],
            money=money_of(year, standpoint.as_of),
            merits=merits_of(year, standpoint.as_of),
        ),
        recognised=recognised_years(known, territory, years),
    )


def _plan(standpoint: Standpoint, read: _Read) -> Plan | None:
    year = planned_year(standpoint)
    facts = facts_of(
        year,
        known=read.known,
        ocop=read.ocop[year],
        territory=read.territory[dt.date(year, 12, 31)],
        denominators=read.denominators,
    )
    return plan(standpoint, read.targets, facts)


def _completed(
    found: Conditions | None,
    read: _Read,
    districts: list[Area],
    stuck: dict[str, list[Bottleneck]],
    promised: Plan | None,
) -> Conditions | None:
    """Conditions with what stands in the way (districts not recognised, indicators that fail) and what is planned."""
    if found is None:
        return None
    standpoint, shares = read.standpoint, read.recognised
    held = read.known.known_by(found.decided_by).up_to(standpoint.year)
    rows = [
        replace(
            row,
            blocked=_blocker(row, districts, held, stuck),
            planned=_planned(row, promised),
            trend=shares.shares(row.rule["tier"], row.rule["member_kinds"])
            if row.recognised is not None
            else row.trend,
        )
        for row in found.rows
    ]
    return replace(found, rows=rows)


def _planned(condition: Condition, promised: Plan | None) -> str:
    """What the plan of the year promises of what a condition counts: 2024: 20 xã."""
    counted = {(row["tier"], tuple(row["kinds"])): row["measure"] for row in choices()["plans"]}
    measure = counted.get((condition.rule.get("tier", ""), tuple(condition.rule.get("member_kinds", ()))))
    found = next((p.target for p in promised.promises if p.target.measure == measure), None) if promised else None
    if found is None:
        return ""
    amount = so(found.value) + (found.unit if found.unit == "%" else f"\u00a0{found.unit}")
    return f"{found.year}: {'thêm ' if found.measure.endswith('_new') else ''}{amount}"


def _blocker(condition: Condition, districts: list[Area], held: Holdings, stuck: dict[str, list[Bottleneck]]) -> str:
    if condition.row.verdict != Verdict.NOT_MET or not condition.rule.get("member_kinds"):
        return ""
    tier, kinds = condition.rule["tier"], condition.rule["member_kinds"]
    missing = [area.name for area in districts if area.kind in kinds and not held.has(area.pk, tier)]
    if missing:
        rest = len(missing) - _NAMED
        return ", ".join(missing[:_NAMED]) + (f" và {rest} đơn vị khác" if rest > 0 else "")
    return ", ".join(f"chỉ tiêu {row.code}" for row in stuck.get(tier, ())[:_NAMED])
