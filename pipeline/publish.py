"""Publish the warehouse: copy aside, verify, swap. Readers see the old file or the new one."""

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipeline.hub import code_version
from pipeline.settings import Settings
from pipeline.warehouse import database, sql_name, sql_text, workspace

SCHEMAS = (
    "common_core",
    "foundation",
    "sufficiency",
    "cost",
    "forecast",
    "quality",
    "reference",
)
# Readers of DuckDB 1.5 can open it; a file in DuckDB 2's own format they cannot.
STORAGE_VERSION = "v1.5.0"
SWAP_TRIES = 20
SWAP_WAIT_SECONDS = 0.5


class PublishFault(RuntimeError):
    """The new warehouse is not fit to be published; the old one stands as it was."""


@dataclass(frozen=True)
class Published:
    """What was published: the file, its tables with their rows, and what it was built from."""

    path: Path
    rows: dict[str, int]
    built_from: str


def _tables(connection: duckdb.DuckDBPyConnection, catalog: str) -> list[tuple[str, str]]:
    """Schema and name of every table to publish; intermediate models stay behind."""
    schemas = ", ".join(sql_text(s) for s in SCHEMAS)
    return connection.execute(
        "select schema_name, table_name from duckdb_tables() "
        f"where database_name = {sql_text(catalog)} and schema_name in ({schemas}) "
        r"and table_name not like 'int\_%' escape '\' order by all"
    ).fetchall()


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return connection.execute(f"select count(*) from {table}").fetchall()[0][0]


def _copy_comments(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> None:
    comments = connection.execute(
        "select 'table', null, comment from duckdb_tables() where database_name = 'built' "
        "and schema_name = $schema and table_name = $table and comment is not null union all "
        "select 'column', column_name, comment from duckdb_columns() "
        "where database_name = 'built' and schema_name = $schema and table_name = $table "
        "and comment is not null",
        {"schema": schema, "table": table},
    ).fetchall()
    for kind, column, comment in comments:
        target = f"published.{schema}.{sql_name(table)}"
        if column:
            target += f".{sql_name(column)}"
        connection.execute(f"comment on {kind} {target} is {sql_text(comment)}")


def _copy(settings: Settings, beside: Path, built_from: str) -> dict[str, int]:
    rows: dict[str, int] = {}
    with workspace() as connection:
        connection.execute(f"attach {sql_text(str(settings.build_file))} as built (read_only)")
        connection.execute(
            f"attach {sql_text(str(beside))} as published (storage_version '{STORAGE_VERSION}')"
        )
        for schema in SCHEMAS:
            connection.execute(f"create schema published.{schema}")
        for schema, table in _tables(connection, "built"):
            name = f"{schema}.{sql_name(table)}"
            connection.execute(f"create table published.{name} as from built.{name}")
            _copy_comments(connection, schema, table)
            rows[f"{schema}.{table}"] = _count(connection, f"published.{name}")
            if rows[f"{schema}.{table}"] != _count(connection, f"built.{name}"):
                raise PublishFault(f"{schema}.{table} was not copied whole")
        connection.execute(
            "create table published.quality.published as select "
            "$at::timestamp as published_at, $code as code_version, $built_from as built_from, "
            "$synthetic::boolean as is_synthetic, "
            "(select list(submission_id order by submission_id) from (select distinct "
            "submission_id from built.common_core.submission where status = 'accepted')) "
            "as submission_ids",
            {
                "at": datetime.now(UTC).replace(tzinfo=None, microsecond=0),
                "code": code_version(),
                "built_from": built_from,
                "synthetic": settings.region.synthetic,
            },
        )
        connection.execute(
            "comment on table published.quality.published is 'One row: when this warehouse was "
            "published, by which code, from which submissions, and whether it is synthetic.'"
        )
    return rows


def _verify(beside: Path, rows: dict[str, int]) -> None:
    with database(beside) as connection:
        if not any(name.startswith("common_core.") for name in rows):
            raise PublishFault("the Common Core has no tables")
        if _count(connection, "quality.published") != 1:
            raise PublishFault("quality.published must have one row")
        for name, expected in rows.items():
            schema, _, table = name.partition(".")
            if _count(connection, f"{schema}.{sql_name(table)}") != expected:
                raise PublishFault(f"{name} does not read back whole")


def _swap(beside: Path, path: Path) -> None:
    with beside.open("rb+") as stream:
        os.fsync(stream.fileno())
    for last_try in (n == SWAP_TRIES - 1 for n in range(SWAP_TRIES)):
        try:
            beside.replace(path)
            return
        except PermissionError as error:  # Windows, while a reader has the old file open
            if last_try:
                raise PublishFault(
                    f"{path.name} is open in another program, so it could not be replaced. "
                    "Close the programs that read it and run again; the old one stands."
                ) from error
            time.sleep(SWAP_WAIT_SECONDS)


def publish(settings: Settings, built_from: str) -> Published:
    """Replace the published warehouse by the build, or leave it byte for byte as it was.

    Raises PublishFault where the copy does not verify.
    """
    path = settings.warehouse
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.next")
    for leftover in path.parent.glob(f"{beside.name}*"):
        leftover.unlink()
    try:
        rows = _copy(settings, beside, built_from)
        _verify(beside, rows)
        _swap(beside, path)
    finally:
        for leftover in path.parent.glob(f"{beside.name}*"):
            leftover.unlink()
    return Published(path, rows, built_from)


def published_state(path: Path) -> str | None:
    """What the published warehouse was built from; None where there is none to read."""
    if not path.exists():
        return None
    try:
        with database(path) as connection:
            return connection.execute("select built_from from quality.published").fetchall()[0][0]
    except duckdb.Error:
        return None  # damaged or of another make: publish anew
