"""The document as an editable .docx in the layout of Decree 30/2020/NĐ-CP (layout.yaml)."""

import io
from typing import Any

from docx import Document
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from reports.documents.paper import Head, Paper, heads, layout, written

_WIDE = 6  # an annex with more columns lies across


def document(paper: Paper, *, code: str, address: str) -> bytes:
    """The file. `code` and `address` say where anybody can verify it."""
    word = Document()
    _set_styles(word)
    _set_page(word.sections[0], across=False)
    _head(word, paper)
    _title(word, paper)
    for block in paper["blocks"]:
        _block(word, block)
    _foot(word, paper)
    _line(word, f"Mã kiểm {code}. Kiểm tra tại {address}", size="recipients", space=6)
    for annex in paper["annexes"]:
        _annex(word, annex)
    found = io.BytesIO()
    word.save(found)
    return found.getvalue()


def _set_styles(word: Word) -> None:
    style: Any = word.styles["Normal"]
    style.font.name = layout()["font"]
    style.element.rPr.rFonts.set(qn("w:eastAsia"), layout()["font"])
    style.font.size = Pt(layout()["sizes"]["body"])
    style.paragraph_format.space_after = Pt(0)
    style.element.rPr.append(_element("w:lang", val="vi-VN"))


def _set_page(section: Any, *, across: bool) -> None:
    sides, margins = layout()["page_mm"], layout()["margins_mm"]
    width, height = Mm(sides["width"]), Mm(sides["height"])
    section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (height, width) if across else (width, height)
    section.top_margin, section.bottom_margin = Mm(margins["top"]), Mm(margins["bottom"])
    section.left_margin, section.right_margin = Mm(margins["left"]), Mm(margins["right"])
    section.different_first_page_header_footer = True
    section._sectPr.append(_element("w:pgNumType", start="1"))  # every annex counts its own pages
    section.header.is_linked_to_previous = False
    place = section.header.paragraphs[0]
    place.alignment = ALIGN.CENTER
    _add_field(place, "PAGE")


def _add_field(place: Paragraph, name: str) -> None:
    run = place.add_run()
    run.font.size = Pt(layout()["sizes"]["page_number"])
    for kind, text in (("begin", ""), ("", name), ("end", "")):
        if kind:
            run._r.append(_element("w:fldChar", fldCharType=kind))
        else:
            words = _element("w:instrText")
            words.text = text
            run._r.append(words)


def _element(name: str, **attributes: str) -> Any:
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _line(
    place: Any, text: str, *, size: str, bold: bool = False, italic: bool = False, align: Any = None, space: float = 0
) -> Paragraph:
    """A paragraph of one kind of letter; `size` is a name of layout.yaml."""
    made = place.add_paragraph()
    made.alignment = align
    made.paragraph_format.space_before = Pt(space)
    run = made.add_run(text)
    run.font.size, run.bold, run.italic = Pt(layout()["sizes"][size]), bold, italic
    return made


def _rule(place: Any, *, indent_mm: float) -> None:
    """A line below the words, drawn in from both sides: a paragraph of its own, for an indent would break the words."""
    made = _line(place, "", size="rule")
    made.paragraph_format.line_spacing = Pt(layout()["sizes"]["rule"])
    made.paragraph_format.left_indent = made.paragraph_format.right_indent = Mm(indent_mm)
    below = _element("w:pBdr")
    below.append(_element("w:bottom", val="single", sz="6", space="1", color="000000"))
    made._p.get_or_add_pPr().append(below)


def _head(word: Word, paper: Paper) -> None:
    """Who issues it on the left, the national title on the right; number and place below."""
    head, rules = paper["head"], layout()["rules"]
    left, right = _two_columns(word, 70, 95)
    _line(left, head["superior"].upper(), size="superior", align=ALIGN.CENTER)
    _line(left, head["issuer"].upper(), size="issuer", bold=True, align=ALIGN.CENTER)
    _rule(left, indent_mm=22)
    _line(left, f"Số: {head['number']}", size="number", align=ALIGN.CENTER, space=8)
    _line(right, rules["national_title"], size="national_title", bold=True, align=ALIGN.CENTER)
    _line(right, rules["motto"], size="motto", bold=True, align=ALIGN.CENTER)
    _rule(right, indent_mm=20)
    _line(right, f"{head['place']}, {head['date']}", size="place_date", italic=True, align=ALIGN.CENTER, space=8)


def _two_columns(word: Word, first_mm: float, second_mm: float) -> tuple[Any, Any]:
    table = word.add_table(rows=1, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, cell, width in zip(table.columns, table.rows[0].cells, (first_mm, second_mm), strict=True):
        column.width = cell.width = Mm(width)
        cell._tc.remove(cell.paragraphs[0]._p)
    return table.rows[0].cells[0], table.rows[0].cells[1]


def _title(word: Word, paper: Paper) -> None:
    _line(word, paper["type"].upper(), size="type", bold=True, align=ALIGN.CENTER, space=18)
    abstract = _line(word, paper["abstract"], size="abstract", bold=True, align=ALIGN.CENTER)
    for text in paper["marks"]:
        _line(word, text, size="recipients", italic=True, align=ALIGN.CENTER, space=4)
    abstract.paragraph_format.space_after = Pt(4)


def _block(word: Word, block: dict[str, Any]) -> None:
    is_heading = block["kind"] == "heading"
    text = f"- {block['text']}" if block["kind"] == "item" else block["text"]
    made = _line(word, text, size="heading" if is_heading else "body", bold=is_heading)
    made.alignment = ALIGN.LEFT if is_heading else ALIGN.JUSTIFY
    form = made.paragraph_format
    form.first_line_indent = Mm(layout()["first_line_indent_mm"])
    form.space_before = Pt(layout()["paragraph_spacing_pt"])
    form.line_spacing = layout()["line_spacing"]
    form.keep_with_next = is_heading


def _foot(word: Word, paper: Paper) -> None:
    _line(word, "", size="body")
    left, right = _two_columns(word, 82, 83)
    _line(left, layout()["rules"]["recipients_label"], size="recipients_label", bold=True, italic=True)
    for each in paper["recipients"]:
        _line(left, f"- {each}", size="recipients")
    _line(right, paper["signer"]["authority"].upper(), size="signer", bold=True, align=ALIGN.CENTER)
    _line(right, paper["signer"]["name"], size="signer", bold=True, align=ALIGN.CENTER, space=64)


def _annex(word: Word, annex: dict[str, Any]) -> None:
    _set_page(_new_section(word), across=len(annex["columns"]) > _WIDE)
    _line(word, annex["label"], size="annex_label", bold=True, align=ALIGN.CENTER)
    _line(word, annex["title"].upper(), size="abstract", bold=True, align=ALIGN.CENTER)
    if annex["note"]:
        _line(word, annex["note"], size="recipients", italic=True, align=ALIGN.CENTER, space=4)
    _line(word, "", size="recipients")
    _table(word, annex)


def _new_section(word: Word) -> Any:
    """A section on a new page. The break goes onto the last paragraph: one of its own may fall on an empty page."""
    made = word.add_section(WD_SECTION.NEW_PAGE)
    *_, before, own = word.element.body.iterchildren(qn("w:p"))
    if own.getprevious() is before:
        before.get_or_add_pPr().append(own.pPr.sectPr)
        word.element.body.remove(own)
    return made


def _table(word: Word, annex: dict[str, Any]) -> None:
    """The rows at once as XML text would be; cell by cell the library takes seconds for a thousand rows."""
    columns = annex["columns"]
    section: Any = word.sections[-1]
    room = section.page_width - section.left_margin - section.right_margin
    whole = sum(column["share"] for column in columns)
    widths = [int(room * column["share"] / whole) for column in columns]
    size = layout()["sizes"]["table_small" if annex.get("is_small") else "table"]
    said = heads(columns)
    table = word.add_table(rows=len(said), cols=len(columns))
    table.style, table.autofit = "Table Grid", False
    table._tbl.tblPr.append(_margins(annex))
    for place, width in enumerate(widths):
        table.columns[place].width = width
    for row in said:
        for head in row:
            _fill(table, head, widths, size)
    for made in table.rows:
        made._tr.get_or_add_trPr().append(_element("w:tblHeader", val="true"))
    sides = [column["align"] for column in columns]
    for row in annex["rows"]:
        table._tbl.append(_row(row, sides, widths, size))


def _margins(annex: dict[str, Any]) -> Any:
    """Room left and right of a cell's words, in twentieths of a point."""
    found = _element("w:tblCellMar")
    for side in ("left", "right"):
        found.append(_element(f"w:{side}", w="40" if annex.get("is_small") else "80", type="dxa"))
    return found


def _fill(table: Any, head: Head, widths: list[int], size: int) -> None:
    cell = table.cell(head.row, head.column)
    if head.down > 1 or head.across > 1:
        cell = cell.merge(table.cell(head.row + head.down - 1, head.column + head.across - 1))
    cell.width = sum(widths[head.column : head.column + head.across])
    made = cell.paragraphs[0]
    made.alignment = ALIGN.CENTER
    run = made.add_run(head.name)
    run.bold, run.font.size = True, Pt(size)


def _row(row: list[Any], sides: list[str], widths: list[int], points: int) -> Any:
    made = _element("w:tr")
    size = str(points * 2)
    for value, side, width in zip(row, sides, widths, strict=True):
        cell, form, words = _element("w:tc"), _element("w:pPr"), _element("w:p")
        measures = _element("w:tcPr")
        measures.append(_element("w:tcW", w=str(width // 635), type="dxa"))
        form.append(_element("w:jc", val=side))
        run, letters, text = _element("w:r"), _element("w:rPr"), _element("w:t")
        letters.append(_element("w:sz", val=size))
        text.text = written(value)
        run.extend([letters, text])
        words.extend([form, run])
        cell.extend([measures, words])
        made.append(cell)
    return made
