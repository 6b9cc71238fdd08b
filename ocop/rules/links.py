"""Which indicators take their reading from the register (rulebooks/links.yaml)."""

from dataclasses import dataclass
from functools import cache

import yaml

from ocop.rules.rulesets import RULEBOOKS


@dataclass(frozen=True)
class Link:
    """An indicator's input of a set, and what of the register answers it: has_valid, count_valid."""

    set_slug: str
    input_code: str
    measure: str


@cache
def all_links() -> tuple[Link, ...]:
    """The links of the file."""
    data = yaml.safe_load((RULEBOOKS / "links.yaml").read_text(encoding="utf-8"))
    return tuple(Link(said["set"], said["input"], said["measure"]) for said in data["links"])


def link_of(set_slug: str, input_code: str) -> Link | None:
    """The link of an input, or None where it is not answered from the register."""
    return next((each for each in all_links() if (each.set_slug, each.input_code) == (set_slug, input_code)), None)
