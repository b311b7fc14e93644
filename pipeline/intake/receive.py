"""Receive what an LA dropped: read, recognise and keep every file that is new or has changed."""

import hashlib
import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path

import duckdb

from pipeline.intake.declared import declarations
from pipeline.intake.landed import Landed, Vanished, landed_files, plain_name, sha256
from pipeline.intake.manifest import (
    Entry,
    in_order,
    load_manifest,
    quarantine,
    raw_path,
    save_manifest,
)
from pipeline.intake.parts import (
    LookUp,
    Part,
    Reading,
    declared_of,
    fingerprint_of,
    read_parts,
)
from pipeline.intake.period import (
    SentTogether,
    sent_together,
    told_by_siblings,
    waiting,
    with_period,
)
from pipeline.intake.read import Unreadable
from pipeline.intake.scratch import scratch
from pipeline.intake.withdraw import SENT_AGAIN
from pipeline.progress import tell
from pipeline.standards.load import standards_fingerprint
from pipeline.warehouse import from_parquet, sql_name, sql_text, workspace, write_parquet

NOTHING_TO_KEEP = ("duplicate", "empty", "no_rows", "ignored", "beyond_retention")
TRY_AGAIN = ("no_access", "being_written")  # nothing was read: the next run may
SETTLED_AFTER = timedelta(seconds=2)  # file systems tell the time of a change no more exactly
LARGE = 20_000_000  # bytes of a file that is worth a line of progress by itself
QUIET = 3  # seconds without a line of progress

Beyond = Callable[[str, str], bool]


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
class _Look:
    """One look into the landing folder, and what was known before it."""

    files: list[Landed]
    before: list[Entry]
    look_up: LookUp
    is_there: bool  # a landing folder that is not there says nothing of its files

    @cached_property
    def by_path(self) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for entry in self.before:
            found.setdefault(entry.path, []).append(entry)
        return found

    @cached_property
    def _seen(self) -> set[str]:
        return {f.path for f in self.files}

    @cached_property
    def _closed(self) -> list[str]:
        return [f"{f.path}/" for f in self.files if f.kind == "closed"]

    def is_gone(self, path: str) -> bool:
        """Whether a file was taken out of the folder; what cannot be seen may still be there."""
        return (
            self.is_there
            and path not in self._seen
            and not any(path.startswith(closed) for closed in self._closed)
        )


@cache
def reader_fingerprint() -> str:
    """Changes when a standard or the code that reads files changes: then files are read anew."""
    digest = hashlib.sha256(standards_fingerprint().encode())
    for file in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _last(look: _Look, path: str) -> list[Entry]:
    """What the bytes that a path held last brought."""
    known = look.by_path.get(path, [])
    return [e for e in known if e.sha256 == known[-1].sha256]


def _holds_the_same(landed: Landed, last: Entry) -> bool:
    """Whether a file holds the bytes that were read of it; its date alone does not tell."""
    if last.size != landed.size:
        return False
    settled = (last.received_at - SETTLED_AFTER).replace(tzinfo=UTC).timestamp() * 1e9
    if last.modified_ns == landed.modified_ns < settled:
        return True
    if not last.sha256:  # nothing that could be opened
        return last.modified_ns == landed.modified_ns
    try:
        return landed.kind == "file" and last.sha256 == sha256(landed.file)
    except OSError:  # to be read, which reports it
        return False


def _is_told_alike(look: _Look, last: list[Entry]) -> bool:
    """Whether the same would be made of the same bytes."""
    try:
        declared = [fingerprint_of(declared_of(look.look_up, e.path, e.member)) for e in last]
    except Unreadable:  # a faulty manifest.yml changes nothing of what was read before
        return True
    return all(
        e.declared == d and e.read_by == reader_fingerprint()
        for e, d in zip(last, declared, strict=True)
    )


def _is_unchanged(look: _Look, landed: Landed) -> bool:
    last = _last(look, landed.path)
    if not last or any(e.ended or e.reason_code in TRY_AGAIN for e in last):
        return False
    return _holds_the_same(landed, last[-1]) and _is_told_alike(look, last)


def _to_read(look: _Look, beyond: Beyond | None) -> list[Landed]:
    """The files that are new or changed, and those whose fate hangs on them."""
    changed = {f.path for f in look.files if not _is_unchanged(look, f)}
    again = waiting(look.before, {sent_together(path) for path in changed})
    for entry in look.before:
        if entry.reason_code == "beyond_retention" and not (
            beyond and beyond(entry.dataset, entry.period)
        ):
            again.add(entry.path)
    # Of what was told as a copy of another file: the other may now be something else, or gone.
    touched = changed | again
    unsure = {
        e.content
        for e in look.before
        if e.path in touched or (_can_end(e) and look.is_gone(e.path))
    }
    again |= {e.path for e in look.before if e.status == "duplicate" and e.content in unsure}
    return [f for f in look.files if f.path in touched | again]


def receive(
    la_code: str,
    folder: Path,
    la_zone: Path,
    now: datetime | None = None,
    beyond: Beyond | None = None,
    names: Iterable[str] = (),
) -> Received:
    """Read what is new in an LA's landing folder into its zone and bring its manifest up to date.

    A file is read again only if its bytes, what is declared of it, a standard or the reading code
    changed, or if it was quarantined and something beside it changed. What came earlier is never
    deleted. `beyond(dataset, period)` says that a period is past its retention: of such a file
    nothing is kept. `names` are what the LA may be called, the first one in lines of progress.
    """
    before = load_manifest(la_zone)
    files = landed_files(folder)
    look = _Look(files, before, declarations(folder), folder.is_dir())
    to_read = _to_read(look, beyond)
    moment = _moment(now, before)
    with scratch(la_zone) as room:
        called = (*names, la_code, folder.name)
        reading = Reading(la_zone, room, look.look_up, called, moment.date())
        parts = _read_all(to_read, la_code, reading, moment)
        entries = _after(look, parts, la_zone, room, beyond)
    if entries != before:
        save_manifest(la_zone, entries)
    return Received(la_code, entries, len(files), len(to_read))


def _moment(now: datetime | None, before: list[Entry]) -> datetime:
    """When this look is made: never before the last one, should the clock have gone back."""
    now = now or datetime.now(UTC).replace(tzinfo=None)
    return max([now, *(e.received_at + timedelta(microseconds=1) for e in before)])


def _read_all(to_read: list[Landed], la_code: str, reading: Reading, now: datetime) -> list[Part]:
    parts: list[Part] = []
    told_at = time.monotonic()
    for number, landed in enumerate(to_read):
        if landed.size > LARGE or time.monotonic() - told_at > QUIET:
            tell(f"{reading.names[0]}: file {number + 1} of {len(to_read)}")
            told_at = time.monotonic()
        # Files of one look are received in their order, so that the last one wins.
        blank = _blank(la_code, landed, now + timedelta(microseconds=number))
        place = replace(reading, scratch=reading.scratch / str(number))
        try:
            parts += read_parts(landed, blank, place)
        except Vanished:
            continue
    return parts


def _blank(la_code: str, landed: Landed, received_at: datetime) -> Entry:
    """The entry of a file of which nothing is known yet."""
    return Entry(
        la_code=la_code,
        submission_id="",
        table_name="",
        dataset="",
        period="",
        period_source="",
        path=landed.path,
        sha256="",
        size=landed.size,
        modified_ns=landed.modified_ns,
        received_at=received_at,
        status="accepted",
        read_by=reader_fingerprint(),
    )


def _submission_id(entry: Entry, file: str = "") -> str:
    """The same bytes of one LA for one table and period are one submission.

    What is not accepted is told apart by its name, too.
    """
    parts = (entry.la_code, entry.content, entry.table_name, entry.period, file)
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


def _after(
    look: _Look, parts: list[Part], la_zone: Path, room: Path, beyond: Beyond | None
) -> list[Entry]:
    """The manifest after a look, the rows or the bytes of each part kept."""
    read: dict[str, list[Entry]] = {}
    for part in parts:
        read.setdefault(part.entry.path, []).append(part.entry)
    entries = [e for b in look.before if (e := _still(b, look, read.get(b.path, []))) is not None]
    if not parts:
        return entries
    siblings = told_by_siblings(parts, look.before)
    owned = {e.submission_id for e in entries if e.status != "duplicate" and not e.ended}
    # Bytes that a path held last and still holds keep their place in the order; bytes that came
    # back to it after others are received anew, so that they win.
    held = {e.path: e.sha256 for e in look.before if e.sha256}
    first_at = {
        (e.path, e.sha256): e.received_at for e in look.before if held.get(e.path) == e.sha256
    }
    with workspace(spill=room / "spill") as connection:
        for part in parts:
            at = first_at.get((part.entry.path, part.entry.sha256), part.entry.received_at)
            entry = replace(_judged(part, siblings, beyond), received_at=at)
            if entry.status == "accepted" and _submission_id(entry) in owned:
                entry = _as_copy(entry)
            if entry.status == "accepted":
                # Until it is checked none of its rows is used.
                entry = replace(
                    entry, submission_id=_submission_id(entry), rows_quarantined=entry.rows_read
                )
                owned.add(entry.submission_id)
                _keep_raw(connection, la_zone, part, entry)
            else:
                entry = replace(entry, submission_id=_submission_id(entry, entry.file))
                if part.content and entry.reason_code not in NOTHING_TO_KEEP:
                    _keep_in_quarantine(la_zone, part.content, entry)
            entries.append(entry)
    return sorted(entries, key=in_order)


def _as_copy(entry: Entry) -> Entry:
    """The entry of bytes that were received before: they count once."""
    return replace(
        entry,
        status="duplicate",
        reason_code="duplicate",
        reason=SENT_AGAIN,
        how_to_fix="Nothing to do; one copy is enough.",
        rows_read=0,
    )


def _judged(
    part: Part, siblings: dict[SentTogether, tuple[int, bool]], beyond: Beyond | None
) -> Entry:
    entry = with_period(part, siblings)
    if entry.status == "accepted" and beyond and beyond(entry.dataset, entry.period):
        return quarantine(
            entry,
            "beyond_retention",
            f"The region does not keep data of {entry.period} any longer.",
            "Nothing to do; take the file out of the folder.",
        )
    return entry


def _still(entry: Entry, look: _Look, read: list[Entry]) -> Entry | None:
    """What becomes of an entry of before; None where its file, read anew, tells it again."""
    if not read:
        return _ended(entry, "taken away") if look.is_gone(entry.path) else entry
    again = [e for e in read if (e.member, e.content) == (entry.member, entry.content)]
    if entry.has_rows and again and all(e.reason_code == "cannot_be_read" for e in again):
        # It was read once; that it cannot be now is no fault of the file.
        return replace(entry, read_by=again[0].read_by, declared=again[0].declared)
    if again or entry.sha256 in {e.sha256 for e in read}:
        return None
    if all(e.reason_code in TRY_AGAIN for e in read):  # its bytes are not known yet
        return entry
    return _ended(entry, "sent again")


def _can_end(entry: Entry) -> bool:
    """Whether it leaves the lists when its file is sent again or taken away: nothing of it is used.

    What was withdrawn stays so, whatever lies in the landing folder.
    """
    if entry.status == "quarantined":
        return entry.reason_code != "withdrawn"
    return entry.status == "duplicate"


def _ended(entry: Entry, how: str) -> Entry | None:
    if not _can_end(entry):
        return entry
    if not entry.sha256:  # nothing of it was ever read
        return None
    return replace(
        entry,
        status="superseded",
        ended=how,
        rows_kept=0,
        rows_quarantined=0,
        rows_superseded=entry.rows_read,
    )


def _keep_raw(
    connection: duckdb.DuckDBPyConnection, la_zone: Path, part: Part, entry: Entry
) -> None:
    names = ", ".join(sql_name(f.name) for f in part.table.fields)
    write_parquet(
        connection,
        f"select {sql_text(entry.submission_id)} as submission_id, {sql_text(entry.file)} as file,"
        f" sheet, row_number, {names}, extra from {from_parquet([part.rows])} "
        "where not is_template",
        raw_path(la_zone, entry),
    )


def _keep_in_quarantine(la_zone: Path, content: Path, entry: Entry) -> None:
    """A copy of the file's bytes, for what could not be taken must not be lost either."""
    kept = la_zone / "quarantine" / entry.content[:16] / plain_name(entry.file.rpartition("/")[2])
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        beside = kept.with_name(".next")
        shutil.copyfile(content, beside)
        beside.replace(kept)
