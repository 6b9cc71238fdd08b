"""An amount of đồng in words, as a receipt says it."""

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_UNITS = ("", "nghìn", "triệu")


def spelled(amount: int) -> str:
    """15_739_000_000 → “Mười lăm tỷ bảy trăm ba mươi chín triệu đồng”."""
    words = _number(abs(amount)) or _DIGITS[0]
    said = f"{'âm ' if amount < 0 else ''}{words} đồng"
    return said[0].upper() + said[1:]


def _number(amount: int) -> str:
    """Words of a number below a billion billions; every billion begins the counting anew."""
    billions, rest = divmod(amount, 10**9)
    words = [f"{_number(billions)} tỷ"] if billions else []
    for power in (2, 1, 0):
        group = rest // 1000**power % 1000
        if group:
            words.append(f"{_group(group, is_first=not words)} {_UNITS[power]}".strip())
    return " ".join(words)


def _group(number: int, *, is_first: bool) -> str:
    """Words of a number below a thousand; one that follows others names its empty hundreds and tens."""
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    words = [] if is_first and not hundreds else [_DIGITS[hundreds], "trăm"]
    if tens > 1:
        words += [_DIGITS[tens], "mươi"]
    elif tens == 1:
        words.append("mười")
    elif ones and words:
        words.append("lẻ")
    if ones:
        words.append(_one(ones, tens))
    return " ".join(words)


def _one(ones: int, tens: int) -> str:
    if ones == 1 and tens > 1:
        return "mốt"
    return "lăm" if ones == 5 and tens else _DIGITS[ones]
