"""The name that a file had at its sender's, fit to be shown and to be saved under."""

import unicodedata
from pathlib import PurePath

LONGEST = 120
_NAMELESS = "tep"


def shown_name(sent: str) -> str:
    """NFC, without folders, control characters and marks that turn the direction of writing; the ending stays."""
    last = unicodedata.normalize("NFC", sent).replace("\\", "/").rsplit("/", 1)[-1]
    spaced = " ".join(last.split())
    name = "".join(sign for sign in spaced if not unicodedata.category(sign).startswith("C")).strip(". ")
    if len(name) > LONGEST:
        ending = PurePath(name).suffix[:10]
        name = name[: LONGEST - len(ending)].rstrip() + ending
    return name or _NAMELESS
