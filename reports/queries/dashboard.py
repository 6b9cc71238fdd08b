"""What the reading pages put in front, as `reports/dashboard.yaml` says."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).resolve().parent.parent / "dashboard.yaml"


@cache
def choices() -> dict[str, Any]:
    """The file's content."""
    return yaml.safe_load(_FILE.read_text(encoding="utf-8"))


def tiers_of(level: str) -> list[str]:
    """Tiers that units of `level` (commune, district, ward) may hold, lowest first."""
    return choices()["tiers"][level]
