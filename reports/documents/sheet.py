"""The document as a workbook: the text on the first sheet, each annex on its own, numbers as numbers."""

from criteria.workbooks.writing import Book
from reports.documents.paper import Paper, heads


def workbook(paper: Paper, *, code: str, address: str) -> bytes:
    """The file."""
    book = Book()
    _text(book, paper, f"Mã kiểm {code}. Kiểm tra tại {address}")
    for annex in paper["annexes"]:
        _annex(book, annex)
    return book.finished()


def _text(book: Book, paper: Paper, verified: str) -> None:
    sheet = book.sheet(paper["type"])
    sheet.set_column(0, 0, 110)
    book.put(sheet, 0, 0, f"{paper['type']} {paper['abstract']}", "title")
    lines = [*paper["marks"], *(block["text"] for block in paper["blocks"]), verified]
    for place, line in enumerate(lines, start=1):
        book.put(sheet, place, 0, line)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _annex(book: Book, annex: dict) -> None:
    sheet = book.sheet(annex["label"])
    book.put(sheet, 0, 0, f"{annex['label']}. {annex['title']}", "title")
    book.put(sheet, 1, 0, annex["note"], "guide")
    said = heads(annex["columns"])
    for row in said:
        for head in row:
            book.head(sheet, 2 + head.row, head.column, head.name, down=head.down, across=head.across)
    first = 2 + len(said)
    for place, cells in enumerate(annex["rows"], start=first):
        book.put_row(sheet, place, cells)
    for place, column in enumerate(annex["columns"]):
        sheet.set_column(place, place, max(10, column["share"]))
    sheet.freeze_panes(first, 1)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2, first - 1)
