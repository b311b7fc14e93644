"""Read a file into sheets of text cells. One module per format; nothing is guessed or cast.

What a file is goes by its content first, and by the end of its name where the content does not
tell. A file that cannot be read raises `Unreadable`, whose words are for the officer who sent it
and hold no value of the file.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb

from pipeline.intake.read.delimited import has_rows, not_a_csv, read_delimited
from pipeline.intake.read.kind import ARCHIVES, WORDS, Kind, kind
from pipeline.intake.read.records import read_records
from pipeline.intake.read.sheet import Sheet, Unreadable, no_access
from pipeline.intake.read.workbook import (
    password_protected,
    read_workbook,
    unreadable_workbook,
)
from pipeline.intake.read.xml import read_xml

__all__ = ["READERS", "Sheet", "Unreadable", "no_access", "read_sheets"]

Reader = Callable[[duckdb.DuckDBPyConnection, Path, str], Iterator[Sheet]]

READERS: dict[str, Reader] = {
    ".csv": read_delimited,
    ".txt": read_delimited,
    ".xlsx": read_workbook,
    ".xlsm": read_workbook,
    ".xls": read_workbook,
    ".ods": read_workbook,
    ".xml": read_xml,
    ".json": read_records,
    ".jsonld": read_records,
    ".jsonl": read_records,
}
_BY_CONTENT: dict[Kind, Reader] = {
    "workbook": read_workbook,
    "xml": read_xml,
    "json": read_records,
}


def _misnamed(found: Kind, named: Reader) -> Unreadable:
    """Why a file cannot be read that is something else than its name says."""
    seems = f"It seems to be {WORDS[found]}."
    if named is read_workbook:
        if found in ("binary", "nothing"):
            return unreadable_workbook()
        return Unreadable(
            "not_a_workbook",
            f"The file is named as a workbook but is none. {seems}",
            "Open it in the program that made it and save it as .xlsx.",
        )
    if named is read_xml:
        return Unreadable(
            "not_an_ssda903_xml",
            f"The file is named as XML but is no SSDA903 return. {seems}",
            "Export the SSDA903 return as XML or CSV.",
        )
    if named is read_records:
        return Unreadable(
            "broken_json",
            f"The file is named as JSON but is none. {seems}",
            "Export it again from the system that made it.",
        )
    return not_a_csv(seems)


def _reader(path: Path, named: Reader) -> Reader:
    """What reads a file of a name that is taken; raises Unreadable where nothing does."""
    found = kind(path)
    if found == "locked":
        raise password_protected()
    if reader := _BY_CONTENT.get(found):
        return reader
    if found == "nothing" and named is not read_workbook:
        return read_delimited
    if found == "text":
        # An export of rows as text is often named as the workbook that it is opened with.
        if named is read_delimited or has_rows(path):
            return read_delimited
        if named is read_records:
            return read_records
    raise _misnamed(found, named)


def read_sheets(connection: duckdb.DuckDBPyConnection, path: Path, prefix: str) -> list[Sheet]:
    """All sheets of a file as temporary tables named `<prefix>_<number>`; raises Unreadable."""
    named = READERS.get(path.suffix.lower())
    if named is None:
        raise Unreadable(
            "format_not_taken",
            "Files of this kind are not taken.",
            f"Send one of {', '.join(sorted((*READERS, *ARCHIVES)))}.",
        )
    try:
        return list(_reader(path, named)(connection, path, prefix))
    except OSError as error:
        raise no_access() from error
