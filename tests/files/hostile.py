"""The corpus of hostile files: each is made anew, and must be refused with these words."""

import lzma
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_LZMA

from tests.files import making
from tests.files.making import bytes_of, parts, zipped


@dataclass(frozen=True)
class Hostile:
    """A file as its sender called it, how it is made, and what the refusal says."""

    name: str
    make: Callable[[Path], Path]
    says: str


PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'

# Refused before any reader sees them.
AT_THE_DOOR = {
    "empty": Hostile("so-lieu.xlsx", lambda path: bytes_of(path, b""), "Tệp rỗng"),
    "eleven megabytes": Hostile("so-lieu.xlsx", lambda path: bytes_of(path, b"\0" * (11 << 20)), "lớn hơn 10 MB"),
    "no ending": Hostile("so-lieu", making.workbook, "không có đuôi"),
    "old xls": Hostile("so-lieu.xls", lambda path: making.ole(path, "Workbook"), "lưu lại thành .xlsx"),
    "xls renamed to xlsx": Hostile("so-lieu.xlsx", lambda path: making.ole(path, "Workbook"), "Office đời cũ"),
    "under a password": Hostile("so-lieu.xlsx", lambda path: making.ole(path, "EncryptedPackage"), "Bỏ mật khẩu"),
    "zip under a password": Hostile("so-lieu.xlsx", making.encrypted, "Bỏ mật khẩu"),
    "xlsm": Hostile("so-lieu.xlsm", making.workbook, "Lưu lại thành .xlsx"),
    "macro under xlsx": Hostile(
        "so-lieu.xlsx", lambda path: zipped(path, parts() | {"xl/vbaProject.bin": b"macro"}), "chứa macro"
    ),
    "xlsb": Hostile("so-lieu.xlsb", making.workbook, "lưu lại thành .xlsx"),
    "xlsb renamed to xlsx": Hostile(
        "so-lieu.xlsx", lambda path: zipped(path, {"xl/workbook.bin": b"1"}), "Tệp .xlsb không nhận"
    ),
    "ods": Hostile("so-lieu.ods", making.workbook, "Lưu lại thành .xlsx"),
    "ods renamed to xlsx": Hostile(
        "so-lieu.xlsx", lambda path: zipped(path, {"mimetype": b"x", "content.xml": b"<x/>"}), "Tệp .ods không nhận"
    ),
    "plain zip renamed to xlsx": Hostile(
        "so-lieu.xlsx", lambda path: zipped(path, {"a.txt": b"a"}), "Không nhận tệp nén này"
    ),
    "docx renamed to xlsx": Hostile(
        "so-lieu.xlsx",
        lambda path: zipped(path, {"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}),
        "nội dung là DOCX",
    ),
    "csv renamed to xlsx": Hostile("so-lieu.xlsx", lambda path: bytes_of(path, b"a;b\n1;2\n"), "nội dung là CSV"),
    "xlsx renamed to csv": Hostile("so-lieu.csv", making.workbook, "nội dung là XLSX"),
    "pdf renamed to jpg": Hostile("anh.jpg", lambda path: bytes_of(path, b"%PDF-1.7\n%%EOF"), "nội dung là PDF"),
    "program renamed to pdf": Hostile("to-trinh.pdf", lambda path: bytes_of(path, b"MZ\x90\0\xff"), "không phải PDF"),
    "svg": Hostile("anh.svg", lambda path: bytes_of(path, SVG), "Không nhận tệp .svg"),
    "svg renamed to png": Hostile("anh.png", lambda path: bytes_of(path, SVG), "HTML, XML, SVG không nhận"),
    "html renamed to csv": Hostile(
        "so-lieu.csv", lambda path: bytes_of(path, b"\xef\xbb\xbf <HTML><table></table>"), "HTML, XML, SVG không nhận"
    ),
    "csv in utf-16": Hostile(
        "so-lieu.csv", lambda path: bytes_of(path, "xã;1".encode("utf-16")), "không theo mã UTF-8"
    ),
    "csv in a legacy code page": Hostile(
        "so-lieu.csv", lambda path: bytes_of(path, b"x\xb7;\xae\xb9t"), "không theo mã UTF-8"
    ),
    "csv with zero bytes": Hostile("so-lieu.csv", lambda path: bytes_of(path, b"a;b\0c"), "không theo mã UTF-8"),
    "pdf cut off": Hostile("to-trinh.pdf", lambda path: bytes_of(path, b"%PDF-1.7\n" + b"1" * 9000), "bị cắt cụt"),
    "workbook cut at 1 %": Hostile("so-lieu.xlsx", lambda path: making.without_end(path, 0.01), "bị cắt cụt"),
    "workbook cut at 50 %": Hostile("so-lieu.xlsx", lambda path: making.without_end(path, 0.5), "bị cắt cụt"),
    "workbook cut at 99 %": Hostile("so-lieu.xlsx", lambda path: making.without_end(path, 0.99), "bị cắt cụt"),
    "archive in an archive": Hostile("so-lieu.xlsx", making.nested, "chứa tệp khác bên trong"),
    "archive named as one": Hostile(
        "so-lieu.xlsx", lambda path: zipped(path, parts() | {"xl/a.ZIP": b"x"}), "chứa tệp khác bên trong"
    ),
    "sixty megabytes of nothing": Hostile(
        "so-lieu.xlsx", lambda path: zipped(path, parts() | {"xl/a.xml": b"\0" * (60 << 20)}), "phình ra quá lớn"
    ),
    "many entries of half a megabyte": Hostile(
        "so-lieu.xlsx",
        lambda path: zipped(path, parts() | {f"xl/{number}.xml": b"\0" * (1 << 19) for number in range(150)}),
        "phình ra quá lớn",
    ),
    "sizes that lie": Hostile("so-lieu.xlsx", making.lying_sizes, "bị hỏng|phình ra quá lớn"),
    "three hundred entries": Hostile(
        "so-lieu.xlsx", lambda path: making.with_many_entries(path, 300), "hơn 200 mục"
    ),
    "sixty thousand entries": Hostile(
        "so-lieu.xlsx", lambda path: making.with_many_entries(path, 60_000), "hơn 200 mục"
    ),
    "path upwards": Hostile(
        "so-lieu.xlsx", lambda path: zipped(path, parts() | {"xl/../../etc/cron": b"x"}), "đường dẫn không an toàn"
    ),
    "absolute path": Hostile(
        "so-lieu.xlsx", lambda path: zipped(path, parts() | {"/etc/passwd": b"x"}), "đường dẫn không an toàn"
    ),
    "path of Windows": Hostile(
        "so-lieu.xlsx", lambda path: zipped(path, parts() | {"C:evil.xml": b"x"}), "đường dẫn không an toàn"
    ),
    "symbolic link": Hostile("so-lieu.xlsx", making.symlinked, "liên kết tới tệp khác"),
    "two entries of one name": Hostile("so-lieu.xlsx", making.duplicated, "hai mục trùng tên"),
    "unusual compression": Hostile(
        "so-lieu.xlsx", lambda path: zipped(path, parts(), method=ZIP_LZMA), "nén theo cách không hỗ trợ"
    ),
    "nested entities": Hostile("so-lieu.xlsx", lambda path: zipped(path, parts(before=ENTITIES)), "DOCTYPE"),
    "doctype after a megabyte": Hostile(
        "so-lieu.xlsx",
        lambda path: zipped(path, parts(before=f"<!--{'ab' * 60_000}-->{ENTITIES}")),
        "DOCTYPE",
    ),
    "doctype in utf-16": Hostile(
        "so-lieu.xlsx",
        lambda path: zipped(path, parts() | {"xl/styles.xml": f"<?xml?>{ENTITIES}<x/>".encode("utf-16")}),
        "DOCTYPE",
    ),
    "docx with a macro": Hostile(
        "to-trinh.docx",
        lambda path: zipped(
            path, {"[Content_Types].xml": b"", "word/document.xml": b"<x/>", "word/vbaProject.bin": b"m"}
        ),
        "chứa macro",
    ),
    "compressed noise": Hostile(
        "so-lieu.xlsx", lambda path: bytes_of(path, lzma.compress(b"a" * 1000)), "không phải XLSX"
    ),
}  # fmt: skip
