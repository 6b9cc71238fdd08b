"""Vietnamese text: one search form and one sort form, stored beside the name, the same on every database."""

import unicodedata

_LETTERS = "a ă â b c d đ e ê f g h i j k l m n o ô ơ p q r s t u ư v w x y z".split()
_RANK = {letter: f"{number:02d}" for number, letter in enumerate(_LETTERS, start=10)}
_TONES = {"": "0", "\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}


def search_key(text: str) -> str:
    """Lower case without any mark, đ as d: what a person types in a hurry finds `text`."""
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(plain.split())


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
