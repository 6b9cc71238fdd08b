"""The funding of the programme in 2023 and what communes ask for: illustrative, no text was found."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from communes.models import Area, Kind, Level
from criteria.models import Reading, State, Verdict
from reports.seed import files
from reports.seed.areas import Register
from reports.seed.chance import between, fraction, pick, split
from sponsorship.models import Arrears, Funding, Need, Pledge, Sponsor


def load(province: Area) -> int:
    """Write the lines of every commune and what each owes; returns how many rows, none where officers wrote before."""
    if Funding.objects.exists() or Arrears.objects.exists():
        return 0
    plan = files.document("funding.yaml")
    communes = Register(plan["territory_on"]).of_kind(Kind.COMMUNE)
    lines = Funding.objects.bulk_create(_lines(plan, communes), batch_size=500)
    owed = Arrears.objects.bulk_create(_arrears(plan, communes))
    return len(lines) + len(owed)


def _lines(plan: dict[str, Any], communes: list[Area]) -> Iterator[Funding]:
    step = plan["smallest_step"]
    for line, total in plan["lines"].items():
        for area, mobilised in zip(communes, split(total, len(communes), step, "funding", line), strict=True):
            yield Funding(
                area=area,
                year=plan["year"],
                line=line,
                plan=_share(mobilised, plan["plan"], step, "plan", line, area.code),
                mobilised=mobilised,
                disbursed=min(mobilised, _share(mobilised, plan["disbursed"], step, "disbursed", line, area.code)),
                is_illustrative=True,
            )


def _share(amount: int, bounds: dict[str, Any], step: int, *key: object) -> int:
    share = between(Decimal(str(bounds["least"])), Decimal(str(bounds["most"])), *key, step="0.01")
    return int(amount * share) // step * step


def _arrears(plan: dict[str, Any], communes: list[Area]) -> Iterator[Arrears]:
    """Debts of some communes, paid off year by year."""
    rule = plan["arrears"]
    for area in communes:
        if fraction("owes", area.code) >= rule["of"]:
            continue
        amount = rule["least"] + int(fraction("owed", area.code) * (rule["most"] - rule["least"]))
        for year in rule["years"]:
            yield Arrears(area=area, year=year, amount=amount // 1_000_000 * 1_000_000, is_illustrative=True)
            amount = int(amount * (1 - rule["paid_off_a_year"]))


def load_needs(province: Area) -> int:
    """Write what communes ask for to close their gaps, and promises for some of it; returns how many rows."""
    if Need.objects.exists():
        return 0
    plan = files.document("funding.yaml")
    needs = Need.objects.bulk_create(_needs(plan), batch_size=500)
    promises = Pledge.objects.bulk_create(_promises(plan["needs"], needs))
    return len(needs) + len(promises)


def _needs(plan: dict[str, Any]) -> Iterator[Need]:
    rule = plan["needs"]
    rows = Reading.objects.filter(
        verdict=Verdict.NOT_MET,
        state=State.APPROVED,
        assessment__round__criteria_set__level=Level.COMMUNE,
        assessment__round__criteria_set__tier="ntm",
        assessment__round__period__code=str(plan["year"]),
    )
    pairs = rows.order_by().values_list("assessment__area_id", "input__indicator_id", "assessment__area__code")
    for area_id, indicator_id, code in sorted(set(pairs)):
        if fraction("need", code, indicator_id) >= rule["of"]:
            continue
        spread = (rule["most"] - rule["least"]) // rule["step"]
        amount = rule["least"] + int(fraction("needed", code, indicator_id) * spread) * rule["step"]
        yield Need(area_id=area_id, indicator_id=indicator_id, year=rule["year"], amount=amount, is_illustrative=True)


def _promises(rule: dict[str, Any], needs: list[Need]) -> Iterator[Pledge]:
    promised, sponsors = rule["pledged"], list(Sponsor.objects.filter(is_anonymous=False).order_by("pk"))
    criteria = dict(Need.objects.values_list("indicator_id", "indicator__criterion_id"))
    for number, need in enumerate(needs):
        if fraction("promised", number) >= promised["of"]:
            continue
        share = between(Decimal("0.2"), Decimal("0.8"), "promised-share", number)
        yield Pledge(
            sponsor=pick(sponsors, "promised-by", number),
            area_id=need.area_id,
            channel=promised["channel"],
            year=rule["year"],
            pledged_on=promised["first"] + dt.timedelta(days=int(fraction("promised-on", number) * promised["days"])),
            amount=int(need.amount * share),
            indicator_id=need.indicator_id,
            criterion_id=criteria[need.indicator_id],
            is_illustrative=True,
        )
