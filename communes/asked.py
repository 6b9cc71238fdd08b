"""What a reader asks of a list beside filters: which fields, in which order. Refused by name where it is not known."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from rest_framework.exceptions import ErrorDetail, ValidationError

PARTS = ("fields", "omit", "brief")
TRUE, FALSE = ("true", "1"), ("false", "0")


class Refusal(ErrorDetail):
    """What is wrong with a parameter, and what would be right."""

    allowed: tuple[str, ...] = ()


def refusal(field: str, message: str, code: str = "invalid", allowed: Iterable[str] = ()) -> ValidationError:
    """The error of one parameter, to be raised."""
    return refusals([field], message, code, allowed)


def refusals(fields: Iterable[str], message: str, code: str, allowed: Iterable[str]) -> ValidationError:
    """The same error of several."""
    detail, found = Refusal(message, code=code), ValidationError()
    detail.allowed = tuple(allowed)
    found.detail = {field: [detail] for field in fields}  # as it is: the constructor would make it plain
    return found


@cache
def fields_of(serializer: type) -> dict[str, Any]:
    """The fields of a serializer, made once: they are the contract, and nothing is ever written through them."""
    return dict(serializer().fields)


def brief_of(serializer: type) -> list[str]:
    """The fields that name a row: the serializer's own, else the first of those that usually do."""
    every = list(fields_of(serializer))
    return getattr(serializer.Meta, "brief", None) or [name for name in ("id", "code", "name") if name in every]  # type: ignore[attr-defined]


def asked_fields(request, serializer: type) -> list[str]:
    """Which fields the reader wants, in the order of the contract."""
    every = list(fields_of(serializer))
    wanted = _named(request, "fields", every) or (brief_of(serializer) if _is_brief(request) else every)
    left_out = _named(request, "omit", every)
    kept = [name for name in every if name in wanted and name not in left_out]
    if not kept:
        raise refusal("omit", "Không còn trường nào để trả lời.", "nothing_left")
    return kept


def _named(request, parameter: str, every: list[str]) -> list[str]:
    names = [name.strip() for name in request.query_params.get(parameter, "").split(",") if name.strip()]
    if unknown := [name for name in names if name not in every]:
        message = f"Không có trường {', '.join(unknown)[:200]}. Các trường dùng được: {', '.join(every)}."
        raise refusal(parameter, message, "unknown_field", every)
    return names


def _is_brief(request) -> bool:
    asked = request.query_params.get("brief", "false").lower()
    if asked not in TRUE + FALSE:
        raise refusal("brief", "Ghi true hoặc false.")
    return asked in TRUE


def asked_order(view: Any) -> tuple[str, ...]:
    """The columns that the rows of a list stand in the order of: total, whatever was asked."""
    default = tuple(getattr(view, "keyset", ("pk",)))
    allowed: dict[str, str] = getattr(view, "orderings", {})
    asked = [name.strip() for name in view.request.query_params.get("ordering", "").split(",") if name.strip()]
    if unknown := [name for name in asked if name.removeprefix("-") not in allowed]:
        message = f"Không sắp được theo {', '.join(unknown)[:200]}. Sắp được theo: {', '.join(allowed) or 'không có'}."
        raise refusal("ordering", message, "unknown_ordering", allowed)
    if not asked:
        return default
    keys = [("-" if name.startswith("-") else "") + allowed[name.removeprefix("-")] for name in asked]
    once = {key.removeprefix("-"): key for key in reversed([*keys, _last(default)])}
    return tuple(reversed(once.values()))


def _last(default: tuple[str, ...]) -> str:
    return default[-1].removeprefix("-")
