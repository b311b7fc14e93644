"""Receive what an LA dropped: read, recognise and keep every file that is new or has changed."""

import hashlib
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import duckdb

from pipeline.intake.clean import create_macros
from pipeline.intake.manifest import (
    Entry,
    in_order,
    load_manifest,
    quarantine,
    raw_path,
    save_manifest,
)
from pipeline.intake.read import Sheet, Unreadable, no_access, read_sheets
from pipeline.intake.recognise import (
    Recognised,
    content_quarters,
    content_year,
    is_ignored,
    place_quarter,
    place_year,
    recognise,
    rows_sql,
)
from pipeline.standards.load import Table, load_standards, standards_fingerprint
from pipeline.warehouse import sql_name, sql_text, workspace, write_parquet

# Left behind by office programs and operating systems; never a return.
NOT_SENT = re.compile(
    r"^(~\$.*|\..*|thumbs\.db|desktop\.ini|.*\.tmp|.*\.part(ial)?)$", re.IGNORECASE
)
LEAST_SHARE = 0.5  # of a placement return's rows that must fall into one quarter
NOTHING_TO_KEEP = ("duplicate", "empty", "no_rows", "no_access", "link", "beyond_retention")


@dataclass(frozen=True)
class Received:
    """What one look into an LA's landing folder found."""

    la_code: str
    entries: list[Entry]  # the whole manifest after it
    files_seen: int
    files_read: int

    def __str__(self) -> str:
        if self.files_read:
            return f"{self.files_seen} files, {self.files_read} read"
        return f"{self.files_seen} files, nothing new, none read again"


@dataclass(frozen=True)
class _Part:
    """Rows of one table in one file, on their way into the manifest."""

    entry: Entry
    relation: str  # raw rows; empty where there are none to keep
    table: Table | None
    year_told: int | None = None
    quarters_told: tuple[tuple[str, float], ...] = ()


@cache
def reader_fingerprint() -> str:
    """Changes when a standard or the code that reads files changes: then files are read anew."""
    digest = hashlib.sha256(standards_fingerprint().encode())
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def landed_files(folder: Path) -> list[Path]:
    """The files an LA dropped, oldest first, so that the newest is received last."""
    if not folder.is_dir():
        return []
    files = [
        f
        for f in folder.rglob("*")
        if f.is_file() and not any(NOT_SENT.match(p) for p in f.relative_to(folder).parts)
    ]
    return sorted(files, key=lambda f: (f.stat().st_mtime_ns, f.as_posix()))


def _is_unchanged(path: str, file: Path, known: dict[str, list[Entry]]) -> bool:
    before = known.get(path)
    if not before or before[-1].reason_code == "no_access":
        return False
    stat = file.stat()
    last = before[-1]
    return (last.size, last.modified_ns, last.read_by) == (
        stat.st_size,
        stat.st_mtime_ns,
        reader_fingerprint(),
    )


def _has_same_bytes(path: str, file: Path, known: dict[str, list[Entry]]) -> bool:
    """Whether a file whose date changed still holds what was read of it."""
    last = known.get(path, [None])[-1]
    if last is None or (last.size, last.read_by) != (file.stat().st_size, reader_fingerprint()):
        return False
    try:
        return last.sha256 == _sha256(file)
    except OSError:  # to be read, which reports it
        return False


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _submission_id(entry: Entry, path: str = "") -> str:
    """The same bytes of one LA for one table and period are one submission.

    What is not accepted is told apart by its path, too.
    """
    parts = (entry.la_code, entry.sha256, entry.table_name, entry.period, path)
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


def _concatenated(
    connection: duckdb.DuckDBPyConnection, found: list[Recognised], relation: str
) -> None:
    union = " union all by name ".join(f"({rows_sql(f)})" for f in found)
    connection.execute(f"create or replace temp table {relation} as {union}")


def _read_file(
    connection: duckdb.DuckDBPyConnection, file: Path, blank: Entry, number: int, today: date
) -> Iterator[_Part]:
    """The parts of a file: one per table in it, and one per sheet that is not recognised."""
    tables = load_standards()
    sent = [
        s
        for s in read_sheets(connection, file, f"sheet_{number}")
        if not is_ignored(s.name, tables.values())
    ]
    # What the officer cannot see was not meant to be sent, unless there is nothing else.
    sheets = [s for s in sent if not s.is_hidden] or sent
    hidden = [s for s in sent if s not in sheets]
    if rows := sum(_count(connection, s) for s in hidden):
        named = ", ".join(f"“{s.name}”" for s in hidden)
        stop = Unreadable(
            "hidden_sheet",
            "Hidden sheets of the workbook were not read.",
            "If they were meant to be sent, unhide them; else leave it, or delete them.",
        )
        entry = replace(blank, rows_read=rows)
        yield _stopped(_noted(entry, f"This is about the hidden sheet {named}."), stop)
    found: dict[str, list[Recognised]] = {}
    strange: list[tuple[Sheet, Unreadable]] = []
    for sheet in sheets:
        try:
            known = recognise(connection, sheet, tables, blank.path)
            found.setdefault(known.table.name, []).append(known)
        except Unreadable as stop:
            strange.append((sheet, stop))
    if rows := sum(_count(connection, sheet) for sheet, _ in strange):
        first = strange[0][1]
        named = ", ".join(f"“{s.name}”" for s, _ in strange if s.name)
        entry = replace(blank, rows_read=rows)
        if named:
            entry = _noted(entry, f"This is about the sheet {named}.")
        yield _stopped(entry, first)
    elif not found:
        yield _empty(blank)
    for name, parts in found.items():
        yield _recognised(connection, parts, blank, f"rows_{number}_{name}", today)


def _noted(entry: Entry, note: str) -> Entry:
    return replace(entry, note=f"{entry.note} {note}".strip())


def _stopped(entry: Entry, stop: Unreadable) -> _Part:
    return _Part(quarantine(entry, stop.code, stop.reason, stop.how_to_fix), "", None)


def _empty(blank: Entry) -> _Part:
    stop = Unreadable(
        "empty",
        "The file holds nothing.",
        "If there was nothing to report, leave it; else export it again.",
    )
    return _stopped(blank, stop)


def _count(connection: duckdb.DuckDBPyConnection, sheet: Sheet) -> int:
    filled = " or ".join(f"clean_text(c{i}) is not null" for i in range(sheet.width))
    return connection.execute(f"select count(*) from {sheet.relation} where {filled}").fetchall()[
        0
    ][0]


def _recognised(
    connection: duckdb.DuckDBPyConnection,
    parts: list[Recognised],
    blank: Entry,
    relation: str,
    today: date,
) -> _Part:
    table = parts[0].table
    _concatenated(connection, parts, relation)
    rows, template = connection.execute(
        f"select count(*) filter (not is_template), count(*) filter (is_template) from {relation}"
    ).fetchall()[0]
    connection.execute(f"delete from {relation} where is_template")
    connection.execute(f"alter table {relation} drop is_template")
    missing = frozenset.intersection(*(p.missing for p in parts))
    entry = replace(
        blank,
        table_name=table.name,
        dataset=table.dataset,
        rows_read=rows,
        template_rows=template,
        missing_columns=",".join(sorted(missing)),
    )
    if unknown := sorted({h for p in parts for h in p.extra.values()}):
        entry = _noted(entry, f"Columns outside the standard, kept aside: {len(unknown)}.")
    if lacking := [table.field(k).header for k in table.key_required if k in missing]:
        entry = quarantine(
            entry,
            "key_column_missing",
            f"Without the column {' and '.join(lacking)} no row can be told from another.",
            "Put the column back, with the heading of the template.",
        )
        return _Part(entry, relation, table)
    if rows == 0:
        entry = quarantine(
            entry,
            "no_rows",
            "There are column headings but no rows under them.",
            "If there was nothing to report, leave it; else export it again.",
        )
        return _Part(entry, relation, table)
    if table.dataset == "ssda903":
        return _Part(entry, relation, table, content_year(connection, table, relation, today))
    quarters = tuple(content_quarters(connection, table, relation, today))
    return _Part(entry, relation, table, None, quarters)


def _delivery(path: str) -> tuple[str, int | None]:
    """Files of one folder that name one year belong together: one tells the others' year."""
    return path.rpartition("/")[0], place_year(path)


def _told_by_siblings(
    parts: list[_Part], known: list[Entry]
) -> dict[tuple[str, int | None], tuple[int, bool]]:
    """The collection year of each delivery by its dated tables, and whether its episodes told it.

    Episodes tell before all others, and what was received later before what came earlier.
    """
    dated = [
        (e.table_name == "episodes", e.path, e.year)
        for e in known
        if e.status == "accepted" and e.period_source == "content" and e.year
    ]
    dated += [
        (p.entry.table_name == "episodes", p.entry.path, p.year_told)
        for p in parts
        if p.year_told is not None
    ]
    last = sorted(dated, key=lambda d: d[0])  # stable: the order received stays
    return {_delivery(path): (year, is_episodes) for is_episodes, path, year in last}


def _waiting(before: list[Entry], arrived: set[tuple[str, int | None]]) -> set[str]:
    """Files without dates whose delivery got its first neighbour: it may tell their year."""
    told = _told_by_siblings([], before)
    return {
        e.path
        for e in before
        if (e.reason_code == "period_unknown" or (e.year and e.period_source == "place"))
        and _delivery(e.path) in arrived.difference(told)
    }


def _with_year(part: _Part, siblings: dict[tuple[str, int | None], tuple[int, bool]]) -> Entry:
    entry = part.entry
    named = place_year(entry.path)
    year, by_episodes = siblings.get(_delivery(entry.path), (None, False))
    if part.year_told is not None and (entry.table_name == "episodes" or not by_episodes):
        year = part.year_told
    if year is None and named is None:
        return quarantine(
            entry,
            "period_unknown",
            "Neither the rows nor the name of the file or folder tell the collection year.",
            "Put the file into a folder named for the collection year, such as 2026.",
        )
    if year is None:
        return replace(entry, period=str(named), period_source="place")
    source = "content" if part.year_told is not None else "siblings"
    entry = replace(entry, period=str(year), period_source=source)
    if named is not None and named != year:
        note = f"Named {named}, but the dates are of collection year {year}: read as {year}."
        return _noted(entry, note)
    return entry


def _with_quarter(part: _Part) -> Entry:
    entry = part.entry
    named = place_quarter(entry.path)
    if part.quarters_told and part.quarters_told[0][1] >= LEAST_SHARE:
        quarter = part.quarters_told[0][0]
        entry = replace(entry, period=quarter, period_source="content")
        if named not in (None, quarter):
            note = f"Named {named}, but most placements are of {quarter}: read as {quarter}."
            return _noted(entry, note)
        return entry
    if named:
        return replace(entry, period=named, period_source="place")
    candidates = ", ".join(q for q, _ in part.quarters_told[:4])
    return quarantine(
        entry,
        "period_unknown",
        "The dates tell no quarter"
        + (f": they spread over {candidates}." if candidates else ": there are none."),
        "Put the file into a folder named for the quarter, such as 2025Q4.",
    )


def _with_period(part: _Part, siblings: dict) -> Entry:
    entry = part.entry
    if part.table is None or entry.status == "quarantined":
        return entry
    if part.table.dataset == "ssda903":
        entry = _with_year(part, siblings)
        first = part.table.from_year
        if entry.year and first and entry.year < first:
            return quarantine(
                entry,
                "table_of_other_year",
                f"The return has no {part.table.header_name} table in {entry.year}.",
                f"Send it from collection year {first} on.",
            )
        return entry
    return _with_quarter(part)


def _keep_raw(
    connection: duckdb.DuckDBPyConnection, la_zone: Path, part: _Part, entry: Entry
) -> None:
    names = ", ".join(sql_name(f.name) for f in part.table.fields)
    write_parquet(
        connection,
        f"select {sql_text(entry.submission_id)} as submission_id, {sql_text(entry.path)} as file,"
        f" sheet, row_number, {names}, extra from {part.relation} order by sheet, row_number",
        raw_path(la_zone, entry),
    )


def _keep_in_quarantine(la_zone: Path, file: Path, entry: Entry) -> None:
    """A copy of the file's bytes, for what could not be taken must not be lost either."""
    kept = la_zone / "quarantine" / entry.sha256[:16] / file.name
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        beside = kept.with_name(f".{kept.name}.next")
        shutil.copyfile(file, beside)
        beside.replace(kept)


def _blank(la_code: str, path: str, file: Path, received_at: datetime) -> Entry:
    """The entry of a file of which nothing is known yet."""
    stat = file.stat()
    return Entry(
        la_code=la_code,
        submission_id="",
        table_name="",
        dataset="",
        period="",
        period_source="",
        path=path,
        sha256="",
        size=stat.st_size,
        modified_ns=stat.st_mtime_ns,
        received_at=received_at,
        status="accepted",
        read_by=reader_fingerprint(),
    )


def _parts(
    connection: duckdb.DuckDBPyConnection, file: Path, blank: Entry, number: int, today: date
) -> list[_Part]:
    """The parts of a file, or why it had to be stopped."""
    if file.is_symlink():  # it could lead anywhere on this machine
        stop = Unreadable(
            "link",
            "This is a link to a file elsewhere, not a file.",
            "Put the file itself into the folder.",
        )
        return [_stopped(blank, stop)]
    try:
        blank = replace(blank, sha256=_sha256(file))
        return list(_read_file(connection, file, blank, number, today))
    except OSError:
        return [_stopped(blank, no_access())]
    except Unreadable as stop:
        return [_stopped(blank, stop)]


def receive(
    la_code: str,
    folder: Path,
    la_zone: Path,
    now: datetime | None = None,
    beyond: Callable[[str, str], bool] | None = None,
) -> Received:
    """Read what is new in an LA's landing folder into its zone and bring its manifest up to date.

    A file is read again only if its bytes, a standard or the reading code changed, or if it was
    quarantined and something beside it changed. What came earlier is never deleted.
    `beyond(dataset, period)` says that a period is past its retention: nothing of it is kept.
    """
    now = now or datetime.now(UTC).replace(tzinfo=None)
    before = load_manifest(la_zone)
    known: dict[str, list[Entry]] = {}
    for entry in before:
        known.setdefault(entry.path, []).append(entry)
    files = landed_files(folder)
    paths = {f: f.relative_to(folder).as_posix() for f in files}
    changed = {
        f
        for f in files
        if not (_is_unchanged(paths[f], f, known) or _has_same_bytes(paths[f], f, known))
    }
    if not changed:
        return Received(la_code, before, len(files), 0)
    waiting = _waiting(before, {_delivery(paths[f]) for f in changed})
    to_read = [f for f in files if f in changed or paths[f] in waiting]

    with workspace() as connection:
        create_macros(connection)
        parts: list[_Part] = []
        for number, file in enumerate(to_read):
            # Files of one look are received in their order, so that the last one wins.
            blank = _blank(la_code, paths[file], file, now + timedelta(microseconds=number))
            parts += _parts(connection, file, blank, number, now.date())
        siblings = _told_by_siblings(parts, before)
        entries = _file_away(connection, la_zone, folder, parts, siblings, before, beyond)
    save_manifest(la_zone, entries)
    return Received(la_code, entries, len(files), len(to_read))


def _file_away(
    connection: duckdb.DuckDBPyConnection,
    la_zone: Path,
    folder: Path,
    parts: list[_Part],
    siblings: dict,
    before: list[Entry],
    beyond: Callable[[str, str], bool] | None,
) -> list[Entry]:
    """Keep the rows or the file of each part; gives the manifest with them in it."""
    read_again = {(p.entry.path, p.entry.sha256) for p in parts}
    paths_again = {path for path, _ in read_again}
    # Of a path read again only what other bytes of it brought stays; the rest is told anew.
    entries = [
        e
        for e in before
        if (e.path, e.sha256) not in read_again
        and not (e.status != "accepted" and e.path in paths_again)
    ]
    kept_ids = {e.submission_id for e in entries}
    # Bytes that a path held last and still holds keep their place in the order; bytes that came
    # back to it after others are received anew, so that they win.
    held = {e.path: e.sha256 for e in before if e.sha256}
    first_at = {(e.path, e.sha256): e.received_at for e in before if held.get(e.path) == e.sha256}
    for part in parts:
        entry = _with_period(part, siblings)
        if entry.status == "accepted" and beyond and beyond(entry.dataset, entry.period):
            entry = quarantine(
                entry,
                "beyond_retention",
                "The period is older than the region keeps its data.",
                "Nothing to do; the file may be taken out of the folder.",
            )
        at = first_at.get((entry.path, entry.sha256), entry.received_at)
        entry = replace(entry, received_at=at)
        identity = _submission_id(entry)
        if entry.status == "accepted" and identity in kept_ids:
            entry = replace(
                entry,
                status="duplicate",
                reason_code="duplicate",
                reason="The same bytes were received under another name.",
                how_to_fix="Nothing to do; one copy is enough.",
                rows_read=0,
            )
        if entry.status == "accepted":
            kept_ids.add(identity)
            entry = replace(entry, submission_id=identity)
            _keep_raw(connection, la_zone, part, entry)
        else:
            entry = replace(entry, submission_id=_submission_id(entry, entry.path))
            if entry.reason_code not in NOTHING_TO_KEEP:
                _keep_in_quarantine(la_zone, folder / entry.path, entry)
        entries.append(entry)
    return sorted(entries, key=in_order)
