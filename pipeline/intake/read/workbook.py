"""Workbooks: xlsx, xlsm, xls and ods, as the values last saved; nothing is computed or run."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import duckdb
import fastexcel
import numpy as np
from lxml import etree

from pipeline.intake.read.sheet import WIDEST, Sheet, Unreadable, too_large, too_wide
from pipeline.intake.read.zipped import (
    DAMAGED,
    MOST_NAMES,
    count_names,
    inflated,
    last_name,
    require_sound,
)
from pipeline.progress import meter
from pipeline.warehouse import sql_name

LARGEST_FILE = 100_000_000  # bytes
LARGEST_UNPACKED = 2_000_000_000  # bytes of all parts together
MOST_CELLS = 10_000_000  # of a sheet, from its first row and column to its last
HEAD_OF_MANIFEST = 1_000_000  # bytes
LONGEST_ROW = 50_000_000  # bytes of one row of a sheet
MOST_TEXT = 500_000_000  # bytes of a sheet, where cells that share a text have each their own

# A cell as nearly all programs write it; one that only has a format closes itself.
_USUAL_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^<>/]*(/?)>')
_START_OF_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
# A cell that holds something, in whatever other way it may be written.
_CELL = re.compile(
    rb"<(?:\w+:)?c(?:\s[^>]*?)?\sr\s*=\s*[\"']([A-Za-z]{1,7})([0-9]{1,10})[\"'][^>/]*>"
)
_CELL_WITHOUT_PLACE = re.compile(rb"<(?:\w+:)?c(?![^>]*\sr\s*=)(?:\s[^>/]*)?>")
_CELL_CUT_SHORT = re.compile(rb"<(?:\w+:)?c\s[^>]*=\s*(?:\"[^\">]*|'[^'>]*)>")
_ROW_START = re.compile(rb"<(?:\w+:)?row[\s/>]")
_SHARED = re.compile(rb"""\st\s*=\s*["']s["'][^>]*>\s*<(?:\w+:)?v>(\d{1,9})<""")
_SHARED_END = re.compile(rb"</(?:\w+:)?si>|<(?:\w+:)?si\s*/>")
_REPEATED = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}number-%s-repeated"


def password_protected() -> Unreadable:
    return Unreadable(
        "password_protected",
        "The workbook cannot be opened without a password.",
        "Open it in Excel, remove the password (File, Info, Protect Workbook), and send it again.",
    )


def unreadable_workbook() -> Unreadable:
    return Unreadable(
        "unreadable_workbook",
        "The workbook cannot be opened: it is damaged, or was cut off on its way.",
        "Open it in Excel, save it anew as .xlsx and send it again.",
    )


def _too_many_cells() -> Unreadable:
    return too_large(
        f"a sheet reaches over more than {MOST_CELLS:,} cells, often because of one cell far from "
        "the others"
    )


def _too_much_text() -> Unreadable:
    return too_large(f"the texts of a sheet have more than {MOST_TEXT // 1_000_000} MB")


def _column(letters: bytes) -> int:
    """The number of a column by its letters, `A` being 1."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number


def _rows_of_sheet(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The XML of a part in pieces that end where a row ends; nothing of a part without rows.

    The part is read to its end all the same: that is how long it really is.
    """
    data = b""
    for block in blocks:
        data = data[-20:] + block
        if b"sheetData" in data:
            break
    else:
        return
    for block in blocks:
        cut = data.rfind(b"row>") + 4
        if cut > 3:
            yield data[:cut]
            data = data[cut:]
        if len(data) > LONGEST_ROW:
            raise too_large("a row of a sheet is longer than any return has")
        data += block
    yield data


def _reach(data: bytes, rows_before: int) -> tuple[int, int]:
    """The last row and column that hold something in a piece of a sheet, counted from 1."""
    usual = _USUAL_CELL.findall(data)
    if len(usual) == len(_START_OF_CELL.findall(data)):
        rows = {row for _, row, is_blank in usual if not is_blank}
        columns = {letters for letters, _, is_blank in usual if not is_blank}
        return max(map(int, rows), default=0), max(map(_column, columns), default=0)
    if _CELL_CUT_SHORT.search(data):
        raise unreadable_workbook()
    cells = _CELL.findall(data)
    height = max([rows_before, *(int(row) for _, row in cells)])
    width = max(map(_column, {letters for letters, _ in cells}), default=0)
    if _CELL_WITHOUT_PLACE.search(data):  # they stand one after the other
        height += len(_ROW_START.findall(data))
        pieces = _ROW_START.split(data)
        width = max([width, *(len(_CELL_WITHOUT_PLACE.findall(row)) for row in pieces)])
    return height, width


def _require_room(blocks: Iterator[bytes], lengths: np.ndarray) -> None:
    """Raise Unreadable where a sheet reaches too far: the reader makes room for every cell.

    `lengths` are those of the texts that cells share, in bytes.
    """
    height, width, text = 0, 0, 0
    for data in _rows_of_sheet(blocks):
        last_row, last_column = _reach(data, height)
        height, width = max(height, last_row), max(width, last_column)
        if lengths.size:
            shared = np.fromiter(map(int, _SHARED.findall(data)), dtype="int64")
            text += int(lengths[shared[shared < lengths.size]].sum())
        if height * width > MOST_CELLS:
            raise _too_many_cells()
        if text > MOST_TEXT:
            raise _too_much_text()


def _shared_lengths(blocks: Iterator[bytes]) -> np.ndarray:
    """The lengths in bytes of a workbook's shared texts, each with the XML around it."""
    lengths: list[int] = []
    rest = b""
    for block in blocks:
        *whole, rest = _SHARED_END.split(rest + block)
        lengths += map(len, whole)
    return np.array(lengths, dtype="int64")


class _Extent:
    """How far the sheets of an OpenDocument file reach: what an XML parser tells its target."""

    def __init__(self) -> None:
        self.height = self.width = self.row_repeats = self.column = self.repeats = 0
        self.reach = 0  # the last column of this row that holds something
        self.text = 0  # characters of all cells, repeated ones each by themselves

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = etree.QName(tag).localname
        if name == "table":
            self.height = self.width = 0
        elif name == "table-row":
            self.row_repeats = int(attributes.get(_REPEATED % "rows", 1))
            self.column = self.reach = 0
        elif name in ("table-cell", "covered-table-cell"):
            self.repeats = int(attributes.get(_REPEATED % "columns", 1))
            self.column += self.repeats
            if any(key.endswith("value-type") for key in attributes):
                self.reach = self.column
        elif name == "p":
            self.reach = self.column

    def end(self, tag: str) -> None:
        if etree.QName(tag).localname != "table-row":
            return
        self.height += self.row_repeats
        if self.reach:
            self.width = max(self.width, self.reach)
            if self.height * self.width > MOST_CELLS:
                raise _too_many_cells()

    def data(self, text: str) -> None:
        self.text += len(text) * self.repeats * self.row_repeats
        if self.text > MOST_TEXT:
            raise _too_much_text()

    def close(self) -> None:
        pass


def _require_room_in_open_document(blocks: Iterator[bytes]) -> None:
    parser = etree.XMLParser(
        target=_Extent(), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    for block in blocks:
        parser.feed(block)
    parser.close()


def _require_safe(path: Path) -> None:
    """Raise Unreadable where the reader would run out of memory on what a workbook unpacks to."""
    if path.stat().st_size > LARGEST_FILE:
        raise too_large(f"more than {LARGEST_FILE // 1_000_000} MB")
    if not zipfile.is_zipfile(path):  # .xls: no sheet of it can reach too far
        return
    if count_names(path) > MOST_NAMES:
        raise too_large("it has more parts than any workbook")
    with zipfile.ZipFile(path) as package, path.open("rb") as stream:
        entries = package.infolist()
        if any(e.flag_bits & 1 for e in entries):
            raise password_protected()
        if "META-INF/manifest.xml" in package.namelist():  # OpenDocument
            with package.open("META-INF/manifest.xml") as manifest:
                if b"encryption-data" in manifest.read(HEAD_OF_MANIFEST):
                    raise password_protected()
        require_sound(path, entries)
        if sum(e.file_size for e in entries) > LARGEST_UNPACKED:
            raise too_large(f"it unpacks to more than {LARGEST_UNPACKED // 1_000_000_000} GB")
        _require_sheets_safe(stream, entries)


def _require_sheets_safe(stream: BinaryIO, entries: list[zipfile.ZipInfo]) -> None:
    tell = meter("Looking through the workbook", sum(e.file_size for e in entries))
    done, lengths = 0, np.array([], dtype="int64")
    # What the cells share first, to know how long they are.
    for entry in sorted(entries, key=lambda e: last_name(e.filename) != "sharedStrings.xml"):
        blocks = inflated(stream, entry)
        if last_name(entry.filename) == "sharedStrings.xml":
            lengths = _shared_lengths(blocks)
        elif entry.filename == "content.xml":
            _require_room_in_open_document(blocks)
        else:
            _require_room(blocks, lengths)
        done += entry.file_size
        tell(done)


def _worksheets(path: Path) -> Iterator[fastexcel.ExcelSheet]:
    try:
        _require_safe(path)
        # From bytes, so that the content decides what it is and not the end of its name.
        book = fastexcel.read_excel(path.read_bytes())
        if not book.sheet_names:
            raise unreadable_workbook()
        for name in book.sheet_names:
            yield book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
    except fastexcel.FastExcelError as error:
        if "password" in str(error).lower():
            raise password_protected() from error
        raise unreadable_workbook() from error
    except (*DAMAGED, etree.XMLSyntaxError) as error:
        raise unreadable_workbook() from error


def read_workbook(
    connection: duckdb.DuckDBPyConnection, path: Path, prefix: str
) -> Iterator[Sheet]:
    """The sheets of a workbook that hold anything, hidden ones too."""
    for number, cells in enumerate(_worksheets(path)):
        if cells.height == 0 or cells.width == 0:
            continue
        if cells.width > WIDEST:
            raise too_wide()
        relation = f"{prefix}_{number}"
        table = connection.from_arrow(cells)
        columns = ", ".join(f"{sql_name(c)} as c{i}" for i, c in enumerate(table.columns))
        connection.register("read_cells", table)
        connection.execute(
            f"create or replace temp table {relation} as "
            f"select row_number() over () as row_number, {columns} from read_cells"
        )
        connection.unregister("read_cells")
        is_hidden = cells.visible != "visible"
        yield Sheet(cells.name, relation, cells.width, is_hidden=is_hidden)
