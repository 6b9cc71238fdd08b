"""A value as it is entered over the API."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from criteria.rules import numbers

YES, NO = "Đạt", "Chưa đạt"


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "number"}, {"type": "boolean"}], "nullable": True})
class TypedField(serializers.Field):
    """What is entered, as the text that an officer would type.

    A JSON number is that number and is never read the Vietnamese way; a text is ("1.234,5", "95,5 %", "Đạt");
    null empties the value.
    """

    default_error_messages = {"invalid": "Gửi một số, một chuỗi, true, false hoặc null."}

    def to_internal_value(self, data: Any) -> str:
        if isinstance(data, bool):
            return YES if data else NO
        if isinstance(data, int | float):
            return numbers.typed(Decimal(str(data)))
        if isinstance(data, str):
            return data
        return self.fail("invalid")

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        return (True, "") if data is None else super().validate_empty_values(data)
