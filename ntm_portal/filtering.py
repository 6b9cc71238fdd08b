"""Filters of the API: a parameter that no filter knows is an error, not a silent no-op."""

from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ErrorDetail, ValidationError

PAGING = frozenset({"limit", "cursor", "format"})


class StrictFilterBackend(DjangoFilterBackend):
    """django-filter, refusing unknown parameters by name."""

    def filter_queryset(self, request, queryset, view):
        filterset = self.get_filterset_class(view, queryset)
        known = PAGING | (set(filterset.base_filters) if filterset else set())
        form = request.accepted_renderer  # a whole list has no pages, but may have words of its own
        known = (known | getattr(form, "adds", frozenset())) - getattr(form, "refuses", frozenset())
        unknown = sorted(set(request.query_params) - known)
        if unknown:
            message = f"Không có tham số này. Các tham số dùng được: {', '.join(sorted(known))}."
            raise ValidationError({name: [ErrorDetail(message, code="unknown_parameter")] for name in unknown})
        return super().filter_queryset(request, queryset, view)
