"""The reporting forms of 2026-2030 (report-forms.yaml) as annexes, filled from what the portal holds.

A cell without a figure says so and is never made up: a round in which nothing is approved gives no counts, a line of
the funding that nobody entered gives no sum.
"""

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from criteria.models import Period
from reports.documents.paper import column, written
from reports.queries.commune_groups import Moment, moments
from sponsorship.queries.funding import Amounts

if TYPE_CHECKING:
    from reports.documents.content import Source

Annex = dict[str, Any]
Cells = list[int | float | str]
_FILE = Path(__file__).with_name("report-forms.yaml")
_MILLION = 1_000_000
_REMARKS = "Ghi chú"


@cache
def book() -> dict[str, Any]:
    """The forms with where they come from."""
    return yaml.safe_load(_FILE.read_text(encoding="utf-8"))


def stand_in(year: int) -> bool:
    """Whether the forms are those of the year."""
    return book()["from"] <= year <= book()["until"]


def annexes(source: "Source") -> list[Annex]:
    """Every form of the book, filled."""
    return [_SHAPES[form["shape"]](form, source) for form in book()["forms"]]


def _annex(form: dict[str, Any], columns: list[dict], rows: list[Cells], *remarks: str) -> Annex:
    words = book()["words"]
    note = " ".join(filter(None, (form["note"], *remarks, words["legend"], words["unconfirmed"])))
    return {"title": f"{form['code']}. {form['title']}", "note": note, "columns": columns, "rows": rows}


def _of_period(source: "Source", said: dict[str, list[str]]) -> list[str]:
    """The words of the period's kind with its years put in."""
    year = source.year
    return [words.format(year=year, before=year - 1, after=year + 1) for words in said[_kind(source.period)]]


def _kind(period: Period) -> str:
    if period.kind != Period.Kind.HALF:
        return "year"
    return "first_half" if period.starts_on.month == 1 else "second_half"


def _known(number: float | None) -> int | float | str:
    return book()["words"]["unknown"] if number is None else number


def _row(row: dict[str, Any], numbers: Iterable[float | None], remark: str = "") -> Cells:
    """A row with remarks: those of one without any figure say why."""
    found = list(numbers)
    if row.get("head"):
        return [row["tt"], row["name"], *[""] * (len(found) + 1)]
    missing = "" if any(number is not None for number in found) else book()["words"]["why"]
    return [row["tt"], row["name"], *map(_known, found), remark or missing]


def _first(form: dict[str, Any], share: float) -> list[dict]:
    return [column("TT", 7, "center"), column(form["first"], share)]


def _communes_said(now: Moment) -> tuple[str, ...]:
    """What keeps communes out of the counts."""
    words, ungrouped, silent = book()["words"], now.ungrouped, now.silent
    return (
        words["ungrouped"].format(count=ungrouped) if ungrouped else "",
        words["silent"].format(count=silent) if silent and now.results else "",
    )


def _criteria(form: dict[str, Any], source: "Source") -> Annex:
    """Communes that meet each criterion, by group."""
    before, now = moments(source.standpoint, book()["set"], book()["from"])
    heads, groups = _of_period(source, book()["moments"]), book()["groups"]
    title = book()["words"]["group"]
    columns = [
        *_first(form, 34),
        *(column(head, 13, "right", title.format(group=group)) for group in groups for head in heads),
        column(_REMARKS, 18),
    ]
    rows = [
        _row(row, (of.meeting(row["tt"], group) if of else None for group in groups for of in (before, now, None)))
        for row in form["rows"]
    ]
    return _annex(form, columns, rows, *_communes_said(now))


def _programme(form: dict[str, Any], source: "Source") -> Annex:
    """Communes by how many criteria they meet, and by decision; where the form asks, by group."""
    before, now = moments(source.standpoint, book()["set"], book()["from"])
    heads = _of_period(source, book()["moments"])
    columns = [*_first(form, 56), *(column(head, 15, "right") for head in heads), column(_REMARKS, 22)]
    rows: list[Cells] = []
    for row in form["rows"]:
        rows.append(_row(row, (_count(before, row), _count(now, row), None), _earlier(now, row)))
        for group in book()["groups"] if row.get("by_group") else ():
            of_group = {"tt": "", "name": book()["words"]["group"].format(group=group)}
            rows.append(_row(of_group, (_count(before, row, group), _count(now, row, group), None)))
    return _annex(form, columns, rows, *_communes_said(now))


def _count(of: Moment, row: dict[str, Any], group: str | None = None) -> int | None:
    fill = row.get("fill")
    if fill == "communes":
        return of.communes(group)
    if fill == "met":
        return of.meeting_between(row["least"], row.get("most"), group)
    if fill == "recognised":
        return of.recognised(row["tier"], group)
    return of.submitted(row["tier"], group) if fill == "submitted" else None


def _earlier(now: Moment, row: dict[str, Any]) -> str:
    """Those who hold the tier by an earlier set: the form does not count them, and the reader asks for them."""
    count = now.holding_before(row["tier"]) if row.get("fill") == "recognised" else 0
    return book()["words"]["earlier"].format(year=book()["from"], count=count) if count else ""


def _money(form: dict[str, Any], source: "Source") -> Annex:
    """The year's funding by source. The ledger is of the year: six months of it are not told apart."""
    lines = {line.code: line.amounts for line in source.funding.lines if line.is_said}
    is_year = source.period.kind == Period.Kind.YEAR
    rows: list[Cells] = []
    for row in form["rows"]:
        asked = lines if row.get("lines") == "all" else row.get("lines", ())
        told = [lines[code] for code in asked if code in lines]
        total = sum(told, Amounts()) if told else None
        plan, done = (total.plan, total.mobilised) if total else (None, None)
        rows.append([row["tt"], row["name"], *(_known(_million(of)) for of in (plan, done if is_year else None, None))])
    heads = _of_period(source, book()["money"])
    columns = [*_first(form, 56), *(column(head, 18, "right") for head in heads)]
    remarks = ["Có số liệu minh hoạ."] if source.funding.is_illustrative else []
    if lines and not is_year:
        so_far = _million(source.funding.total.mobilised)
        remarks.append(form["so_far"].format(year=source.year, sum=written(so_far)))
    return _annex(form, columns, rows, *remarks)


def _million(amount: int | None) -> float | None:
    return None if amount is None else round(amount / _MILLION, 6)


def _works(form: dict[str, Any], source: "Source") -> Annex:
    """Central public investment by kind of work: the portal holds none of it."""
    heads = _of_period(source, book()["works"])
    columns = [*_first(form, 56), *(column(head, 15, "right") for head in heads), column(_REMARKS, 24)]
    return _annex(form, columns, [_row(row, [None] * len(heads)) for row in form["rows"]])


def _components(form: dict[str, Any], source: "Source") -> Annex:
    """Funding by component of the programme: the portal knows its sources alone."""
    groups, each = _of_period(source, form["groups"]), form["each"]
    columns = [
        *_first(form, 27),
        *(column(name, 9.5, "right", group) for group in groups for name in each),
        column(_REMARKS, 20),
    ]
    rows = [
        _row({**row, "name": row["name"].format(number=number)}, [None] * len(groups) * len(each))
        for row in form["rows"]
        for number in range(1, 1 + row.get("count", 1))
    ]
    return {**_annex(form, columns, rows), "is_small": True}


_SHAPES: dict[str, Callable[[dict[str, Any], "Source"], Annex]] = {
    "criteria": _criteria,
    "programme": _programme,
    "money": _money,
    "works": _works,
    "components": _components,
}
