"""Typed Vietnamese text: folded for search (the one place where marks are dropped), on one line, fingerprinted."""

import hashlib
import unicodedata


def search_key(text: str) -> str:
    """Lower case without any mark, đ as d: what a person types in a hurry finds `text`."""
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(plain.split())


def fingerprint(*said: object) -> str:
    """Stands for what a preview was shown of; what changed is previewed anew. Not a secret: it guards nobody."""
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def one_line(text: str) -> str:
    """A typed text in composed letters on one line, single spaces between its words."""
    return unicodedata.normalize("NFC", " ".join(text.split())) if text else ""
