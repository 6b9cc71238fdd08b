"""Which values a person may see, and which step a person may take with one."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import (
    Case,
    DateField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from accounts.models import Department, User
from accounts.roles import Permission, Role
from accounts.scope import (
    Actor,
    appointed_area_ids,
    appointed_departments,
    granted_area_ids,
    has_permission,
    kept_places,
    roles_with,
    shared_places,
    token_area_id,
)
from communes.models import Area, Placement
from communes.queries import areas_within
from criteria.models import ON_THE_WAY, Assessment, LeadDepartment, Reading, State
from criteria.procedure import PERMISSION, Procedure, Step, procedure_for, procedures
from criteria.queries.held import Held
from criteria.statements import Ids, run

# Stands for a moment that was not written down.
LONG_AGO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_REACHED_BY = {State.SUBMITTED: "submitted", State.VERIFIED: "verified", State.APPRAISED: "appraised"}
_PERIOD_END = "round__period__ends_on"


def areas_for(user: Actor, permission: Permission, on: dt.date) -> QuerySet[Area]:
    """Units in which the person holds `permission`, in the tree of the date `on`."""
    return areas_within(granted_area_ids(user, permission), on)


@dataclass(frozen=True)
class Reach:
    """What a person reaches with a permission: units at or below places, and criteria led, each between two dates.

    The one rule in two readings: a condition for lists, `holds` for a value in hand. A department leads in the province
    that this portal serves, whatever other province's rounds stand beside.
    """

    places: tuple[tuple[str, dt.date, dt.date], ...]
    led: dict[tuple[dt.date, dt.date], list[int]]
    # A token of an area confines what a department leads; the places are confined already.
    within: tuple[tuple[str, dt.date, dt.date], ...] | None = None

    def holds(self, value: Held) -> bool:
        """Whether the value is within reach, by the tree and the departments of its period's last day."""
        return _is_under(value, self.places) or (
            self._leads(value) and (self.within is None or _is_under(value, self.within))
        )

    def _leads(self, value: Held) -> bool:
        is_served = value.path is None or value.path.startswith(f"/{settings.PROVINCE_CODE}/")
        return is_served and any(
            value.criterion_id in criteria and start <= value.ends_on <= stop
            for (start, stop), criteria in self.led.items()
        )

    def of_folders(self) -> Q:
        """Condition on folders: the unit stood at or below one of the places on the last day of its period."""
        end = ExpressionWrapper(OuterRef(_PERIOD_END), output_field=DateField())
        above = Q(pk__in=[])
        for path, start, stop in self.places:
            above |= Q(path__startswith=path, _end__range=(start, stop))
        placements = Placement.objects.annotate(_end=end).filter(
            Q(valid_from=None) | Q(valid_from__lte=F("_end")),
            Q(valid_to=None) | Q(valid_to__gte=F("_end")),
            above,
            area_id=OuterRef("area_id"),
        )
        return Q(Exists(placements))

    def of_readings(self) -> Q:
        """Condition on readings. The units are found folder by folder: a round has sixty times as many values."""
        inside = Assessment.objects.filter(self.of_folders()) if self.places else Assessment.objects.none()
        condition = Q(assessment__in=inside.values("pk"))
        return condition | self._of_led() if self.led else condition

    def _of_led(self) -> Q:
        condition = Q(pk__in=[])
        for dates, criteria in self.led.items():
            condition |= Q(input__indicator__criterion_id__in=criteria, **{f"assessment__{_PERIOD_END}__range": dates})
        condition &= Q(assessment__round__province__code=settings.PROVINCE_CODE)
        return condition if self.within is None else condition & Reach(self.within, {}).of_readings()


def _is_under(value: Held, places: tuple[tuple[str, dt.date, dt.date], ...]) -> bool:
    return any(
        value.path is not None and value.path.startswith(path) and start <= value.ends_on <= stop
        for path, start, stop in places
    )


def reach(user: Actor, permission: Permission, roles: set[Role] | None = None) -> Reach:
    """What the person reaches with `permission` (through `roles`, if given) today."""
    departments = appointed_departments(user, permission)
    leads = departments and (roles is None or Role.DEPARTMENT_OFFICER in roles)
    places = _own_places(user, appointed_area_ids(user, permission, roles))
    return Reach(places, _led_by(departments) if leads else {}, _places_of_token(user))


def _own_places(user: Actor, area_ids: set[int]) -> tuple[tuple[str, dt.date, dt.date], ...]:
    """Where the areas stand, as far as the token's area holds them, if the request comes with one."""
    own, within = _places(user, area_ids), _places_of_token(user)
    return own if within is None else tuple(shared_places(list(own), list(within)))


def _places_of_token(user: Actor) -> tuple[tuple[str, dt.date, dt.date], ...] | None:
    area_id = token_area_id(user)
    return None if area_id is None else _places(user, {area_id})


def _places(user: Actor, area_ids: Iterable[int]) -> tuple[tuple[str, dt.date, dt.date], ...]:
    """Where the areas stand or stood, with the first and last day; read once a request."""
    kept, key = kept_places(user), frozenset(area_ids)
    if not key:
        return ()
    if key not in kept:
        rows = run("SELECT path, valid_from, valid_to FROM communes_placement WHERE area_id {ids}", Ids.of(key))[1]
        kept[key] = tuple((path, start or dt.date.min, stop or dt.date.max) for path, start, stop in rows)
    return kept[key]


def _led_by(departments: Iterable[Department]) -> dict[tuple[dt.date, dt.date], list[int]]:
    """Criteria that one of the departments answers for, by first and last day."""
    led: dict[tuple[dt.date, dt.date], list[int]] = defaultdict(list)
    leads = LeadDepartment.objects.filter(department__in=departments)
    for start, stop, criterion_id in leads.values_list("valid_from", "valid_to", "criterion_id"):
        led[start or dt.date.min, stop or dt.date.max].append(criterion_id)
    return led


def assessments_in_scope(user: Actor, permission: Permission, roles: set[Role] | None = None) -> QuerySet[Assessment]:
    """Folders of the units in which the person holds `permission` (through `roles`, if given)."""
    places = _own_places(user, appointed_area_ids(user, permission, roles))
    return Assessment.objects.filter(Reach(places, {}).of_folders()) if places else Assessment.objects.none()


def readings_in_scope(user: Actor, permission: Permission, roles: set[Role] | None = None) -> QuerySet[Reading]:
    """Values of those units, and of the criteria of the person's own departments."""
    return Reading.objects.filter(reach(user, permission, roles).of_readings())


def visible_readings(user: Actor) -> QuerySet[Reading]:
    """Approved values for everybody; those still on their way only within the person's scope."""
    approved = Q(state=State.APPROVED)
    if not has_permission(user, Permission.SEE_DRAFTS):
        return Reading.objects.filter(approved)
    return Reading.objects.filter(approved | reach(user, Permission.SEE_DRAFTS).of_readings())


def roles_of_step(reading: Reading, step: Step) -> frozenset[Role]:
    """The roles that may take `step` on this value, by the procedure of its level and period."""
    procedure = procedure_for(reading.assessment.area.level, reading.assessment.round.period.ends_on)
    return procedure.roles.get(step, frozenset())


def may_take(user: User, step: Step, reading: Reading) -> bool:
    """Whether the person's appointments reach this value for `step` (four eyes and state apart)."""
    roles = set(roles_of_step(reading, step))
    return readings_in_scope(user, PERMISSION[step], roles).filter(pk=reading.pk).exists()


def waiting_for(user: User) -> QuerySet[Reading]:
    """Values whose next step this person may take now, the longest waiting first, leaving out the person's own.

    Each carries `waiting_since`: when its last step was taken; long ago where that was not written down.
    """
    return _before(user).exclude(_handled_by(user))


def own_waiting(user: User) -> QuerySet[Reading]:
    """Values that wait for a step of this person's office, on which the person already took one: left to others."""
    return _before(user).filter(_handled_by(user))


def _handled_by(user: User) -> Q:
    return Q(entered_by=user) | Q(submitted_by=user) | Q(verified_by=user) | Q(appraised_by=user)


def _before(user: User) -> QuerySet[Reading]:
    condition = Q(pk__in=[])
    for level in ("commune", "district", "province", "village"):
        for step in (Step.VERIFY, Step.APPRAISE, Step.APPROVE):
            condition |= _waiting_at(user, level, step)
    # The portal's own province is said outside the alternatives as well: within them it narrows nothing early.
    own = Q(assessment__round__province__code=settings.PROVINCE_CODE)
    on_the_way = Q(state__in=ON_THE_WAY, assessment__round__closed_on=None)
    found = Reading.objects.filter(own, on_the_way, condition)
    return found.annotate(waiting_since=_last_step()).order_by("waiting_since", "pk")


def _last_step() -> Coalesce:
    """When the step was taken that brought a value where it waits now."""
    at = [When(state=state, then=F(f"{stem}_at")) for state, stem in _REACHED_BY.items()]
    return Coalesce(Case(*at), Value(LONG_AGO), output_field=DateTimeField())


def _waiting_at(user: User, level: str, step: Step) -> Q:
    """Condition: values of `level` that wait for `step` under one of its procedures, within the person's scope."""
    condition = Q(pk__in=[])
    held = roles_with(user, PERMISSION[step])
    for procedure in _procedures_of(level):
        roles = held & procedure.roles.get(step, frozenset())
        if not roles:
            continue
        reach = readings_in_scope(user, PERMISSION[step], roles)
        condition |= Q(
            state=procedure.state_before(step),
            assessment__area__level=level,
            assessment__round__period__ends_on__range=(procedure.starts_on, procedure.ends_on),
            pk__in=reach.values("pk"),
        )
    return condition


def _procedures_of(level: str) -> list[Procedure]:
    return [candidate for candidate in procedures() if candidate.level == level]


def steps_open_to(user: Actor, reading: Reading) -> set[Permission]:
    """What this person could do with this value now: state, scope and four eyes together."""
    if not user.is_authenticated or not reading.assessment.round.is_open:
        return set()
    procedure = procedure_for(reading.assessment.area.level, reading.assessment.round.period.ends_on)
    found: set[Permission] = set()
    if reading.state in (State.DRAFT, State.RETURNED) and may_take(user, Step.ENTER, reading):
        found |= {Permission.ENTER} | ({Permission.SUBMIT} if has_permission(user, Permission.SUBMIT) else set())
    step = procedure.step_after(reading.state)
    if step and not took_a_step(user, reading) and may_take(user, step, reading):
        found |= {PERMISSION[step]}
    if reading.state >= State.SUBMITTED and may_return(user, reading, step):
        found |= {Permission.RETURN}
    if reading.state == State.APPROVED and _in_reach(user, Permission.UNLOCK, reading):
        found |= {Permission.UNLOCK}
    return found


def took_a_step(user: User, reading: Reading) -> bool:
    """Four eyes: whether the person already took a step on this value."""
    return user.pk in {
        reading.entered_by_id,
        reading.submitted_by_id,
        reading.verified_by_id,
        reading.appraised_by_id,
    }


def _in_reach(user: User, permission: Permission, reading: Reading) -> bool:
    return readings_in_scope(user, permission).filter(pk=reading.pk).exists()


def may_return(user: User, reading: Reading, step: Step | None) -> bool:
    """The person whose step is next may return; whoever approves may return at any time, approved values too."""
    if not _in_reach(user, Permission.RETURN, reading):
        return False
    return may_take(user, Step.APPROVE, reading) or (step is not None and may_take(user, step, reading))
