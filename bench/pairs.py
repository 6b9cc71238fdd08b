"""What is measured: an approval beside a bare commit, answers beside the least that could answer.

To be imported after Django.
"""

from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connection
from django.test import Client

from accounts.models import Appointment, User
from accounts.roles import Role
from bench.timing import NotRun, Pair
from communes.models import Area
from criteria.actions import readings
from criteria.models import Reading, State

Calls = tuple[Callable[[], object], Callable[[], object]]
LOADERS = ("load_territory", "load_law", "load_ocop", "load_seed")
YEAR, SET, AS_OF = "2024", "commune-ntm-2021-2025", "2024-12-31"


def build() -> str:
    """Make the bench's own portal with all that the tree can load; returns what was loaded."""
    call_command("migrate", verbosity=0, interactive=False)
    known = get_commands()
    loaded = [command for command in LOADERS if command in known]
    for command in loaded:
        call_command(command, verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    settings.ROOT_URLCONF = "bench.urls"
    return ", ".join(loaded)


def approval(count: int) -> Calls:
    """One value approved with audit, attainment and counter, beside a commit of one row."""
    officer = User.objects.create(username="bench", display_name="Bench")
    province = Area.objects.get(code=settings.PROVINCE_CODE)
    role = Role.PROVINCE_OFFICER
    Appointment.objects.create(user=officer, role=role, area=province, valid_from=date(2020, 1, 1))
    waiting = iter(_appraised(count))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_floor (id integer PRIMARY KEY, value integer)")
        cursor.execute("INSERT INTO bench_floor VALUES (1, 0)")
    return lambda: readings.approve(reading_ids=[next(waiting)], by=officer), _commit_one_row


def _appraised(count: int) -> list[int]:
    """Readings of as many communes as there are, brought before the province in one statement."""
    open_ones = Reading.objects.filter(
        assessment__round__period__code=YEAR,
        assessment__round__criteria_set__slug=SET,
        assessment__round__closed_on=None,
        input__derived__isnull=True,
    )
    ids = list(open_ones.order_by("input_id", "assessment_id").values_list("id", flat=True)[:count])
    if len(ids) < count:
        raise NotRun(f"no open round of {YEAR} with {count} values: the law or the seed is not loaded")
    steps = ("entered", "submitted", "verified", "appraised", "approved", "returned")
    none = {f"{step}_{part}": None for step in steps for part in ("by", "at")}
    Reading.objects.filter(id__in=ids).update(state=State.APPRAISED, value=1, not_applicable=False, **none)
    return ids


def _commit_one_row() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE bench_floor SET value = value + 1 WHERE id = 1")


def communes_unchanged(count: int) -> Calls:
    """The same list asked again with its ETag."""
    address = f"/api/v1/communes/?limit=1000&as_of={AS_OF}"
    return _get_unchanged(address), _get("/bench/hello")


def home(count: int) -> Calls:
    """The province's home, as a visitor gets it."""
    return _get("/"), _get("/bench/hello")


def _get(address: str, status: int = 200, **headers: str) -> Callable[[], object]:
    client = Client(headers=headers, raise_request_exception=False)
    answer = client.get(address)
    if answer.status_code != status:
        raise NotRun(f"{address} answers {answer.status_code}, not {status}")
    return lambda: client.get(address)


def _get_unchanged(address: str) -> Callable[[], object]:
    tag = Client(raise_request_exception=False).get(address).headers.get("ETag")
    if tag is None:
        raise NotRun(f"{address} has no ETag")
    return _get(address, 304, if_none_match=tag)


PAIRS = {
    "P7-embedded": Pair(approval),
    "P11-client": Pair(home),
    "P13-api": Pair(communes_unchanged),
}
