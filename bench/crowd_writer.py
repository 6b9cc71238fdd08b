"""Approves one value a second through the action, and tells of each commit: when, and how long it took."""

import json
import sys
import time

import django

django.setup()

from accounts.models import User  # noqa: E402  (after Django)
from accounts.scope import forget_appointments  # noqa: E402
from bench.approvals import approve, put_back  # noqa: E402
from criteria.models import Reading, State  # noqa: E402

OFFICER = "tinh"


def main(seconds: int) -> None:
    by = User.objects.get(username=OFFICER)
    waiting = list(
        Reading.objects.filter(state=State.APPROVED, assessment__round__closed_on=None, input__derived__isnull=True)
        .exclude(entered_by=by)
        .order_by("pk")
        .values_list("pk", flat=True)[:seconds]
    )
    put_back(waiting)
    start = time.monotonic()
    for number, reading_id in enumerate(waiting):
        time.sleep(max(0.0, start + number - time.monotonic()))
        forget_appointments(by)
        began = time.perf_counter()
        approve([reading_id], by)
        said = {"at": time.time(), "seconds": time.perf_counter() - began}
        print(json.dumps(said), flush=True)  # noqa: T201  (the answer of this process)


if __name__ == "__main__":
    main(int(sys.argv[1]))
