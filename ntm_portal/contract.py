"""The contract (OpenAPI) of what every list and object understands, with examples as the portal answers them."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from communes.asked import brief_of
from communes.lists import Listing


class ListingSchema(AutoSchema):
    """Names the parameters of `communes.lists` with the fields and orders of each resource."""

    def get_override_parameters(self) -> list:
        found = list(super().get_override_parameters())
        if self.method != "GET" or not isinstance(self.view, Listing):
            return found
        serializer: Any = self.view.get_serializer_class()
        every, brief = ", ".join(serializer().fields), ", ".join(brief_of(serializer))
        found += [
            OpenApiParameter("fields", str, description=f"Only these, separated by commas: {every}."),
            OpenApiParameter("omit", str, description="All but these fields."),
            OpenApiParameter("brief", bool, description=f"Only what names a row: {brief}."),
        ]
        if not self.view.detail and self.view.orderings:
            orders = ", ".join(self.view.orderings)
            text = f"Separated by commas, - for descending; rows without a value stand last: {orders}."
            found.append(OpenApiParameter("ordering", str, description=text))
        return found


@cache
def examples() -> dict[str, dict[str, Any]]:
    """Path of the contract → an address under it and its answer (contract_examples.yaml)."""
    return yaml.safe_load(Path(__file__).with_name("contract_examples.yaml").read_text(encoding="utf-8"))


def with_examples(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Puts each example beside the answer that it is one of."""
    for path, example in examples().items():
        answer = result["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
        answer["examples"] = {"seed": {"summary": example["address"], "value": example["answer"]}}
    return result
