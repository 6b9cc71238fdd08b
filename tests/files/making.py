"""Making small workbooks and archives by hand: what no honest program would write."""

import struct
import zipfile
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import xlsxwriter

CONTENT_TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"""
RELS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
 Target="{target}"/></Relationships>"""
WORKBOOK = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>"""
SHEET = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{before}
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{dimension}<sheetData>{rows}</sheetData>{after}</worksheet>"""
ONE_ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'


def parts(rows: str = ONE_ROW, *, dimension: str = "", before: str = "", after: str = "") -> dict[str, str | bytes]:
    """The entries of the smallest workbook with these rows of raw XML."""
    return {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": RELS.format(kind="officeDocument", target="xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": RELS.format(kind="worksheet", target="worksheets/sheet1.xml"),
        "xl/workbook.xml": WORKBOOK,
        "xl/worksheets/sheet1.xml": SHEET.format(rows=rows, dimension=dimension, before=before, after=after),
    }


def zipped(path: Path, entries: dict[str, str | bytes], *, method: int = ZIP_DEFLATED) -> Path:
    """A zip of these entries."""
    with ZipFile(path, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def workbook(path: Path, rows: list[list] | None = None) -> Path:
    """An honest workbook of one sheet."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Sheet1")
        for number, row in enumerate(rows or [["Mã", "Tên"], ["18502", "Hà Linh"]]):
            sheet.write_row(number, 0, row)
    return path


def entry(name: str, *, mode: int = 0o100644, method: int = ZIP_STORED) -> ZipInfo:
    """A directory entry with a Unix mode of its own."""
    made = ZipInfo(name)
    made.create_system, made.external_attr, made.compress_type = 3, mode << 16, method
    return made


def patched(path: Path, offset_in_local: int, offset_in_directory: int, value: int, at: int = 0) -> Path:
    """Overwrite one 16-bit field of the entry number `at`, in its local header and in the directory."""
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", offset_in_local), (b"PK\x01\x02", offset_in_directory)):
        place = -1
        for _ in range(at + 1):
            place = content.index(mark, place + 1)
        struct.pack_into("<H", content, place + offset, value)
    path.write_bytes(content)
    return path


def encrypted(path: Path) -> Path:
    """A workbook whose entries say that they are under a password."""
    return patched(workbook(path), 6, 8, 0x1)


def lying_sizes(path: Path) -> Path:
    """A bomb of 60 MB that states one kilobyte."""
    zipped(path, parts() | {"xl/media/bomb.xml": b"\0" * (60 << 20)})
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        name_at = content.index(b"xl/media/bomb.xml", content.index(mark))
        place = content.rindex(mark, 0, name_at) if mark == b"PK\x03\x04" else content.rindex(b"PK\x01\x02")
        struct.pack_into("<I", content, place + offset, 1024)
    path.write_bytes(content)
    return path


def without_end(path: Path, share: float) -> Path:
    """The first part of an honest workbook: an upload that was cut."""
    content = workbook(path, [[number, f"dòng {number}"] for number in range(500)]).read_bytes()
    path.write_bytes(content[: max(1, int(len(content) * share))])
    return path


def ole(path: Path, word: str) -> Path:
    """The container of old Office files, with one word in its directory."""
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1528 + word.encode("utf-16-le") + b"\0" * 2048)
    return path


def duplicated(path: Path) -> Path:
    """Two entries of one name: which of them a reader takes is anybody's guess."""
    zipped(path, parts())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("XL/workbook.xml", WORKBOOK)
    return path


def symlinked(path: Path) -> Path:
    zipped(path, parts())
    with ZipFile(path, "a") as archive:
        archive.writestr(entry("xl/link.xml", mode=0o120777), "/etc/passwd")
    return path


def with_many_entries(path: Path, count: int) -> Path:
    return zipped(path, parts() | {f"xl/media/{number}.xml": b"" for number in range(count)})


def bytes_of(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def nested(path: Path) -> Path:
    """An archive in an archive, under a name that does not tell."""
    inner = path.with_suffix(".inner")
    zipped(inner, {"a.txt": b"\0" * 1000})
    return zipped(path, parts() | {"xl/media/image1.png": inner.read_bytes()})
