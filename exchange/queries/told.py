"""What the feed tells of a row: where it is read, and the few members that say what it is now.

Only public rows are told of, whatever the feed once said of them; no person is named.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from communes.models import Area, AreaChange
from criteria.models import Attainment, Reading, Recognition, RollUp, Round, State, Threshold, Verdict
from exchange.models import Change, Kind
from ocop.models import Product, Rating
from reports.models import Document
from sponsorship.models import Contribution, Disbursement

_RESOURCES = {
    Kind.READING: "readings",
    Kind.ATTAINMENT: "attainment",
    Kind.ROLL_UP: "roll-ups",
    Kind.RECOGNITION: "recognitions",
    Kind.ROUND: "rounds",
    Kind.THRESHOLD: "indicators",
    Kind.PRODUCT: "ocop/products",
    Kind.CERTIFICATE: "ocop/products",
    Kind.CONTRIBUTION: "sponsorship/contributions",
    Kind.DISBURSEMENT: "sponsorship/disbursements",
    Kind.DOCUMENT: "documents",
}
_UNITS = {"commune": "communes", "district": "districts", "province": "provinces"}
_NOT_READ = {Kind.DOCUMENT}  # verified by the code on the paper only
# Lists that show a row from a day on.
_DATED: dict[str, str] = {
    Kind.RECOGNITION: "counts_from",
    Kind.CERTIFICATE: "decided_on",
    Kind.CONTRIBUTION: "received_on",
    Kind.DISBURSEMENT: "paid_on",
}
_FOLDER = {
    "period": F("assessment__round__period__code"),
    "set": F("assessment__round__criteria_set__slug"),
}


def _rows() -> dict[str, tuple[QuerySet[Any], tuple[str, ...], dict[str, Any]]]:
    """For each kind: the rows that are public, members under their own names, and members under other names."""
    return {
        Kind.READING: (
            Reading.objects.filter(state=State.APPROVED),
            ("value", "not_applicable", "verdict", "version", "is_illustrative"),
            {**_FOLDER, "indicator": F("input__indicator__code"), "input": F("input__code")},
        ),
        Kind.ATTAINMENT: (
            Attainment.objects.all(),
            ("criteria_met", "criteria_failing", "criteria_undetermined", "verdict"),
            _FOLDER,
        ),
        Kind.ROLL_UP: (
            RollUp.objects.all(),
            ("members", "attained"),
            {"period": F("period__code"), "set": F("criteria_set__slug")},
        ),
        Kind.RECOGNITION: (
            Recognition.objects.filter(withdrawn_at=None),
            ("tier", "act", "result_year", "counts_from", "is_illustrative"),
            {"decision": F("decision__number")},
        ),
        Kind.UNIT: (
            Area.objects.filter(level__in=_UNITS),
            ("name", "kind", "valid_from", "valid_to"),
            {},
        ),
        Kind.UNIT_CHANGE: (
            AreaChange.objects.all(),
            ("change", "effective_on", "is_partial"),
            {
                "predecessor": F("old__code"),
                "successor": F("new__code"),
                "_start": F("old__valid_from"),
                "_end": F("old__valid_to"),
            },
        ),
        Kind.ROUND: (
            Round.objects.all(),
            ("due_on", "closed_on"),
            {"period": F("period__code"), "set": F("criteria_set__slug")},
        ),
        Kind.THRESHOLD: (
            Threshold.objects.all(),
            ("value", "region", "group", "year", "valid_from", "valid_to", "legal_reference"),
            {
                "set": F("input__indicator__criterion__criteria_set__slug"),
                "input": F("input__code"),
                "_key": F("input__indicator_id"),
            },
        ),
        Kind.PRODUCT: (Product.objects.all(), ("name", "group", "is_illustrative"), {}),
        Kind.CERTIFICATE: (
            Rating.objects.all(),
            ("status", "stars", "year", "decided_on", "expires_on", "certificate_no", "is_illustrative"),
            {},
        ),
        Kind.CONTRIBUTION: (
            Contribution.objects.all(),
            ("year", "channel", "kind", "amount", "received_on", "reverses", "is_illustrative"),
            {},
        ),
        Kind.DISBURSEMENT: (
            Disbursement.objects.all(),
            ("contribution", "amount", "paid_on", "reverses", "is_illustrative"),
            {},
        ),
        Kind.DOCUMENT: (
            Document.objects.filter(made_at__isnull=False, is_official=True),
            ("kind", "made_at", "sha256", "is_illustrative"),
            {"period": F("period__code")},
        ),
    }


@dataclass(frozen=True)
class Told:
    """What is said of a row; `hidden` is what its address needs besides."""

    summary: dict[str, Any] = field(default_factory=dict)
    hidden: dict[str, Any] = field(default_factory=dict)


NOTHING = Told()


def about(changes: Iterable[Change]) -> dict[tuple[str, int], Told]:
    """What is told of the rows that changes are about, by kind and id; none for a row that is not public now."""
    ids: dict[str, set[int]] = defaultdict(set)
    for change in changes:
        ids[change.kind].add(change.object_id)
    known, rows = {}, _rows()
    for kind, wanted in ids.items():
        public, own, renamed = rows[kind]
        members = {f"as{name}" if name[0] == "_" else f"as_{name}": source for name, source in renamed.items()}
        names = dict(zip(members, renamed, strict=True))
        for row in public.filter(pk__in=wanted).values("pk", *own, **members):
            pk = row.pop("pk")
            known[kind, pk] = _told({names.get(name, name): value for name, value in row.items()})
    return known


def _told(row: dict[str, Any]) -> Told:
    if "verdict" in row:
        row["verdict"] = Verdict(row["verdict"]).name.lower()
    hidden = {name: row.pop(name) for name in list(row) if name.startswith("_")}
    return Told(row, hidden)


def resource(change: Change) -> str:
    """The list of the API that the row stands in."""
    if change.kind in (Kind.UNIT, Kind.UNIT_CHANGE):
        return _UNITS.get(change.area.level if change.area else "commune", "communes")
    return _RESOURCES[Kind(change.kind)]


def address(change: Change, told: Told) -> str:
    """Where the row is read as it stands now; empty where it is public no more.

    A list that stands on a date is asked for one on which the row is in it.
    """
    if not told.summary or change.kind in _NOT_READ:
        return ""
    on = _day(change.kind, told)
    key = told.hidden.get("_key", change.key)
    return f"/api/v1/{resource(change)}/{key}/" + (f"?as_of={on.isoformat()}" if on else "")


def _day(kind: str, told: Told) -> dt.date | None:
    """A day other than today that the row must be asked for."""
    today, said = timezone.localdate(), told.summary | told.hidden
    if kind in (Kind.UNIT, Kind.UNIT_CHANGE):
        start, end = (
            said.get(name, said.get(f"valid{other}")) for name, other in (("_start", "_from"), ("_end", "_to"))
        )
        return start if start and start > today else end if end and end < today else None
    day = said.get(_DATED.get(kind, ""))
    return day if day and day > today else None
