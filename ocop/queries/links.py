"""Values of communes that can be taken from the register, and what the register says for them."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from accounts.roles import Permission
from communes.models import Area
from criteria.models import Reading, State
from criteria.queries.scope import readings_in_scope
from ocop.models import Product, Rating
from ocop.queries.scope import each_with_predecessors
from ocop.rules.links import Link, all_links, link_of

PAGE = 50
YES, NO = "Đạt", "Chưa đạt"


@dataclass(frozen=True)
class Answer:
    """What the register says of a commune on a day: the value as typed, and the source in words."""

    text: str
    source: str
    products: int


@dataclass(frozen=True)
class Line:
    """A value that may be taken over, with the register's answer beside it."""

    reading: Reading
    answer: Answer


def valid_products(area_ids: set[int], on: dt.date) -> QuerySet[Product]:
    """Products of the units with a certificate in force on the day."""
    revoked = Rating.objects.filter(
        status=Rating.Status.REVOKED,
        product_id=OuterRef("product_id"),
        decided_on__gte=OuterRef("decided_on"),
        decided_on__lte=on,
    )
    certificate = Rating.objects.filter(
        ~Exists(revoked),
        product_id=OuterRef("pk"),
        status=Rating.Status.RECOGNISED,
        decided_on__lte=on,
        expires_on__gte=on,
    )
    return Product.objects.filter(Exists(certificate), area_id__in=area_ids)


Asked = tuple[Link, Area, dt.date]


def answers(asked: list[Asked]) -> list[Answer]:
    """The register's answer for each input; what became part of a commune counts as its own. A statement a day."""
    inside = each_with_predecessors({area.pk for _, area, _ in asked})
    codes: dict[tuple[dt.date, int], list[str]] = defaultdict(list)
    for on in {on for _, _, on in asked}:
        rows = valid_products(set().union(*inside.values()), on).order_by("code")
        for area_id, code in rows.values_list("area_id", "code"):
            codes[on, area_id].append(code)
    return [_said(link, on, sorted(c for pk in inside[area.pk] for c in codes[on, pk])) for link, area, on in asked]


def _said(link: Link, on: dt.date, products: list[str]) -> Answer:
    named = f": {', '.join(products[:5])}{'…' if len(products) > 5 else ''}" if products else ""
    source = f"Sổ OCOP ngày {on:%d/%m/%Y}, {len(products)} sản phẩm còn hạn{named}"
    text = str(len(products)) if link.measure == "count_valid" else YES if products else NO
    return Answer(text, source, len(products))


def link_for(reading: Reading) -> Link | None:
    """The link of a value's input."""
    return link_of(reading.assessment.round.criteria_set.slug, reading.input.code)


def linked(user: User, after: int | None = None) -> tuple[list[Line], int | None]:
    """Values that the person may see and that can still be entered, with what the register says."""
    wanted = Q(pk__in=[])
    for each in all_links():
        wanted |= Q(assessment__round__criteria_set__slug=each.set_slug, input__code=each.input_code)
    rows: Any = readings_in_scope(user, Permission.ENTER).filter(
        wanted,
        assessment__round__closed_on=None,
        assessment__round__province__code=settings.PROVINCE_CODE,
        state__in=(State.DRAFT, State.RETURNED),
    )
    related = ("input", "assessment__area", "assessment__round__period", "assessment__round__criteria_set")
    rows = rows.filter(pk__gt=after) if after else rows
    found = list(rows.select_related(*related).order_by("pk")[: PAGE + 1])
    shown = [(reading, link) for reading in found[:PAGE] if (link := link_for(reading))]
    said = answers([(link, each.assessment.area, each.assessment.round.period.ends_on) for each, link in shown])
    lines = [Line(reading, answer) for (reading, _), answer in zip(shown, said, strict=True)]
    return lines, found[PAGE - 1].pk if len(found) > PAGE else None
