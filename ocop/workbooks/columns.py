"""The columns of the register's workbook, and how the text of a cell is read in each."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from accounts.text import one_line, search_key
from communes.rows import Unreadable, day
from criteria.workbooks.rows import Column, typed
from ocop.models import Producer, Product, Rating

SHEET = "Sản phẩm OCOP"


def stars(text: str) -> int | None:
    """3, 4 or 5, with or without its word."""
    cleaned = search_key(text).removesuffix("sao").strip()
    if not cleaned:
        return None
    if cleaned not in {"3", "4", "5"}:
        raise Unreadable(f"“{one_line(text)[:20]}” không phải 3, 4 hoặc 5 sao.")
    return int(cleaned)


def score(text: str) -> Decimal | None:
    """A score with a decimal comma: 28,5."""
    cleaned = one_line(text).replace(",", ".")
    if not cleaned:
        return None
    if not re.fullmatch(r"-?[0-9]{1,3}([.][0-9]{1,2})?", cleaned):
        raise Unreadable(f"“{one_line(text)[:20]}” không đọc được. Viết như 28,5.")
    return Decimal(cleaned)


def number(text: str) -> int | None:
    cleaned = one_line(text).split(".")[0]
    if not cleaned:
        return None
    if not re.fullmatch(r"[0-9]{1,3}", cleaned):
        raise Unreadable(f"“{one_line(text)[:20]}” không phải số bộ sản phẩm (1–26).")
    return int(cleaned)


def choice(choices: Any, label: str) -> Callable[[str], str]:
    """A reader of one of the words of `choices`, in any letters; empty stays empty."""
    known = {search_key(str(word)): value for value, word in choices.choices}
    known |= {value: value for value in choices.values}

    def read(text: str) -> str:
        cleaned = search_key(text)
        if cleaned and cleaned not in known:
            raise Unreadable(f"“{one_line(text)[:40]}” không phải {label}.")
        return known.get(cleaned, "")

    return read


COLUMNS = (
    Column("code", "Mã sản phẩm", width=22),
    Column("name", "Tên sản phẩm", width=34, is_needed=True),
    Column("producer_name", "Chủ thể", width=30, is_needed=True),
    Column("producer_kind", "Loại hình", typed(choice(Producer.Kind, "loại hình chủ thể")), 18),
    Column("area_code", "Mã xã", width=10, is_needed=True),
    Column("", "Xã, phường, thị trấn", width=24),
    Column("on", "Ngày vào sổ", typed(day), 13),
    Column("set_number", "Bộ số", typed(number), 8),
    Column("group", "Nhóm", typed(choice(Product.Group, "nhóm sản phẩm")), 24),
    Column("traceability_code", "Mã truy xuất", width=18),
    Column("stars", "Hạng sao", typed(stars), 9),
    Column("kind", "Việc", typed(choice(Rating.Kind, "lần đầu, nâng hạng hoặc phân hạng lại")), 14),
    Column("decided_on", "Ngày quyết định", typed(day), 14),
    Column("decision", "Số quyết định", width=18),
    Column("certificate_no", "Số giấy chứng nhận", width=18),
    Column("part_a", "Điểm A", typed(score), 9),
    Column("part_b", "Điểm B", typed(score), 9),
    Column("part_c", "Điểm C", typed(score), 9),
    Column("", "Chứng nhận đến", width=14),
    Column("", "Minh hoạ", width=10),
)


def shown(value: Any) -> Any:
    """A stored value as a cell of the workbook."""
    return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else value
