"""JSON as the API writes it: the same text as the framework's, in a fraction of the time."""

import json
from decimal import Decimal
from typing import Any

import orjson
from django.utils.functional import Promise
from rest_framework import renderers
from rest_framework.utils.encoders import JSONEncoder

_OTHERS = JSONEncoder()
_OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z


def plain(value: Any) -> Any:
    """What JSON has no word for; numbers stay numbers, as everywhere in the contract."""
    if isinstance(value, Decimal):
        return float(value)
    return str(value) if isinstance(value, Promise) else _OTHERS.default(value)


class JSONRenderer(renderers.JSONRenderer):
    """UTF-8, compact."""

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        if data is None:
            return b""
        try:
            return orjson.dumps(data, plain, _OPTIONS)
        except (TypeError, ValueError):  # what a client sent comes back as it was: a number of 30 digits, half a letter
            return json.dumps(data, default=plain).encode()
