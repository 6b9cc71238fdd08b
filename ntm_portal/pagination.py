"""Keyset paging for every list of the API."""

from rest_framework.pagination import CursorPagination


class KeysetPagination(CursorPagination):
    """`{count, next, previous, results}`; `limit` up to 1,000."""

    page_size = 100
    page_size_query_param = "limit"
    max_page_size = 1000
    ordering = "id"
