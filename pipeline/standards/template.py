"""A spreadsheet in the official layout of a placement standard, blank or filled with rows.

The layout is that of the published files: a cover sheet, a data sheet (sections in row 1, headers
in row 2, descriptions in row 3, an example in row 4, then the data) and a sheet that repeats the
headers above the options of each drop-down.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.standards.load import Field, Table

COVER_SHEET = "Checklist and QA"
DATA_SHEET = "Data Collection"
OPTIONS_SHEET = "Data Validation and Drop Downs"
FIRST_OPTION_ROW = 6
FIRST_DATA_ROW = 6  # row 5 stays blank, as in the published files
SPARE_ROWS = 200  # rows below the data that have drop-downs, too

# Nothing of the moment of writing may enter the file, so that the same rows give the same bytes.
WRITTEN = dt.datetime(2026, 1, 1)
ZIP_TIME = (2026, 1, 1, 0, 0, 0)
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")

BOLD = Font(bold=True)
SHADED = PatternFill("solid", fgColor="DDEBF7")
WRAPPED = Alignment(wrap_text=True, vertical="top")
NUMBER_FORMATS = {dt.date: "dd/mm/yyyy", dt.datetime: "dd/mm/yyyy", dt.time: "h:mm"}

Value = str | int | float | bool | dt.date | dt.datetime | dt.time | None


def write_workbook(
    path: Path,
    table: Table,
    rows: Iterable[Mapping[str, Value]] = (),
    *,
    cover: str = "",
    headers: Mapping[str, str] | None = None,
    first_row: int = FIRST_DATA_ROW,
) -> None:
    """Write a workbook of `table` with `rows`, each a value by field name.

    `cover` is added to the cover note, `headers` replaces the header of the fields it names, and
    `first_row` is the row number of the first data row (5 or more). The same arguments give the
    same bytes. Raises KeyError if a row names a field that the table does not have.
    """
    book = Workbook(write_only=True)
    book.properties.creator = "Common Core pipeline"
    book.properties.title = table.title
    book.properties.created = WRITTEN
    add_sheets(book, table, rows, cover=cover, headers=headers, first_row=first_row)
    written = io.BytesIO()
    book.save(written)
    path.write_bytes(_without_times(written.getvalue()))


def add_sheets(
    book: Workbook,
    table: Table,
    rows: Iterable[Mapping[str, Value]] = (),
    *,
    cover: str = "",
    headers: Mapping[str, str] | None = None,
    first_row: int = FIRST_DATA_ROW,
) -> None:
    """Add the three sheets of `table` to a write-only workbook; arguments and errors as above."""
    rows = list(rows)
    unknown = {name for row in rows for name in row} - {f.name for f in table.fields}
    if unknown:
        raise KeyError(f"{table.name} has no field {', '.join(sorted(unknown))}")
    _cover_sheet(book.create_sheet(COVER_SHEET), table, cover)
    _data_sheet(book.create_sheet(DATA_SHEET), table, rows, headers or {}, first_row)
    _options_sheet(book.create_sheet(OPTIONS_SHEET), table)


def options_of(field: Field) -> tuple[str, ...]:
    """What the drop-down of a field offers; nothing where any value may be typed."""
    return ("Yes", "No") if field.type == "boolean" else tuple(field.options)


def _cover_sheet(sheet: Worksheet, table: Table, cover: str) -> None:
    sheet.column_dimensions["B"].width = 100
    lines = [
        table.title,
        *([cover] if cover else []),
        f'Fill in the sheet "{DATA_SHEET}", one row for each placement or search.',
        "Keep every column, its name and its place; add no column.",
        f"Row 4 is an example: begin in row {FIRST_DATA_ROW} or in row 5.",
        "Give dates as dd/mm/yyyy and weekly costs in pounds, without VAT.",
        "Never give a name or an address: only the child's ID.",
    ]
    sheet.append([])
    for line in lines:
        cell = WriteOnlyCell(sheet, line)
        cell.alignment = WRAPPED
        sheet.append([None, cell])


def _data_sheet(
    sheet: Worksheet,
    table: Table,
    rows: list[Mapping[str, Value]],
    headers: Mapping[str, str],
    first_row: int,
) -> None:
    sheet.freeze_panes = "B3"
    _headings(sheet, table, headers)
    sheet.append([_cell(sheet, _example(field)) for field in table.fields])
    for _ in range(5, first_row):
        sheet.append([])
    for row in rows:
        sheet.append([_cell(sheet, row.get(field.name)) for field in table.fields])
    last_row = first_row + len(rows) + SPARE_ROWS
    for column, field in enumerate(table.fields, start=1):
        if options_of(field):
            sheet.data_validations.append(_drop_down(field, column, first_row, last_row))


def _options_sheet(sheet: Worksheet, table: Table) -> None:
    """The headers once more, above the options: a reader must not take this for data."""
    _headings(sheet, table, {})
    lists = [options_of(field) or (_free(field),) for field in table.fields]
    for _ in range(4, FIRST_OPTION_ROW):
        sheet.append([])
    for n in range(max(len(options) for options in lists)):
        sheet.append([options[n] if n < len(options) else None for options in lists])


def _headings(sheet: Worksheet, table: Table, headers: Mapping[str, str]) -> None:
    """Section, header and description: rows 1 to 3."""
    sections: list[str | None] = []
    for section, fields in groupby(table.fields, key=lambda f: f.section):
        width = len(list(fields))
        sections += [section, *[None] * (width - 1)]
        if width > 1:
            first = len(sections) - width + 1
            sheet.merged_cells.add(
                CellRange(min_row=1, max_row=1, min_col=first, max_col=len(sections)).coord
            )
    for column, field in enumerate(table.fields, start=1):
        width = max(14, min(45, len(field.header) + 2))
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.append([_heading(sheet, section) for section in sections])
    sheet.append([_heading(sheet, headers.get(f.name, f.header)) for f in table.fields])
    sheet.row_dimensions[3].height = 150
    descriptions = []
    for field in table.fields:
        cell = WriteOnlyCell(sheet, _description(field))
        cell.alignment = WRAPPED
        descriptions.append(cell)
    sheet.append(descriptions)


def _heading(sheet: Worksheet, text: str | None) -> Cell:
    cell = WriteOnlyCell(sheet, text)
    cell.font = BOLD
    cell.fill = SHADED
    return cell


def _description(field: Field) -> str:
    options = options_of(field)
    return f"{field.message}\n\nOptions: {', '.join(options)}" if options else field.message


def _example(field: Field) -> Value:
    """The example as Excel would hold it: whole numbers and days as such, the rest as text."""
    if field.example is None:
        return None
    if field.type == "integer":
        return int(field.example)
    if field.type == "date" and re.fullmatch(r"\d\d/\d\d/\d{4}", field.example):
        return dt.datetime.strptime(field.example, "%d/%m/%Y").date()
    return field.example


def _free(field: Field) -> str:
    if field.type in ("integer", "money"):
        return "number"
    return "date" if field.type == "date" else "free text"


def _cell(sheet: Worksheet, value: Value) -> Value | Cell:
    number_format = NUMBER_FORMATS.get(type(value))
    if number_format is None:
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = number_format
    return cell


def _drop_down(field: Field, column: int, first_row: int, last_row: int) -> DataValidation:
    letter = get_column_letter(column)
    last_option = FIRST_OPTION_ROW + len(options_of(field)) - 1
    return DataValidation(
        type="list",
        formula1=f"'{OPTIONS_SHEET}'!${letter}${FIRST_OPTION_ROW}:${letter}${last_option}",
        sqref=f"{letter}{first_row}:{letter}{last_row}",
        allow_blank=True,
        # Several options may be typed into one cell; Excel would refuse them.
        showErrorMessage=field.type != "multi_category",
    )


def _without_times(workbook: bytes) -> bytes:
    """The same workbook with constant times inside."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as source,
        zipfile.ZipFile(written, "w") as target,
    ):
        for name, content in _parts(source):
            info = zipfile.ZipInfo(name, ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            target.writestr(info, content)
    return written.getvalue()


def _parts(source: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    for name in source.namelist():
        content = source.read(name)
        if name == "docProps/core.xml":
            moment = WRITTEN.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
            content = MODIFIED.sub(rb"\g<1>" + moment + rb"\g<2>", content)
        yield name, content
