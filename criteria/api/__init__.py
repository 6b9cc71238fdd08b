"""The API of the criteria: law, values and their steps, results, recognition, plans."""

from rest_framework.routers import BaseRouter

from criteria.api import attainment, law, readings, recognition


def register(router: BaseRouter) -> None:
    """Addresses of this app."""
    for part in (law, readings, attainment, recognition):
        part.register(router)
