"""Write a workbook of large plain tables, straight from DuckDB.

A cell made one by one takes longer than all rules together; here DuckDB writes the rows of a sheet
as the XML that they are. Texts stand in cells of text: none can be a formula.
"""

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import duckdb
from openpyxl.utils import get_column_letter

from pipeline.reports.sheets import LONGEST_CELL, NAVY, NOT_IN_XML
from pipeline.warehouse import sql_name

MOST_ROWS = 1_000_000  # of a sheet; Excel has 1,048,576
AT_ONCE = 20_000  # rows held as Python texts
LONGEST = LONGEST_CELL // 2  # characters of a cell, each of which may count twice
QUICK = 1  # how hard the ZIP is packed: half the time of the usual for a tenth more bytes

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TEXT, _NUMBER, _HEADING = 1, 2, 3  # styles, as _styles() has them


@dataclass(frozen=True)
class PlainTable:
    """One sheet: a query whose columns are those of the sheet, in its order."""

    title: str
    query: str
    widths: dict[str, int]  # heading -> width in characters
    numbers: frozenset[str] = frozenset()


def write_workbook(
    connection: duckdb.DuckDBPyConnection, path: Path, tables: Sequence[PlainTable]
) -> None:
    """Write the tables as the sheets of a workbook, by rename.

    A sheet holds MOST_ROWS; where there are more, its last row says so.
    """
    beside = path.with_name(f".{path.name}.next")
    with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED, compresslevel=QUICK) as package:
        for name, text in _parts(tables).items():
            package.writestr(name, _HEAD + text)
        for number, table in enumerate(tables, start=1):
            with package.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as part:
                for text in _sheet(connection, table):
                    part.write(text.encode())
    beside.replace(path)


def _parts(tables: Sequence[PlainTable]) -> dict[str, str]:
    """What a workbook holds beside its sheets."""
    sheets = range(1, len(tables) + 1)
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_SHEET_TYPE}.'
        'worksheet+xml"/>'
        for n in sheets
    )
    named = "".join(
        f'<sheet name="{escape(t.title)}" sheetId="{n}" r:id="rId{n}"/>'
        for n, t in zip(sheets, tables, strict=True)
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in sheets
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET_TYPE}.styles+xml"/>'
        f"{types}</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f"<sheets>{named}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{related}'
        f'<Relationship Id="rId{len(tables) + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        "</Relationships>",
        "xl/styles.xml": _styles(),
    }


def _styles() -> str:
    """The usual, text that stays text when it is typed into, whole numbers, and headings."""
    font = '<sz val="11"/>{}<name val="Calibri"/>'
    bold = font.format('<color rgb="FFFFFFFF"/>').replace("<sz", "<b/><sz")
    formats = "".join(
        f'<xf numFmtId="{number}" fontId="{font}" fillId="{fill}" borderId="0" xfId="0" '
        f'applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1">'
        f'<alignment vertical="top"{wrap}/></xf>'
        for number, font, fill, wrap in (
            (0, 0, 0, ""),
            (49, 0, 0, ""),
            (3, 0, 0, ""),
            (49, 1, 2, ' wrapText="1"'),
        )
    )
    return (
        f'<styleSheet xmlns="{_MAIN}">'
        f'<fonts count="2"><font>{font.format("")}</font><font>{bold}</font></fonts>'
        '<fills count="3"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid">'
        f'<fgColor rgb="FF{NAVY}"/></patternFill></fill></fills>'
        "<borders><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
        '<cellStyleXfs><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="4">{formats}</cellXfs><cellStyles count="1">'
        '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def _text_cell(letter: str, row: int, text: str, style: int) -> str:
    return (
        f'<c r="{letter}{row}" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
        f"{escape(text)}</t></is></c>"
    )


def _sheet(connection: duckdb.DuckDBPyConnection, table: PlainTable) -> Iterator[str]:
    """The XML of a sheet, piece by piece: a heading that stays in sight, filters, the rows."""
    letters = {name: get_column_letter(n) for n, name in enumerate(table.widths, start=1)}
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate(table.widths.values(), start=1)
    )
    headings = "".join(_text_cell(letters[name], 1, name, _HEADING) for name in table.widths)
    yield (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{widths}</cols><sheetData>"
        f'<row r="1" ht="32" customHeight="1">{headings}</row>'
    )
    found = connection.execute(_rows_sql(table, letters))
    rows = 0
    while chunk := found.fetchmany(AT_ONCE):
        rows += len(chunk)
        yield "".join(row for (row,) in chunk)
    last = rows + 1
    if rows == MOST_ROWS:
        last += 1
        cut = f"A sheet holds no more than {MOST_ROWS:,} rows; all of them are in the CSV file."
        yield f'<row r="{last}">{_text_cell("A", last, cut, _TEXT)}</row>'
    yield (
        f'</sheetData><autoFilter ref="A1:{letters[next(reversed(letters))]}{rows + 1}"/>'
        "</worksheet>"
    )


def _rows_sql(table: PlainTable, letters: dict[str, str]) -> str:
    """The rows of a table as XML, one text each; a blank has no cell."""
    cells = "".join(
        f""" || coalesce('<c r="{letter}' || n || '" """
        f"{_cell_sql(name, name in table.numbers)}, '')"
        for name, letter in letters.items()
    )
    return (
        f"""select '<row r="' || n || '">'{cells} || '</row>' from """
        f"(select *, row_number() over () + 1 as n from ({table.query})) limit {MOST_ROWS}"
    )


def _cell_sql(name: str, is_number: bool) -> str:
    column = sql_name(name)
    if is_number:
        return f"""s="{_NUMBER}"><v>' || {column} || '</v></c>'"""
    # What looks like a coded character, such as _x0041_, would be decoded.
    text = f"regexp_replace({column}, '{NOT_IN_XML}', '', 'g')[:{LONGEST}]"
    for sign, coded in (("_x", "_x005F_x"), ("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = f"replace({text}, '{sign}', '{coded}')"
    return (
        f"""s="{_TEXT}" t="inlineStr"><is><t xml:space="preserve">' || {text} || '</t></is></c>'"""
    )
