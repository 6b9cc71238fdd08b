"""Opening, closing and reopening rounds."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import audit
from accounts.errors import NotAllowed, Refused, WrongState
from accounts.models import User
from accounts.roles import Permission
from accounts.scope import granted_area_ids
from communes import epochs
from communes.models import Area
from communes.queries import areas_within, path_of
from criteria import derived, dirty, engine
from criteria.actions import law_changes
from criteria.models import Assessment, Attainment, CriteriaSet, Input, Period, Reading, Round, Threshold
from criteria.queries.rounds import period_of
from criteria.resolving import Resolver, resolver_for
from criteria.statements import Ids

_BATCH = 2000


def _require_manager(by: User | None, province: Area) -> None:
    """The province office manages rounds; the portal itself (by=None) loads data."""
    if by is not None and province.pk not in granted_area_ids(by, Permission.MANAGE_ROUNDS):
        raise NotAllowed("Chỉ Văn phòng Điều phối NTM tỉnh được mở, chốt hoặc mở lại đợt.")


@transaction.atomic
def open_round(
    *,
    province: Area,
    period: Period,
    criteria_set: CriteriaSet,
    due_on: dt.date,
    by: User | None,
    prefill_from: Period | None = None,
) -> Round:
    """Open a set for a period: a folder for each unit of the set's kinds on the period's last day, and an empty
    reading for each input that applies to it. `prefill_from` copies the values of that period as drafts. A period
    that was not used yet is created with its first round.

    Refused where the set is incomplete (complete: false), not in force in the period, or already opened.
    """
    _require_manager(by, province)
    period = _kept(period)
    _require_openable(province, period, criteria_set)
    opened = Round.objects.create(
        province=province,
        period=period,
        criteria_set=criteria_set,
        due_on=due_on,
        opened_at=timezone.now(),
        opened_by=by,
    )
    created = fill_round(opened, prefill_from=prefill_from)
    audit.record(by=by, action="round.open", subject=opened, data={"readings": created, "set": criteria_set.slug})
    epochs.bump(province.code)
    return opened


def _require_openable(province: Area, period: Period, criteria_set: CriteriaSet) -> None:
    if not criteria_set.allows_rounds:
        raise Refused(
            f"Bộ tiêu chí chưa đủ: mới có {criteria_set.listed_indicators} trong "
            f"{criteria_set.declared_indicators or 'số chưa rõ'} chỉ tiêu. Không mở đợt được.",
            field="criteria_set",
            code="incomplete_set",
        )
    ended = criteria_set.effective_to and criteria_set.effective_to < period.starts_on
    if ended or criteria_set.effective_from > period.ends_on:
        raise Refused("Bộ tiêu chí không có hiệu lực trong kỳ này.", field="period", code="not_in_force")
    if Round.objects.filter(province=province, period=period, criteria_set=criteria_set).exists():
        raise WrongState("Đợt này đã được mở.", field="period")


def fill_round(opened: Round, *, prefill_from: Period | None = None) -> int:
    """Create the folders and readings that the round still lacks; returns how many readings. Safe to repeat."""
    units = list(
        areas_within([opened.province_id], opened.period.ends_on).filter(
            level=opened.criteria_set.level, kind__in=opened.criteria_set.kinds
        )
    )
    Assessment.objects.bulk_create(
        [Assessment(round=opened, area=area) for area in units], ignore_conflicts=True, batch_size=_BATCH
    )
    assessments = list(opened.assessments.select_related("area"))
    Attainment.objects.bulk_create(
        [Attainment(assessment=assessment) for assessment in assessments], ignore_conflicts=True, batch_size=_BATCH
    )
    readings = _missing_readings(opened, assessments, prefill_from)
    Reading.objects.bulk_create(readings, batch_size=_BATCH)
    above = derived.standing_on(opened.criteria_set)
    engine.recompute(engine.folders(_units_of(opened) & Q(round__criteria_set__slug__in=above)))
    dirty.mark_round(opened)
    return len(readings)


def _units_of(opened: Round) -> Q:
    """Condition: all folders that the units of the round have in its period."""
    return Q(area_id__in=opened.assessments.values("area_id"), round__period_id=opened.period_id)


def _missing_readings(opened: Round, assessments: list[Assessment], prefill_from: Period | None) -> list[Reading]:
    inputs = list(
        Input.objects.filter(indicator__criterion__criteria_set=opened.criteria_set).order_by(
            "indicator__criterion__role", "indicator__criterion__bit", "indicator__ordinal", "ordinal"
        )
    )
    existing = set(Reading.objects.filter(assessment__round=opened).values_list("assessment_id", "input_id"))
    resolver = resolver_for(opened)
    previous = _values_of(opened, prefill_from) if prefill_from else {}
    return [
        _new_reading(assessment, entry, resolver, previous)
        for assessment in assessments
        for entry in inputs
        if (assessment.pk, entry.pk) not in existing and resolver.applies(entry, assessment.area_id)
    ]


def _new_reading(assessment: Assessment, entry: Input, resolver: Resolver, previous: dict) -> Reading:
    reading = Reading(assessment=assessment, input=entry)
    if entry.derived:
        reading.origin, reading.detail = Reading.Origin.DERIVED, {"set": entry.rule.get("set")}
    elif found := previous.get((assessment.area_id, entry.pk)):
        reading.value, reading.not_applicable, reading.is_illustrative = found
        reading.origin = Reading.Origin.PREFILLED
    resolver.pin(reading)
    return reading


def _values_of(opened: Round, period: Period) -> dict[tuple[int, int], tuple]:
    """Values of an earlier period of the same set, by (area id, input id)."""
    rows = Reading.objects.filter(
        assessment__round__period=period,
        assessment__round__province=opened.province_id,
        input__indicator__criterion__criteria_set=opened.criteria_set,
    ).values_list("assessment__area_id", "input_id", "value", "not_applicable", "is_illustrative")
    return {(area_id, input_id): tuple(values) for area_id, input_id, *values in rows.iterator()}


@transaction.atomic
def close_round(*, reading_round: Round, on: dt.date, by: User | None) -> Round:
    """Freeze a round as of `on`: decisions taken by then count, and nothing changes until a logged reopening."""
    _require_manager(by, reading_round.province)
    locked = _locked(reading_round)
    if not locked.is_open:
        raise WrongState("Đợt này đã chốt.", field="round")
    locked.closed_on, locked.closed_by = on, by
    locked.save(update_fields=["closed_on", "closed_by"])
    _recompute_units(locked, even_closed=True)
    audit.record(by=by, action="round.close", subject=locked, data={"closed_on": on.isoformat()})
    dirty.mark_round(locked)
    epochs.bump(locked.province.code)
    return locked


@transaction.atomic
def extend_round(*, reading_round: Round, due_on: dt.date, reason: str, by: User | None) -> Round:
    """Put the deadline of an open round off to a later day; the reason is kept."""
    _require_manager(by, reading_round.province)
    if not reason.strip():
        raise Refused("Ghi lý do gia hạn.", field="reason", code="required")
    locked = Round.objects.select_for_update(of=("self",)).select_related("province").get(pk=reading_round.pk)
    if not locked.is_open:
        raise WrongState("Đợt này đã chốt.", field="round")
    if due_on <= locked.due_on:
        raise Refused("Hạn mới phải sau hạn đang có.", field="due_on", code="not_later")
    before, locked.due_on = locked.due_on, due_on
    locked.save(update_fields=["due_on"])
    data = {"before": before.isoformat(), "due_on": due_on.isoformat()}
    audit.record(by=by, action="round.extend", subject=locked, reason=reason.strip(), data=data)
    epochs.bump(locked.province.code)
    return locked


@transaction.atomic
def extend_unit(*, assessment: Assessment, due_on: dt.date | None, reason: str, by: User | None) -> Assessment:
    """Give one unit a deadline of its own, later than the round's; None takes it back. The reason is kept."""
    _require_manager(by, assessment.round.province)
    if not reason.strip():
        raise Refused("Ghi lý do gia hạn.", field="reason", code="required")
    opened = (
        Round.objects.select_for_update(of=("self",)).select_related("province", "period").get(pk=assessment.round_id)
    )
    if not opened.is_open:
        raise WrongState("Đợt này đã chốt.", field="assessment")
    if due_on and due_on <= opened.due_on:
        raise Refused("Hạn riêng phải sau hạn chung của đợt.", field="due_on", code="not_later")
    locked = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    data = {"before": _day(locked.due_on), "due_on": _day(due_on), "area_id": locked.area_id}
    locked.due_on = due_on
    locked.save(update_fields=["due_on"])
    place = path_of([locked.area_id], opened.period.ends_on).get(locked.area_id, "")
    audit.record(by=by, action="round.extend-unit", subject=locked, area_path=place, reason=reason.strip(), data=data)
    epochs.bump(opened.province.code)
    return locked


def _day(date: dt.date | None) -> str | None:
    return date.isoformat() if date else None


@transaction.atomic
def reopen_round(*, reading_round: Round, reason: str, by: User | None) -> Round:
    """Unfreeze a round; the reason is kept. Its values are measured against the levels that the province entered
    while it was closed: an open round always follows the law as it stands."""
    _require_manager(by, reading_round.province)
    if not reason.strip():
        raise Refused("Ghi lý do mở lại đợt.", field="reason", code="required")
    locked = _locked(reading_round)
    if locked.is_open:
        raise WrongState("Đợt này đang mở.", field="round")
    closed_on = locked.closed_on
    locked.closed_on, locked.closed_by = None, None
    locked.save(update_fields=["closed_on", "closed_by"])
    _recompute_units(locked)
    law_changes.measure_again(input_ids=_with_provincial_levels(locked.criteria_set_id), by=by)
    audit.record(
        by=by, action="round.reopen", subject=locked, reason=reason.strip(), data={"closed_on": str(closed_on)}
    )
    dirty.mark_round(locked)
    epochs.bump(locked.province.code)
    return locked


def _with_provincial_levels(set_id: int) -> list[int]:
    """Inputs of a set whose level may have changed while a round was closed; the nation's own never do."""
    entered = Threshold.objects.filter(input__indicator__criterion__criteria_set=set_id, province__isnull=False)
    return list(entered.values_list("input_id", flat=True).distinct())


def _locked(reading_round: Round) -> Round:
    """The round as it stands, with its units locked against entry; whole units, as every other step locks them."""
    folders = reading_round.assessments.values_list("pk", flat=True)
    engine.lock(engine.UNITS_OF_FOLDERS, Ids.of(folders))
    return Round.objects.select_for_update(of=("self",)).select_related("province", "period").get(pk=reading_round.pk)


def _recompute_units(reading_round: Round, *, even_closed: bool = False) -> None:
    if even_closed:
        engine.recompute(engine.folders(Q(round=reading_round)), even_closed=True)
        return
    engine.recompute(engine.folders(_units_of(reading_round)))


def ensure_year(year: int) -> Period:
    """The period of a whole year, created on first use."""
    return _kept(period_of(year))


def _kept(period: Period) -> Period:
    """The period of that code, created on first use."""
    if period.pk:
        return period
    said = {name: getattr(period, name) for name in ("kind", "year", "starts_on", "ends_on")}
    return Period.objects.get_or_create(code=period.code, defaults=said)[0]


def province() -> Area:
    """The province that this portal serves."""
    return Area.objects.get(code=settings.PROVINCE_CODE, level="province")
