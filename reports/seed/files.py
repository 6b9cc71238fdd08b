"""The seed's data files: read, and fingerprinted."""

import csv
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).resolve().parent / "data"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file, every cell stripped."""
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return [{key: (cell or "").strip() for key, cell in row.items()} for row in csv.DictReader(lines)]


def document(name: str) -> dict[str, Any]:
    """A YAML file as plain data; its dates are dates."""
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


@cache
def checksum() -> str:
    """One fingerprint of all data files: tells which seed a database was filled from."""
    digest = hashlib.sha256()
    for path in sorted([*DATA.glob("*.csv"), *DATA.glob("*.yaml")]):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
