"""JSON of API requests, read so that nothing in it has two meanings."""

import codecs
import json
import math
import re
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

# Nothing that the API asks for is deeper than a member of a row of a list.
DEEPEST = 20
TOO_DEEP = f"Thân của yêu cầu lồng quá {DEEPEST} tầng."
NO_JSON = "Thân của yêu cầu không phải là JSON đọc được."
# The database keeps no NUL and no half of a surrogate pair; in JSON both can only be written as escapes.
_UNKEPT_ESCAPE = re.compile(r"\\u(0000|d[89a-f])", re.IGNORECASE)
_UNKEPT = re.compile("[\0\ud800-\udfff]")


class Malformed(ParseError):
    """A body that is no JSON, or JSON that could be understood in two ways."""

    default_code = "parse_error"
    default_detail = NO_JSON


class StrictJSONParser(JSONParser):
    """JSON without NaN, numbers beyond what can be kept, members named twice, or endless nesting."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            text = codecs.decode(stream.read(), "utf-8-sig")
            body = json.loads(text, object_pairs_hook=_once_each, parse_float=_finite, parse_constant=_no_constant)
        except (ValueError, RecursionError) as fault:
            raise fault if isinstance(fault, Malformed) else Malformed from fault
        _refuse_deep(body)
        if _UNKEPT_ESCAPE.search(text):
            _refuse_unkept(body)
        return body


def _once_each(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) != len(members):
        names = [name for name, _ in members]
        twice = next(name for name in names if names.count(name) > 1)
        raise Malformed(f"Thành phần “{twice[:100]}” được gửi hai lần.")
    return found


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise Malformed(f"Số {text[:40]} quá lớn.")
    return number


def _no_constant(name: str) -> Any:
    raise Malformed(f"{name} không phải là giá trị JSON.")


def _refuse_deep(body: Any) -> None:
    level = [body]
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in _members(each) if isinstance(inner, dict | list)]
        if not level:
            return
    raise Malformed(TOO_DEEP)


def _refuse_unkept(body: Any) -> None:
    """Characters that no database row can hold, in any text or name."""
    level = [body]
    while level:
        for each in level:
            names = each if isinstance(each, dict) else ()
            texts = [text for text in (*names, *_members(each), each) if isinstance(text, str)]
            if any(_UNKEPT.search(text) for text in texts):
                raise Malformed("Có ký tự không ghi được (NUL, hoặc nửa cặp ký tự thay thế).")
        level = [inner for each in level for inner in _members(each) if isinstance(inner, dict | list)]


def _members(each: Any) -> Any:
    if isinstance(each, dict):
        return each.values()
    return each if isinstance(each, list) else ()
