"""JSON as every answer of the API writes it."""

from typing import Any

from rest_framework.settings import api_settings


def in_json(value: Any) -> bytes:
    """One value on one line, by the renderer of ordinary answers."""
    renderer: Any = api_settings.DEFAULT_RENDERER_CLASSES[0]
    return renderer().render(value)
