"""The contract says what every refusal looks like: one document for all of them (ntm_portal.problems)."""

from typing import Any

from ntm_portal.problems import MEDIA_TYPE

_TEXT = {"type": "string"}
PROBLEM = {
    "type": "object",
    "description": "What was refused and why (RFC 9457). Further members depend on `type` (docs/api/README.md).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "example": "urn:ntm-portal:problem:stale", "description": "A stable name."},
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence in Vietnamese."},
        "detail_en": {"type": "string", "description": "What this type of problem means, in English."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer into the body."},
                    "parameter": {"type": "string", "description": "Name of a query parameter."},
                    "field": _TEXT,
                    "code": _TEXT,
                    "message": _TEXT,
                    "message_en": _TEXT,
                    "allowed": {"type": "array", "items": _TEXT, "description": "What could be asked for instead."},
                },
            },
        },
    },
}
_REFUSED = {
    "description": "A problem document.",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def say_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """A hook of drf-spectacular: every operation may answer with a problem."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    for operations in result["paths"].values():
        for operation in operations.values():
            operation["responses"].setdefault("default", _REFUSED)
    return result
