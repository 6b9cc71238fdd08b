"""Composing a document: the figures of the public pages, put into the words of its kind. Nothing is counted here."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string

from communes.models import Area, Level
from communes.templatetags.vietnamese import measure, ngay, phan_tram, required, so, tier_name
from criteria.models import Period
from reports.documents import report_forms
from reports.documents.annexes import ANNEXES
from reports.documents.paper import Paper, blocks_of, inside, kinds
from reports.queries import board, standpoint
from reports.queries.communes import Filters
from reports.queries.home import Home, home
from reports.queries.plan import Promise
from reports.queries.province import Condition
from reports.queries.results import Result, results
from reports.queries.units import is_rural
from sponsorship.models import Channel
from sponsorship.queries.funding import Table
from sponsorship.queries.funding import table as funding_table

_TIERS = ("ntm", "advanced", "model")
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_MADE_UP = "Dấu (*): có số liệu minh hoạ, tạo ra để trình bày, không phải kết quả thực."
_PROVISIONAL = "Số liệu tạm tính: kỳ chưa chốt."


@dataclass(frozen=True)
class Source:
    """What a document is made of: the pages' own queries, as a visitor sees them."""

    period: Period
    area: Area

    @cached_property
    def standpoint(self) -> standpoint.Standpoint:
        """The period's own figures, closed or not; of a part of a year what was known by its end."""
        found = standpoint.find(period_code=self.period.code)
        is_part = self.period.kind != Period.Kind.YEAR
        return replace(found, official=self.period, as_of=min(self.period.ends_on, found.today) if is_part else None)

    @cached_property
    def home(self) -> Home:
        return home(self.standpoint, AnonymousUser())

    @cached_property
    def board(self) -> board.Board:
        inside = self.area.code if self.area.level == Level.DISTRICT else ""
        return board.board(self.standpoint, Filters(kind="tat-ca", district=inside), {})

    @cached_property
    def results(self) -> list[Result]:
        """Results of the xã in the first tier's set."""
        return [row for row in results([self.period], round__criteria_set__level="commune") if row.tier == _TIERS[0]]

    @cached_property
    def funding(self) -> Table:
        """The programme's funding of the year, read once for the text, its mark and its annex."""
        return funding_table(self.year)

    @property
    def year(self) -> int:
        return self.period.year

    @property
    def is_official(self) -> bool:
        return self.standpoint.is_official

    @cached_property
    def made_up(self) -> dict[str, bool]:
        """Which figures generated rows take part in."""
        found, year = self.home, self.home.results
        return {
            "granted": year.communes.illustrative,
            "holding": found.tiers.is_illustrative,
            "results": found.is_illustrative,
            "scheme": bool(found.scheme and found.scheme.is_illustrative),
            "ocop": bool(year.ocop.illustrative),
            "dwelling": found.book.is_illustrative,
            "money": year.money.illustrative,
            "funding": self.funding.is_illustrative,
            "merits": year.merits.illustrative,
        }

    @property
    def note(self) -> str:
        return "Có số liệu minh hoạ." if self.made_up["results"] else ""


def compose(*, kind: str, source: Source, head: dict[str, Any]) -> Paper:
    """The document, ready to be frozen. `head` is what a person typed: number, place, date, signer, recipients."""
    spec, period, area = kinds()[kind], source.period, source.area
    said = _district(source) if spec["for"] == Level.DISTRICT else _province(source)
    annexes = _annexes(spec, source)
    return {
        "head": {
            "superior": head["superior"],
            "issuer": head["issuer"],
            "number": f"{head['number'] or '     '}/{spec['symbol']}",
            "place": head["place"],
            "date": head["date"],
        },
        "type": spec["type"],
        "abstract": f"{spec['abstract']} {str(period).lower()} của {inside(area.name)}",
        "marks": [_PROVISIONAL] * (not source.is_official) + [_MADE_UP] * any(source.made_up.values()),
        "blocks": blocks_of(render_to_string(f"reports/documents/{spec['text']}", said)),
        "annexes": [
            {**annex, "label": f"Phụ lục {_ROMAN[place]}" if len(annexes) > 1 else "Phụ lục"}
            for place, annex in enumerate(annexes)
        ],
        "signer": {"authority": head["authority"], "name": head["signer"]},
        "recipients": head["recipients"],
        "known_on": ngay(source.standpoint.computed_at),
    }


def _annexes(spec: dict[str, Any], source: Source) -> list[dict[str, Any]]:
    """The tables of the kind; in the years of the reporting forms these take the place of some."""
    has_forms = spec.get("has_forms", False) and report_forms.stand_in(source.year)
    left_out = report_forms.book()["stands_for"] if has_forms else ()
    found = [made for name in spec["annexes"] if name not in left_out and (made := ANNEXES[name](source))]
    return [*found, *report_forms.annexes(source)] if has_forms else found


def _province(source: Source) -> dict[str, Any]:
    found, year = source.home, source.home.results
    counts, granted = found.official, {row.area_id for row in year.districts}
    return {
        "when": str(source.period),
        "year": source.year,
        "period": str(source.period).lower(),
        "made_up": source.made_up,
        "granted": year.communes.numbers,
        "holding": found.tiers.holding,
        "register": found.tiers.register,
        "stated": found.tiers.stated,
        "base": found.tiers.stated or found.tiers.register,
        "share": found.tiers.share_of_stated or found.tiers.share_of_register,
        "average": counts.average if counts.is_begun else None,
        "criteria": max((row.total for row in source.results), default=0),
        "attained": counts.attained,
        "members": counts.members,
        "bands": found.bands,
        "stuck": [{"code": row.code, "name": row.name, "units": row.units} for row in found.bottlenecks[:3]],
        "alarms": len(found.alarms),
        "failing": sum(row.short > 0 for row in source.board.rows),
        "districts": found.districts,
        "recognised_districts": _listed(dict.fromkeys(row.area.name for row in year.districts)),
        "submitted": _listed(dict.fromkeys(row.area.name for row in year.submissions if row.area_id not in granted)),
        "scheme": {"met": found.scheme.first_met, "total": found.scheme.total} if found.scheme else None,
        "conditions": _conditions(found),
        "ocop": _ocop(found),
        "dwelling": found.book,
        "money": _money(found),
        "funding": _funding(source.funding),
        "merits": year.merits.numbers,
        "plan": _plan(found),
    }


def _conditions(found: Home) -> dict[str, Any] | None:
    if found.conditions is None:
        return None
    rows = [words for row in found.conditions.rows if (words := _condition(row))]
    return {"met": found.conditions.met, "total": found.conditions.total, "rows": rows}


def _condition(row: Condition) -> str:
    """Xã NTM nâng cao: 65/181 (35,9%), yêu cầu ≥ 40%."""
    value = row.value
    if value is None or value.number is None or value.threshold is None:
        return ""
    entry = value.entry
    now = measure(value.number, entry.value_type, entry.unit)
    if row.recognised is not None and row.base:
        now = f"{so(row.recognised)}/{so(row.base)} ({phan_tram(value.number)})"
    bound = required(entry.operator, value.threshold.value, entry.value_type, entry.unit)
    return f"{row.row.criterion.name}: {now}, yêu cầu {bound}"


def _ocop(found: Home) -> dict[str, Any]:
    of = found.results.ocop
    return {
        "rated": of.rated,
        "proposed": of.proposed_4_star,
        "cumulative": of.cumulative,
        "five_star": of.five_star,
        "exported": of.exported,
        "markets": _listed(found.results.markets),
    }


def _money(found: Home) -> dict[str, Any]:
    sums = found.results.money.sums
    parts = [{"name": channel.label, "amount": sums[channel.value]} for channel in Channel if sums[channel.value]]
    return {"total": sums["total"], "parts": parts}


def _funding(found: Table) -> dict[str, Any]:
    total = found.total
    return {
        "plan": total.plan,
        "mobilised": total.mobilised,
        "disbursed": total.disbursed,
        "arrears": found.arrears,
    }


def _plan(found: Home) -> dict[str, Any] | None:
    if found.plan is None:
        return None
    return {"year": found.plan.year, "promises": [_promise(each) for each in found.plan.promises]}


def _promise(promise: Promise) -> str:
    """Xã đạt chuẩn nâng cao mới: 20 (đến nay 3)."""
    target = promise.target
    unit = "%" if target.unit == "%" else f" {target.unit}"
    named = f" ({_listed(area.name for area in promise.named)})" if promise.named else ""
    return f"{target.name}: {so(target.value)}{unit.rstrip()}{named}"


def _district(source: Source) -> dict[str, Any]:
    row = next((row for row in source.home.districts if row.area.pk == source.area.pk), None)
    counts = next((counts for period, counts in row.counts if period == source.period), None) if row else None
    held = row.recognition if row else None
    rural = [each for each in source.board.rows if is_rural(each.area)]
    return {
        "unit": source.area.name,
        "period": str(source.period).lower(),
        "made_up": source.made_up,
        "communes": row.communes if row else len(rural),
        "holding": row.by_tier if row else dict.fromkeys(_TIERS, 0),
        "recognition": tier_name(held.tier) if held else "",
        "average": counts.average if counts and counts.is_begun else None,
        "attained": counts.attained if counts else 0,
        "members": counts.members if counts else 0,
        "failing": sum(each.short > 0 for each in source.board.rows),
    }


def _listed(names: Any) -> str:
    """Hàn Quốc, Nga và Nhật Bản."""
    every = list(names)
    return " và ".join(filter(None, (", ".join(every[:-1]), *every[-1:])))
