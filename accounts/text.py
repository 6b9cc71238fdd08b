"""Vietnamese text folded for search: the one place where marks are dropped."""

import unicodedata


def search_key(text: str) -> str:
    """Lower case without any mark, đ as d: what a person types in a hurry finds `text`."""
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(plain.split())
