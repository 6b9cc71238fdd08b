"""Hostile files, each made from scratch: what it is called, its bytes, and the code of the refusal it must meet."""

import io
import stat
import zipfile
from collections.abc import Callable

TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/xl/workbook.xml" ContentType="{main}"/></Types>'
)
SHEET_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACRO_MAIN = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
WORKBOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_RELS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
_REL = (
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" '
    'Target="{}"/>'
)
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'
CELL = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'


def workbook(
    sheet: str = CELL,
    *,
    main: str = SHEET_MAIN,
    method: int = zipfile.ZIP_DEFLATED,
    more: dict[str, bytes] | None = None,
    closed: bool = True,
) -> bytes:
    """A small true workbook with this sheet; `more` are further entries by name."""
    text = SHEET.format(sheet)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("[Content_Types].xml", TYPES.format(main=main))
        archive.writestr("_rels/.rels", _RELS.format(_REL.format("officeDocument", "xl/workbook.xml")))
        archive.writestr("xl/workbook.xml", WORKBOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", _RELS.format(_REL.format("worksheet", "worksheets/sheet1.xml")))
        archive.writestr("xl/worksheets/sheet1.xml", text if closed else text.removesuffix("</worksheet>"))
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return out.getvalue()


def _with(name: str | zipfile.ZipInfo, content: bytes = b"x") -> bytes:
    out = io.BytesIO(workbook())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def _symlink() -> bytes:
    entry = zipfile.ZipInfo("xl/link")
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return _with(entry, b"/etc/passwd")


def _encrypted() -> bytes:
    content = bytearray(workbook())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(mark, at + 4)
    return bytes(content)


def _lying_size() -> bytes:
    """10 MB of zeros that say that they are 10 bytes."""
    content = bytearray(_with("xl/media/big.bin", bytes(10 * 1024 * 1024)))
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(content)


def _many_entries(count: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(count):
            archive.writestr(f"e{number}", b"")
    return out.getvalue()


def _twice() -> bytes:
    return _with("XL/Workbook.xml", WORKBOOK.encode())


ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    "]><worksheet>&b;</worksheet>"
)
EXTERNAL = '<?xml version="1.0"?><!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><s>&x;</s>'
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)

# name of the file, how it is made, code of the refusal
HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "empty": ("a.xlsx", lambda: b"", "empty"),
    "only spaces": ("a.csv", lambda: b" \r\n \n", "empty"),
    "truncated": ("a.xlsx", lambda: workbook()[:-60], "broken"),
    "cut in half": ("a.xlsx", lambda: workbook()[: len(workbook()) // 2], "broken"),
    "damaged contents": ("a.xlsx", lambda: workbook().replace(b"<sheetData>", b"<sheetDATA>", 1)[:-22], "broken"),
    "zip of zeros": ("a.xlsx", lambda: _with("xl/media/zero.bin", bytes(40 * 1024 * 1024)), "ratio"),
    "over 50 MB": ("a.xlsx", lambda: _with("xl/media/zero.bin", bytes(60 * 1024 * 1024)), "unpacked"),
    "size that lies": ("a.xlsx", _lying_size, "broken"),
    "201 entries": ("a.xlsx", lambda: _many_entries(201), "entries"),
    "60,000 entries": ("a.xlsx", lambda: _many_entries(60_000), "entries"),
    "climbs out": ("a.xlsx", lambda: _with("../../etc/cron.d/x"), "names"),
    "climbs out by backslash": ("a.xlsx", lambda: _with("..\\..\\x"), "names"),
    "absolute": ("a.xlsx", lambda: _with("/etc/passwd"), "names"),
    "drive letter": ("a.xlsx", lambda: _with("C:/x"), "names"),
    "symbolic link": ("a.xlsx", _symlink, "symlink"),
    "encrypted": ("a.xlsx", _encrypted, "encrypted"),
    "same name twice": ("a.xlsx", _twice, "twice"),
    "macro": ("a.xlsx", lambda: _with("xl/vbaProject.bin"), "macro"),
    "old macro sheet": ("a.xlsx", lambda: _with("xl/macrosheets/sheet1.xml", b"<x/>"), "macro"),
    "macro type": ("a.xlsx", lambda: workbook(main=MACRO_MAIN), "macro"),
    "embedded object": ("a.xlsx", lambda: _with("xl/embeddings/o.bin"), "nested"),
    "zip in the zip": ("a.xlsx", lambda: _with("xl/media/a.zip", workbook()), "nested"),
    "zip in the zip, renamed": ("a.xlsx", lambda: _with("xl/media/image1.png", workbook()), "nested"),
    "lzma": ("a.xlsx", lambda: workbook(method=zipfile.ZIP_LZMA), "method"),
    "nested entities": ("a.xlsx", lambda: workbook(more={"xl/theme.xml": ENTITIES.encode()}), "doctype"),
    "external entity": ("a.xlsx", lambda: workbook(more={"xl/y.xml": EXTERNAL.encode()}), "doctype"),
    "entities in UTF-16": ("a.xlsx", lambda: workbook(more={"xl/y.xml": EXTERNAL.encode("utf-16")}), "doctype"),
    "document as workbook": ("a.xlsx", lambda: workbook(main=WORD_MAIN), "content"),
    "any zip as workbook": ("a.xlsx", lambda: _many_entries(3), "content"),
    "xls renamed": ("a.xlsx", lambda: OLE, "old_office"),
    "csv renamed": ("a.xlsx", lambda: b"a;b\n1;2\n", "content"),
    "png renamed": ("a.xlsx", lambda: PNG, "content"),
    "xls": ("a.xls", lambda: OLE, "extension"),
    "xlsm": ("a.xlsm", workbook, "extension"),
    "ods": ("a.ods", workbook, "extension"),
    "svg": ("a.svg", lambda: b"<svg onload='alert(1)'/>", "extension"),
    "html": ("a.html", lambda: b"<script>alert(1)</script>", "extension"),
    "xml": ("a.xml", lambda: EXTERNAL.encode(), "extension"),
    "two extensions": ("a.xlsx.exe", workbook, "extension"),
    "no extension": ("xlsx", workbook, "extension"),
    "html as csv": ("a.csv", lambda: b"\xef\xbb\xbf <html></html>", "content"),
    "workbook as csv": ("a.csv", workbook, "content"),
    "csv in UTF-16": ("a.csv", lambda: "mã;tên".encode("utf-16"), "encoding"),
    "csv with zeros": ("a.csv", lambda: b"a;b\n\0\0;1\n", "content"),
    "html as pdf": ("a.pdf", lambda: b"<html>", "content"),
    "svg as png": ("a.png", lambda: b"<svg/>", "content"),
    "php as jpeg": ("a.jpg", lambda: b"<?php ?>", "content"),
    "workbook as document": ("a.docx", workbook, "content"),
}


def _row(number: int, cells: str) -> str:
    return f'<row r="{number}">{cells}</row>'


def _sheet(*rows: str) -> bytes:
    return workbook(f"<sheetData>{''.join(rows)}</sheetData>")


def _last_cell(quote: str = '"') -> bytes:
    first = _row(1, '<c r="A1"><v>1</v></c>')
    return _sheet(first, _row(1048576, '<c r="XFD1048576"><v>1</v></c>').replace('"', quote))


def _unlike_rows(count: int) -> bytes:
    """Rows that do not compress a hundredfold, so that only their number tells."""
    return _sheet(*(_row(number, f'<c r="A{number}"><v>{number * 7919 % 99991}</v></c>') for number in range(1, count)))


def _unnumbered_rows(count: int) -> bytes:
    return _sheet(*(f"<row><c><v>{number * 7919 % 99991}</v></c></row>" for number in range(count)))


# Harmless archives, each with a sheet that no reader should open: refused when their cells are read.
LARGE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "a cell at XFD1048576": ("a.xlsx", _last_cell, "dimension"),
    "the same in single quotes": ("a.xlsx", lambda: _last_cell("'"), "dimension"),
    "a stated size of all cells": (
        "a.xlsx",
        lambda: workbook(f'<dimension ref="A1:XFD1048576"/>{CELL}'),
        "dimension",
    ),
    "a cell in column 301": ("a.xlsx", lambda: _sheet(_row(1, '<c r="KO1"><v>1</v></c>')), "dimension"),
    "400,000 rows": ("a.xlsx", lambda: _unlike_rows(400_000), "dimension"),
    "400,000 rows without numbers": ("a.xlsx", lambda: _unnumbered_rows(400_000), "dimension"),
    "a sheet that breaks off": ("a.xlsx", lambda: workbook(closed=False), "broken"),
}
