"""What a password and a username may look like."""

from functools import cache
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from accounts.text import search_key

WORDS_FILE = Path(__file__).parent / "data" / "password_words.txt"

username_validator = RegexValidator(
    r"\A[a-z0-9][a-z0-9._-]{2,59}\Z",
    "Tên đăng nhập gồm 3 đến 60 chữ thường không dấu, chữ số, dấu chấm, gạch dưới hoặc gạch nối.",
)


@cache
def context_words() -> tuple[str, ...]:
    """Words that everybody here would guess, folded and without spaces, longest first."""
    lines = WORDS_FILE.read_text(encoding="utf-8").splitlines()
    words = {_folded(line) for line in lines if line and not line.startswith("#")}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


class ContextWordsValidator:
    """Refuses a password that is little more than the programme's, the province's or a unit's name."""

    def __init__(self, min_rest: int = 6) -> None:
        self.min_rest = min_rest

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError when fewer than `min_rest` letters are left beside the known words."""
        rest = _folded(password)
        for word in context_words():
            rest = rest.replace(word, " ")
        letters = sum(char.isalpha() for char in rest)
        if letters < self.min_rest and rest != _folded(password):
            raise ValidationError("Mật khẩu dễ đoán: gần như chỉ gồm tên chương trình, tên tỉnh hoặc tên đơn vị.")

    def get_help_text(self) -> str:
        return "Không dùng tên chương trình, tên tỉnh hoặc tên đơn vị làm mật khẩu."


class LengthValidator:
    """Refuses what is shorter than `min_length` or longer than `max_length`; anything between is taken whole."""

    def __init__(self, min_length: int = 12, max_length: int = 128) -> None:
        self.min_length, self.max_length = min_length, max_length

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError when the number of characters is out of bounds."""
        if len(password) < self.min_length:
            raise ValidationError(f"Mật khẩu ngắn quá: cần ít nhất {self.min_length} ký tự.")
        if len(password) > self.max_length:
            raise ValidationError(f"Mật khẩu dài nhất {self.max_length} ký tự.")

    def get_help_text(self) -> str:
        return f"Từ {self.min_length} đến {self.max_length} ký tự."


def _folded(text: str) -> str:
    return "".join(char for char in search_key(text) if char.isalnum())
