"""The small round of the desk's tests, for evidence and threads."""

from tests.desk.conftest import communes_of, office

__all__ = ["communes_of", "office"]
