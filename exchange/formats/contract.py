"""What the contract (OpenAPI) says of the forms of lists, and names that a generated client can use."""

from typing import Any

from rest_framework.settings import api_settings

from exchange.formats.columns import columns_of
from exchange.formats.renderers import CSVRenderer, GeoJSONRenderer

_PARAMETERS: dict[str, dict[str, Any]] = {
    "bom": {
        "name": "bom",
        "in": "query",
        "description": "Only with `format=csv`: 1 puts the mark by which Excel knows UTF-8 before the table.",
        "schema": {"type": "string", "enum": ["0", "1"]},
    },
    "locale": {
        "name": "locale",
        "in": "query",
        "description": "Only with `format=csv`: vi separates by semicolons and writes decimal commas.",
        "schema": {"type": "string", "enum": ["en", "vi"]},
    },
}
_SAID = (
    "Form of the answer, json without it; the Accept header may ask for it too. All but json hold the whole filtered "
    "list, without pages: `limit` takes its first rows, `X-Total-Count` says how many there are."
)
_TABLE = "One column for each member, named by its way; a list stands as its items with `; ` between them."


def say_forms(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Hook of drf-spectacular: every list says its forms, a table its columns, and parameters have no titles."""
    for path, _, method, callback in generator.endpoints:
        operation = result["paths"].get(path, {}).get(method.lower())
        if operation is None:
            continue
        for parameter in operation.get("parameters", []):
            _clean(parameter.get("schema", {}))
        view = generator.create_view(callback, method)
        forms: list[Any] = [each for each in api_settings.DEFAULT_RENDERER_CLASSES if hasattr(each, "serves")]
        offered = [form for form in forms if method == "GET" and form().serves(view)]
        if offered:
            _say(operation, view, offered)
            result["components"].setdefault("parameters", {}).update(_PARAMETERS)
    return result


def _clean(schema: dict[str, Any]) -> None:
    """Titles are Vietnamese labels of forms, of which a generator makes names of classes; a default must be allowed."""
    schema.pop("title", None)
    if "enum" in schema and schema.get("default") not in schema["enum"]:
        schema.pop("default", None)
    if "items" in schema:
        _clean(schema["items"])


def _say(operation: dict[str, Any], view: Any, offered: list[Any]) -> None:
    names = ["json", *(form.format for form in offered)]
    schema = {"type": "string", "enum": names}
    for parameter in operation["parameters"]:
        # A generated client sends defaults: a whole list would be cut to a page.
        parameter["schema"].pop("default", None)
    operation["parameters"] += [
        {"name": "format", "in": "query", "description": _SAID, "schema": schema},
        *({"$ref": f"#/components/parameters/{name}"} for name in _PARAMETERS),
    ]
    content = operation["responses"]["200"]["content"]
    for form in offered:
        content[form.media_type] = {"schema": _schema(form)}
    columns = list(columns_of(view.get_serializer_class()()))
    content[CSVRenderer.media_type] |= {"x-columns": columns}


def _schema(form: Any) -> dict[str, Any]:
    if issubclass(form, GeoJSONRenderer):
        return {"type": "object", "description": "A FeatureCollection (RFC 7946, CRS84) of units with their results."}
    return {"type": "string", **({"description": _TABLE} if issubclass(form, CSVRenderer) else {})}
