"""The rule sets of the programme as values: which one stands on a date, what it says."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

RULEBOOKS = Path(__file__).resolve().parents[1] / "rulebooks"
SETS = RULEBOOKS / "sets"


@dataclass(frozen=True)
class Part:
    """A part of the score sheet and the most that it gives."""

    code: str
    name: str
    most: Decimal


@dataclass(frozen=True)
class Band:
    """Totals that give a star: from `start` on, below `end`; the top band holds its end too."""

    star: int
    start: Decimal
    end: Decimal
    is_certifiable: bool


@dataclass(frozen=True)
class Recogniser:
    """The level that recognises a star in a span of days."""

    star: int
    level: str
    starts_on: dt.date
    ends_on: dt.date

    @property
    def first_day(self) -> dt.date | None:
        """None where it goes back to the beginning of the rule set."""
        return None if self.starts_on == dt.date.min else self.starts_on

    @property
    def last_day(self) -> dt.date | None:
        """None where it goes on to the end of the rule set."""
        return None if self.ends_on == dt.date.max else self.ends_on


@dataclass(frozen=True)
class RuleSet:
    """The rules of one decision. `minimums`: what a part must reach, by star and part."""

    slug: str
    name: str
    number: str
    effective_from: dt.date
    effective_to: dt.date
    parts: tuple[Part, ...]
    bands: tuple[Band, ...]
    bands_illustrative: bool
    minimums: dict[tuple[int, str], Decimal]
    minimums_known: bool
    certificate_months: int
    notice_days: int
    recognisers: tuple[Recogniser, ...]
    confidence: str
    notes: tuple[str, ...] = ()

    @property
    def most(self) -> Decimal:
        """The most that a sheet gives."""
        return sum((part.most for part in self.parts), Decimal(0))

    def band_of(self, star: int) -> Band | None:
        """The band of a star."""
        return next((band for band in self.bands if band.star == star), None)


def _date(said: str | None, otherwise: dt.date) -> dt.date:
    return dt.date.fromisoformat(str(said)) if said else otherwise


def from_data(data: dict[str, Any]) -> RuleSet:
    """The rule set of one checked rulebook."""
    return RuleSet(
        slug=data["slug"],
        name=data["name"],
        number=data["legal_basis"][-1]["number"],
        effective_from=_date(data["effective_from"], dt.date.min),
        effective_to=_date(data["effective_to"], dt.date.max),
        parts=tuple(Part(said["code"], said["name"], Decimal(said["most"])) for said in data["parts"]),
        bands=tuple(
            Band(said["star"], Decimal(str(said["from"])), Decimal(str(said["to"])), said["certifiable"])
            for said in data["bands"]["stars"]
        ),
        bands_illustrative=data["bands"]["illustrative"],
        minimums={(said["star"], said["part"]): Decimal(str(said["least"])) for said in data["minimums"]["known"]},
        minimums_known=data["minimums"]["confidence"] == "verified",
        certificate_months=data["certificate_months"]["value"],
        notice_days=data["notice_days"]["value"],
        recognisers=tuple(
            Recogniser(
                said["star"],
                said["level"],
                _date(said.get("from"), dt.date.min),
                _date(said.get("until"), dt.date.max),
            )
            for said in data["recognised_by"]
        ),
        confidence=data["confidence"],
        notes=tuple(data.get("notes", ())),
    )


@cache
def all_rules() -> tuple[RuleSet, ...]:
    """The rule sets of the repository, the oldest first."""
    read = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in SETS.glob("*.yaml")]
    return tuple(sorted(map(from_data, read), key=lambda rules: rules.effective_from))


def rules_on(on: dt.date) -> RuleSet:
    """The rule set in force on a day; LookupError before the first."""
    for rules in all_rules():
        if rules.effective_from <= on <= rules.effective_to:
            return rules
    raise LookupError(f"no OCOP rules on {on}")


def ending_by(on: dt.date) -> dt.date:
    """The day up to which a certificate counts as ending: `on` itself where no rules are in force."""
    try:
        notice = dt.timedelta(days=rules_on(on).notice_days)
    except LookupError:
        return on
    return on + min(notice, dt.date.max - on)


def rules_of(slug: str) -> RuleSet | None:
    """The rule set of that name, or None."""
    return next((rules for rules in all_rules() if rules.slug == slug), None)


@cache
def markets() -> dict[str, str]:
    """Export markets: ISO 3166-1 alpha-2 code → Vietnamese name."""
    found: dict[str, str] = yaml.safe_load((RULEBOOKS / "markets.yaml").read_text(encoding="utf-8"))["markets"]
    return found
