"""Part scores into stars under the rules of a date, how long a certificate holds, and who recognises."""

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ocop.rules.rulesets import Band, RuleSet

Scores = Mapping[str, Decimal]
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Result:
    """What a sheet or a mean gives. `short_of`: parts that kept it from the star of its total."""

    total: Decimal
    stars: int
    is_certifiable: bool
    is_provisional: bool
    short_of: tuple[str, ...] = ()


def faults(scores: Scores, rules: RuleSet) -> dict[str, str]:
    """What is wrong with part scores, by part: below 0, past its most, missing, unknown."""
    found = dict.fromkeys(scores.keys() - {part.code for part in rules.parts}, "Phiếu chấm không có phần này.")
    for part in rules.parts:
        score = scores.get(part.code)
        if score is None:
            found[part.code] = f"Ghi điểm phần {part.code}."
        elif score < 0:
            found[part.code] = f"Điểm phần {part.code} không được âm."
        elif score > part.most:
            found[part.code] = f"Điểm phần {part.code} nhiều nhất {part.most} theo {rules.number}."
        elif score != score.quantize(_HUNDREDTH):
            found[part.code] = f"Điểm phần {part.code} nhiều nhất hai chữ số sau dấu phẩy."
    return found


def rate(scores: Scores, rules: RuleSet, *, are_bands_confirmed: bool = False) -> Result:
    """Total and stars of part scores that have no faults (`faults`).

    Provisional while an officer has not confirmed the bands: they are illustrative, or the minimums are not known.
    """
    total = sum((scores[part.code] for part in rules.parts), Decimal(0))
    band = band_at(total, rules)
    reached = next((each for each in _down_from(band, rules) if not _short(scores, each, rules)), rules.bands[0])
    doubtful = rules.bands_illustrative or not rules.minimums_known
    return Result(
        total=total,
        stars=reached.star,
        is_certifiable=reached.is_certifiable,
        is_provisional=doubtful and not are_bands_confirmed,
        short_of=_short(scores, band, rules),
    )


def band_at(total: Decimal, rules: RuleSet) -> Band:
    """The band that holds a total; ValueError outside 0 to the most of the sheet."""
    top = max(rules.bands, key=lambda band: band.end)
    for band in rules.bands:
        if band.start <= total < band.end or (band is top and total == band.end):
            return band
    raise ValueError(f"{total} is in no band of {rules.slug}")


def _down_from(band: Band, rules: RuleSet) -> list[Band]:
    lower = [each for each in rules.bands if each.start <= band.start]
    return sorted(lower, key=lambda each: each.start, reverse=True)


def _short(scores: Scores, band: Band, rules: RuleSet) -> tuple[str, ...]:
    """Parts that miss what the star of the band asks of them."""
    return tuple(
        part for (star, part), least in sorted(rules.minimums.items()) if star == band.star and scores[part] < least
    )


def to_next_star(total: Decimal, rules: RuleSet) -> tuple[int, Decimal] | None:
    """The next star and how many points it is away; None at the top."""
    above = [band for band in rules.bands if band.start > total]
    following = min(above, key=lambda band: band.start, default=None)
    return (following.star, following.start - total) if following else None


def mean(sheets: Iterable[Scores], rules: RuleSet) -> dict[str, Decimal]:
    """The mean of each part over the sheets, to the hundredth, half up. ValueError without a sheet."""
    given = list(sheets)
    if not given:
        raise ValueError("no sheet")
    return {
        part.code: (sum((sheet[part.code] for sheet in given), Decimal(0)) / len(given)).quantize(
            _HUNDREDTH, ROUND_HALF_UP
        )
        for part in rules.parts
    }


def certificate_end(decided_on: dt.date, rules: RuleSet) -> dt.date:
    """The day a certificate ends: the same day of the month, or the month's last where it has none."""
    months = decided_on.month - 1 + rules.certificate_months
    year, month = decided_on.year + months // 12, months % 12 + 1
    return dt.date(year, month, min(decided_on.day, calendar.monthrange(year, month)[1]))


def recogniser_of(star: int, on: dt.date, rules: RuleSet) -> str | None:
    """The level (district, province, central) that recognises a star on a day; None where no certificate is given."""
    for entry in rules.recognisers:
        if entry.star == star and entry.starts_on <= on <= entry.ends_on:
            return entry.level
    return None
