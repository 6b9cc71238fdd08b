"""`python -m bench.report_job 3`: asks for so many annual reports in turn and prints the seconds of each."""

import json
import sys
import time

import django

django.setup()

from accounts.models import User  # noqa: E402  (after Django)
from criteria.models import Period  # noqa: E402
from reports.actions import documents  # noqa: E402
from reports.models import Document  # noqa: E402

YEAR, WHO, PATIENCE = "2023", "tinh", 60
HEAD = {
    "superior": "UBND tỉnh Hà Tĩnh",
    "issuer": "Văn phòng Điều phối nông thôn mới",
    "place": "Hà Tĩnh",
    "date": "ngày … tháng … năm …",
    "authority": "Chánh Văn phòng",
    "signer": "",
    "recipients": ["Lưu: VT."],
}


def made(number: int) -> tuple[float, Document]:
    """Seconds from asking until the last file is kept, and the document."""
    by, period = User.objects.get(username=WHO), Period.objects.get(code=YEAR)
    began = time.perf_counter()
    asked = documents.ask(kind="annual", period=period, area_code="42", head={**HEAD, "number": str(number)}, by=by)
    while time.perf_counter() - began < PATIENCE:
        if found := Document.objects.filter(pk=asked.pk, made_at__isnull=False).first():
            return time.perf_counter() - began, found
        time.sleep(0.02)
    raise SystemExit(f"not made in {PATIENCE} s")


if __name__ == "__main__":
    told = [made(number) for number in range(int(sys.argv[1]))]
    paper = told[-1][1].paper or {}
    rows = {annex["label"]: len(annex["rows"]) for annex in paper["annexes"]}
    sys.stdout.write(json.dumps({"seconds": [round(taken, 2) for taken, _ in told], "rows": rows}) + "\n")
