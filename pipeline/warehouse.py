"""The only place that opens DuckDB."""

import glob
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

# Extensions cannot be downloaded on many council networks: let a missing one fail clearly.
OFFLINE = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "preserve_insertion_order": "true",
}


# What DuckDB may hold; Python and what DuckDB does not count come on top of it.
MEMORY_WITH_SPILL = "800MB"


@contextmanager
def workspace(spill: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB in memory: leaves nothing behind.

    With `spill`, a folder of its own in a zone that may hold what is worked on, more than
    MEMORY_WITH_SPILL goes there, and the folder is removed afterwards; what a killed process left
    in it is removed first. Without, nothing is ever written to disk.
    """
    # DuckDB would take a folder in the current directory of whoever started the program.
    config = OFFLINE | {"temp_directory": ""}
    if spill is not None:
        shutil.rmtree(spill, ignore_errors=True)
        config |= {"temp_directory": str(spill), "memory_limit": MEMORY_WITH_SPILL}
    connection = duckdb.connect(":memory:", config=config)
    try:
        yield connection
    finally:
        connection.close()
        if spill is not None:
            shutil.rmtree(spill, ignore_errors=True)


@contextmanager
def database(path: Path, read_only: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB file. One process may write, or many may read; raises duckdb.IOException else."""
    connection = duckdb.connect(str(path), read_only=read_only, config=OFFLINE)
    try:
        yield connection
    finally:
        connection.close()


def sql_text(value: str) -> str:
    """A Python text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def sql_name(name: str) -> str:
    """A name as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def file_text(path: Path) -> str:
    """A path as an SQL literal for DuckDB's readers, which take `file[1].csv` for a pattern."""
    return sql_text(glob.escape(str(path)))


def from_parquet(paths: Iterable[Path]) -> str:
    """Parquet files as one relation, columns by name; `a=b` in a path makes no column of it."""
    files = ", ".join(file_text(p) for p in paths)
    return f"read_parquet([{files}], union_by_name = true, hive_partitioning = false)"


def write_parquet(
    connection: duckdb.DuckDBPyConnection, query: str, path: Path, parquet_version: str = "v1"
) -> int:
    """Write a query to a Parquet file by rename, so that readers never see half; gives the rows.

    Version v2 holds sorted texts and numbers in half the room, and is read in half the time.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.next")
    rows = connection.execute(
        f"copy ({query}) to {sql_text(str(beside))} "
        f"(format parquet, compression zstd, parquet_version {parquet_version})"
    ).fetchall()[0][0]
    beside.replace(path)
    return rows
