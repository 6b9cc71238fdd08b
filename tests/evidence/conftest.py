"""The small round of the desk's tests, a store of its own for each test, and ways to send files."""

import datetime as dt
import io
from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import timezone

from criteria.actions import evidence
from criteria.actions.rounds import ensure_year
from criteria.models import Evidence, Round
from files.receiving import Received
from tests.desk.conftest import Desk, communes_of, office

__all__ = ["communes_of", "office"]
MOST = 10 * 1024 * 1024


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    """The folder of uploaded files."""
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return settings.MEDIA_ROOT


def received(name: str, content: bytes) -> Received:
    """A file as it stands once it has come in."""
    came = Received(name, MOST)
    came.write(content)
    came.finish()
    return came


@pytest.fixture
def attach() -> Callable[..., Evidence]:
    """`attach(reading, name, content, by=…)`: what the page does with one file."""

    def send(reading, name: str, content: bytes, *, by) -> Evidence:
        came = received(name, content)
        try:
            return evidence.attach(reading_id=reading.pk, received=came, by=by)
        finally:
            came.close()

    return send


@pytest.fixture
def post():
    """`post(client, reading, name, content)`: the form of the panel, its last field last."""

    def send(client, reading, *files: tuple[str, bytes], **options):
        parts = []
        for name, content in files:
            part = io.BytesIO(content)
            part.name = name
            parts.append(part)
        return client.post(
            reverse("criteria:evidence-attach", args=[reading.pk]), {"files": parts, "end": "het"}, **options
        )

    return send


@pytest.fixture
def last_year(office, area) -> Desk:
    """The same round one year earlier, with the folder of Hà Linh."""
    opened = Round.objects.create(
        province=office.round.province,
        period=ensure_year(2023),
        criteria_set=office.round.criteria_set,
        due_on=dt.date(2023, 12, 31),
        opened_at=timezone.now(),
    )
    desk = Desk(opened, office.home, office.other)
    desk.add(office.home)
    return desk


def stored(root) -> list[str]:
    """Every file in the store, on its way in or kept."""
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())
