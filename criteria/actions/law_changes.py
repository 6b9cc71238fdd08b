"""Values measured again after a threshold changed: at once where they are few, else as a job with progress."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet

from accounts import jobs
from accounts.models import Job, User
from communes import epochs
from criteria import dirty, engine
from criteria.models import Period, Reading
from criteria.queries.law_change import concerned
from criteria.resolving import Resolver
from criteria.statements import Ids

KIND = "reresolve"
# Measured again while the person waits: under two seconds (docs/adr/0008). One province has a few hundred.
AT_ONCE = 2000
CHUNK = 200
_RELATED = (
    "input",
    "assessment__round__period",
    "assessment__round__criteria_set",
    "assessment__round__province",
)


def measure_again(*, input_ids: Iterable[int], by: User | None) -> Job | None:
    """Measure all values that the inputs have in open rounds against the thresholds as they are now.

    Runs in the caller's transaction; where more than AT_ONCE values are concerned, as the job that is returned.
    """
    ids = list(concerned(input_ids).order_by("pk").values_list("pk", flat=True)[: AT_ONCE + 1])
    if len(ids) > AT_ONCE:
        return jobs.ask(kind=KIND, arguments={"inputs": sorted(set(input_ids))}, by=by)
    measure(ids)
    return None


@jobs.step_of(KIND)
def step(job: Job) -> bool:
    """Measure the next chunk again."""
    waiting = concerned(job.arguments["inputs"])
    if not job.marks:
        job.total, job.result = waiting.count(), {"changed": 0}
    ids = list(waiting.filter(pk__gt=job.marks.get("after", 0)).order_by("pk").values_list("pk", flat=True)[:CHUNK])
    if not ids:
        return False
    job.result["changed"] += len(measure(ids))
    job.marks, job.done = {"after": ids[-1]}, job.done + len(ids)
    return True


def measure(reading_ids: list[int]) -> list[Reading]:
    """Measure these values again, with the attainment of their units, in the caller's transaction; what changed.

    Values whose round was closed meanwhile are left alone: rounds are closed under the same locks.
    """
    locked = engine.lock(engine.UNITS_OF_READINGS, Ids.of(reading_ids))
    readings = list(
        Reading.objects.filter(pk__in=reading_ids, assessment__round__closed_on=None)
        .order_by("pk")
        .select_for_update(of=("self",))
        .select_related(*_RELATED)
    )
    changed = [reading for each in _by_round(readings) for reading in _pin(each)]
    Reading.objects.bulk_update(changed, ["verdict", "threshold"], batch_size=200)
    if readings:
        # Also where no verdict changed: what stands on the threshold itself (a ratio to it) may have.
        engine.recompute(locked)
    _tell(changed)
    return changed


def _by_round(readings: list[Reading]) -> list[list[Reading]]:
    rounds: dict[int, list[Reading]] = defaultdict(list)
    for reading in readings:
        rounds[reading.assessment.round_id].append(reading)
    return list(rounds.values())


def _pin(readings: list[Reading]) -> list[Reading]:
    """Pin the threshold that binds now to readings of one round; those whose verdict or threshold changed."""
    reading_round = readings[0].assessment.round
    resolver = Resolver(
        criteria_set=reading_round.criteria_set,
        province_id=reading_round.province_id,
        year=reading_round.period.year,
        on=reading_round.period.ends_on,
        area_ids=[reading.assessment.area_id for reading in readings],
    )
    changed = []
    for reading in readings:
        before = (reading.verdict, reading.threshold_id)
        resolver.pin(reading)
        if before != (reading.verdict, reading.threshold_id):
            changed.append(reading)
    return changed


def _tell(changed: list[Reading]) -> None:
    """Mark what stands above the units, then raise the epoch of their provinces."""
    areas: dict[Period, set[int]] = defaultdict(set)
    for reading in changed:
        areas[reading.assessment.round.period].add(reading.assessment.area_id)
    for period in sorted(areas, key=lambda each: each.pk):
        dirty.mark(area_ids=areas[period], period=period)
    for code in sorted({reading.assessment.round.province.code for reading in changed}):
        epochs.bump(code)


def under_way() -> QuerySet[Job]:
    """Law changes whose values are still being measured again."""
    return jobs.unfinished([KIND])
