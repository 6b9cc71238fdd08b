"""The criteria sets as pages: how complete each is, and one set with the thresholds that bind this province."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.errors import OutOfScope
from communes.models import Area
from criteria.models import CriteriaSet, Criterion, Indicator, Input, Threshold
from criteria.queries import wording
from criteria.resolving import Resolver

_LEVELS = ("commune", "district", "province", "village")
_TIERS = ("ntm", "advanced", "model")
_ROLES = Criterion.Role.values


def province() -> Area | None:
    """The province that this portal serves."""
    return Area.objects.filter(code=settings.PROVINCE_CODE, level="province").first()


def sets() -> list[CriteriaSet]:
    """The newest version of each set with `inputs` counted: communes first, then districts and the province."""
    newest: dict[str, CriteriaSet] = {}
    for found in CriteriaSet.objects.annotate(inputs=Count("criteria__indicators__inputs")).order_by("version"):
        newest[found.slug] = found
    return sorted(newest.values(), key=lambda s: (_LEVELS.index(s.level), s.effective_from.year, _rank(s.tier), s.slug))


def _rank(tier: str) -> int:
    return _TIERS.index(tier) if tier in _TIERS else len(_TIERS)


def completeness(found: CriteriaSet) -> str:
    """How much of a set is known: 37 trong 38 chỉ tiêu; 57 chỉ tiêu."""
    if found.missing_indicators:
        return f"{found.listed_indicators} trong {found.declared_indicators} chỉ tiêu"
    return f"{found.listed_indicators} chỉ tiêu"


@dataclass(frozen=True)
class InputLine:
    """One input with the threshold that binds units of the default region in the chosen year."""

    entry: Input
    threshold: Threshold | None
    starts_indicator: bool

    @property
    def requirement(self) -> str:
        return "hệ thống tính" if self.entry.derived and not self.threshold else self._requirement

    @property
    def _requirement(self) -> str:
        return wording.requirement(self.entry, self.threshold)

    @property
    def is_missing(self) -> bool:
        return self.threshold is None

    @property
    def indicator(self) -> Indicator:
        return self.entry.indicator


@dataclass(frozen=True)
class CriterionBlock:
    criterion: Criterion
    lines: list[InputLine]


@dataclass(frozen=True)
class SetPage:
    """One set, read for one year."""

    criteria_set: CriteriaSet
    year: int
    years: list[int]
    blocks: list[CriterionBlock]

    @property
    def lines(self) -> list[InputLine]:
        return [line for block in self.blocks for line in block.lines]

    @property
    def missing(self) -> int:
        return sum(line.is_missing and not line.entry.derived for line in self.lines)


def years_of(found: CriteriaSet, today: dt.date | None = None) -> list[int]:
    """The years in which a set is in force, up to the current one for sets without an end."""
    today = today or timezone.localdate()
    last = (found.effective_to or max(today, found.effective_from)).year
    return list(range(found.effective_from.year, last + 1))


def set_page(slug: str, year: int | None = None) -> SetPage:
    """The newest version of a set with its thresholds in `year` (the latest past year in force by default)."""
    found = CriteriaSet.objects.filter(slug=slug).order_by("-version").first()
    if found is None:
        raise OutOfScope
    years = years_of(found)
    past = [each for each in years if each <= timezone.localdate().year] or years[:1]
    year = year if year in years else past[-1]
    lines = _lines(_inputs(Q(indicator__criterion__criteria_set=found)), _resolver(found, year))
    return SetPage(found, year, years, _blocks(found, lines))


def _inputs(condition: Q) -> QuerySet[Input]:
    return (
        Input.objects.filter(condition)
        .select_related("indicator__criterion")
        .order_by("indicator__criterion__bit", "indicator__criterion_id", "indicator__ordinal", "ordinal", "pk")
    )


def _resolver(found: CriteriaSet, year: int) -> Resolver:
    served = province()
    return Resolver(
        criteria_set=found,
        province_id=served.pk if served else 0,
        year=year,
        on=dt.date(year, 12, 31),
        area_ids=[],
    )


# No unit has this id: the resolver then answers for the set's default region.
_ANY_UNIT = 0


def _lines(entries: Iterable[Input], resolver: Resolver) -> list[InputLine]:
    lines, last = [], None
    for entry in entries:
        lines.append(InputLine(entry, resolver.threshold_for(entry, _ANY_UNIT), entry.indicator_id != last))
        last = entry.indicator_id
    return lines


def _blocks(found: CriteriaSet, lines: list[InputLine]) -> list[CriterionBlock]:
    by_criterion: dict[int, list[InputLine]] = {}
    for line in lines:
        by_criterion.setdefault(line.indicator.criterion_id, []).append(line)
    ordered = sorted(found.criteria.all(), key=lambda c: (_ROLES.index(c.role), c.bit))
    return [CriterionBlock(criterion, by_criterion.get(criterion.pk, [])) for criterion in ordered]


# --- thresholds ------------------------------------------------------------------------------


@dataclass(frozen=True)
class MissingIn:
    """The inputs of one set that have no threshold in its current year."""

    criteria_set: CriteriaSet
    year: int
    lines: list[InputLine]


def missing_thresholds() -> list[MissingIn]:
    """Inputs without a threshold in the sets that rounds may be opened on; sets without any are left out."""
    found = []
    for criteria_set in sets():
        if criteria_set.allows_rounds:
            page = set_page(criteria_set.slug)
            if lines := [line for line in page.lines if line.is_missing and not line.entry.derived]:
                found.append(MissingIn(criteria_set, page.year, lines))
    return found


@dataclass(frozen=True)
class Override:
    """A level that the province set itself."""

    row: Threshold

    @property
    def requirement(self) -> str:
        return wording.requirement(self.row.input, self.row)


def overrides() -> list[Override]:
    """What the province set itself, newest first, with who entered and who confirmed it."""
    rows = (
        Threshold.objects.filter(province__code=settings.PROVINCE_CODE)
        .select_related("input__indicator__criterion__criteria_set", "entered_by", "confirmed_by")
        .order_by("-pk")
    )
    return [Override(row) for row in rows]
