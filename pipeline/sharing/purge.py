"""Erase from the hub what no agreement covers any more; the audit knows of all that went."""

import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.audit import record
from pipeline.sharing.agreements import Shareable
from pipeline.sharing.outbox import dataset_of, files_of, keep_rows_of
from pipeline.standards.load import load_standards
from pipeline.warehouse import from_parquet, workspace

NOTHING = Shareable({}, {})  # may be shared


@dataclass(frozen=True)
class Purged:
    """How many files of one LA were erased from the hub, and how many rows of its tables."""

    files: int
    rows: int
    why: str

    def __str__(self) -> str:
        if not self.files:
            return ""
        return f"{self.why}: {self.rows:,} rows erased from the hub"


def purge(home: Path, hub: Path, la_code: str, may: Shareable, why: str = "") -> Purged:
    """Erase what the hub holds of an LA's datasets that may not be shared; all of it if none may.

    The audit is written first: a purge that is killed is taken up again, and counted again, by the
    next run.
    """
    doomed: dict[str, list[Path]] = {}
    for file in files_of(hub, la_code):
        dataset = dataset_of(file.relative_to(hub))
        if dataset not in may.datasets and (dataset or not may.datasets):
            doomed.setdefault(dataset, []).append(file)
    why_all = why or may.words or may.why_not("")
    purged = Purged(0, 0, why_all)
    for dataset, files in sorted(doomed.items()):
        rows = _rows(hub, files)
        reason = why or may.why_not(dataset) if dataset else why_all
        record(home, "erased from the hub", reason, la_code, dataset, files=len(files), rows=rows)
        purged = Purged(purged.files + len(files), purged.rows + rows, why_all)
    if doomed and may.datasets:
        keep_rows_of(hub, la_code, may.datasets)
    for file in (f for files in doomed.values() for f in files):
        file.unlink(missing_ok=True)
    for folder in (*hub.glob(f"*/la_code={la_code}"), *hub.glob(f"*/{la_code}")):
        if not any(folder.iterdir()):  # its name, too, tells of the LA
            folder.rmdir()
    if not may.datasets:
        shutil.rmtree(hub / f".next-{la_code}", ignore_errors=True)
    return purged


def _rows(hub: Path, files: list[Path]) -> int:
    """The rows of the tables among files of the hub; a damaged file's cannot be told."""
    rows = 0
    with workspace() as connection:
        for file in files:
            if file.relative_to(hub).parts[0] not in load_standards():
                continue
            with suppress(duckdb.Error):
                counted = connection.execute(f"select count(*) from {from_parquet([file])}")
                rows += counted.fetchall()[0][0]
    return rows


def strangers(hub: Path, la_codes: set[str]) -> list[str]:
    """Codes of authorities that the hub holds something of, other than these."""
    found = {f.name.removeprefix("la_code=") for f in hub.glob("*/la_code=*")}
    found |= {f.name for f in hub.glob("validation/*") if f.is_dir()}
    found |= {f.stem for f in hub.glob("share/*.json")}
    return sorted(found - la_codes)
