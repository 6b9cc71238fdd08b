"""Filters of the API: a parameter that no filter knows is an error, not a silent no-op."""

from django_filters.rest_framework import DjangoFilterBackend

from communes.asked import refusals

PAGING = frozenset({"limit", "cursor", "count", "ordering", "format"})


class StrictFilterBackend(DjangoFilterBackend):
    """django-filter, refusing unknown parameters by name."""

    def filter_queryset(self, request, queryset, view):
        filterset = self.get_filterset_class(view, queryset)
        known = (PAGING if not getattr(view, "detail", False) else frozenset()) | (
            set(filterset.base_filters) if filterset else set()
        )
        known |= getattr(view, "understands", frozenset())
        form = request.accepted_renderer  # a whole list has no pages, but may have words of its own
        known = (known | getattr(form, "adds", frozenset())) - getattr(form, "refuses", frozenset())
        unknown = sorted(set(request.query_params) - known)
        if unknown:
            message = f"Không có tham số này. Các tham số dùng được: {', '.join(sorted(known))}."
            raise refusals(unknown, message, "unknown_parameter", sorted(known))
        return super().filter_queryset(request, queryset, view)

    def get_filterset(self, request, queryset, view):
        """The filters as asked; a view that looks at unknown codes itself, where nothing was found, is handed them."""
        found = super().get_filterset(request, queryset, view)
        if hasattr(view, "asked"):
            view.asked = found
            if found is not None:
                found.only_if_empty = True
        return found
