"""The board: communes × indicators, one sign a cell, the units that lack most first."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from communes.models import Area
from criteria.models import Criterion, Indicator, Recognition, Verdict
from reports.queries.communes import RESULTS, CommuneRow, Filters, commune_list, met_within
from reports.queries.dashboard import tiers_of
from reports.queries.results import Result, results
from reports.queries.shortfall import Shortfall, columns_of, shortfalls
from reports.queries.standpoint import Standpoint

ORDERS = {"thieu": "Thiếu nhiều nhất trước", "it": "Thiếu ít nhất trước", "ten": "Theo tên", "huyen": "Theo huyện"}
LETTERS = {"": "Đ", "g1": "CĐ", "g2": "CĐ", "g3": "CĐ", "nil": "…", "open": "?", "na": "–"}
CHARACTERS = {"": "", "g1": "×", "g2": "×", "g3": "×", "nil": "", "open": "?", "na": "–"}


@dataclass(frozen=True)
class Cell:
    """One indicator of one unit: the class and the character of its cell; `said` where something is to be said."""

    indicator: Indicator
    sign: str
    said: str = ""
    starts: bool = False

    @property
    def look(self) -> str:
        """Its classes: the sign, and k where a criterion begins."""
        return f"{self.sign} k".strip() if self.starts else self.sign

    @property
    def character(self) -> str:
        return CHARACTERS[self.sign]

    @property
    def letter(self) -> str:
        """What stands for it in black and white and in an export."""
        return LETTERS[self.sign]

    @property
    def fails(self) -> bool:
        return self.sign.startswith("g")


@dataclass(frozen=True)
class BoardRow:
    area: Area
    district: Area | None
    recognition: Recognition | None
    result: Result
    cells: list[Cell]

    @property
    def short(self) -> int:
        return sum(cell.fails for cell in self.cells)

    @property
    def open(self) -> int:
        return sum(cell.sign in ("nil", "open") for cell in self.cells)


@dataclass(frozen=True)
class Board:
    standpoint: Standpoint
    filters: Filters
    tier: str
    order: str
    set_name: str
    columns: list[Indicator]
    rows: list[BoardRow]
    failing: list[int]
    districts: list[Area]
    units: int
    lacking: int

    @property
    def groups(self) -> list[tuple[Criterion, int]]:
        """The criteria over the columns, each with how many it spans."""
        return [(next(iter(rows)).criterion, 1 + len(list(rows))) for _, rows in self._by_criterion()]

    def _by_criterion(self):
        return groupby(self.columns, key=lambda row: row.criterion_id)

    @property
    def is_illustrative(self) -> bool:
        return any(row.result.is_illustrative for row in self.rows)


def board(standpoint: Standpoint, filters: Filters, query: Mapping[str, str]) -> Board:
    """The board as the address asks for it: `bo` the set's tier, `xep` the order. A constant number of statements."""
    tiers = tiers_of("commune")
    tier = query.get("bo", "") if query.get("bo", "") in tiers else tiers[0]
    order = query.get("xep", "") if query.get("xep", "") in ORDERS else "thieu"
    listed = commune_list(standpoint, replace(filters, result="", met="", indicator=""))
    found = results([standpoint.period] if standpoint.period else [], **_of(tier))
    by_unit = {row.area_id: row for row in found}
    columns = columns_of(row.criteria_set_id for row in found)
    lacking = shortfalls(standpoint.period, columns)
    every = (
        BoardRow(row.area, row.district, row.recognition, by_unit[row.area.pk], cells_of(columns, lacking, row.area.pk))
        for row in listed.rows
        if row.area.pk in by_unit
    )
    rows = [row for row in every if _is_asked(row, filters)]
    return Board(
        standpoint=standpoint,
        filters=filters,
        tier=tier,
        order=order,
        set_name=found[0].set_name if found else "",
        columns=columns,
        rows=_ordered(rows, order),
        failing=[sum(row.cells[place].fails for row in rows) for place in range(len(columns))],
        districts=listed.districts,
        units=len(found),
        lacking=sum(row.verdict == Verdict.NOT_MET for row in found),
    )


def _is_asked(row: BoardRow, filters: Filters) -> bool:
    """The filters on results, by the set that the board shows."""
    return (
        (not filters.result or RESULTS.get(filters.result) == row.result.verdict)
        and (not filters.met or met_within(row.result, filters.met))
        and (
            not filters.indicator or any(cell.fails and cell.indicator.code == filters.indicator for cell in row.cells)
        )
    )


def _of(tier: str) -> dict[str, str]:
    return {"round__criteria_set__level": "commune", "round__criteria_set__tier": tier}


def cells_of(columns: list[Indicator], lacking: dict[int, dict[int, Shortfall]], area_id: int) -> list[Cell]:
    """The cells of one unit, the first of each criterion marked."""
    short = lacking.get(area_id, {})
    before, cells = None, []
    for column in columns:
        found = short.get(column.pk)
        starts, before = column.criterion_id != before, column.criterion_id
        cells.append(Cell(column, found.sign if found else "", found.said if found else "", starts))
    return cells


def _ordered(rows: list[BoardRow], order: str) -> list[BoardRow]:
    if order == "ten":
        return rows
    if order == "huyen":
        return sorted(rows, key=lambda row: (row.district.sort_key if row.district else "", row.area.sort_key))
    sign = -1 if order == "thieu" else 1
    return sorted(rows, key=lambda row: (sign * row.short, sign * row.open, row.area.sort_key))


__all__ = ["ORDERS", "Board", "BoardRow", "Cell", "CommuneRow", "board", "cells_of"]
