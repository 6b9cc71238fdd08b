"""A folder of rulebooks that a test may spoil."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from criteria.models import CriteriaSet, Input, Threshold
from criteria.rules.documents import SETS


class Rulebooks:
    """A copy of the repository's rulebooks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, slug: str) -> Path:
        return self.folder / f"{slug}.yaml"

    def edit(self, slug: str, old: str, new: str, *, after: str = "") -> int:
        """Replace the first `old` that follows `after`; returns the line of the change."""
        text = self.path(slug).read_text(encoding="utf-8")
        start = text.index(after) if after else 0
        found = re.compile(old, re.MULTILINE).search(text, start)
        assert found, f"{old!r} not in {slug}"
        self.path(slug).write_text(text[: found.start()] + new + text[found.end() :], encoding="utf-8")
        return text.count("\n", 0, found.start()) + 1


@pytest.fixture
def rulebooks(tmp_path) -> Rulebooks:
    shutil.copytree(SETS, tmp_path / "sets")
    return Rulebooks(tmp_path / "sets")


@pytest.fixture
def stored() -> Callable[[], list[tuple]]:
    """What the database holds of the law, to compare before and after."""

    def rows() -> list[tuple]:
        return [
            *CriteriaSet.objects.order_by("pk").values_list("pk", "slug", "version", "checksum"),
            *Input.objects.order_by("pk").values_list("pk", "code", "name"),
            *Threshold.objects.order_by("pk").values_list("pk", "input_id", "value", "region", "year"),
        ]

    return rows
