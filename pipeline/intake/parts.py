"""Take a file apart: one part per table in it, its rows written aside, and what was stopped."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import duckdb

from pipeline.faults import WithheldFault, values_withheld
from pipeline.intake.archive import is_archive, unpack
from pipeline.intake.clean import create_macros, squeeze
from pipeline.intake.declared import Declaration, chosen_sheets
from pipeline.intake.landed import (
    Landed,
    copy_of,
    refused,
    require_still,
    sha256,
    was_sent,
    writable,
)
from pipeline.intake.manifest import Entry, noted, quarantine
from pipeline.intake.place import named_authority
from pipeline.intake.read import Sheet, Unreadable, no_access, read_sheets
from pipeline.intake.recognise import (
    Recognised,
    content_quarters,
    content_year,
    filled_sql,
    is_ignored,
    recognise,
    rows_sql,
)
from pipeline.region import Authority
from pipeline.standards.load import Table, load_standards
from pipeline.warehouse import from_parquet, workspace, write_parquet

FAULTY = "faulty"  # in place of a fingerprint: it is like none, once the manifest.yml is mended
LookUp = Callable[[str], Declaration | None]


@dataclass(frozen=True)
class Part:
    """Rows of one table in one file, on their way into the manifest."""

    entry: Entry
    table: Table | None = None
    rows: Path | None = None  # Parquet of the raw rows, the template's own marked among them
    content: Path | None = None  # a copy of the bytes that it was read from
    year_told: int | None = None
    quarters_told: tuple[tuple[str, float], ...] = ()
    declared_period: str | None = None
    # Field name -> column from 0 on; none where the rows come from several sheets.
    columns: Mapping[str, int] = field(default_factory=dict)
    is_plain: bool = False  # no cell needs cleaning


@dataclass(frozen=True)
class Reading:
    """What the reading of any file of an LA needs to know."""

    la_zone: Path
    scratch: Path  # inside the LA zone; whatever is in it may be thrown away
    look_up: LookUp
    names: tuple[str, ...]  # what the LA may be called in a manifest.yml
    today: date
    authorities: tuple[Authority, ...] = ()  # of the region, this LA among them
    database: duckdb.DuckDBPyConnection | None = None  # with the macros, for many small files


def declared_of(look_up: LookUp, path: str, member: str = "") -> Declaration | None:
    """What is declared of a file, or of a member of an archive; raises Unreadable."""
    return look_up(f"{path}/{member}" if member else path)


def fingerprint_of(declared: Declaration | None) -> str:
    return declared.fingerprint if declared else ""


def _with_declared(blank: Entry, reading: Reading) -> Entry:
    """The entry with the fingerprint of what is declared, so that a change of it is seen."""
    try:
        declared = fingerprint_of(declared_of(reading.look_up, blank.path, blank.member))
    except Unreadable:
        declared = FAULTY
    return replace(blank, declared=declared)


def stopped(entry: Entry, stop: Unreadable, content: Path | None = None) -> Part:
    """A part of which nothing can be used, with the reason."""
    entry = quarantine(entry, stop.code, stop.reason, stop.how_to_fix)
    return Part(entry, content=content)


def read_parts(landed: Landed, blank: Entry, reading: Reading) -> list[Part]:
    """The parts of a landed file, or why it had to be stopped; raises Vanished.

    They are read from a copy, and given only if the file was left alone in the meantime.
    """
    blank = _with_declared(blank, reading)
    if stop := refused(landed):
        return [stopped(blank, stop)]
    try:
        copy = copy_of(landed, reading.scratch)
        digest = sha256(copy)
        known = replace(blank, sha256=digest, content_sha256=digest)
        take_apart = _archive_parts if is_archive(copy) else _file_parts
        parts = _guarded(take_apart, copy, known, reading)
        require_still(landed, digest)
    except Unreadable as stop:
        return [stopped(blank, stop)]
    return [_with_name_of_another(part, reading.authorities) for part in parts]


def _with_name_of_another(part: Part, authorities: tuple[Authority, ...]) -> Part:
    """The part with a word about it if its name is that of another authority of the region."""
    named = named_authority(part.entry.file, authorities)
    if named is None or named.code == part.entry.la_code:
        return part
    note = f"The file or its folder is named for {named.name}, and was taken as yours."
    return replace(part, entry=noted(part.entry, note))


def _guarded(
    work: Callable[[Path, Entry, Reading], list[Part]],
    content: Path,
    blank: Entry,
    reading: Reading,
) -> list[Part]:
    """One odd file never stops the others, whatever it makes our libraries raise."""

    def stop_or_parts() -> list[Part]:
        try:
            return work(content, blank, reading)
        except Unreadable as stop:
            return [stopped(blank, stop, content)]
        except BaseException as error:
            if isinstance(error, Exception | KeyboardInterrupt | SystemExit):
                raise
            # A panic of a library written in Rust is no Exception, and ends one file all the same.
            raise RuntimeError("a library gave up") from error

    try:
        with values_withheld("Reading a file", reading.la_zone):
            return stop_or_parts()
    except WithheldFault:
        stop = Unreadable(
            "cannot_be_read",
            "Reading the file failed in a way that was not foreseen.",
            "Tell the hub, which finds the details in its folder `faults`; meanwhile try to save "
            "the file anew, as .xlsx or CSV.",
        )
        return [stopped(blank, stop, content)]


def _archive_parts(copy: Path, blank: Entry, reading: Reading) -> list[Part]:
    declared = declared_of(reading.look_up, blank.path)
    if declared and declared.ignore:
        return [stopped(blank, _ignored())]
    parts: list[Part] = []
    sent = (m for m in unpack(copy, reading.scratch / "unpacked") if was_sent(m.name))
    for number, member in enumerate(sent):
        inside = replace(blank, member=writable(member.name), content_sha256="")
        inside = _with_declared(inside, reading)
        if member.stop or not member.path:
            parts.append(stopped(inside, member.stop or no_access()))
            continue
        inside = replace(inside, content_sha256=sha256(member.path))
        place = replace(reading, scratch=reading.scratch / f"member_{number}")
        place.scratch.mkdir()
        parts += _guarded(_file_parts, member.path, inside, place)
    return parts or [stopped(blank, _empty(), copy)]


def _file_parts(content: Path, blank: Entry, reading: Reading) -> list[Part]:
    declared = declared_of(reading.look_up, blank.path, blank.member)
    if declared and declared.ignore:
        return [stopped(blank, _ignored())]
    if declared and declared.la and squeeze(declared.la) not in map(squeeze, reading.names):
        return [stopped(blank, _other_authority(), content)]
    with _session(reading) as connection:
        return list(_tables(connection, content, blank, declared, reading))


@contextmanager
def _session(reading: Reading) -> Iterator[duckdb.DuckDBPyConnection]:
    """Where a file is read: what it leaves behind does not fill the memory for the next."""
    if reading.database:
        with reading.database.cursor() as connection:
            yield connection
        return
    with workspace(spill=reading.scratch / "spill") as connection:
        create_macros(connection)
        yield connection


def _tables(
    connection: duckdb.DuckDBPyConnection,
    content: Path,
    blank: Entry,
    declared: Declaration | None,
    reading: Reading,
) -> Iterator[Part]:
    """One part per table in a file, and one per reason for which sheets of it are not used."""
    tables = load_standards()
    everything = read_sheets(connection, content, "sheet")
    sheets, hidden = _meant(everything, declared, tables)
    if rows := sum(_count(connection, s) for s in hidden):
        entry = replace(blank, rows_read=rows)
        yield stopped(noted(entry, f"This is about the hidden sheet {_named(hidden)}."), _hidden())
    found: dict[str, list[Recognised]] = {}
    strange: list[tuple[Sheet, Unreadable]] = []
    for sheet in sheets:
        try:
            known = recognise(connection, sheet, tables, blank.file, declared)
            found.setdefault(known.table.name, []).append(known)
        except Unreadable as stop:
            strange.append((sheet, stop))
    if rows := sum(_count(connection, sheet) for sheet, _ in strange):
        entry = replace(blank, rows_read=rows)
        if named := _named(s for s, _ in strange if s.name):
            entry = noted(entry, f"This is about the sheet {named}.")
        yield stopped(entry, strange[0][1], content)
    elif not found:
        yield stopped(blank, _empty())
    for name, of_table in found.items():
        part = _table(connection, of_table, blank, reading, reading.scratch / f"{name}.parquet")
        yield replace(part, content=content, declared_period=declared and declared.period)


def _meant(
    everything: list[Sheet], declared: Declaration | None, tables: dict[str, Table]
) -> tuple[list[Sheet], list[Sheet]]:
    """The sheets to be read, and those put aside because they are hidden."""
    if declared and declared.sheet:
        return chosen_sheets(everything, declared), []
    sent = [s for s in everything if not is_ignored(s.name, tables.values())]
    # What the officer cannot see was not meant to be sent, unless there is nothing else.
    sheets = [s for s in sent if not s.is_hidden] or sent
    return sheets, [s for s in sent if s not in sheets]


def _named(sheets: Iterable[Sheet]) -> str:
    return ", ".join(f"“{s.name}”" for s in sheets)


def _count(connection: duckdb.DuckDBPyConnection, sheet: Sheet) -> int:
    counted = connection.execute(f"select count(*) from {sheet.relation} where {filled_sql(sheet)}")
    return counted.fetchall()[0][0]


def _table(
    connection: duckdb.DuckDBPyConnection,
    found: list[Recognised],
    blank: Entry,
    reading: Reading,
    aside: Path,
) -> Part:
    """The part of one table: its rows go aside at once, so that memory holds one file only."""
    table = found[0].table
    union = " union all by name ".join(f"({rows_sql(f)})" for f in found)
    written = write_parquet(connection, union, aside)
    for sheet in {f.sheet.relation for f in found}:
        connection.execute(f"drop table if exists {sheet}")
    raw = from_parquet([aside])
    template = 0
    if any(f.may_have_template for f in found):
        template = connection.execute(
            f"select count(*) filter (is_template) from {raw}"
        ).fetchall()[0][0]
    rows = written - template
    missing = frozenset.intersection(*(f.missing for f in found))
    entry = replace(
        blank,
        table_name=table.name,
        dataset=table.dataset,
        rows_read=rows,
        template_rows=template,
        missing_columns=",".join(sorted(missing)),
    )
    if unknown := sorted({h for f in found for h in f.extra.values()}):
        entry = noted(entry, f"Columns outside the standard, kept aside: {len(unknown)}.")
    for note in dict.fromkeys(n for f in found for n in f.notes):
        entry = noted(entry, note)
    if lacking := [table.field(k).header for k in table.key_required if k in missing]:
        entry = quarantine(
            entry,
            "key_column_missing",
            f"Without the column {' and '.join(lacking)} no row can be told from another.",
            "Put the column back, with the heading of the template.",
        )
        return Part(entry, table)
    if rows == 0:
        entry = quarantine(
            entry,
            "no_rows",
            "There are column headings but no rows under them.",
            "If there was nothing to report, leave it; else export it again.",
        )
        return Part(entry, table)
    sent = f"(select * from {raw} where not is_template)"
    columns = found[0].columns if len(found) == 1 else {}
    is_plain = all(f.sheet.is_plain for f in found)
    part = Part(entry, table, aside, columns=columns, is_plain=is_plain)
    if table.dataset == "ssda903":
        return replace(
            part, year_told=content_year(connection, table, sent, reading.today, is_plain)
        )
    quarters = content_quarters(connection, table, sent, reading.today, is_plain)
    return replace(part, quarters_told=tuple(quarters))


def _empty() -> Unreadable:
    return Unreadable(
        "empty",
        "The file holds nothing.",
        "If there was nothing to report, leave it; else export it again.",
    )


def _hidden() -> Unreadable:
    return Unreadable(
        "hidden_sheet",
        "Hidden sheets of the workbook were not read.",
        "If they were meant to be sent, unhide them; else leave it, or delete them.",
    )


def _ignored() -> Unreadable:
    return Unreadable(
        "ignored",
        "The manifest.yml beside the file says that it is to be ignored.",
        "Nothing to do; take the line out of the manifest.yml if it was meant to be sent.",
    )


def _other_authority() -> Unreadable:
    return Unreadable(
        "other_authority",
        "The manifest.yml says that the file is another authority's.",
        "Move it to that authority's folder, or mend the manifest.yml.",
    )
