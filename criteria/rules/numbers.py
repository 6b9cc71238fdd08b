"""Reading what an officer typed, the Vietnamese way, and never wrong by a factor of a thousand.

How numbers are read (the same for percent, number, money and count):

| typed                            | read as                                                           |
|----------------------------------|-------------------------------------------------------------------|
| `1234`, `95,5`, `95,5 %`         | 1234; 95.5; 95.5 (a % sign belongs to percent only)               |
| `1.234,5`, `1.234.567`           | 1234.5; 1234567: the grouping cannot be anything else             |
| `1 234`, `1 234 567,8`           | grouped by spaces, no-break spaces among them                     |
| `1.234`                          | refused: 1234 for a Vietnamese hand, 1.234 for an English one     |
| `1,234`                          | refused for the same reason; per cent reads 1.234 (1234% is none) |
| `12.34`, `1,234.5`, `1.23.456`   | refused: the sign of decimals is the comma                        |

Refusals are Vietnamese sentences that show what to type instead. `typed` writes a number back in the one
form that is always read as itself.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

NOT_APPLICABLE = frozenset({"khong ap dung", "kad", "n/a"})
YES = frozenset({"dat", "d", "x", "v", "✓", "✔", "1"})
NO = frozenset({"chua dat", "khong dat", "cd", "kd", "0"})
# Plain yes and no say nothing where the requirement itself is that something be absent ("Không còn nhà tạm").
PLAIN_YES, PLAIN_NO = "co", "khong"
LONGEST = 40

_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2012": "-", "\u2014": "-", "\u2011": "-"})
_PLAIN = re.compile(r"-?[0-9]+(,[0-9]+)?")
_GROUPED_BY_DOTS = re.compile(r"-?[1-9][0-9]{0,2}((\.[0-9]{3}){2,}|(\.[0-9]{3})+,[0-9]+)")
_GROUPED_BY_DOTS_ONCE_AND_WHOLE = re.compile(r"(-?)([1-9][0-9]{0,2})\.([0-9]{3})")
_GROUPED_BY_SPACES = re.compile(r"-?[1-9][0-9]{0,2}( [0-9]{3})+(,[0-9]+)?")
_COMMA_LIKE_A_GROUP = re.compile(r"(-?)([1-9][0-9]{0,2}),([0-9]{3})")
_DOT_FOR_COMMA = re.compile(r"-?[0-9]+\.[0-9]+")


class Unreadable(ValueError):
    """The text has no single meaning; the message is Vietnamese and says what to type."""

    @property
    def message(self) -> str:
        return str(self)


@dataclass(frozen=True)
class Parsed:
    """What was typed: a number (1 or 0 for yes/no), or "does not apply", or nothing at all."""

    value: Decimal | None = None
    not_applicable: bool = False


# A table has few texts, thousands of times.
@lru_cache(maxsize=1000)
def parse(text: str, value_type: str, *, about: str = "") -> Parsed:
    """Read `text` as a value of `value_type` (percent, number, count, money, boolean).

    `about` is the name of the requirement: "có" and "không" are refused where it asks for an absence.
    The empty text is no value. Raises Unreadable; whether the number is in range is `ranges.fault`.
    """
    cleaned = _clean(text)
    if not cleaned:
        return Parsed()
    if len(cleaned) > LONGEST:
        raise Unreadable("Nội dung quá dài. Chỉ gõ một giá trị; phần giải thích ghi vào ghi chú.")
    if _folded(cleaned) in NOT_APPLICABLE:
        return Parsed(not_applicable=True)
    if cleaned.strip("-") == "":
        raise Unreadable("Dấu “-” chưa rõ nghĩa. Để trống nếu chưa có số liệu, hoặc gõ “không áp dụng”.")
    if value_type == "boolean":
        return Parsed(_yes_or_no(cleaned, about))
    return Parsed(_number(cleaned, value_type))


def typed(value: Decimal | None) -> str:
    """`value` as text for an entry field: no grouping, decimal comma, read back by `parse` as itself.

    Three decimals get a fourth digit (46,1250), so that the comma cannot be taken for a grouping.
    """
    if value is None:
        return ""
    whole, _, decimals = format(value, "f").partition(".")
    decimals = decimals.rstrip("0")
    if len(decimals) == 3:
        decimals += "0"
    return f"{whole},{decimals}" if decimals else whole


def _clean(text: str) -> str:
    """Composed letters, single plain spaces, one kind of minus."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_MINUS).split())


def _folded(text: str) -> str:
    """Lower case without marks: officers type "dat" and "khong ap dung" too."""
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def asks_for_absence(name: str) -> bool:
    """Whether the requirement says "không" of something, so that the answer "không" could mean that it holds."""
    return PLAIN_NO in re.findall(r"\w+", _folded(_clean(name)))


def _yes_or_no(cleaned: str, about: str) -> Decimal:
    word = _folded(cleaned).rstrip(".")
    if word in (PLAIN_YES, PLAIN_NO) and asks_for_absence(about):
        raise Unreadable(f"“{cleaned}” chưa rõ là đạt hay chưa đạt ở nội dung này. Gõ “Đạt” hoặc “Chưa đạt”.")
    if word in YES or word == PLAIN_YES:
        return Decimal(1)
    if word in NO or word == PLAIN_NO:
        return Decimal(0)
    raise Unreadable(f"Không hiểu “{cleaned}”. Gõ “Đạt” hoặc “Chưa đạt” (Đ, CĐ, x, có, không).")


def _number(cleaned: str, value_type: str) -> Decimal:
    bare = _without_percent(cleaned, value_type)
    if ambiguous := _GROUPED_BY_DOTS_ONCE_AND_WHOLE.fullmatch(bare):
        raise Unreadable(_two_readings(bare, *ambiguous.groups()))
    if value_type != "percent" and (ambiguous := _COMMA_LIKE_A_GROUP.fullmatch(bare)):
        raise Unreadable(_two_readings(bare, *ambiguous.groups()))
    if _PLAIN.fullmatch(bare) or _GROUPED_BY_DOTS.fullmatch(bare) or _GROUPED_BY_SPACES.fullmatch(bare):
        return Decimal(bare.replace(".", "").replace(" ", "").replace(",", "."))
    if _DOT_FOR_COMMA.fullmatch(bare):
        raise Unreadable(f"“{bare}”: phần lẻ viết sau dấu phẩy. Có phải bạn muốn gõ {bare.replace('.', ',')}?")
    raise Unreadable(f"Không đọc được số “{cleaned}”. Viết như 1234,5 hoặc 1.234,5; không kèm đơn vị tính.")


def _without_percent(cleaned: str, value_type: str) -> str:
    if not cleaned.endswith("%"):
        return cleaned
    if value_type != "percent":
        raise Unreadable(f"“{cleaned}”: nội dung này không tính bằng phần trăm. Gõ số, không kèm dấu %.")
    return cleaned[:-1].rstrip()


def _two_readings(bare: str, sign: str, whole: str, rest: str) -> str:
    return (
        f"“{bare}” có hai cách hiểu. Gõ {sign}{whole}{rest} nếu là {sign}{whole} nghìn {rest}, "
        f"hoặc {sign}{whole},{rest}0 nếu là số lẻ."
    )
