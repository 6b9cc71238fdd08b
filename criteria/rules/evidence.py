"""How much evidence may stand beside a value; the limits are data (rulebooks/evidence.yaml)."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).parent.parent / "rulebooks" / "evidence.yaml"
_MB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Kinds by their ending; files for one value; bytes of one person in one calendar year; pixels of a picture."""

    kinds: tuple[str, ...]
    per_value: int
    bytes_per_year: int
    megapixels: int


@cache
def limits() -> Limits:
    """The limits of the file."""
    data = yaml.safe_load(_FILE.read_text())
    return Limits(
        kinds=tuple(data["kinds"]),
        per_value=int(data["per_value"]),
        bytes_per_year=int(data["per_person_and_year_mb"]) * _MB,
        megapixels=int(data["picture_megapixels"]),
    )
