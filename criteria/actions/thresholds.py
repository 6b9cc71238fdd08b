"""Thresholds that the province enters or confirms, each with its legal reference and who did it."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import audit
from accounts.errors import NotAllowed, Refused, WrongState
from accounts.models import User
from accounts.roles import Permission
from accounts.scope import granted_area_ids
from communes import epochs
from communes.models import Area, Confidence
from criteria.actions import readings
from criteria.models import Input, Threshold
from criteria.rules import numbers, ranges, regions

_LONGEST_REFERENCE = 300


@transaction.atomic
def enter_threshold(
    *,
    input: Input,
    province: Area,
    valid_from: dt.date | None,
    legal_reference: str,
    by: User | None,
    value: Decimal | None = None,
    value_text: str = "",
    region: str = "",
    group: str = "",
    year: int | None = None,
    valid_to: dt.date | None = None,
    source: str = "",
    is_illustrative: bool = False,
) -> Threshold:
    """Add the province's own level of an input between two dates, and measure open rounds again.

    `value_text` is what was typed ("45", "95,5 %", "Đạt"); `value` is for callers that hold a number. An earlier
    open-ended level of the same region, group and year ends the day before. Raises Refused (field named) without a
    legal reference, for a level that cannot be, or where dates meet another level; NotAllowed without permission.
    """
    _require_province_office(by, {province.pk})
    reference = _reference(legal_reference)
    value = _level(input, value, value_text)
    _require_dates(valid_from, valid_to)
    if region and region not in regions.names():
        raise Refused("Không có vùng này.", field="region", code="unknown_region")
    Input.objects.select_for_update().get(pk=input.pk)
    same_key = Threshold.objects.filter(input=input, province=province, region=region, group=group, year=year).exclude(
        is_illustrative=True, entered_by=None
    )  # a stand-in gives way by itself (criteria.rules.thresholds)
    ended = _make_room(same_key, valid_from, valid_to)
    illustrative = is_illustrative or bool(by and by.is_demo)
    added = Threshold.objects.create(
        input=input,
        province=province,
        region=region,
        group=group,
        year=year,
        value=value,
        valid_from=valid_from,
        valid_to=valid_to,
        legal_reference=reference,
        confidence=Confidence.PLACEHOLDER if illustrative else Confidence.RECALLED,
        source=source,
        is_illustrative=illustrative,
        entered_by=by,
        entered_at=timezone.now() if by else None,
    )
    data = {"input": input.code, "value": str(value), "ended": ended, "legal_reference": reference}
    audit.record(by=by, action="threshold.enter", subject=added, reason=reference, data=data)
    readings.reresolve(input_ids=[input.pk], by=by)
    epochs.bump(province.code)
    return added


@transaction.atomic
def confirm_threshold(*, threshold: Threshold, legal_reference: str, by: User) -> Threshold:
    """State that a level was compared with the text it stands in; the level itself does not change.

    Four eyes: who entered it does not confirm it. Raises Refused without a legal reference, WrongState where it is
    confirmed already, NotAllowed without permission.
    """
    stored = Threshold.objects.select_for_update(of=("self",)).select_related("province", "input").get(pk=threshold.pk)
    _require_province_office(by, {stored.province_id} if stored.province_id else set())
    reference = _reference(legal_reference)
    if stored.confirmed_by_id:
        raise WrongState("Ngưỡng này đã được đối chiếu.", code="confirmed")
    if stored.entered_by_id == by.pk:
        raise NotAllowed("Người nhập ngưỡng không tự đối chiếu; cần một người khác.", code="four_eyes")
    before = {"legal_reference": stored.legal_reference, "confidence": stored.confidence}
    stored.legal_reference, stored.confidence = reference, Confidence.VERIFIED
    stored.is_illustrative = stored.is_illustrative and by.is_demo
    stored.confirmed_by, stored.confirmed_at = by, timezone.now()
    stored.save(
        update_fields=["legal_reference", "confidence", "is_illustrative", "confirmed_by", "confirmed_at"],
    )
    data = {"input": stored.input.code, "before": before, "after": {"legal_reference": reference}}
    audit.record(by=by, action="threshold.confirm", subject=stored, reason=reference, data=data)
    epochs.bump(stored.province.code if stored.province else None)
    return stored


def _require_province_office(by: User | None, provinces: set[int]) -> None:
    """`provinces` empty: a national level, which any province office may confirm. by=None is the portal."""
    if by is None:
        return
    granted = granted_area_ids(by, Permission.SET_THRESHOLDS)
    if not granted or not provinces <= granted:
        raise NotAllowed("Chỉ Văn phòng Điều phối NTM tỉnh được nhập hoặc đối chiếu ngưỡng.")


def _reference(text: str) -> str:
    cleaned = " ".join(text.split())
    if not cleaned:
        raise Refused("Ghi căn cứ: số, ngày của văn bản quy định ngưỡng.", field="legal_reference", code="required")
    if len(cleaned) > _LONGEST_REFERENCE:
        raise Refused(f"Căn cứ dài quá {_LONGEST_REFERENCE} ký tự.", field="legal_reference", code="too_long")
    return cleaned


def _level(entry: Input, value: Decimal | None, text: str) -> Decimal:
    """The level as a number in the input's unit; a yes/no requirement has the one level "Đạt"."""
    if value is None:
        try:
            value = numbers.parse(text, entry.value_type, about=entry.name).value
        except numbers.Unreadable as unreadable:
            raise Refused(unreadable.message, field="value", code="unreadable") from unreadable
    if value is None:
        raise Refused("Nhập mức phải đạt.", field="value", code="required")
    if entry.value_type == Input.ValueType.BOOLEAN and value != 1:
        raise Refused("Mức của nội dung đạt/chưa đạt luôn là “Đạt”.", field="value", code="out_of_range")
    if not entry.derived and (fault := ranges.fault(value, entry.value_type)):
        raise Refused(fault, field="value", code="out_of_range")
    return value


def _require_dates(valid_from: dt.date | None, valid_to: dt.date | None) -> None:
    if valid_from and valid_to and valid_to < valid_from:
        raise Refused("Ngày hết hiệu lực phải sau ngày bắt đầu.", field="valid_to", code="dates")


def _make_room(same_key: QuerySet[Threshold], valid_from: dt.date | None, valid_to: dt.date | None) -> list[int]:
    """End the open-ended level before `valid_from`; returns its id. Any other meeting of dates is refused."""
    meets = Q(valid_to=None) | Q(valid_to__gte=valid_from) if valid_from else Q()
    if valid_to:
        meets &= Q(valid_from=None) | Q(valid_from__lte=valid_to)
    ended = []
    for row in same_key.filter(meets).order_by("pk"):
        starts_later = valid_from is None or (row.valid_from is not None and row.valid_from >= valid_from)
        if valid_from is None or starts_later or row.valid_to is not None:
            raise Refused(f"Trùng thời gian với ngưỡng {_span(row)}.", field="valid_from", code="overlap")
        row.valid_to = valid_from - dt.timedelta(days=1)
        row.save(update_fields=["valid_to"])
        ended.append(row.pk)
    return ended


def _span(row: Threshold) -> str:
    first = f"từ {row.valid_from:%d/%m/%Y}" if row.valid_from else "từ trước"
    return f"{first} đến {row.valid_to:%d/%m/%Y}" if row.valid_to else f"{first}, chưa có ngày hết hiệu lực"
