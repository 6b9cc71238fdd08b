"""`python -m bench.peak recompute|verify`: run it once and say the peak memory of this process in MB."""

import resource
import sys
from pathlib import Path

import django

django.setup()

from bench import whole  # noqa: E402  (after Django)

_STATUS = Path("/proc/self/status")
_FORMS = {"recompute": whole.recompute, "verify": whole.verify}


def peak_mb() -> float:
    """Peak resident memory. The kernel's own mark where there is one: ru_maxrss begins at the parent's size."""
    if _STATUS.exists():
        line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    before = peak_mb()
    _FORMS[sys.argv[1]]()
    sys.stdout.write(f"{before:.1f} {peak_mb():.1f}\n")
