"""Regions that levels are told apart by, with their names."""

from functools import cache

import yaml

from criteria.rules.documents import RULEBOOKS


@cache
def names() -> dict[str, str]:
    """Region codes and Vietnamese names, in the order of the decision's columns."""
    found: dict[str, str] = yaml.safe_load((RULEBOOKS / "regions.yaml").read_text(encoding="utf-8"))
    return found
