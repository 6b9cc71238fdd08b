"""How the province's units stand: by the tier that they hold, by the number of criteria that they meet."""

from collections import Counter
from dataclasses import dataclass

from communes.models import Kind
from reports.queries.dashboard import choices, tiers_of
from reports.queries.holdings import Holdings
from reports.queries.results import Counts, Result
from reports.queries.units import Unit, is_rural

_TIER = "ntm"
_URBAN = "urban-civilised"


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
class Urban:
    """Wards and townships, and how many of them are civilised by decision."""

    wards: int
    townships: int
    civilised_wards: int
    civilised_townships: int
    is_illustrative: bool

    @property
    def units(self) -> int:
        return self.wards + self.townships

    @property
    def civilised(self) -> int:
        return self.civilised_wards + self.civilised_townships

    @property
    def share(self) -> float:
        return self.civilised / self.units * 100 if self.units else 0.0


def urban(communes: list[Unit], held: Holdings) -> Urban:
    of = {kind: [unit.area for unit in communes if unit.area.kind == kind] for kind in (Kind.WARD, Kind.TOWNSHIP)}
    rows = [held.of(area.pk).get(_URBAN) for areas in of.values() for area in areas]
    return Urban(
        len(of[Kind.WARD]),
        len(of[Kind.TOWNSHIP]),
        held.count(of[Kind.WARD], _URBAN),
        held.count(of[Kind.TOWNSHIP], _URBAN),
        any(row.is_illustrative for row in rows if row),
    )


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


def criteria_in(found: list[Result]) -> int:
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
