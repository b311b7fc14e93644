"""Cells, lines and tables of a workbook that is written row by row.

No cell that they make is a formula: a text stands in a cell of text.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from math import ceil

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

# What a spreadsheet takes for a formula, also in the wide forms of East Asian keyboards.
FORMULA = r"^[=+@\t\r\n\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}-]"
# What XML, and so a workbook, cannot hold.
NOT_IN_XML = r"[\x{0}-\x{8}\x{B}\x{C}\x{E}-\x{1F}\x{FFFE}\x{FFFF}]"
LONGEST_CELL = 32_767  # UTF-16 units, Excel's limit
CUT = "… (cut: see feedback.csv)"

NAVY, PALE, GREY = "1F3864", "DDEBF7", "F2F2F2"
NORMAL = Font(name="Calibri", size=11)
TITLE = Font(name="Calibri", size=20, bold=True, color=NAVY)
HEADING = Font(name="Calibri", size=13, bold=True, color=NAVY)
BIG = Font(name="Calibri", size=20, bold=True, color=NAVY)
SMALL = Font(name="Calibri", size=9, color="595959")
BOLD = Font(name="Calibri", size=11, bold=True)
COLUMN = Font(name="Calibri", size=11, bold=True, color="FFFFFF")
COLUMN_FILL = PatternFill("solid", fgColor=NAVY)
TILE = PatternFill("solid", fgColor=PALE)
MARK = PatternFill("solid", fgColor="FFE699")
SEVERITY_FILLS = {
    "stop": PatternFill("solid", fgColor="F8CBAD"),
    "fix": PatternFill("solid", fgColor="FFD966"),
    "warn": PatternFill("solid", fgColor="FFF2CC"),
    "info": PatternFill("solid", fgColor=GREY),
}
LINE = Border(bottom=Side(style="thin", color="D9D9D9"))
WRAPPED = Alignment(wrap_text=True, vertical="top")
TOP = Alignment(vertical="top")
NUMBER = Alignment(vertical="top", horizontal="right", indent=1)
MIDDLE = Alignment(wrap_text=True, vertical="center")
MIDDLE_RIGHT = Alignment(wrap_text=True, vertical="center", horizontal="right", indent=1)
LINE_HEIGHT, HIGHEST_LINE = 15, 409  # points; Excel allows no more
CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
TEXT = "@"  # a cell typed into again stays text
WHOLE = "#,##0"
TENTHS = "#,##0.0"
DAY = "dd/mm/yyyy"


def plain(value: object) -> str:
    """A text as a cell may hold it: not too long for Excel, and nothing that Excel would decode."""
    text = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", str(value))
    units = text.encode("utf-16-le", errors="replace")
    if len(units) // 2 <= LONGEST_CELL:
        return text
    room = LONGEST_CELL - len(CUT)
    return units[: 2 * room].decode("utf-16-le", errors="ignore") + CUT


def new_cell(
    sheet: Worksheet,
    value: object,
    *,
    font: Font | None = None,
    fill: PatternFill | None = None,
    alignment: Alignment | None = None,
    border: Border | None = None,
    number_format: str = TEXT,
) -> Cell:
    """A cell; a text in it is a text, whatever it begins with."""
    cell = WriteOnlyCell(sheet)
    looks = {"font": font, "fill": fill, "alignment": alignment, "border": border}
    for name, look in looks.items():
        if look is not None:
            setattr(cell, name, look)
    cell.number_format = number_format
    return put(cell, value)


def put(cell: Cell, value: object) -> Cell:
    """Give a cell another value; a text that begins with `=` is still a text."""
    if isinstance(value, str):
        cell.value = plain(value)
        cell.data_type = "s"
    else:
        cell.value = value
    return cell


def new_sheet(book: Workbook, title: str, footer: str) -> Worksheet:
    """A sheet of a write-only workbook that prints on landscape pages as wide as it is."""
    sheet = book.create_sheet(title)
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = 0.5
    sheet.page_margins.bottom = 0.8
    sheet.oddFooter.left.text = footer.replace("&", "&&")
    sheet.oddFooter.right.text = "&A, page &P of &N"
    return sheet


def set_widths(sheet: Worksheet, widths: Iterable[float]) -> None:
    """Widths of the columns from A on, in characters."""
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width


class Lines:
    """The lines of a sheet as they are appended, with the number of the last one.

    `widths` are those of its columns, the first of which is a margin.
    """

    def __init__(self, sheet: Worksheet, widths: Sequence[float]) -> None:
        set_widths(sheet, widths)
        self.sheet = sheet
        self.columns = len(widths)
        self.characters = 1.05 * sum(widths[1:])  # that fit into one line over all columns
        self.number = 0

    def add(self, cells: Sequence[Cell | None] = (), height: float | None = None) -> int:
        """Append a line, `height` points high; gives its number."""
        self.number += 1
        if height:
            self.sheet.row_dimensions[self.number].height = height
        self.sheet.append(list(cells))
        return self.number

    def blank(self, lines: int = 1) -> None:
        for _ in range(lines):
            self.add()

    def merge(self, first: int, last: int) -> None:
        """Make one cell of the columns from `first` to `last` of the last line."""
        merged = CellRange(min_row=self.number, max_row=self.number, min_col=first, max_col=last)
        self.sheet.merged_cells.add(merged.coord)

    def text(self, text: str, font: Font = NORMAL, fill: PatternFill | None = None) -> None:
        """A text over the whole width, as high as it needs."""
        lines = lines_of(text, self.characters * NORMAL.size / font.size)
        cell = new_cell(self.sheet, text, font=font, fill=fill, alignment=WRAPPED)
        self.add([None, cell], height=lines * font.size * 1.4 + 2)
        self.merge(2, self.columns)


def headings(sheet: Worksheet, names: Iterable[str], numbers: Collection[str]) -> list[Cell]:
    """The heading of a table; those of `numbers` stand on the right, as the numbers do."""
    return [
        new_cell(
            sheet,
            name,
            font=COLUMN,
            fill=COLUMN_FILL,
            alignment=MIDDLE_RIGHT if name in numbers else MIDDLE,
        )
        for name in names
    ]


def line_of(sheet: Worksheet, values: Iterable[object]) -> list[Cell]:
    """A line of a small table, each value in the format of its kind."""
    formats = {int: WHOLE, float: TENTHS, date: DAY}
    return [
        new_cell(
            sheet,
            value,
            border=LINE,
            alignment=NUMBER if type(value) in formats else TOP,
            number_format=formats.get(type(value), TEXT),
        )
        for value in values
    ]


def lines_of(text: str, characters: float) -> int:
    """How many lines a text takes where so many characters fit into one."""
    return sum(ceil(max(1, len(part)) / characters) for part in text.split("\n"))


def add_table(
    sheet: Worksheet,
    columns: dict[str, int],
    lines: Iterable[tuple[object, ...]],
    formats: dict[str, str],
) -> None:
    """A table with filters and a heading that stays in sight; columns with their widths."""
    set_widths(sheet, columns.values())
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.row_dimensions[1].height = 32
    sheet.append(headings(sheet, columns, formats))
    # The cells are used again for each line: to make them takes longer than to write them.
    cells = [
        new_cell(
            sheet,
            None,
            border=LINE,
            alignment=NUMBER if name in formats else WRAPPED,
            number_format=formats.get(name, TEXT),
        )
        for name in columns
    ]
    severities = {
        severity: new_cell(sheet, severity, font=BOLD, fill=fill, border=LINE, alignment=TOP)
        for severity, fill in SEVERITY_FILLS.items()
    }
    last_row = 1
    for values in lines:
        last_row += 1
        high = max(
            lines_of(value, width)
            for value, width in zip(values, columns.values(), strict=True)
            if isinstance(value, str)
        )
        # Not every program finds the height of a line by itself.
        sheet.row_dimensions[last_row].height = min(HIGHEST_LINE, high * LINE_HEIGHT)
        line = [put(cell, value) for cell, value in zip(cells, values, strict=True)]
        sheet.append([severities.get(values[0], line[0]), *line[1:]])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{last_row}"
