"""The manifest of an LA: one row per received file and table in it, and where its rows went."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from pathlib import Path

import pandas as pd

from pipeline.warehouse import from_parquet, workspace, write_parquet

# In quarantine, or not read, as it was meant to be.
NOTHING_TO_MEND = ("empty", "no_rows", "hidden_sheet", "ignored", "withdrawn", "beyond_retention")
# Nothing is wrong where nothing was sent, or where it was meant so.
HARMLESS = {
    "empty": "info",
    "no_rows": "info",
    "duplicate": "info",
    "ignored": "info",
    "withdrawn": "info",
    "beyond_retention": "info",
    "hidden_sheet": "warn",
    "being_written": "warn",
}


@dataclass(frozen=True)
class Entry:
    """A received file, or one table of it.

    `rows_read = rows_kept + rows_quarantined + rows_superseded`, always. `status` is `accepted`,
    `quarantined` (all of it, for `reason`), `duplicate` (the same bytes under another name) or
    `superseded` (it was in quarantine, and has since been sent again or taken back).
    """

    la_code: str
    submission_id: str
    table_name: str  # empty where the file was not recognised
    dataset: str
    period: str  # collection year `2026` or quarter `2025Q4`; empty where not known
    period_source: str  # declared, content, siblings or place
    path: str  # below the LA's landing folder
    sha256: str
    size: int
    modified_ns: int
    received_at: datetime
    status: str
    reason_code: str = ""
    reason: str = ""
    how_to_fix: str = ""
    note: str = ""
    missing_columns: str = ""  # field names, joined by commas
    template_rows: int = 0
    rows_read: int = 0
    rows_kept: int = 0
    rows_quarantined: int = 0
    rows_superseded: int = 0
    stop_count: int = 0
    fix_count: int = 0
    warn_count: int = 0
    info_count: int = 0
    read_by: str = ""  # fingerprint of the standards and the reader
    checked_by: str = ""  # the same, once checked
    member: str = ""  # path inside the archive, where the file is one
    content_sha256: str = ""  # of the bytes read: the member's, else the file's
    declared: str = ""  # fingerprint of what a manifest.yml beside the file says of it
    ended: str = ""  # how it left quarantine as a file: sent again, or taken away

    @property
    def file(self) -> str:
        """The file as an officer knows it: `return.zip/episodes.csv` inside an archive."""
        return f"{self.path}/{self.member}" if self.member else self.path

    @property
    def content(self) -> str:
        """The SHA-256 by which the same content is known under any name."""
        return self.content_sha256 or self.sha256

    @property
    def has_rows(self) -> bool:
        """Whether its rows are kept as sent and take part in the accounting."""
        return self.status == "accepted" or (
            self.reason_code == "every_row_stopped" and not self.ended
        )

    @property
    def is_grave(self) -> bool:
        """Whether it is in quarantine and somebody ought to do something about it."""
        return self.status == "quarantined" and self.reason_code not in NOTHING_TO_MEND

    @property
    def severity(self) -> str:
        """How grave it is that it was not taken."""
        return HARMLESS.get(self.reason_code, "stop")

    @property
    def year(self) -> int | None:
        """The collection year that chooses the code lists; None for placement returns."""
        return int(self.period) if self.dataset == "ssda903" and self.period else None


_SQL_TYPES = {"int": "bigint", "datetime": "timestamp", "str": "varchar"}


def _type_name(annotation: object) -> str:
    return annotation if isinstance(annotation, str) else annotation.__name__


COLUMNS = {f.name: _SQL_TYPES[_type_name(f.type)] for f in fields(Entry)}


def manifest_path(la_zone: Path) -> Path:
    return la_zone / "manifest.parquet"


def load_manifest(la_zone: Path) -> list[Entry]:
    """All entries in the order received; none for an LA that never sent anything."""
    path = manifest_path(la_zone)
    if not path.exists():
        return []
    with workspace() as connection:
        found = connection.execute(f"select * from {from_parquet([path])}")
        names = [c[0] for c in found.description]
        rows = found.fetchall()
    # A manifest of an older version has fewer columns.
    entries = [
        Entry(**{n: v for n, v in zip(names, row, strict=True) if n in COLUMNS}) for row in rows
    ]
    return sorted(entries, key=in_order)


def in_order(entry: Entry) -> tuple[datetime, str, str]:
    """Sorts entries by when they were received; those of one look in the order of their names."""
    return entry.received_at, entry.file, entry.table_name


def save_manifest(la_zone: Path, entries: Iterable[Entry]) -> None:
    """Replace the manifest whole, by rename."""
    frame = pd.DataFrame([asdict(e) for e in entries], columns=list(COLUMNS))
    casts = ", ".join(f"{name}::{sql_type} as {name}" for name, sql_type in COLUMNS.items())
    with workspace() as connection:
        connection.register("entries", frame)
        write_parquet(connection, f"select {casts} from entries", manifest_path(la_zone))


def raw_path(la_zone: Path, entry: Entry) -> Path:
    """Where the rows of an accepted entry are kept as they were sent."""
    return (
        la_zone
        / "raw"
        / f"table={entry.table_name}"
        / f"period={entry.period}"
        / f"submission_id={entry.submission_id}"
        / "rows.parquet"
    )


def quarantine(entry: Entry, code: str, reason: str, how_to_fix: str) -> Entry:
    """The entry as quarantined whole, all of its rows with it."""
    return replace(
        entry,
        status="quarantined",
        reason_code=code,
        reason=reason,
        how_to_fix=how_to_fix,
        rows_kept=0,
        rows_superseded=0,
        rows_quarantined=entry.rows_read,
    )


def noted(entry: Entry, note: str) -> Entry:
    """The entry with a further note for the officer."""
    return replace(entry, note=f"{entry.note} {note}".strip())
