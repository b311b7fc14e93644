"""Share one LA's accepted rows with the hub: allow-listed columns only, under pseudonyms."""

import csv
import json
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipeline.accounting import create_conformed, row_status_path
from pipeline.intake.clean import create_macros
from pipeline.intake.deliveries import last_day
from pipeline.intake.manifest import Entry, load_manifest
from pipeline.intake.scratch import scratch
from pipeline.reference import Postcodes
from pipeline.region import DATASETS
from pipeline.settings import DBT_PROJECT
from pipeline.sharing.allow_list import hub_columns
from pipeline.sharing.derive import create_place_macros, derived_sql
from pipeline.sharing.pseudonym import Key, create_pseudonym_macro
from pipeline.standards.load import Table, load_standards
from pipeline.warehouse import from_parquet, sql_name, sql_text, workspace, write_parquet

AUTHORITY_SEED = DBT_PROJECT / "seeds" / "english_authority.csv"


@dataclass(frozen=True)
class Shared:
    """What one LA has in the hub now: rows by table, and the datasets that it may share."""

    la_code: str
    rows: dict[str, int]
    key_version: str
    datasets: tuple[str, ...]


@dataclass(frozen=True)
class Receipt:
    """What an LA's share was made from, and the datasets that it might share then."""

    made_from: str
    datasets: tuple[str, ...]


def hub_file(hub: Path, table_name: str, la_code: str) -> Path:
    return hub / table_name / f"la_code={la_code}" / "part.parquet"


def receipt_path(hub: Path, la_code: str) -> Path:
    """Says from what an LA's share was made, so that an unchanged one is left alone."""
    return hub / "share" / f"{la_code}.json"


def authority_names() -> dict[str, str]:
    """Names of English authorities in lower case, with their codes."""
    with AUTHORITY_SEED.open(encoding="utf-8", newline="") as stream:
        return {row["la_name"].lower(): row["la_code"] for row in csv.DictReader(stream)}


def _births(connection: duckdb.DuckDBPyConnection, la_zone: Path, entries: list[Entry]) -> None:
    """One birth date a child, of the latest header: needed for ages, and never shared."""
    connection.execute("create or replace temp table birth (child varchar, dob date)")
    headers = [e for e in entries if e.table_name == "header"]
    for period in sorted({e.period for e in headers}, reverse=True):
        create_conformed(connection, la_zone, [e for e in headers if e.period == period], "heads")
        status = from_parquet([row_status_path(la_zone, "header", period)])
        connection.execute(
            "insert into birth select child, dob from heads "
            f"join {status} as s using (submission_id, sheet, row_number) "
            "where s.status = 'kept' and dob is not null "
            "and not exists (select 1 from birth where birth.child = heads.child)"
        )


def _known_until(connection: duckdb.DuckDBPyConnection, entries: list[Entry]) -> None:
    """The last day of which each submission knows: its period's last, or that on which it came."""
    connection.execute(
        "create or replace temp table known_until "
        "(dataset varchar, submission_id varchar, period varchar, day date)"
    )
    days = {
        (e.dataset, e.submission_id, e.period): min(last_day(e.period), e.received_at.date())
        for e in entries
    }
    if days:
        rows = [(*submission, day) for submission, day in days.items()]
        connection.executemany("insert into known_until values (?, ?, ?, ?)", rows)


def _kept_sql(la_zone: Path, period: str, table_name: str) -> str:
    status = from_parquet([row_status_path(la_zone, table_name, period)])
    return (
        f"select c.*, {sql_text(period)} as period from conformed as c "
        f"join {status} as s using (submission_id, sheet, row_number) "
        "where s.status = 'kept'"
    )


def _collect(
    connection: duckdb.DuckDBPyConnection, la_zone: Path, entries: list[Entry], table: Table
) -> bool:
    """All kept rows of a table, over its periods, as the relation `kept`; False if none."""
    mine = [e for e in entries if e.table_name == table.name]
    for n, period in enumerate(sorted({e.period for e in mine})):
        create_conformed(connection, la_zone, [e for e in mine if e.period == period], "conformed")
        into = "insert into kept by name" if n else "create or replace temp table kept as"
        connection.execute(f"{into} {_kept_sql(la_zone, period, table.name)}")
    return bool(mine)


def share_la(
    la_code: str,
    la_zone: Path,
    hub: Path,
    key: Key,
    postcodes: Postcodes,
    datasets: Collection[str] = DATASETS,
) -> Shared:
    """Replace an LA's part of the hub by its kept rows of some datasets; each table by rename.

    Everything is written aside before anything is replaced. Nothing of other datasets enters: an
    age, too, is only told where the birth date comes from one that may be shared.
    """
    accepted = [e for e in load_manifest(la_zone) if e.status == "accepted"]
    entries = [e for e in accepted if e.dataset in datasets]
    aside = hub / f".next-{la_code}"
    shutil.rmtree(aside, ignore_errors=True)
    rows: dict[str, int] = {}
    with scratch(la_zone) as room, workspace(spill=room / "spill") as connection:
        create_macros(connection)
        create_pseudonym_macro(connection, key, la_code)
        create_place_macros(connection, postcodes, authority_names())
        connection.execute(
            "create temp table authority_code as select unnest(?) as code",
            [sorted(set(authority_names().values()))],
        )
        _births(connection, la_zone, entries)
        _known_until(connection, entries)
        for table in load_standards().values():
            if not _collect(connection, la_zone, entries, table):
                continue
            connection.execute(
                "create or replace temp table derived as "
                f"select *, {sql_text(la_code)} as la_code "
                f"from ({derived_sql(table, 'kept', la_code)})"
            )
            columns = ", ".join(
                f"({c.sql})::{c.sql_type} as {sql_name(c.name)}" for c in hub_columns(table)
            )
            rows[table.name] = write_parquet(
                connection,
                f"select {columns} from derived order by record_id",
                aside / f"{table.name}.parquet",
            )
    for name in load_standards():
        target = hub_file(hub, name, la_code)
        if name in rows:
            target.parent.mkdir(parents=True, exist_ok=True)
            (aside / f"{name}.parquet").replace(target)
        else:
            target.unlink(missing_ok=True)
    shutil.rmtree(aside, ignore_errors=True)
    return Shared(la_code, rows, key.version, tuple(sorted(datasets)))


def write_receipt(hub: Path, shared: Shared, made_from: str) -> None:
    """Record what a share was made from; written last, so that a broken-off share is redone."""
    path = receipt_path(hub, shared.la_code)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.next")
    beside.write_text(
        json.dumps(
            {
                "made_from": made_from,
                "key_version": shared.key_version,
                "shared_at": datetime.now(UTC).isoformat(timespec="seconds"),
                "datasets": shared.datasets,
                "rows": shared.rows,
            },
            indent=2,
        ),
        encoding="utf-8",
    )
    beside.replace(path)


def read_receipt(hub: Path, la_code: str) -> Receipt | None:
    """What the LA's share in the hub was made from; None if there is none."""
    path = receipt_path(hub, la_code)
    if not path.exists():
        return None
    receipt = json.loads(path.read_text(encoding="utf-8"))
    # Receipts of older versions name no dataset: all were shared.
    return Receipt(receipt["made_from"], tuple(receipt.get("datasets", DATASETS)))
