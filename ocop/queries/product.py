"""The page of one product: what the public may read, and what an officer may do there."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Max, Prefetch
from django.utils import timezone

from accounts.errors import OutOfScope
from accounts.roles import Permission
from accounts.scope import Actor
from communes.models import Area
from communes.queries import successors_on
from ocop.models import Entry, Export, Product, Rating, Revenue, RevocationRequest
from ocop.queries.places import districts_of
from ocop.queries.scope import area_ids
from ocop.rules import stars
from ocop.rules.rulesets import RuleSet, markets, rules_of, rules_on

PART_FIELDS = {"A": "part_a", "B": "part_b", "C": "part_c"}


@dataclass(frozen=True)
class PartScore:
    """A part of the sheet with its score and its most."""

    code: str
    name: str
    score: Decimal
    most: Decimal

    @property
    def share(self) -> Decimal:
        return self.score / self.most * 100


@dataclass(frozen=True)
class Life:
    """A certificate's time as a bar of 100: how much is past, and where the time of notice begins."""

    past: Decimal
    notice: Decimal

    @property
    def rest(self) -> Decimal:
        return 100 - self.notice


@dataclass(frozen=True)
class Stretch:
    """A band on a bar of 1000: its star, where it starts in points, how wide it is."""

    star: int
    start: Decimal
    points: Decimal

    @property
    def x(self) -> int:
        return round(self.start * 10)

    @property
    def width(self) -> int:
        return round(self.points * 10)

    @property
    def middle(self) -> int:
        return self.x + self.width // 2


@dataclass(frozen=True)
class ProductPage:
    """A product as its page shows it."""

    product: Product
    district: Area | None
    today: list[Area]
    on: dt.date
    ratings: list[Rating]
    exports: list[tuple[str, int]]
    revenues: list[Revenue]
    rules: RuleSet | None
    parts: list[PartScore]
    next_star: tuple[int, Decimal] | None
    days_left: int | None
    notice_days: int
    reminded_at: Any
    may_keep: bool
    may_rate: bool
    request: RevocationRequest | None
    pending: list[Entry]

    @property
    def is_lapsed(self) -> bool:
        return self.days_left is not None and self.days_left < 0

    @property
    def ends_soon(self) -> bool:
        return self.days_left is not None and 0 <= self.days_left <= self.notice_days

    @property
    def life(self) -> "Life | None":
        """The time of the certificate that the product holds."""
        held = self.product.standing
        if held is None or held.expires_on is None or held.expires_on <= held.decided_on:
            return None
        whole = (held.expires_on - held.decided_on).days
        noticed = max(0, whole - self.notice_days)
        past = min(whole, max(0, (self.on - held.decided_on).days))
        return Life(Decimal(past * 100) / whole, Decimal(noticed * 100) / whole)

    @property
    def bands(self) -> "list[Stretch]":
        """The bands of the rules as stretches of a bar."""
        return (
            [Stretch(band.star, band.start, band.end - band.start) for band in self.rules.bands] if self.rules else []
        )

    @property
    def mark(self) -> int:
        """Where the score stands on the bar of the bands."""
        held = self.product.standing
        return round((held.total or 0) * 10) if held else 0


def page(user: Actor, code: str) -> ProductPage:
    """Raises OutOfScope where no product has the code. Products are public, drafts of councils are not."""
    exports = Export.objects.order_by("country", "-year")
    found = (
        Product.objects.select_related("producer", "area", "product_set", "standing", "photo")
        .prefetch_related(Prefetch("exports", exports), "revenues")
        .filter(code=code)
        .first()
    )
    if found is None:
        raise OutOfScope
    on = timezone.localdate()
    standing = found.standing
    rules = rules_of(standing.rule_set) if standing else None
    may_keep = found.area_id in area_ids(user, Permission.KEEP_OCOP)
    may_rate = found.area_id in area_ids(user, Permission.RATE_OCOP)
    return ProductPage(
        product=found,
        district=districts_of([found.area_id]).get(found.area_id),
        today=[area for area in successors_on(found.area, on) if area.pk != found.area_id],
        on=on,
        ratings=list(found.ratings.order_by("decided_on", "pk").select_related("recorded_by")),
        exports=[(markets().get(each.country, each.country), each.year) for each in found.exports.all()],
        revenues=sorted(found.revenues.all(), key=lambda row: -row.year) if may_keep else [],
        rules=rules,
        parts=_parts(standing, rules),
        next_star=stars.to_next_star(standing.total, rules)
        if standing and standing.total is not None and rules
        else None,
        days_left=(standing.expires_on - on).days if standing and standing.expires_on else None,
        notice_days=rules_on(on).notice_days,
        reminded_at=standing.reminders.aggregate(at=Max("sent_at"))["at"] if standing and may_keep else None,
        may_keep=may_keep,
        may_rate=may_rate,
        request=_request(standing) if may_rate else None,
        pending=list(found.entries.select_related("round__area").order_by("-pk")[:5]) if may_rate else [],
    )


def _parts(standing: Rating | None, rules: RuleSet | None) -> list[PartScore]:
    if standing is None or rules is None or standing.total is None:
        return []
    scores = [(part, getattr(standing, PART_FIELDS[part.code])) for part in rules.parts]
    return [PartScore(part.code, part.name, score, part.most) for part, score in scores if score is not None]


def _request(standing: Rating | None) -> RevocationRequest | None:
    if standing is None:
        return None
    return standing.revocation_requests.filter(settled_at=None).select_related("asked_by").first()
