"""Which form an answer takes: `format=` in the address before the Accept header, JSON without either."""

from typing import Any

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request

from communes.filters import refusal


class Negotiation(DefaultContentNegotiation):
    """Offers a view only the forms that serve it: a single object is no table, and only units have outlines."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        view = request.parser_context["view"]
        offered = [each for each in renderers if not hasattr(each, "serves") or each.serves(view)]
        if asked := request.query_params.get("format"):
            (chosen,) = self.filter_renderers(offered, asked)
            return chosen, chosen.media_type
        return super().select_renderer(request, offered, format_suffix)

    def filter_renderers(self, renderers: Any, format: str) -> Any:
        found = [each for each in renderers if each.format == format]
        if not found:
            known = ", ".join(dict.fromkeys(each.format for each in renderers))
            raise refusal("format", f"Địa chỉ này không có định dạng “{format[:20]}”. Các định dạng: {known}.")
        return found[:1]
