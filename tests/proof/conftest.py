"""The tiny world."""

import pytest

from tests.proof.world import World


@pytest.fixture
def world(db) -> World:
    """Two districts with three communes each; every value empty."""
    return World()
