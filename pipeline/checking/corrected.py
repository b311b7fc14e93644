"""Copies of CSV files with the cells changed that somebody accepted, and a log of the changes.

The files themselves are never touched, and of a copy no byte but those of the changed rows differs.
"""

import csv
import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import duckdb

from pipeline.checking.given import CannotCheck, Given
from pipeline.checking.suggestions import Accepted
from pipeline.intake.landed import sha256
from pipeline.intake.read import read_sheets
from pipeline.intake.read.delimited import LONGEST_CELL, dialect_of
from pipeline.intake.read.kind import kind
from pipeline.reports.csv_file import inert, write_csv
from pipeline.standards.ssda903.feed import CAME_FROM
from pipeline.warehouse import sql_name, workspace

CHANGES_CSV = "changes.csv"
CHANGES = ("file", "row", "field", "before", "after", "why")


@dataclass(frozen=True)
class Corrected:
    """What was written, and what was not, by reason."""

    files: int
    cells: int
    refused: dict[str, int]


@dataclass(frozen=True)
class _Change:
    """A cell that is changed: its row in the file and its column, both counted from 0."""

    row: int
    column: int
    accepted: Accepted


def require_empty(folder: Path) -> None:
    """Raise CannotCheck where a folder for corrected files holds something already."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CannotCheck(
            f"{folder.name}: corrected files are written into an empty folder only, so that they "
            "take the place of nothing. Give another one with --corrected."
        )


def write_corrected(
    connection: duckdb.DuckDBPyConnection,
    given: list[Given],
    accepted: list[Accepted],
    folder: Path,
) -> Corrected:
    """Write a copy of every CSV file of the return into a folder, the accepted cells changed.

    The session must be the one that the files were checked in. Raises CannotCheck where the folder
    holds something already, or a file cannot be corrected without changing more.
    """
    require_empty(folder)
    files = {g.entry.file: g for g in given if g.is_903 and g.is_usable}
    changes: dict[str, list[_Change]] = {}
    refused: dict[str, int] = {}
    for each in accepted:
        file, row_number = _origin(connection, each)
        reason = _why_not(files[file], each)
        if reason:
            refused[reason] = refused.get(reason, 0) + 1
            continue
        column = files[file].part.columns[each.field.lower()]
        changes.setdefault(file, []).append(_Change(row_number - 1, column, each))
    folder.mkdir(parents=True, exist_ok=True)
    log: list[tuple] = []
    written = 0
    for file, of_file in files.items():
        if _is_csv(of_file):
            written += 1
            log += _write_copy(of_file, folder / of_file.entry.path, changes.get(file, []))
    _write_log(connection, folder / CHANGES_CSV, log)
    return Corrected(written, len(log), refused)


def _origin(connection: duckdb.DuckDBPyConnection, each: Accepted) -> tuple[str, int]:
    """The file that a row of the session came from, and its row there from 1 on."""
    return connection.execute(
        f"select file, row_number from {CAME_FROM} where table_name = ? and data_row = ?",
        [each.table, each.data_row],
    ).fetchall()[0]


def _is_csv(given: Given) -> bool:
    return (
        not given.entry.member
        and given.file.suffix.lower() in (".csv", ".txt")
        and kind(given.file) == "text"
    )


def _why_not(given: Given, each: Accepted) -> str:
    """Why a cell cannot be changed; empty where it can."""
    if not _is_csv(given):
        return "only CSV files can be corrected here: make the change in your system"
    if each.field.lower() not in given.part.columns:
        return "the file has no such column"
    return ""


def _write_copy(given: Given, copy: Path, changes: list[_Change]) -> list[tuple]:
    """Write the copy of one file; gives a line of the log for each change."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    if sha256(given.file) != given.entry.sha256:
        raise CannotCheck(f"{given.entry.file} changed while it was being checked: check it again.")
    if not changes:
        shutil.copyfile(given.file, copy)
        return []
    encoding, delimiter = dialect_of(given.file)
    encoding = _without_mark(given.file, encoding)
    by_row: dict[int, list[_Change]] = {}
    for change in changes:
        by_row.setdefault(change.row, []).append(change)
    log = []
    csv.field_size_limit(LONGEST_CELL)
    with (
        # Bytes without a meaning are written as they were read.
        given.file.open(encoding=encoding, errors="surrogateescape", newline="") as source,
        copy.open("w", encoding=encoding, errors="surrogateescape", newline="") as target,
    ):
        for number, (text, cells) in enumerate(_records(source, delimiter)):
            of_row = by_row.get(number, [])
            for change in of_row:
                cells += [""] * (change.column + 1 - len(cells))
                said = change.accepted
                before, cells[change.column] = cells[change.column], said.after
                log.append(
                    (given.entry.file, said.data_row, said.field, before, said.after, said.why)
                )
            target.write(_line(text, cells, delimiter) if of_row else text)
    _require_only(given, copy, changes)
    return log


def _without_mark(file: Path, encoding: str) -> str:
    """The encoding that reads the mark at the beginning as a character, so that it is kept."""
    if encoding == "utf-16":
        with file.open("rb") as stream:
            return "utf-16-be" if stream.read(2) == b"\xfe\xff" else "utf-16-le"
    return "utf-8" if encoding == "utf-8-sig" else encoding


def _records(source: TextIO, delimiter: str) -> Iterator[tuple[str, list[str]]]:
    """Each record as it stands in the file, and its cells."""
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in source:
            taken.append(line)
            yield line

    for cells in csv.reader(lines(), delimiter=delimiter):
        yield "".join(taken), cells
        taken.clear()


def _line(text: str, cells: list[str], delimiter: str) -> str:
    """A record with other cells, ended as it was; it is quoted only where that is needed."""
    ending = text[len(text.rstrip("\r\n")) :]
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, lineterminator=ending).writerow(cells)
    return line.getvalue()


def _require_only(given: Given, copy: Path, changes: list[_Change]) -> None:
    """Raise CannotCheck, and take the copy away, unless it differs in the changed cells only."""
    with workspace() as connection:
        was = read_sheets(connection, given.file, "was")[0]
        now = read_sheets(connection, copy, "now")[0]
        cells = ", ".join(f"c{i}" for i in range(was.width))
        differing = connection.execute(
            f"select row_number, was.cells, now.cells from "
            f"(select row_number, [{cells}] as cells from {was.relation}) as was "
            f"full join (select row_number, [{cells}] as cells from {now.relation}) as now "
            "using (row_number) where was.cells is distinct from now.cells"
        ).fetchall()
    found = {
        (row - 1, column, after)
        for row, before, now_there in differing
        for column, (old, after) in enumerate(zip(before or [], now_there or [], strict=False))
        if old != after
    }
    if found != {(c.row, c.column, c.accepted.after) for c in changes} or was.width != now.width:
        copy.unlink()
        raise CannotCheck(
            f"{given.entry.file}: its quotation marks are such that a cell cannot be changed "
            "without changing others. Make the changes in your system."
        )


def _write_log(connection: duckdb.DuckDBPyConnection, path: Path, log: list[tuple]) -> None:
    """Write what was changed; no text of it is taken for a formula."""
    types = {"row": "bigint"}
    shape = ", ".join(f"{sql_name(c)} {types.get(c, 'varchar')}" for c in CHANGES)
    connection.execute(f"create or replace temp table changes ({shape})")
    if log:
        connection.executemany(f"insert into changes values ({', '.join('?' * len(CHANGES))})", log)
    columns = ", ".join(
        sql_name(c) if c in types else f"{inert(sql_name(c))} as {sql_name(c)}" for c in CHANGES
    )
    write_csv(connection, f"select {columns} from changes", path)
