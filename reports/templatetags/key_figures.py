"""Public figures for pages of apps that stand below this one."""

from django import template
from django.core.cache import cache

from communes import epochs
from reports.caching import pages_version
from reports.queries.signin import key_figures

register = template.Library()


@register.inclusion_tag("reports/_key_figures.html")
def public_figures() -> dict[str, object]:
    """Map and key figures, kept under the data counter."""
    key = f"key-figures-{pages_version()}-{epochs.current()}"
    found = cache.get(key)
    if found is None:
        found = key_figures()
        cache.set(key, found, 600)
    return {"panel": found}
