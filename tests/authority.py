"""One authority to test with: files really dropped, received, checked and shared."""

import csv
import io
import os
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from pipeline.accounting import Checked, check_la, current_failures_sql, failures_path
from pipeline.intake.manifest import Entry, load_manifest
from pipeline.intake.receive import Received, receive
from pipeline.reference import Postcodes, write_places
from pipeline.region import Agreement
from pipeline.warehouse import from_parquet, workspace, write_parquet

PURPOSES = {"sufficiency": ("placements", "ssda903")}
AGREED = (Agreement("sufficiency", date(2025, 4, 1), date(2099, 12, 31)),)  # to share it all


def csv_bytes(rows: list[dict[str, str]]) -> bytes:
    """Rows as the CSV that Excel writes."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def assert_adds_up(entry: Entry) -> None:
    """Every row read is kept, quarantined or superseded, and none of them twice."""
    parts = (entry.rows_kept, entry.rows_quarantined, entry.rows_superseded)
    assert entry.rows_read == sum(parts), (entry.file, entry.rows_read, parts)
    assert min(parts) >= 0, (entry.file, parts)


def zip_bytes(members: dict[str, bytes | str | list[dict[str, str]]]) -> bytes:
    """Files as a ZIP archive, the same bytes for the same files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            data = csv_bytes(content) if isinstance(content, list) else content
            archive.writestr(zipfile.ZipInfo(name), data)
    return packed.getvalue()


def few_postcodes(folder: Path) -> Postcodes:
    """A directory of one postcode and its district, for sharing where places do not matter."""
    made = Postcodes(folder / "postcodes.parquet", folder / "districts.parquet")
    with workspace() as connection:
        place = "select 'TA1 4AB' as postcode, 300000 as easting, 120000 as northing, "
        write_places(connection, f"{place} 'E06000066' as la_code", made.postcodes)
        district = "select 'TA1' as district, 'E06000066' as la_code"
        write_parquet(connection, district, made.districts)
    return made


@dataclass
class La:
    """An authority's landing folder and zone. Its clock goes on by a minute with every step."""

    root: Path
    code: str = "E06000066"
    clock: datetime = datetime(2026, 11, 22, 9, 0)

    @property
    def landing(self) -> Path:
        return self.root / "landing"

    @property
    def zone(self) -> Path:
        return self.root / "la" / self.code

    def _tick(self) -> datetime:
        self.clock += timedelta(minutes=1)
        return self.clock

    def place(self, path: str) -> Path:
        """Where a file is dropped; its folder is there."""
        file = self.landing / path
        file.parent.mkdir(parents=True, exist_ok=True)
        return file

    def touch(self, path: str) -> None:
        """Make a file the newest."""
        moment = self._tick().timestamp()
        os.utime(self.landing / path, (moment, moment))

    def drop(self, path: str, content: bytes | str | list[dict[str, str]]) -> Path:
        """Write a file as bytes, as text, or as the CSV of rows; it is the newest."""
        if isinstance(content, list):
            content = csv_bytes(content)
        file = self.place(path)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        self.touch(path)
        return file

    def receive(self) -> Received:
        return receive(self.code, self.landing, self.zone, self._tick())

    def check(self) -> Checked:
        return check_la(self.code, self.zone, self._tick())

    def settle(self) -> list[Entry]:
        """Receive and check; every row of every entry must be accounted for."""
        for entry in self.receive().entries:
            assert_adds_up(entry)
        entries = self.check().entries
        for entry in entries:
            assert_adds_up(entry)
        return entries

    def told(self, columns: str = "file, check_id, row_number") -> list[tuple]:
        """File, check id and row of all that the authority is told now."""
        with workspace() as connection:
            return connection.execute(
                f"select {columns} from "
                f"({current_failures_sql(self.zone, self.entries())}) "
                "order by file, row_number nulls first, check_id"
            ).fetchall()

    def entries(self) -> list[Entry]:
        return load_manifest(self.zone)

    def entry(self, path: str, table_name: str | None = None) -> Entry:
        """The one entry of a path, and of a table where a file holds several."""
        (found,) = (
            e for e in self.entries() if e.path == path and table_name in (None, e.table_name)
        )
        return found

    def raw(self, table: str, columns: str = "*") -> list[tuple]:
        """Raw rows of a table, as sent, in the order of files, sheets and rows."""
        return _rows(
            sorted(self.zone.glob(f"raw/table={table}/*/*/rows.parquet")),
            columns,
            "file, sheet, row_number",
        )

    def failures(self, entry: Entry) -> list[tuple]:
        """Check id, severity, row and value of all that was found in an entry."""
        path = failures_path(self.zone, entry.submission_id, entry.table_name)
        columns = "check_id, severity, row_number, value"
        return _rows([path], columns, "row_number nulls first, check_id")


def _rows(files: list[Path], columns: str, order: str) -> list[tuple]:
    with workspace() as connection:
        return connection.execute(
            f"select {columns} from {from_parquet(files)} order by {order}"
        ).fetchall()
