"""The tiny world."""

import pytest

from tests.proof.world import CODE, World


@pytest.fixture
def served(settings) -> None:
    """The portal serves the tiny province here: a department leads where the portal serves."""
    settings.PROVINCE_CODE = CODE


@pytest.fixture(autouse=True)
def always_served(served) -> None:
    """In every test here, those that make their world themselves too."""


@pytest.fixture
def world(db, served) -> World:
    """Two districts with three communes each; every value empty."""
    return World()
