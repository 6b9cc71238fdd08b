"""What a problem means, for those who do not read Vietnamese: by its code, as data (problem_texts.yaml)."""

from functools import cache
from pathlib import Path

import yaml

REFUSED = "It was refused; the Vietnamese sentence says why."


@cache
def english() -> dict[str, str]:
    """Code → what it means."""
    return yaml.safe_load(Path(__file__).with_name("problem_texts.yaml").read_text(encoding="utf-8"))


def meaning(code: str) -> str:
    """The English sentence of a code."""
    return english().get(code, REFUSED)
