"""Thresholds that the province enters or confirms, each with its legal reference and who did it."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

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
from criteria.actions import law_changes
from criteria.models import Input, Threshold
from criteria.queries.law_change import Diff, Snapshot, concerned, difference, snapshot
from criteria.rules import numbers, ranges, regions

_LONGEST_REFERENCE = 300


@dataclass(frozen=True, kw_only=True)
class Level:
    """A level as the province states it: for which input, from when to when, by which text.

    `value_text` is what was typed ("45", "95,5 %", "Đạt"); `value` is for callers that hold a number.
    """

    input: Input
    province: Area
    valid_from: dt.date | None
    legal_reference: str
    value: Decimal | None = None
    value_text: str = ""
    region: str = ""
    group: str = ""
    year: int | None = None
    valid_to: dt.date | None = None
    source: str = ""
    is_illustrative: bool = False


@transaction.atomic
def enter_threshold(*, by: User | None, **said: Any) -> Threshold:
    """Add the province's own level of an input between two dates (`said`: a Level), and measure open rounds again.

    An earlier open-ended level of the same region, group and year ends the day before. Where very many values are
    concerned they are measured by a job (law_changes.under_way). Raises Refused (field named) without a legal
    reference, for a level that cannot be, or where dates meet another level; NotAllowed without permission.
    """
    added, ended = _store(Level(**said), by)
    reference = added.legal_reference
    data = {"input": added.input.code, "value": str(added.value), "ended": ended, "legal_reference": reference}
    audit.record(by=by, action="threshold.enter", subject=added, reason=reference, data=data)
    law_changes.measure_again(input_ids=[added.input_id], by=by)
    epochs.bump(said["province"].code)
    return added


def preview_threshold(*, by: User | None, **said: Any) -> Diff:
    """What entering this level would change in open rounds; nothing stays written. Raises as enter_threshold.

    The level is entered and the values are measured, a chunk at a time, and each chunk is rolled back: whatever
    entering does is what is shown, and nobody's unit is locked for longer than one chunk takes.
    """
    level = Level(**said)
    ids = list(concerned([level.input.pk]).order_by("pk").values_list("pk", flat=True))
    chunks = [ids[start : start + law_changes.CHUNK] for start in range(0, len(ids), law_changes.CHUNK)]
    return difference(level.input, [_tried(level, by, chunk) for chunk in chunks or [[]]])


def _tried(level: Level, by: User | None, reading_ids: list[int]) -> tuple[Snapshot, Snapshot]:
    """Before and after, as if the level were entered."""
    with transaction.atomic():
        _store(level, by)
        before = snapshot(reading_ids)
        law_changes.measure(reading_ids)
        after = snapshot(reading_ids)
        transaction.set_rollback(True)
    return before, after


def _store(level: Level, by: User | None) -> tuple[Threshold, list[int]]:
    """Check and store the level; with the ids of the levels that end where it begins."""
    _require_province_office(by, {level.province.pk})
    reference = _reference(level.legal_reference)
    value = _level(level.input, level.value, level.value_text)
    _require_dates(level.valid_from, level.valid_to)
    if level.region and level.region not in regions.names():
        raise Refused("Không có vùng này.", field="region", code="unknown_region")
    Input.objects.select_for_update().get(pk=level.input.pk)
    key = {name: getattr(level, name) for name in ("input", "province", "region", "group", "year")}
    # A stand-in gives way by itself (criteria.rules.thresholds).
    same_key = Threshold.objects.filter(**key).exclude(is_illustrative=True, entered_by=None)
    ended = _make_room(same_key, level.valid_from, level.valid_to)
    illustrative = level.is_illustrative or bool(by and by.is_demo)
    added = Threshold.objects.create(
        **key,
        value=value,
        valid_from=level.valid_from,
        valid_to=level.valid_to,
        legal_reference=reference,
        confidence=Confidence.PLACEHOLDER if illustrative else Confidence.RECALLED,
        source=level.source,
        is_illustrative=illustrative,
        entered_by=by,
        entered_at=timezone.now() if by else None,
    )
    return added, ended


@transaction.atomic
def confirm_threshold(*, threshold: Threshold, legal_reference: str, by: User) -> Threshold:
    """State that a level was compared with the text it stands in; the level itself does not change.

    Values of open rounds are measured again where the level stops being illustrative: it may then bind units that
    a stand-in did not. Four eyes: who entered it does not confirm it. Raises Refused without a legal reference,
    WrongState where it is confirmed already, NotAllowed without permission.
    """
    stored = Threshold.objects.select_for_update(of=("self",)).select_related("province", "input").get(pk=threshold.pk)
    _require_province_office(by, {stored.province_id} if stored.province_id else set())
    reference = _reference(legal_reference)
    if stored.confirmed_by_id:
        raise WrongState("Ngưỡng này đã được đối chiếu.", code="confirmed")
    if stored.entered_by_id == by.pk:
        raise NotAllowed("Người nhập ngưỡng không tự đối chiếu; cần một người khác.", code="four_eyes")
    before = {"legal_reference": stored.legal_reference, "confidence": stored.confidence}
    was_illustrative = stored.is_illustrative
    stored.legal_reference, stored.confidence = reference, Confidence.VERIFIED
    stored.is_illustrative = stored.is_illustrative and by.is_demo
    stored.confirmed_by, stored.confirmed_at = by, timezone.now()
    stored.save(
        update_fields=["legal_reference", "confidence", "is_illustrative", "confirmed_by", "confirmed_at"],
    )
    data = {"input": stored.input.code, "before": before, "after": {"legal_reference": reference}}
    audit.record(by=by, action="threshold.confirm", subject=stored, reason=reference, data=data)
    if stored.is_illustrative != was_illustrative:
        law_changes.measure_again(input_ids=[stored.input_id], by=by)
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
