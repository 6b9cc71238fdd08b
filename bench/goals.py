"""The goals: one line a measure. `pass` of a report is computed from here; a timing never fails anything."""

from dataclasses import dataclass
from operator import ge, le

RATIO = "ratio"


@dataclass(frozen=True)
class Goal:
    """`goal` bounds the ratio to the floor of the same run, or the value itself where there is no floor (`of`)."""

    name: str
    group: str
    goal: float
    stretch: float | None = None
    of: str = RATIO
    unit: str = "ms"
    at_least: bool = False

    def is_met(self, *, value: float | None, ratio: float | None) -> bool | None:
        """Whether the goal is reached; None where the measure was not taken."""
        measured = ratio if self.of == RATIO else value
        if measured is None:
            return None
        return (ge if self.at_least else le)(measured, self.goal)


GOALS = {
    "P1": Goal("full recompute and write of what differs ÷ one GROUP BY pass", "national", 2.0, 1.3),
    "P2": Goal("districts and provinces from the stored masks ÷ one GROUP BY pass", "national", 0.25, 0.06),
    "P3": Goal("verify from raw values ÷ one GROUP BY pass", "national", 12, 8),
    "P5": Goal("peak memory of Python during P1 and P3", "national", 200, 120, of="value", unit="MB"),
    "P6": Goal("SQLite, one province: full recompute ÷ its GROUP BY pass", "province", 3, 1.5),
    "P7": Goal("approval of one value ÷ single-row UPDATE", "national", 3, 1.5),
    "P7-cell": Goal("one cell of the entry grid saved through HTTP ÷ approval of one value", "national", 3),
    "P8": Goal("p99 of approvals, four writers in one commune ÷ p50 of P7", "national", 20, 10),
    "P9": Goal("1,000 values approved at once ÷ 1,000 approvals", "national", 0.05, 0.02),
    "P10": Goal("from commit to the province's roll-up, p95, server", "national", 1, of="value", unit="s"),
    "P10-embedded": Goal("from commit to the province's roll-up, p95, embedded", "province", 3, of="value", unit="s"),
    "P7-embedded": Goal("SQLite: approval of one value ÷ commit of one row", "portal", 3, 1.5),
    "P11": Goal("home page kept, requests a second ÷ an empty view", "readers", 0.45, 0.55, unit="/s", at_least=True),
    "P12": Goal("home page drawn, requests a second ÷ an empty view", "readers", 0.15, 0.3, unit="/s", at_least=True),
    "P13": Goal("home page asked again (304) ÷ an empty view", "readers", 0.35, 0.5, unit="/s", at_least=True),
    "P14": Goal("home page from the proxy's cache ÷ a file of its", "readers", 0.6, 0.75, unit="/s", at_least=True),
    "P24": Goal("drawings a worker when 200 ask as the data change", "readers", 1, 0.34, of="value", unit="x"),
    "P-report": Goal("annual report with annexes, by the worker", "readers", 10, of="value", unit="s"),
    "P-paint": Goal("largest paint of the home page, 1.6 Mbit/s, 150 ms", "readers", 1.5, of="value", unit="s"),
    "P11-client": Goal("home page by the test client ÷ an empty view", "portal", 2.2),
    "P13-api": Goal("API list asked again, 304 ÷ an empty view", "portal", 2.9),
    "P18": Goal("200 communes' values taken in from a table ÷ its cells read and copied", "national", 5),
    "P19": Goal("10,000 rows with a bad one ÷ the clean import", "national", 1.2),
    "P20": Goal("workbook of 200 communes ÷ the bare writer", "national", 2),
    "P25": Goal("5,000 values over the API in one request ÷ COPY of the same rows", "national", 5),
    "P25-thousand": Goal("1,000 values over the API in one request", "national", 1000, of="value"),
    "P25-one": Goal("one value over the API (PATCH)", "national", 30, of="value"),
    "P17": Goal("pages whose statements differ with 1, 16 and 63 provinces", "national", 0, of="value", unit="pages"),
    "P21": Goal("a year of the country's values as open data ÷ COPY OUT", "national", 3, 1.5),
    "P21-first": Goal("its first rows", "national", 200, of="value"),
    "P22": Goal("every page with 63 provinces ÷ with one", "national", 1.3, 1.1),
    "G9": Goal("slowest refusal of a hostile file", "portal", 2, of="value", unit="s"),
    "G9-memory": Goal("largest reader of a hostile file", "portal", 256, of="value", unit="MB"),
    "P-ocop": Goal("OCOP list of 10,000 products, counts anew ÷ that of 100", "portal", 3),
    "P-ocop-at": Goal("OCOP list of 10,000 products, counts at hand ÷ that of 100", "portal", 3),
    "P-ocop-by": Goal("eight narrowed OCOP lists of 10,000 products, counts anew ÷ those of 100", "portal", 3),
    "M1": Goal("a year of 100,000 contributions summed ÷ one GROUP BY pass", "portal", 2),
    "M2": Goal("first page of 100,000 contributions ÷ that of 100", "portal", 3),
    "M3": Goal("10,000 contributions taken in ÷ their cells read and inserted", "portal", 5),
    "P15": Goal("API list of 1,000 communes with attainment ÷ the same by cursor and orjson", "national", 1.43, 1.0),
    "P15-ms": Goal("API list of 1,000 communes with attainment", "national", 100, 50, of="value"),
    "P15-kept": Goal("the same list, kept for visitors ÷ hello", "national", 3.3, 2),
    "P16": Goal("the same list by a plain ModelSerializer ÷ by the API", "national", 6, 10, at_least=True),
    "P-pages": Goal("API list by name: last page ÷ first page", "national", 1.5, 1.1),
    "P-why": Goal("why a commune fails, the whole tree", "national", 60, 30, of="value"),
}


def chosen(only: str) -> list[str]:
    """The ids that `only` names ("P1,P7"; empty = all), in the table's order; SystemExit on an unknown one."""
    wanted = {name.strip() for name in only.split(",") if name.strip()}
    if unknown := wanted - GOALS.keys():
        raise SystemExit(f"unknown measure {', '.join(sorted(unknown))}; known: {', '.join(GOALS)}")
    return [name for name in GOALS if not wanted or name in wanted]
