"""`python -m bench.page_times`: for every line that comes in, time and count every page of the committed list once.

`load [provinces, communes, years]` fills the tables first. The list is tests/office/statements.yaml.
"""

import gc
import json
import string
import sys
import time

import django

django.setup()

import yaml  # noqa: E402  (after Django)
from django.core.cache import cache  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from accounts.models import Appointment, Department, User  # noqa: E402
from accounts.roles import Role  # noqa: E402
from bench import whole  # noqa: E402
from bench.addresses import places  # noqa: E402
from bench.dataset import loading  # noqa: E402
from bench.places import ROOT  # noqa: E402
from bench.scales import Scale  # noqa: E402
from communes.models import Area  # noqa: E402

COMMITTED = ROOT / "tests" / "office" / "statements.yaml"
_CAST = {
    "commune_officer": (Role.COMMUNE_OFFICER, "commune"),
    "district_officer": (Role.DISTRICT_OFFICER, "district"),
    "district_reviewer": (Role.DISTRICT_REVIEWER, "district"),
    "province_officer": (Role.PROVINCE_OFFICER, "province"),
    "department_officer": (Role.DEPARTMENT_OFFICER, ""),
    "administrator": (Role.ADMINISTRATOR, ""),
}


def pages() -> list[tuple[str, str, str]]:
    """Who, the address as it is written, and filled in; without those whose rows the tables do not hold."""
    known = places()
    found = []
    for who, written in yaml.safe_load(COMMITTED.read_text(encoding="utf-8")).items():
        for address in written:
            names = {name for _, name, _, _ in string.Formatter().parse(address) if name}
            if names <= known.keys():
                found.append((who, address, address.format(**known)))
    return found


def client(who: str) -> Client:
    """A browser of somebody of the cast of the tests, of nobody for `visitor`."""
    made = Client()
    if who == "visitor":
        return made
    role, place = _CAST[who]
    user, is_new = User.objects.get_or_create(username=f"bench-{who}", defaults={"display_name": who})
    if is_new:
        area = Area.objects.filter(code=places()[place]).first() if place else None
        department = Department.objects.get_or_create(code="bench")[0] if "department" in who else None
        Appointment.objects.create(user=user, role=role, area=area, department=department, valid_from="2020-01-01")
    made.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return made


def told(clients: dict[str, Client]) -> dict[str, list[float]]:
    """Page → seconds and statements, nothing kept."""
    found: dict[str, list[float]] = {}
    for who, written, address in pages():
        # Signed in anew: a session that has lasted a minute is written again by whichever page comes then.
        if who != "visitor":
            clients[who] = client(who)
        cache.clear()
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as asked:
            answer = clients[who].get(address)
        taken = time.perf_counter() - began
        if answer.status_code == 200:
            found[f"{who} {written}"] = [taken, len(asked)]
    return found


def load(size: str) -> None:
    provinces, communes, years = json.loads(size)
    call_command("migrate", verbosity=0, interactive=False)
    loading.load(Scale(provinces, communes, tuple(years)))
    whole.recompute()
    whole.tidy()


def main() -> None:
    if sys.argv[1:2] == ["load"]:
        load(sys.argv[2])
        return
    gc.freeze()
    clients = {who: client(who) for who in ("visitor", *_CAST)}
    for _ in sys.stdin:
        sys.stdout.write(json.dumps(told(clients)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
