"""The contract (OpenAPI) of what every list and object understands."""

from typing import Any

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
