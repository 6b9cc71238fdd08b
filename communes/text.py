"""Vietnamese text: one search form and one sort form, stored beside the name, the same on every database."""

import unicodedata

from accounts.text import search_key as search_key  # one folding for people and places

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: f"{number:02d}" for number, letter in enumerate(_LETTERS, start=10)}
_TONES = {"": "0", "\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}


def sort_key(text: str) -> str:
    """A key whose plain byte order is the Vietnamese dictionary order (letters first, then tones)."""
    letters, tones = [], []
    for char in unicodedata.normalize("NFC", text.casefold()):
        marks = unicodedata.normalize("NFD", char)
        tone = next((mark for mark in marks if mark in _TONES), "")
        base = unicodedata.normalize("NFC", marks.replace(tone, "")) if tone else char
        letters.append(_RANK.get(base, "0" if base == " " else f"1{base}" if base.isdigit() else "9"))
        tones.append(_TONES[tone])
    return f"{''.join(letters)}|{''.join(tones)}"[:240]
