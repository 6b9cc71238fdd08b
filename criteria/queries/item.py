"""One value with everything needed to judge it: before and now, threshold, peers, who did which step."""

import datetime as dt
import statistics
from dataclasses import dataclass
from decimal import Decimal

from accounts import audit
from accounts.errors import OutOfScope
from accounts.models import AuditEvent, User
from accounts.roles import Permission
from communes.models import Area, Placement, valid_on
from communes.queries import placement_of
from criteria.models import Reading, State, Threshold
from criteria.procedure import LEADS_TO, Step, procedure_for
from criteria.queries import history, wording
from criteria.queries.effect import Effect, effect
from criteria.queries.grid import threshold_of
from criteria.queries.judged import Judged
from criteria.queries.review import STEP_WORDS
from criteria.queries.scope import may_take, readings_in_scope, steps_open_to, took_a_step, waiting_for
from criteria.queries.waiting import with_everything
from criteria.resolving import resolver_for

# The latest acts beside a value; the rest is read page by page in its panel.
EVENTS = 20


@dataclass(frozen=True)
class TrailStep:
    """One step of a value's way: who took it and when, or who it waits for."""

    name: str
    by: str
    at: dt.datetime | None
    is_current: bool
    is_done: bool


@dataclass(frozen=True)
class Peers:
    """The same value in the other units of the district: median and spread, for scale only."""

    count: int
    median: Decimal
    values: list[Decimal]


@dataclass(frozen=True)
class Strip:
    """Where the peers stand on a line of 620 units: a drawing without any rule in it."""

    dots: list[Decimal]
    median: Decimal
    own: Decimal | None
    threshold: Decimal | None
    before: Decimal | None

    @property
    def median_anchor(self) -> str:
        return _anchor(self.median)

    @property
    def threshold_anchor(self) -> str:
        return _anchor(self.threshold)


def strip(peers: Peers, own: Decimal | None, threshold: Decimal | None, before: Decimal | None = None) -> Strip:
    """Scale all values to 10–610, from the least to the greatest among them."""
    marks = [value for value in (*peers.values, own, threshold, before) if value is not None]
    low, span = min(marks), (max(marks) - min(marks)) or Decimal(1)

    def place(value: Decimal | None) -> Decimal | None:
        return None if value is None else (10 + (value - low) / span * 600).quantize(Decimal("0.1"))

    dots = [place(value) for value in peers.values]
    shown = [dot for dot in dots if dot is not None]
    return Strip(shown, place(peers.median) or low, place(own), place(threshold), place(before))


def _anchor(x: Decimal | None) -> str:
    """The side from which a label is written, so that it stays inside the drawing."""
    return "mid" if x is None or 70 < x < 550 else "end" if x >= 550 else ""


@dataclass(frozen=True)
class Item(Judged):
    """One value with what is needed to judge it."""

    reading: Reading
    previous: Reading | None
    threshold: Threshold | None
    district: Area | None
    peers: Peers | None
    trail: list[TrailStep]
    events: list[AuditEvent]
    may: set[Permission]
    blocked: str
    together: dict[int, int]
    effect: Effect | None

    @property
    def together_versions(self) -> str:
        """The values of `together` as the forms name them: 17:3 18:1."""
        return " ".join(f"{pk}:{version}" for pk, version in self.together.items())

    @property
    def strip(self) -> "Strip | None":
        if self.peers is None:
            return None
        before = self.previous.value if self.previous else None
        return strip(self.peers, self.reading.value, self.threshold.value if self.threshold else None, before)

    @property
    def median(self) -> str:
        return wording.shown(self.reading.input, self.peers.median) if self.peers else ""

    @property
    def state(self) -> str:
        return wording.state(self.reading)


def item(user: User, reading_id: int) -> Item:
    """One value within the person's scope. Raises OutOfScope."""
    in_sight = readings_in_scope(user, Permission.SEE_DRAFTS).filter(pk=reading_id)
    reading = with_everything(in_sight).first()
    if reading is None:
        raise OutOfScope
    assessment = reading.assessment
    placement = placement_of(assessment.area, assessment.round.period.ends_on)
    district = placement.parent if placement and assessment.area.level == "commune" else None
    return Item(
        reading=reading,
        previous=history.previous_of([reading]).get(reading.pk),
        threshold=threshold_of(reading, resolver_for(assessment.round, assessment.area), assessment.area_id),
        district=district,
        peers=_peers(reading, district),
        trail=_trail(reading),
        events=list(audit.history_of(reading).order_by("-id")[:EVENTS])[::-1],
        may=steps_open_to(user, reading),
        blocked=_blocked(user, reading),
        together=_together(user, reading),
        effect=effect(reading, district) if State.SUBMITTED <= reading.state < State.APPROVED else None,
    )


def _blocked(user: User, reading: Reading) -> str:
    """Why a person whose step is next may not take it on this very value: four eyes."""
    step = procedure_for(reading.assessment.area.level, reading.assessment.round.period.ends_on).step_after(
        reading.state
    )
    if step is None or not took_a_step(user, reading) or not may_take(user, step, reading):
        return ""
    return f"Bạn không thể {STEP_WORDS[step].lower()} giá trị do chính mình nhập."


def _together(user: User, reading: Reading) -> dict[int, int]:
    """Versions of the values of this criterion in this folder that wait for the same step of the same person."""
    rows = waiting_for(user).filter(
        assessment_id=reading.assessment_id,
        input__indicator__criterion_id=reading.input.indicator.criterion_id,
        state=reading.state,
    )
    return dict(rows.order_by("pk").values_list("pk", "version"))


def _peers(reading: Reading, district: Area | None) -> Peers | None:
    """Entered numbers of the district's units in the same round; None for yes/no, or with fewer than three."""
    if district is None or wording.is_yes_no(reading.input):
        return None
    on = reading.assessment.round.period.ends_on
    inside = Placement.objects.filter(valid_on(on), parent=district).values("area_id")
    rows = Reading.objects.filter(
        input_id=reading.input_id,
        assessment__round_id=reading.assessment.round_id,
        assessment__area__in=inside,
        value__isnull=False,
    )
    values = sorted(value for value in rows.values_list("value", flat=True) if value is not None)
    return Peers(len(values), statistics.median(values), values) if len(values) >= 3 else None


_STEMS = {Step.VERIFY: "verified", Step.APPRAISE: "appraised", Step.APPROVE: "approved"}


def _trail(reading: Reading) -> list[TrailStep]:
    procedure = procedure_for(reading.assessment.area.level, reading.assessment.round.period.ends_on)
    waits_for = procedure.step_after(reading.state)
    with_enterer = reading.state in (State.DRAFT, State.RETURNED)
    steps = [_trail_step(reading, "Nhập", "entered", is_current=with_enterer, is_done=not with_enterer)]
    for step, stem in _STEMS.items():
        if step in procedure.roles:
            done = reading.state >= LEADS_TO[step]
            steps.append(_trail_step(reading, STEP_WORDS[step], stem, is_current=step is waits_for, is_done=done))
    return steps


def _trail_step(reading: Reading, name: str, stem: str, *, is_current: bool, is_done: bool) -> TrailStep:
    by = getattr(reading, f"{stem}_by")
    return TrailStep(name, str(by) if by else "", getattr(reading, f"{stem}_at"), is_current, is_done)
