"""Sponsorship of 2023: sums of the report in whole đồng, sponsors and single contributions illustrative."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from communes.models import Area, Kind, Level
from communes.text import search_key
from criteria.models import Indicator
from reports.seed import files
from reports.seed.areas import Register
from reports.seed.chance import fraction, pick, split
from sponsorship.models import Assignment, Channel, Contribution, Disbursement, Sponsor


def load(province: Area) -> int:
    """Write sponsors, assignments and contributions; returns how many rows."""
    plan = files.document("sponsorship.yaml")
    register = Register(plan["territory_on"])
    helped = Indicator.objects.filter(criterion__criteria_set__slug=plan["criteria_set"]).select_related("criterion")
    plan["indicators"] = {indicator.code: indicator for indicator in helped}
    assigned, called = _sponsors(plan)
    assignments = _assignments(plan, assigned, register.of_kind(Kind.COMMUNE))
    contributions = [*_assigned(plan, assignments), *_called(plan, called, register.districts())]
    Contribution.objects.bulk_create(contributions, batch_size=200)
    spent = Disbursement.objects.bulk_create(_spent(plan, contributions))
    return len(assigned) + len(called) + len(assignments) + len(contributions) + len(spent)


def _sponsors(plan: dict[str, Any]) -> tuple[list[Sponsor], list[Sponsor]]:
    """Sponsors that the province assigned, and those whom districts called."""
    assigned, called = plan["assigned"], plan["called_by_districts"]
    kinds = [pick(assigned["kinds"], "assigned", number) for number in range(assigned["sponsors"])]
    kinds += [pick(called["kinds"], "called", number) for number in range(called["sponsors"])]
    rows = Sponsor.objects.bulk_create(
        _sponsor(plan, number, kind, hidden=number > assigned["sponsors"] and number % plan["anonymous_every"] == 0)
        for number, kind in enumerate(kinds, start=1)
    )
    return rows[: assigned["sponsors"]], rows[assigned["sponsors"] :]


def _sponsor(plan: dict[str, Any], number: int, kind: str, *, hidden: bool) -> Sponsor:
    name = plan["name"].format(number)
    return Sponsor(name=name, kind=kind, is_anonymous=hidden, search_key=search_key(name), is_illustrative=True)


def _assignments(
    plan: dict[str, Any], sponsors: list[Sponsor], communes: list[Area]
) -> list[tuple[Assignment, list[Area]]]:
    """Each sponsor looks after some communes; a commune may have several sponsors."""
    made = plan["assigned"]
    rows = Assignment.objects.bulk_create(
        Assignment(sponsor=sponsor, year_from=made["year_from"], decision=made["decision"], is_illustrative=True)
        for sponsor in sponsors
    )
    kept = [(row, _communes_of(number, made["most_communes"], communes)) for number, row in enumerate(rows)]
    link = Assignment.areas.through
    link.objects.bulk_create(link(assignment=row, area=area) for row, areas in kept for area in areas)
    return kept


def _communes_of(number: int, most: int, communes: list[Area]) -> list[Area]:
    count = 1 + int(fraction("assigned-count", number) * most)
    chosen = {pick(communes, "assigned-area", number, place) for place in range(count)}
    return sorted(chosen, key=lambda area: area.code)


def _assigned(plan: dict[str, Any], assignments: list[tuple[Assignment, list[Area]]]) -> Iterator[Contribution]:
    pairs = [(row.sponsor, area) for row, areas in assignments for area in areas]
    amounts = split(plan["assigned"]["total"], len(pairs), plan["smallest_step"], "assigned")
    for number, ((sponsor, area), amount) in enumerate(zip(pairs, amounts, strict=True)):
        yield _contribution(plan, sponsor, area, Channel.ASSIGNED, amount, number)


def _called(plan: dict[str, Any], sponsors: list[Sponsor], districts: list[Area]) -> Iterator[Contribution]:
    made = plan["called_by_districts"]
    bounds, step = made["contributions_per_district"], plan["smallest_step"]
    spread = bounds["most"] - bounds["least"] + 1
    for area, total in zip(districts, split(made["total"], len(districts), step, "districts"), strict=True):
        count = bounds["least"] + int(fraction("called-count", area.code) * spread)
        for number, amount in enumerate(split(total, count, step, "called", area.code)):
            sponsor = pick(sponsors, "called-sponsor", area.code, number)
            yield _contribution(plan, sponsor, area, Channel.CALLED_BY_DISTRICTS, amount, number)


def _contribution(
    plan: dict[str, Any], sponsor: Sponsor, area: Area, channel: Channel, amount: int, number: int
) -> Contribution:
    key = (channel, area.code, number)
    received, purpose = plan["received"], pick(plan["purposes"], "purpose", *key)
    # What went to a district as a whole helps no commune's indicator by name.
    helped = plan["indicators"].get(purpose["indicator"]) if area.level == Level.COMMUNE else None
    return Contribution(
        sponsor=sponsor,
        area=area,
        channel=channel,
        year=plan["year"],
        received_on=received["first"] + dt.timedelta(days=int(fraction("received", *key) * received["days"])),
        amount=amount,
        purpose=purpose["text"],
        purpose_key=search_key(purpose["text"]),
        indicator=helped,
        criterion=helped.criterion if helped else None,
        source=plan["source"],
        is_illustrative=True,
    )


def _spent(plan: dict[str, Any], contributions: list[Contribution]) -> Iterator[Disbursement]:
    """What was spent of most contributions, some weeks after they came."""
    rule, step = plan["spent"], plan["smallest_step"]
    for number, entry in enumerate(contributions):
        if entry.received_on is None or fraction("spent", number) >= rule["of"]:
            continue
        share = rule["least"] + fraction("spent-share", number) * (1 - rule["least"])
        amount = max(1, int(entry.amount * share) // step * step) if entry.amount > step else entry.amount
        paid_on = entry.received_on + dt.timedelta(days=10 + int(fraction("spent-day", number) * 40))
        yield Disbursement(
            contribution=entry, amount=amount, paid_on=paid_on, purpose=entry.purpose, is_illustrative=True
        )
