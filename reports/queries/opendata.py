"""The open data sets (reports/opendata.yaml), row by row, from what the public pages show. Nothing personal."""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db.models import Sum

from communes.templatetags.vietnamese import TIERS
from criteria.models import Target
from files.tables import csv_lines
from ocop.models import Producer, Product
from reports.queries.board import board
from reports.queries.communes import RESULT_WORDS, RESULTS, Filters, commune_list
from reports.queries.holdings import ledger
from reports.queries.standpoint import Standpoint
from reports.queries.values import approved_lines
from sponsorship.models import Channel, Contribution
from sponsorship.queries.years import closing_of, counted_in

Rows = Iterator[list[Any]]
_FILE = Path(__file__).resolve().parent.parent / "opendata.yaml"
_EVERY = Filters(kind="tat-ca")
_VERDICTS = {verdict: RESULT_WORDS[name] for name, verdict in RESULTS.items()}
_BATCH = 500


@cache
def catalogue() -> dict[str, Any]:
    """The data sets with their columns, and the licence."""
    return yaml.safe_load(_FILE.read_text(encoding="utf-8"))


def pieces_of(dataset: str, standpoint: Standpoint) -> Iterator[str]:
    """A data set as CSV, sent as it is read; KeyError for a name that is none."""
    heading = list(catalogue()["datasets"][dataset]["columns"])
    if dataset in _LINES:
        return chain(csv_lines(heading, ()), _LINES[dataset](standpoint))
    return csv_lines(heading, _ROWS[dataset](standpoint))


def _yes(value: bool) -> str:
    return "có" if value else ""


def _tier(code: str) -> str:
    return TIERS.get(code, ("", code))[1]


def _communes(standpoint: Standpoint) -> Rows:
    for row in commune_list(standpoint, _EVERY).rows:
        result = row.result
        yield [
            row.area.code,
            row.area.name,
            row.area.get_kind_display(),
            row.district.code if row.district else "",
            row.district.name if row.district else "",
            _tier(row.recognition.tier) if row.recognition else "",
            result.met if result else "",
            result.total if result else "",
            _VERDICTS[row.verdict],
            _yes(bool(result and result.is_illustrative)),
        ]


def _unmet(standpoint: Standpoint) -> Rows:
    for row in board(standpoint, _EVERY, {"xep": "ten"}).rows:
        for cell in row.cells:
            if cell.fails:
                illustrative = _yes(row.result.is_illustrative)
                yield [row.area.code, row.area.name, cell.indicator.code, cell.indicator.name, cell.said, illustrative]


def _recognitions(standpoint: Standpoint) -> Rows:
    for row in ledger(standpoint.province, standpoint.as_of).rows:
        yield [
            row.area.code,
            row.area.name,
            _tier(row.tier),
            row.result_year or "",
            row.counts_from.isoformat() if row.counts_from and row.is_dated else "",
            row.decision.number if row.decision else "",
            row.get_confidence_display(),
            _yes(row.is_illustrative),
        ]


def _ocop(standpoint: Standpoint) -> Rows:
    found = Product.objects.filter(standing__isnull=False).select_related("producer", "area", "standing")
    for row in found.order_by("code").iterator(chunk_size=_BATCH):
        rating: Any = row.standing
        is_household = row.producer.kind == Producer.Kind.HOUSEHOLD
        yield [
            row.code,
            row.name,
            row.get_group_display(),
            "" if is_household else row.producer.name,
            row.producer.get_kind_display(),
            row.area.code,
            row.area.name,
            rating.stars,
            rating.year,
            rating.expires_on.isoformat() if rating.expires_on else "",
            _yes(row.is_illustrative or rating.is_illustrative),
        ]


def _sponsorship(standpoint: Standpoint) -> Rows:
    years = Contribution.objects.order_by("year").values_list("year", flat=True).distinct()
    for year in years:
        sums = counted_in(year, closing_of(year)).order_by().values_list("channel").annotate(Sum("amount"))
        for channel, amount in sorted(sums):
            yield [year, str(Channel(channel).label), amount]


def _targets(standpoint: Standpoint) -> Rows:
    for row in Target.objects.filter(area__code=settings.PROVINCE_CODE).order_by("year", "measure"):
        yield [row.year, row.measure, row.name, row.value.normalize(), row.unit]


_ROWS: dict[str, Callable[[Standpoint], Rows]] = {
    "xa": _communes,
    "chua-dat": _unmet,
    "cong-nhan": _recognitions,
    "ocop": _ocop,
    "do-dau": _sponsorship,
    "muc-tieu": _targets,
}
# Too many to be made one by one.
_LINES: dict[str, Callable[[Standpoint], Iterator[str]]] = {"gia-tri": approved_lines}
