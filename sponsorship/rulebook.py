"""Channels, conversions and source lines as dated data: read from rulebooks/*.yaml, checked, and asked by day."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml

from communes.models import Confidence
from sponsorship.models import Channel, Contribution

FOLDER = Path(__file__).parent / "rulebooks"


class WrongRule(Exception):
    """A rule cannot be right; the message names file and place."""


@dataclass(frozen=True)
class Dated:
    """What stands between two days, with where it is said."""

    code: str
    name: str
    confidence: str
    source: str
    start: dt.date = dt.date.min
    end: dt.date = dt.date.max
    short: str = ""

    def holds_on(self, day: dt.date) -> bool:
        return self.start <= day <= self.end

    def holds_in(self, year: int) -> bool:
        """Whether it stands on some day of the year."""
        return self.start.year <= year <= self.end.year


@dataclass(frozen=True)
class Rate:
    """What a unit is worth between two days, in đồng."""

    kind: str
    unit: str
    dong: int
    start: dt.date
    end: dt.date
    confidence: str
    source: str


@dataclass(frozen=True)
class Rules:
    channels: tuple[Dated, ...]
    lines: tuple[Dated, ...]
    units: dict[str, tuple[str, ...]]
    rates: tuple[Rate, ...]


def read(folder: Path = FOLDER) -> Rules:
    """All rules of the folder; WrongRule at the first that cannot be right."""
    channels = _dated(folder / "channels.yaml", "channels")
    missing = set(Channel.values) ^ {channel.code for channel in channels}
    if missing:
        raise WrongRule(f"channels.yaml: {', '.join(sorted(missing))} is unknown or missing")
    units, rates = _conversions(folder / "conversions.yaml")
    return Rules(channels, _dated(folder / "funding-lines.yaml", "lines"), units, rates)


@cache
def rules() -> Rules:
    """The rules of the portal."""
    return read()


@cache
def channel(code: str) -> Dated:
    """The channel of that code."""
    return next(each for each in rules().channels if each.code == code)


def channels_on(day: dt.date) -> list[Dated]:
    """The channels that stand on a day."""
    return [each for each in rules().channels if each.holds_on(day)]


def lines_in(year: int) -> list[Dated]:
    """The source lines that stand on some day of a year."""
    return [each for each in rules().lines if each.holds_in(year)]


def rate_for(kind: str, unit: str, on: dt.date) -> Rate | None:
    """What a text says a unit is worth on a day; None where none was found."""
    found = (each for each in rules().rates if (each.kind, each.unit) == (kind, unit) and each.start <= on <= each.end)
    return next(found, None)


def _load(path: Path, key: str) -> list[dict[str, Any]]:
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
        return list(said[key])
    except (OSError, yaml.YAMLError, KeyError, TypeError) as fault:
        raise WrongRule(f"{path.name}: {fault}") from fault


def _dated(path: Path, key: str) -> tuple[Dated, ...]:
    found: list[Dated] = []
    for place, said in enumerate(_load(path, key)):
        where = f"{path.name}: {key}[{place}]"
        start, end = _days(said, where)
        _sourced(said, where)
        if any(each.code == said.get("code") for each in found) or not said.get("code") or not said.get("name"):
            raise WrongRule(f"{where}: code and name must be given, each code once")
        words = {name: said[name] for name in ("code", "name", "confidence", "source")}
        found.append(Dated(**words, start=start, end=end, short=said.get("short", said["name"])))
    return tuple(found)


def _conversions(path: Path) -> tuple[dict[str, tuple[str, ...]], tuple[Rate, ...]]:
    units: dict[str, tuple[str, ...]] = {}
    rates: list[Rate] = []
    for place, said in enumerate(_load(path, "kinds")):
        where = f"{path.name}: kinds[{place}]"
        _sourced(said, where)
        if said.get("kind") not in set(Contribution.Kind.values) - {Contribution.Kind.MONEY} or not said.get("units"):
            raise WrongRule(f"{where}: the kind is unknown or has no unit")
        units[said["kind"]] = tuple(said["units"])
        rates += [_rate(said, rate, f"{where}.rates[{n}]") for n, rate in enumerate(said.get("rates", []))]
    for one, other in combinations(rates, 2):
        is_same = (one.kind, one.unit) == (other.kind, other.unit)
        if is_same and one.start <= other.end and other.start <= one.end:
            raise WrongRule(f"{path.name}: two rates of {one.unit} hold on the same day")
    return units, tuple(rates)


def _rate(kind: dict[str, Any], said: dict[str, Any], where: str) -> Rate:
    start, end = _days(said, where)
    _sourced(said, where)
    dong = said.get("dong")
    if said.get("unit") not in kind["units"] or not isinstance(dong, int) or dong <= 0:
        raise WrongRule(f"{where}: the unit must be one of the kind, and dong a whole number above 0")
    return Rate(kind["kind"], said["unit"], dong, start, end, said["confidence"], said["source"])


def _days(said: dict[str, Any], where: str) -> tuple[dt.date, dt.date]:
    start, end = said.get("from", dt.date.min), said.get("until", dt.date.max)
    if not isinstance(start, dt.date) or not isinstance(end, dt.date) or end < start:
        raise WrongRule(f"{where}: from and until must be days in order")
    return start, end


def _sourced(said: dict[str, Any], where: str) -> None:
    if said.get("confidence") not in Confidence.values or not said.get("source"):
        raise WrongRule(f"{where}: confidence and source must be given")
