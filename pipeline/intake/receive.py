"""Receive what an LA dropped: read, recognise and keep every file that is new or has changed."""

import hashlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import duckdb

from pipeline.intake.clean import create_macros
from pipeline.intake.manifest import (
    Entry,
    load_manifest,
    quarantine,
    raw_path,
    save_manifest,
)
from pipeline.intake.read import Sheet, Unreadable, read_sheets
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
    if not before:
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
    return last.sha256 == _sha256(file)


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _submission_id(la_code: str, sha256: str, table: str, period: str) -> str:
    """The same bytes of one LA for one table and period are one submission."""
    return hashlib.sha256(f"{la_code}|{sha256}|{table}|{period}".encode()).hexdigest()[:16]


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
    sheets = [
        s
        for s in read_sheets(connection, file, f"sheet_{number}")
        if not is_ignored(s.name, tables.values())
    ]
    if not sheets:
        yield _empty(blank)
        return
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
        entry = replace(
            blank, rows_read=rows, note=f"This is about the sheet {named}." * bool(named)
        )
        yield _Part(quarantine(entry, first.code, first.reason, first.how_to_fix), "", None)
    elif not found:
        yield _empty(blank)
    for name, parts in found.items():
        yield _recognised(connection, parts, blank, f"rows_{number}_{name}", today)


def _empty(blank: Entry) -> _Part:
    return _Part(
        quarantine(
            blank,
            "empty",
            "The file holds nothing.",
            "If there was nothing to report, leave it; else export it again.",
        ),
        "",
        None,
    )


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
        entry = replace(entry, note=f"{len(unknown)} columns outside the standard were kept aside.")
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
    """The collection year of each delivery by its dated tables, episodes before all others."""
    told: dict[tuple[str, int | None], list[tuple[bool, int]]] = {}
    for part in parts:
        if part.year_told is not None:
            is_episodes = part.entry.table_name == "episodes"
            told.setdefault(_delivery(part.entry.path), []).append((is_episodes, part.year_told))
    for entry in known:
        if entry.status == "accepted" and entry.period_source == "content" and entry.year:
            is_episodes = entry.table_name == "episodes"
            told.setdefault(_delivery(entry.path), []).append((is_episodes, entry.year))
    return {delivery: max(years)[::-1] for delivery, years in told.items()}


def _with_year(part: _Part, siblings: dict[tuple[str, int | None], tuple[int, bool]]) -> Entry:
    entry = part.entry
    named = place_year(entry.path)
    year, by_episodes = siblings.get(_delivery(entry.path), (None, False))
    if part.year_told is not None and not by_episodes:
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
        entry = replace(entry, note=" ".join(filter(None, (entry.note, note))))
    return entry


def _with_quarter(part: _Part) -> Entry:
    entry = part.entry
    named = place_quarter(entry.path)
    if part.quarters_told and part.quarters_told[0][1] >= LEAST_SHARE:
        quarter = part.quarters_told[0][0]
        entry = replace(entry, period=quarter, period_source="content")
        if named not in (None, quarter):
            note = f"Named {named}, but most placements are of {quarter}: read as {quarter}."
            entry = replace(entry, note=" ".join(filter(None, (entry.note, note))))
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


def receive(la_code: str, folder: Path, la_zone: Path, now: datetime | None = None) -> Received:
    """Read what is new in an LA's landing folder into its zone and bring its manifest up to date.

    A file is read again only if its bytes, a standard or the reading code changed, or if it was
    quarantined and something beside it changed. What came earlier is never deleted.
    """
    now = now or datetime.now(UTC).replace(tzinfo=None)
    before = load_manifest(la_zone)
    known: dict[str, list[Entry]] = {}
    for entry in before:
        known.setdefault(entry.path, []).append(entry)
    files = landed_files(folder)
    paths = {f: f.relative_to(folder).as_posix() for f in files}
    changed = [f for f in files if not _is_unchanged(paths[f], f, known)]
    touched = [f for f in changed if _has_same_bytes(paths[f], f, known)]
    changed = [f for f in changed if f not in touched]
    if not changed:
        return Received(la_code, before, len(files), 0)
    # What was quarantined may be told its year by a file that arrived beside it.
    waiting = {e.path for e in before if e.reason_code == "period_unknown"}
    to_read = [f for f in files if f in set(changed) or paths[f] in waiting]

    with workspace() as connection:
        create_macros(connection)
        parts: list[_Part] = []
        for number, file in enumerate(to_read):
            stat = file.stat()
            blank = Entry(
                la_code=la_code,
                submission_id="",
                table_name="",
                dataset="",
                period="",
                period_source="",
                path=paths[file],
                sha256="",
                size=stat.st_size,
                modified_ns=stat.st_mtime_ns,
                # Files of one look are received in their order, so that the last one wins.
                received_at=now + timedelta(microseconds=number),
                status="accepted",
                read_by=reader_fingerprint(),
            )
            try:
                blank = replace(blank, sha256=_sha256(file))
                parts += _read_file(connection, file, blank, number, now.date())
            except OSError:
                stop = Unreadable(
                    "no_access",
                    "The file could not be opened; it may be locked or still being written.",
                    "Close it in other programs and check who may read it.",
                )
                parts.append(
                    _Part(quarantine(blank, stop.code, stop.reason, stop.how_to_fix), "", None)
                )
            except Unreadable as stop:
                parts.append(
                    _Part(quarantine(blank, stop.code, stop.reason, stop.how_to_fix), "", None)
                )
        siblings = _told_by_siblings(parts, before)
        entries = _file_away(connection, la_zone, folder, parts, siblings, before)
    save_manifest(la_zone, entries)
    return Received(la_code, entries, len(files), len(to_read))


def _file_away(
    connection: duckdb.DuckDBPyConnection,
    la_zone: Path,
    folder: Path,
    parts: list[_Part],
    siblings: dict,
    before: list[Entry],
) -> list[Entry]:
    """Keep the rows or the file of each part; gives the manifest with them in it."""
    by_id = {e.submission_id: e for e in before if e.status == "accepted"}
    read_again = {(p.entry.path, p.entry.sha256) for p in parts}
    # Of a path read again only what other bytes of it brought stays; the rest is told anew.
    entries = [
        e
        for e in before
        if (e.path, e.sha256) not in read_again
        and not (e.status != "accepted" and e.path in {p for p, _ in read_again})
    ]
    kept_ids = {e.submission_id for e in entries if e.status == "accepted"}
    for part in parts:
        entry = _with_period(part, siblings)
        identity = _submission_id(entry.la_code, entry.sha256, entry.table_name, entry.period)
        entry = replace(entry, submission_id=identity)
        if entry.status == "accepted" and identity in kept_ids:
            entry = replace(
                entry,
                status="duplicate",
                reason_code="duplicate",
                reason="The same bytes were received under another name.",
                how_to_fix="Nothing to do; one copy is enough.",
                rows_read=0,
            )
        elif entry.status == "accepted":
            if identity in by_id:  # received before: it keeps its place in the order
                entry = replace(entry, received_at=by_id[identity].received_at)
            kept_ids.add(identity)
            _keep_raw(connection, la_zone, part, entry)
        elif entry.reason_code not in ("empty", "no_rows", "no_access"):
            _keep_in_quarantine(la_zone, folder / entry.path, entry)
        entries.append(entry)
    return sorted(entries, key=lambda e: (e.received_at, e.path, e.table_name))
