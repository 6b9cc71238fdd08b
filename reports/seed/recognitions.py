"""The real recognitions, and the illustrative rows that fill the published totals."""

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from communes.models import Area, Confidence, Kind
from criteria.models import Decision, Recognition
from reports.seed import files
from reports.seed.areas import Register

_Row = dict[str, str]


def load(province: Area) -> int:
    """Write the real rows, then the rows that nobody named; returns how many."""
    rules = files.document("recognitions.yaml")
    real = list(_real(files.rows("recognitions-hatinh.csv"), rules))
    made = list(_illustrative(Register(rules["territory_on"]), real))
    Recognition.objects.bulk_create([*real, *made], batch_size=200)
    return len(real) + len(made)


def _real(rows: list[_Row], rules: dict[str, Any]) -> Iterator[Recognition]:
    register, decisions = cache(Register), _decisions(rows, rules)
    known = {entry["code"]: entry["day"] for entry in rules["known_by"]}
    for row in rows:
        year = int(row["result_year"]) if row["result_year"] else None
        decided = _date(row["decision_date"])
        counts_from = decided or (dt.date(year, 12, 31) if year else known.get(row["code_or_name"]))
        district = row["tier"] == rules["district_tier"]
        yield Recognition(
            area=register(counts_from or rules["territory_on"]).get(row["code_or_name"], row["name"]),
            tier="ntm" if district else row["tier"],
            act=Recognition.Act.CARRIED_OVER if row["decision_number"] in rules["carried_over"] else "granted",
            decision=decisions.get(_list_of(row)),
            result_year=year,
            round_label=rules["round_labels"].get(row["round"], row["round"]),
            counts_from=counts_from,
            is_dated=decided is not None,
            rule_set=_rule_set(year, rules),
            model_field=_model_field(row["note"], rules["model_field_mark"]),
            confidence=row["confidence"],
            number_confidence=row["number_confidence"],
            source=row["source"],
            note=row["note"],
        )


def _decisions(rows: list[_Row], rules: dict[str, Any]) -> dict[tuple[str, ...], Decision]:
    """One decision a number; a list of communes published without its number is a decision without one."""
    found: dict[tuple[str, ...], Decision] = {}
    for row in rows:
        number, issuers = row["decision_number"], rules["issuers"]
        if not number and row["tier"] == rules["district_tier"]:
            continue
        found.setdefault(
            _list_of(row),
            Decision(
                number=number,
                issued_on=_date(row["decision_date"]),
                issuer=issuers[number.partition("/")[2]] if number else issuers["QĐ-UBND"],
                title="" if number else f"Danh sách đợt {row['round']} năm {row['result_year']} (chưa rõ số, ngày)",
                confidence=Confidence.VERIFIED if number else Confidence.UNCERTAIN,
                source=row["source"],
            ),
        )
    Decision.objects.bulk_create(found.values())
    return found


def _list_of(row: _Row) -> tuple[str, ...]:
    return (row["decision_number"],) if row["decision_number"] else (row["result_year"], row["round"], row["source"])


def _rule_set(year: int | None, rules: dict[str, Any]) -> str:
    return next((entry["name"] for entry in rules["rule_sets"] if year and year <= entry["up_to"]), "")


def _model_field(note: str, mark: str) -> str:
    return note.partition(mark)[2]


def _date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _illustrative(register: Register, real: Iterable[Recognition]) -> Iterator[Recognition]:
    chosen = files.document("recognitions-illustrative.yaml")
    listed = [
        ("advanced", None, chosen["advanced_without_year"]),
        ("advanced", 2023, chosen["advanced_2023"]),
        ("model", 2023, chosen["model_2023"]),
        ("completed", None, chosen["completed"]),
        ("urban-civilised", None, chosen["urban-civilised"]),
    ]
    for area in _not_named_as_ntm(register, chosen, real):
        yield _made(area, "ntm", None, chosen["source"])
    for tier, year, entries in listed:
        for entry in entries:
            yield _made(register.get(entry["code"], entry["name"]), tier, year, chosen["source"])


def _not_named_as_ntm(register: Register, chosen: dict[str, Any], real: Iterable[Recognition]) -> list[Area]:
    """Xã that count among the NTM without a decision that names them: all but the one outside the count.

    A carry-over of 2023 confirms what the parts of a merged commune held before: the unit counts from before.
    """
    outside = chosen["outside_the_count"]
    granted = {row.area_id for row in real if row.tier == "ntm" and row.act == Recognition.Act.GRANTED}
    granted.add(register.get(outside["code"], outside["name"]).pk)
    return [area for area in register.of_kind(Kind.COMMUNE) if area.pk not in granted]


def _made(area: Area, tier: str, year: int | None, source: str) -> Recognition:
    return Recognition(
        area=area,
        tier=tier,
        result_year=year,
        counts_from=dt.date(year, 12, 31) if year else None,
        is_dated=False,
        confidence=Confidence.PLACEHOLDER,
        source=source,
        is_illustrative=True,
    )
