"""The province's home: the official year, the open one beside it, the plan, and where it is stuck."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from accounts.scope import Actor
from communes.models import Area, Level
from criteria.models import DossierSubmission, Recognition, Verdict
from criteria.queries.recognition import granted_in_year
from reports.queries.bottlenecks import Bottleneck, bottlenecks, recognised_but_failing
from reports.queries.dashboard import choices, tiers_of
from reports.queries.districts import DistrictRow, Watched, district_rows, watched_medians
from reports.queries.map import Map, map_of
from reports.queries.plan import Plan, plan
from reports.queries.province import Condition, Conditions, Scheme, conditions, scheme
from reports.queries.results import Counts, Result, results, roll_ups
from reports.queries.standpoint import Standpoint
from reports.queries.summary import summary
from reports.queries.units import Holdings, Unit, holdings, is_rural, placed

_TIER = "ntm"
_NAMED = 3


@dataclass(frozen=True)
class YearResults:
    """What a year brought: the summary's figures, and the districts with their dates."""

    year: int
    figures: dict[str, Any]
    districts: list[Recognition]
    submissions: list[DossierSubmission]

    @property
    def communes(self) -> dict[str, int]:
        return self.figures["communes_recognised"]

    @property
    def illustrative(self) -> dict[str, bool]:
        """Which figures generated rows take part in."""
        return self.figures["illustrative"]

    @property
    def markets(self) -> list[str]:
        """Export markets by name."""
        names = choices()["markets"]
        return [names.get(code, code) for code in self.figures["ocop"]["export_markets"]]

    @property
    def assigned_share(self) -> float:
        """Share of the money that came through assigned sponsors, in per cent."""
        money = self.figures["sponsorship"]
        return money["assigned"] / money["total"] * 100 if money["total"] else 0.0


@dataclass(frozen=True)
class Band:
    """Communes by how many criteria they meet."""

    label: str
    query: str
    units: int
    share: float
    is_full: bool


@dataclass(frozen=True)
class TierCounts:
    """Xã by the highest tier that they hold, and in all (tiers nest). `stated` is the published denominator."""

    highest: dict[str, int]
    holding: dict[str, int]
    register: int
    stated: int | None
    is_illustrative: bool

    @property
    def none(self) -> int:
        return self.register - sum(self.highest.values())

    @property
    def bars(self) -> list[tuple[str, int, float, float]]:
        """Tier, units, start and length in per cent of the register."""
        found, start = [], 0.0
        for tier, units in self.highest.items():
            length = units / self.register * 100 if self.register else 0.0
            found.append((tier, units, start, length))
            start += length
        return found

    @property
    def share_of_register(self) -> float | None:
        return self.holding[_TIER] / self.register * 100 if self.register else None

    @property
    def share_of_stated(self) -> float | None:
        return self.holding[_TIER] / self.stated * 100 if self.stated else None


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
    watched: Watched | None
    watched_label: str
    bottlenecks: list[Bottleneck]
    alarms: list[Result]
    map: Map | None
    is_illustrative: bool

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
    """Everything that the home shows; the number of queries does not grow with the units."""
    communes = placed(standpoint.province, standpoint.territory_on)
    districts = [unit.area for unit in placed(standpoint.province, standpoint.territory_on, Level.DISTRICT)]
    watched = watched_medians(standpoint, communes)
    held = holdings(year=standpoint.year, as_of=standpoint.as_of)
    found = results(standpoint.shown[:1], round__criteria_set__level="commune")
    counted = roll_ups(standpoint.shown, tier=_TIER)
    province_id = standpoint.province.pk if standpoint.province else 0
    counts = [(period, counted.get((period.pk, province_id), Counts())) for period in standpoint.shown]
    year = year_results(standpoint)
    alarms = recognised_but_failing(found, held)
    return Home(
        standpoint=standpoint,
        results=year,
        scheme=scheme(standpoint),
        conditions=_with_blockers(conditions(standpoint, user), standpoint, districts, held),
        tiers=tier_counts(communes, held, year.figures["in_force"]["stated"]),
        counts=counts,
        bands=bands(counts[0][1] if counts else Counts(), _criteria_in(found)),
        plan=plan(standpoint, held),
        districts=district_rows(standpoint, districts, communes, held=held, counted=counted, watched=watched),
        units=len(communes),
        watched=watched.get(None),
        watched_label=choices()["watched"]["label"],
        bottlenecks=bottlenecks(standpoint.shown),
        alarms=alarms,
        map=map_of(standpoint.territory_on, communes, held, {row.area_id for row in alarms}),
        is_illustrative=any(row.is_illustrative for row in found),
    )


def _with_blockers(
    found: Conditions | None, standpoint: Standpoint, districts: list[Area], held: Holdings
) -> Conditions | None:
    """Conditions on shares with what stands in the way: the districts not recognised, or the indicators that fail."""
    if found is None:
        return None
    stuck = {tier: bottlenecks(standpoint.shown, tier=tier)[:_NAMED] for tier in tiers_of("commune")[1:]}
    rows = [replace(row, blocked=_blocker(row, districts, held, stuck)) for row in found.rows]
    return replace(found, rows=rows)


def _blocker(condition: Condition, districts: list[Area], held: Holdings, stuck: dict[str, list[Bottleneck]]) -> str:
    if condition.row.verdict != Verdict.NOT_MET or not condition.rule.get("member_kinds"):
        return ""
    tier, kinds = condition.rule["tier"], condition.rule["member_kinds"]
    missing = [area.name for area in districts if area.kind in kinds and not held.has(area.pk, tier)]
    if missing:
        rest = len(missing) - _NAMED
        return ", ".join(missing[:_NAMED]) + (f" và {rest} đơn vị khác" if rest > 0 else "")
    codes = [f"chỉ tiêu {row.code}" for row in stuck.get(tier, ())]
    return ", ".join(codes)


def year_results(standpoint: Standpoint) -> YearResults:
    """What the official year brought (the page's own year before any is closed)."""
    year = standpoint.official.year if standpoint.official else standpoint.year
    districts = [
        row
        for tier in ("ntm", "completed")
        for row in granted_in_year(tier=tier, year=year, decided_by=standpoint.as_of)
        .filter(area__level="district")
        .select_related("area", "decision")
        .order_by("counts_from", "area__sort_key")
    ]
    submitted = DossierSubmission.objects.filter(result_year=year, area__level="district").select_related("area")
    if standpoint.as_of:
        submitted = submitted.filter(known_on__lte=standpoint.as_of)
    return YearResults(year, summary(year=year, as_of=standpoint.as_of), districts, list(submitted))


def tier_counts(communes: list[Unit], held: Holdings, stated: int | None) -> TierCounts:
    """Xã by tier from the recognitions in force."""
    rural = [unit.area for unit in communes if is_rural(unit.area)]
    highest = Counter(row.tier for area in rural if (row := held.highest(area.pk)))
    rows = [row for area in rural for row in held.of(area.pk).values()]
    return TierCounts(
        highest={tier: highest[tier] for tier in tiers_of("commune")},
        holding={tier: held.count(rural, tier) for tier in tiers_of("commune")},
        register=len(rural),
        stated=stated,
        is_illustrative=any(row.is_illustrative for row in rows),
    )


def _criteria_in(found: list[Result]) -> int:
    return max((row.total for row in found if row.tier == _TIER), default=0)


def bands(counts: Counts, total: int) -> list[Band]:
    """The spread of criteria met, in the bands of dashboard.yaml; `total` is how many criteria the set has."""
    if not total or not counts.members:
        return []
    found = []
    for band in choices()["bands"]:
        fewest, most = (total - short for short in reversed(band["short_by"]))
        fewest = max(fewest, 0)
        units = sum(number for met, number in counts.by_criteria_met if fewest <= met <= most)
        found.append(
            Band(
                label=_band_label(fewest, most, total),
                query=f"tc={fewest}-{most}",
                units=units,
                share=units / counts.members * 100,
                is_full=most == total,
            )
        )
    return found


def _band_label(fewest: int, most: int, total: int) -> str:
    if most == total:
        return f"{total}/{total} tiêu chí"
    return f"{fewest}–{most} tiêu chí" if fewest else f"dưới {most + 1} tiêu chí"
