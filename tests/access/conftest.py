"""The six units and everybody who looks at them."""

import pytest

from tests.access import world as worlds


@pytest.fixture
def world(db, department) -> worlds.World:
    return worlds.build(department)
