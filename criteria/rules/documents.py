"""Rulebook files: YAML into plain data that remembers its lines, checked against the documented schema."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml

RULEBOOKS = Path(__file__).resolve().parents[1] / "rulebooks"
SETS = RULEBOOKS / "sets"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "": None, "~": None}
# What may change in a set that is in use: a later version ends it, somebody learns more about it.
HEADER = ("effective_to", "notes")

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where: printed as `file:line: reason`."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


@dataclass
class Document:
    """One rulebook: its data, and the line of each place in it."""

    path: Path
    data: dict[str, Any] = field(default_factory=dict)
    lines: dict[Place, int] = field(default_factory=dict)

    def fault(self, place: Place, reason: str) -> Fault:
        """A fault at `place`, or at the nearest place around it that has a line."""
        while place and place not in self.lines:
            place = place[:-1]
        return Fault(self.path.name, self.lines.get(place, 1), reason)

    @property
    def checksum(self) -> str:
        """SHA-256 of the law in the file. Comments, layout and what may be amended later (HEADER) do not count."""
        law = {key: said for key, said in self.data.items() if key not in HEADER}
        canonical = json.dumps(law, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(canonical.encode()).hexdigest()


class _Reader:
    """Builds data from YAML nodes, noting lines and faults (repeated keys, what is not plain data)."""

    def __init__(self, document: Document) -> None:
        self.document, self.faults = document, list[Fault]()

    def build(self, node: yaml.Node, place: Place = ()) -> Any:
        self.document.lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*place, n)) for n, child in enumerate(node.value)]
        return self._scalar(node, place)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key, line = str(key_node.value), key_node.start_mark.line + 1
            if key in found:
                self.faults.append(Fault(self.document.path.name, line, f"key {key!r} is repeated"))
            self.document.lines[(*place, key)] = line
            found[key] = self.build(value_node, (*place, key))
        return found

    def _scalar(self, node: yaml.Node, place: Place) -> Any:
        kind, text = node.tag.removeprefix(_TAG), str(node.value)
        if kind in ("bool", "null") and text.lower() in _WORDS:
            return _WORDS[text.lower()]
        try:
            if kind in ("int", "float"):
                return int(text) if kind == "int" else Decimal(text)
        except (ValueError, InvalidOperation):
            self.faults.append(self.document.fault(place, f"{text!r} is not a plain number"))
        return text


def read(path: Path, schema: Path = RULEBOOKS / "schema.json") -> tuple[Document, list[Fault]]:
    """The document of one file, with the faults of its YAML and against the schema."""
    document = Document(path)
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return document, [Fault(path.name, line, f"not YAML: {error.problem}")]
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        return document, [Fault(path.name, 1, f"not readable as text: {error}")]
    if not isinstance(node, yaml.MappingNode):
        return document, [Fault(path.name, 1, "a rulebook is a mapping that starts with slug:")]
    reader = _Reader(document)
    document.data = reader.build(node)
    return document, reader.faults or list(_against_schema(document, schema))


@cache
def _validator(path: Path) -> Any:
    schema = json.loads(path.read_text(encoding="utf-8"))
    checks = jsonschema.FormatChecker(formats=())
    checks.checks("date", raises=ValueError)(_is_date)
    return jsonschema.Draft202012Validator(schema, format_checker=checks)


def _is_date(text: object) -> bool:
    return not isinstance(text, str) or dt.date.fromisoformat(text).isoformat() == text


def _against_schema(document: Document, schema: Path) -> Iterator[Fault]:
    errors = sorted(
        _validator(schema).iter_errors(document.data), key=lambda error: [str(p) for p in error.absolute_path]
    )
    for error in errors:
        place: Place = tuple(error.absolute_path)
        if error.validator == "additionalProperties" and isinstance(error.instance, dict):
            for key in error.instance.keys() - error.schema.get("properties", {}).keys():
                yield document.fault((*place, key), f"unknown key {key!r}")
        else:
            yield document.fault(place, _reason(error))


def _reason(error: Any) -> str:
    where = ".".join(str(part) for part in error.absolute_path)
    if error.validator == "anyOf":
        error = error.context[0]
    if error.validator == "format":
        return f"{where}: {error.instance!r} is not a date (YYYY-MM-DD)"
    message = str(error.message)
    return f"{where}: {message}" if where else message
