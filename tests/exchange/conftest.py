"""Other systems read the portal."""

from tests.api.conftest import api, fill, folder, journey, open_round_2024, read, reading

__all__ = ["api", "fill", "folder", "journey", "open_round_2024", "read", "reading"]
