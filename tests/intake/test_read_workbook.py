"""Workbooks of every kind, and those that would fill the memory."""

import io
import re
import struct
import time
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from pipeline.intake.read import Unreadable, read_sheets, workbook
from tests.intake.test_read_kinds import open_document

FILES = Path(__file__).parent / "files"


@pytest.fixture
def read(tmp_path, connection):
    """The cells of a workbook's sheets, each row after its number."""

    def read_file(content: bytes, name: str = "sent.xlsx") -> dict[str, list[tuple]]:
        path = tmp_path / name
        path.write_bytes(content)
        return {
            s.name: connection.execute(f"from {s.relation} order by row_number").fetchall()
            for s in read_sheets(connection, path, "sheet")
        }

    return read_file


@pytest.fixture
def refusal(read):
    def refuse(content: bytes, name: str = "sent.xlsx") -> str:
        with pytest.raises(Unreadable) as caught:
            read(content, name)
        return caught.value.code

    return refuse


def book_bytes(book: Workbook) -> bytes:
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def with_sheet(rows: str, other: dict[str, bytes] | None = None) -> bytes:
    """A workbook whose sheet has these rows of XML."""
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{rows}</sheetData></worksheet>"
    )
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book_bytes(Workbook()))) as source,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            is_sheet = "worksheets/sheet1" in name
            target.writestr(name, sheet if is_sheet else source.read(name))
        for name, content in (other or {}).items():
            target.writestr(name, content)
    return written.getvalue()


def cell(place: str, text: str = "x") -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


@pytest.mark.parametrize(("name", "midnight"), [("return.xls", " 00:00:00"), ("return.ods", "")])
def test_workbooks_of_other_programs(read, name, midnight):
    """Made with LibreOffice: numbers, dates, a formula, a merged cell, a hidden row and sheet."""
    found = read((FILES / name).read_bytes(), name)
    assert found["Data"] == [
        (1, "CHILD", "DOB", "COST", "NEEDS"),
        (2, "140892", f"2012-02-01{midnight}", "1234.5", "Zoë\u2019s"),
        (3, "00123", f"2012-02-02{midnight}", "3", None),
        (4, "A3", f"2012-02-03{midnight}", None, "hidden"),
    ]
    assert found["Old"] == [(1, "CHILD")]


def test_a_formula_without_a_saved_value_is_blank(read):
    book = Workbook()
    book.active.append(["CHILD", "COST"])
    book.active.append(["A1", "=1+1"])
    assert read(book_bytes(book))["Sheet"] == [(1, "CHILD", "COST"), (2, "A1", None)]


def test_a_formula_has_the_value_that_was_saved(read):
    rows = '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c>' + cell("B1") + "</row>"
    assert read(with_sheet(rows))["Sheet"] == [(1, "2", "x")]


def test_a_million_blank_rows_with_a_format_are_none(read, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_CELLS", 1_000)
    blank = "".join(f'<row r="{n}"><c r="A{n}" s="1"/><c r="B{n}" s="1"/></row>' for n in
                    range(3, 20_000))  # fmt: skip
    rows = f'<row r="1">{cell("A1")}</row><row r="2">{cell("B2")}</row>{blank}'
    assert read(with_sheet(rows))["Sheet"] == [(1, "x", None), (2, None, "x")]


@pytest.mark.parametrize(
    "rows",
    [
        f'<row r="1">{cell("A1")}</row><row r="1048576">{cell("XFD1048576")}</row>',
        f'<row r="1">{cell("A1")}</row><row r="1048576">{cell("K1048576")}</row>',
        f'<row r="2">{cell("A1048576")}{cell("ALL1")}</row>',
        f'<row r="1">{cell("A1")}</row><row r="9"><c t="n" r = \'xfd1048576\'><v>1</v></c></row>',
        f"<row>{'<c><v>1</v></c>' * 1_001}</row>" + "<row/>" * 9_999 + "<row><c><v>1</v></c></row>",
    ],
)
def test_a_cell_far_from_the_others_is_told_before_there_is_room_for_all(refusal, rows):
    start = time.perf_counter()
    assert refusal(with_sheet(rows)) == "too_large"
    assert time.perf_counter() - start < 5


def test_a_sheet_is_looked_through_wherever_its_cells_begin(refusal):
    far = with_sheet(f'<row r="1048576">{cell("XFD1048576")}</row>')
    with zipfile.ZipFile(io.BytesIO(far)) as source:
        sheet = source.read("xl/worksheets/sheet1.xml").decode()
    padded = sheet.replace("<sheetData>", f"<!--{'x' * 3_000_000}--><sheetData>")
    for text, code in (
        (padded, "too_large"),
        (sheet.replace('r="XFD', 's=">" r="XFD'), "unreadable_workbook"),
    ):
        written = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(far)) as source, zipfile.ZipFile(written, "w") as target:
            for name in source.namelist():
                is_sheet = name == "xl/worksheets/sheet1.xml"
                target.writestr(name, text if is_sheet else source.read(name))
        assert refusal(written.getvalue()) == code


def test_a_text_that_many_cells_share_is_counted_for_each(refusal, read, monkeypatch):
    shared = {"xl/sharedStrings.xml": f"<sst><si/><si><t>{'y' * 1_000}</t></si></sst>".encode()}
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>1</v></c></row>' for n in range(1, 101))
    content = with_sheet(cells, shared)
    monkeypatch.setattr(workbook, "MOST_TEXT", 99_000)
    assert refusal(content) == "too_large"
    repeated = (
        '<table:table-row><table:table-cell table:number-columns-repeated="100" '
        f'office:value-type="string"><text:p>{"y" * 1_000}</text:p></table:table-cell>'
        "</table:table-row>"
    )
    assert refusal(open_document(repeated), "sent.ods") == "too_large"
    monkeypatch.setattr(workbook, "MOST_TEXT", 110_000)
    assert len(read(open_document(repeated), "sent.ods")["Data"][0]) == 101


def test_an_open_document_with_a_password_says_so(refusal):
    whole, locked = io.BytesIO(open_document()), io.BytesIO()
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(locked, "w") as target:
        for name in source.namelist():
            is_list = name == "META-INF/manifest.xml"
            content = b"<manifest:encryption-data/>" if is_list else source.read(name)
            target.writestr(name, b"\x01\x02" if name == "content.xml" else content)
    assert refusal(locked.getvalue(), "sent.ods") == "password_protected"


def test_rows_across_blocks_are_counted(refusal, monkeypatch):
    monkeypatch.setattr(workbook, "LONGEST_ROW", 10_000)
    rows = "".join(f'<row r="{n}">{cell(f"A{n}", "y" * 500)}</row>' for n in range(1, 200))
    assert refusal(with_sheet(rows + f'<row r="20000">{cell("ALL20000")}</row>')) == "too_large"
    assert refusal(with_sheet(f'<row r="1">{cell("A1", "y" * 3_000_000)}</row>')) == "too_large"


@pytest.mark.parametrize(
    "rows",
    [
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
        'table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p>'
        "</table:table-cell></table:table-row>",
        '<table:table-row table:number-rows-repeated="1048575"><table:table-cell/>'
        '</table:table-row><table:table-row><table:table-cell table:number-columns-repeated="99"/>'
        '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
        "</table:table-row>",
    ],
)
def test_repeated_cells_of_an_open_document_are_counted(refusal, rows):
    assert refusal(open_document(rows), "sent.ods") == "too_large"


def test_blank_rows_at_the_end_of_an_open_document_are_none(read):
    rows = (
        '<table:table-row><table:table-cell office:value-type="string"><text:p>x</text:p>'
        '</table:table-cell><table:table-cell table:number-columns-repeated="16383"/>'
        '</table:table-row><table:table-row table:number-rows-repeated="1048575">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    assert read(open_document(rows), "sent.ods") == {"Data": [(1, "x")]}


def test_a_bomb_named_as_a_workbook_is_refused_fast(refusal):
    start = time.perf_counter()
    bomb = with_sheet(cell("A1"), {"xl/media/a.bin": bytes(50_000_000)})
    assert refusal(bomb) == "archive_bomb"
    assert time.perf_counter() - start < 5


def test_the_size_that_a_part_claims_is_not_trusted(refusal):
    content = with_sheet(f'<row r="1">{cell("A1", "y" * 5_000)}</row>')
    name = b"xl/worksheets/sheet1.xml"
    for mark, size, to_name in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        (start,) = (
            m.start() for m in re.finditer(re.escape(mark), content)
            if content[m.start() + to_name :].startswith(name)
        )  # fmt: skip
        at = start + size
        content = content[:at] + struct.pack("<L", 100) + content[at + 4 :]
    assert refusal(content) == "archive_bomb"


def test_a_workbook_that_is_too_large_is_refused(refusal, monkeypatch):
    content = with_sheet(f'<row r="1">{cell("A1")}</row>')
    with monkeypatch.context() as patched:
        patched.setattr(workbook, "LARGEST_FILE", len(content) - 1)
        assert refusal(content) == "too_large"
    with monkeypatch.context() as patched:
        patched.setattr(workbook, "LARGEST_UNPACKED", 1_000)
        assert refusal(content) == "too_large"
    with monkeypatch.context() as patched:
        patched.setattr(workbook, "MOST_NAMES", 3)
        assert refusal(content) == "too_large"
