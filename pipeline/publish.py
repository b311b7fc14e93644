"""Publish the warehouse: copy aside, verify, swap. Readers see the old files or the new ones.

Two products of one build: the file for inside, which has all, and the shareable one, which has no
row of a child, and no small number. Both are replaced, or neither.
"""

import os
import re
import shutil
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipeline.hub import code_version
from pipeline.settings import Settings
from pipeline.warehouse import database, sql_name, sql_text, workspace

# Of these there is an exact edition, and one as it may be shown outside.
MARTS = ("sufficiency", "cost", "forecast", "quality")
OUTSIDE = (*MARTS, "reference")
INSIDE = ("common_core", "foundation", *OUTSIDE)
EXACT = "inside_"  # before the schemas of the exact edition, in the build file
# Their rows are of single children: they stay inside, and have one edition.
OF_SINGLE_CHILDREN = frozenset({("cost", "similar_children")})
ID_OF_A_CHILD = re.compile(r"(.*_)?(child|placement|referral|search|episode)_id")
# Readers of DuckDB 1.5 can open it; a file in DuckDB 2's own format they cannot.
STORAGE_VERSION = "v1.5.0"
SWAP_TRIES = 20
SWAP_WAIT_SECONDS = 0.5


class PublishFault(RuntimeError):
    """The new warehouse is not fit to be published; the old one stands as it was."""


@dataclass(frozen=True)
class Product:
    """A file to publish: for inside or for outside, and whether its marts are exact."""

    path: Path
    edition: str
    schemas: tuple[str, ...]
    is_exact: bool

    @property
    def beside(self) -> Path:
        """Where it is made, before it takes the place of the old one."""
        return self.path.with_name(f".{self.path.name}.next")

    @property
    def before(self) -> Path:
        """Where the old one is kept until all products are in their places."""
        return self.path.with_name(f".{self.path.name}.before")


@dataclass(frozen=True)
class Published:
    """What was published: the file, its tables with their rows, and what it was built from."""

    path: Path
    rows: dict[str, int]
    built_from: str


@dataclass(frozen=True)
class _Table:
    """A table to publish, and the schema of the build file that it is copied from."""

    schema: str
    name: str
    source: str


def products(settings: Settings) -> tuple[Product, ...]:
    """The files that a build gives, in the order in which they are put in place."""
    return (
        Product(settings.warehouse, "inside", INSIDE, settings.region.exact_marts_inside),
        Product(settings.shareable, "outside", OUTSIDE, False),
    )


def _tables(connection: duckdb.DuckDBPyConnection, product: Product) -> list[_Table]:
    """Every table to publish; intermediate models stay behind.

    Raises PublishFault where a mart has no exact edition that should have one.
    """
    built = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'built' "
        r"and table_name not like 'int\_%' escape '\' order by all"
    ).fetchall()
    found = []
    for schema, name in built:
        if schema not in product.schemas:
            continue
        is_of_children = (schema, name) in OF_SINGLE_CHILDREN
        if is_of_children and product.edition == "outside":
            continue
        source = schema
        if product.is_exact and schema in MARTS and not is_of_children:
            source = EXACT + schema
            if (source, name) not in built:
                raise PublishFault(f"{schema}.{name} was not built for inside")
        found.append(_Table(schema, name, source))
    return found


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return connection.execute(f"select count(*) from {table}").fetchall()[0][0]


def _copy_comments(connection: duckdb.DuckDBPyConnection, table: _Table) -> None:
    comments = connection.execute(
        "select 'table', null, comment from duckdb_tables() where database_name = 'built' "
        "and schema_name = $schema and table_name = $table and comment is not null union all "
        "select 'column', column_name, comment from duckdb_columns() "
        "where database_name = 'built' and schema_name = $schema and table_name = $table "
        "and comment is not null",
        {"schema": table.source, "table": table.name},
    ).fetchall()
    for kind, column, comment in comments:
        target = f"published.{table.schema}.{sql_name(table.name)}"
        if column:
            target += f".{sql_name(column)}"
        connection.execute(f"comment on {kind} {target} is {sql_text(comment)}")


def _copy(settings: Settings, product: Product, built_from: str) -> dict[str, int]:
    rows: dict[str, int] = {}
    with workspace() as connection:
        connection.execute(f"attach {sql_text(str(settings.build_file))} as built (read_only)")
        connection.execute(
            f"attach {sql_text(str(product.beside))} as published "
            f"(storage_version '{STORAGE_VERSION}')"
        )
        for schema in product.schemas:
            connection.execute(f"create schema published.{schema}")
        for table in _tables(connection, product):
            name = f"{table.schema}.{table.name}"
            source = f"built.{table.source}.{sql_name(table.name)}"
            target = f"published.{table.schema}.{sql_name(table.name)}"
            connection.execute(f"create table {target} as from {source}")
            _copy_comments(connection, table)
            rows[name] = _count(connection, target)
            if rows[name] != _count(connection, source):
                raise PublishFault(f"{name} was not copied whole")
        connection.execute(
            "create table published.quality.published as select "
            "$at::timestamp as published_at, $code as code_version, $built_from as built_from, "
            "$edition as edition, $exact::boolean as is_exact, "
            "$synthetic::boolean as is_synthetic, "
            "(select list(submission_id order by submission_id) from (select distinct "
            "submission_id from built.common_core.submission where status = 'accepted')) "
            "as submission_ids",
            {
                "at": datetime.now(UTC).replace(tzinfo=None, microsecond=0),
                "code": code_version(),
                "built_from": built_from,
                "edition": product.edition,
                "exact": product.is_exact,
                "synthetic": settings.region.synthetic,
            },
        )
        connection.execute(
            "comment on table published.quality.published is 'One row: when this warehouse was "
            "published, by which code, from which submissions, for whom (inside: for use inside "
            "the partnership; outside: may be shared), whether its marts are exact, and whether "
            "it is synthetic.'"
        )
    return rows


def _verify(product: Product, rows: dict[str, int]) -> None:
    with database(product.beside) as connection:
        if "common_core" in product.schemas and not any(
            name.startswith("common_core.") for name in rows
        ):
            raise PublishFault("the Common Core has no tables")
        if product.edition == "outside":
            _refuse_children(connection)
        if _count(connection, "quality.published") != 1:
            raise PublishFault("quality.published must have one row")
        for name, expected in rows.items():
            schema, _, table = name.partition(".")
            if _count(connection, f"{schema}.{sql_name(table)}") != expected:
                raise PublishFault(f"{name} does not read back whole")


def _refuse_children(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise PublishFault where a table for outside names single children."""
    for schema, table, column in connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns() where not internal"
    ).fetchall():
        if ID_OF_A_CHILD.fullmatch(column):
            raise PublishFault(f"{schema}.{table} has {column}: it must not leave the hub")


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


def _swap_all(made: Sequence[Product]) -> None:
    """Put all in their places; where one cannot be, the others go back to what they were."""
    for product in made:
        if product.path.exists():
            try:
                os.link(product.path, product.before)
            except OSError:  # a file system without links
                shutil.copy2(product.path, product.before)
    done: list[Product] = []
    try:
        for product in made:
            _swap(product.beside, product.path)
            done.append(product)
    except PublishFault:
        for product in done:
            _take_back(product)
        _clear(p.before for p in made)
        raise
    _clear(p.before for p in made)


def _take_back(product: Product) -> None:
    """Put the old file back. If even that fails, `settle` of the next run finds it."""
    if product.before.exists():
        _swap(product.before, product.path)
    else:
        product.path.unlink()  # there was none


def _clear(paths: Iterable[Path]) -> None:
    """Remove files that lie beside the products, with DuckDB's own beside them."""
    for path in paths:
        for leftover in path.parent.glob(f"{path.name}*"):
            leftover.unlink()


def settle(settings: Settings) -> None:
    """Where a run was killed between two files, put the old ones back; else tidy up."""
    made = products(settings)
    if len({_built_from(p.path) for p in made}) > 1:
        for product in made:
            if product.before.exists():
                _take_back(product)
    _clear(path for p in made for path in (p.before, p.beside))


def publish(settings: Settings, built_from: str) -> tuple[Published, ...]:
    """Replace the published files by the build, or leave them byte for byte as they were.

    Gives what was published for inside, and for outside. Raises PublishFault where a copy does not
    verify.
    """
    made = products(settings)
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    settle(settings)
    try:
        rows = {}
        for product in made:
            rows[product.path] = _copy(settings, product, built_from)
            _verify(product, rows[product.path])
        _swap_all(made)
    finally:
        _clear(p.beside for p in made)
    return tuple(Published(path, found, built_from) for path, found in rows.items())


def published_state(settings: Settings) -> str | None:
    """What all published files were built from; None where one is missing, damaged or another's."""
    states = {_built_from(p.path, p) for p in products(settings)}
    return states.pop() if len(states) == 1 else None


def _built_from(path: Path, product: Product | None = None) -> str | None:
    """What a published file was built from; None where it cannot be read, or is no such product."""
    if not path.exists():
        return None
    try:
        with database(path) as connection:
            state, edition, is_exact = connection.execute(
                "select built_from, edition, is_exact from quality.published"
            ).fetchall()[0]
    except duckdb.Error:
        return None  # damaged or of another make: publish anew
    if product and (edition, is_exact) != (product.edition, product.is_exact):
        return None
    return state
