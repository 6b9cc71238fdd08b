"""P21: a year's approved values of the whole country as the open data set, beside COPY OUT of the same rows.

To be imported after Django.
"""

import json
import os
import subprocess
import sys
from statistics import median

from django.db import connection

from bench.measure import Figure, ms, percentile
from bench.timing import NotRun, seconds

YEAR = "2023"
ADDRESS = f"/du-lieu-mo/gia-tri.csv?ky={YEAR}"
_COPY = f"""
    COPY (
        SELECT province.code, area.code, area.name, law.slug, entry.code, reading.value, reading.not_applicable,
               reading.verdict, reading.approved_at::date, reading.is_illustrative
        FROM criteria_reading reading
        JOIN criteria_assessment folder ON folder.id = reading.assessment_id
        JOIN criteria_round opened ON opened.id = folder.round_id
        JOIN criteria_period period ON period.id = opened.period_id AND period.code = '{YEAR}'
        JOIN criteria_criteriaset law ON law.id = opened.criteria_set_id
        JOIN communes_area province ON province.id = opened.province_id
        JOIN communes_area area ON area.id = folder.area_id
        JOIN criteria_input entry ON entry.id = reading.input_id
        WHERE reading.state = 5
    ) TO STDOUT WITH (FORMAT csv)
"""


class _Sink:
    """Takes what comes and keeps nothing of it."""

    size = 0

    def write(self, data: bytes) -> int:
        self.size += len(data)
        return len(data)


def copied() -> int:
    """The floor: bytes of the rows as PostgreSQL itself writes them."""
    sink = _Sink()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")  # the connection is open
        cursor.copy_expert(_COPY, sink)
    return sink.size


def measure(rounds: int) -> dict[str, Figure]:
    """In turn; each download in a process of its own, which tells its memory before and at its most."""
    floors, told = [], []
    for _ in range(rounds):
        floors.append(seconds(copied))
        told.append(_downloaded())
    times = [each["seconds"] for each in told]
    memory = max(each["most MB"] - each["before MB"] for each in told)
    first = [each["first rows"] for each in told]
    figure = Figure(ms(median(times)), ms(median(floors)), round(median(times) / median(floors), 3), rounds)
    figure.notes = {
        "lines": told[0]["lines"],
        "MB": told[0]["MB"],
        "first rows ms, median and most": [ms(median(first)), ms(percentile(first, 1))],
        "heading ms": ms(median(each["heading"] for each in told)),
        "memory more MB": round(memory, 1),
    }
    if memory > 50:
        figure.fault = f"{memory:.0f} MB more than before"
    return {"P21": figure, "P21-first": Figure(ms(median(first)), rounds=rounds)}


def _downloaded() -> dict:
    done = subprocess.run([sys.executable, "-m", "bench.download", ADDRESS], env=dict(os.environ), capture_output=True)
    if done.returncode:
        raise NotRun(f"the download failed: {done.stderr[-300:].decode()}")
    return json.loads(done.stdout.splitlines()[-1])
