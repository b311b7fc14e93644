"""Readers see the old warehouse or the new one, never half of one and never none."""

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipeline import publish as publishing
from pipeline.publish import PublishFault, publish, published_state
from pipeline.region import Authority, Region
from pipeline.settings import Settings
from pipeline.warehouse import database

BUILD = """
    create schema common_core;
    create schema cost;
    create schema staging;
    create table common_core.child as select range::varchar as child_id from range(3);
    create table common_core.submission as
        select * from (values ('s2', 'accepted'), ('s1', 'accepted'), ('s1', 'accepted'),
        ('s3', 'quarantined')) as s (submission_id, status);
    create table common_core.int_workings as select 1 as n;
    create table staging.stg_child as select 1 as n;
    create table cost.weekly_cost as select 1.5::decimal(12, 2) as gbp_per_week;
    create view cost.look as select 1 as n;
    comment on table common_core.child is 'One row per child; the hub''s own.';
    comment on column common_core.child.child_id is 'Pseudonym.';
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    region = Region("Test", True, "E06000066", (Authority("E06000066", "Somerset", "somerset"),))
    return Settings(tmp_path, region, tmp_path / "landing", tmp_path / "none.csv")


@pytest.fixture
def build(settings: Settings) -> Callable[[str], None]:
    """Make the build file anew, as dbt leaves it, with some further SQL."""

    def make(further: str = "") -> None:
        settings.build_file.parent.mkdir(parents=True, exist_ok=True)
        settings.build_file.unlink(missing_ok=True)
        with database(settings.build_file, read_only=False) as connection:
            connection.execute(BUILD + further)

    return make


def ask(settings: Settings, query: str) -> list[tuple]:
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        return connection.execute(query).fetchall()


def files(settings: Settings) -> list[str]:
    return sorted(p.name for p in settings.warehouse.parent.iterdir() if p.is_file())


def test_tables_of_the_published_schemas_and_no_others(settings, build):
    build()
    made = publish(settings, "state 1")
    assert made.path == settings.warehouse
    assert made.rows == {
        "common_core.child": 3,
        "common_core.submission": 4,
        "cost.weekly_cost": 1,
    }
    tables = ask(settings, "select schema_name || '.' || table_name from duckdb_tables()")
    assert {t[0] for t in tables} == {*made.rows, "quality.published"}
    assert ask(settings, "from common_core.child order by all") == [("0",), ("1",), ("2",)]
    assert files(settings) == [settings.warehouse.name]


def test_what_was_published_is_told(settings, build):
    build()
    publish(settings, "state 1")
    (row,) = ask(settings, "select built_from, is_synthetic, submission_ids, code_version, "
                           "published_at from quality.published")  # fmt: skip
    assert row[:3] == ("state 1", True, ["s1", "s2"])
    assert row[3]
    assert row[4].microsecond == 0
    assert published_state(settings) == "state 1"


def test_comments_are_copied(settings, build):
    build()
    publish(settings, "state 1")
    assert ask(settings, "select comment from duckdb_tables() where table_name = 'child'") == [
        ("One row per child; the hub's own.",)
    ]
    assert ask(settings, "select comment from duckdb_columns() where column_name = 'child_id'") == [
        ("Pseudonym.",)
    ]
    (published,) = ask(
        settings, "select comment from duckdb_tables() where table_name = 'published'"
    )
    assert "synthetic" in published[0]


def test_an_older_client_can_attach_it(settings, build):
    """By its storage version; the file's own header says it, before any table is read."""
    build()
    publish(settings, "state 1")
    with duckdb.connect() as connection:
        connection.execute(f"attach '{settings.warehouse}' as region (read_only)")
        tags = connection.execute(
            "select tags['storage_version'] from duckdb_databases() where database_name = 'region'"
        ).fetchall()[0][0]
        assert tags.startswith("v1.5.0")
        assert connection.execute("select count(*) from region.common_core.child").fetchall() == [
            (3,)
        ]


def test_the_new_one_takes_the_place_of_the_old(settings, build):
    build()
    publish(settings, "state 1")
    with duckdb.connect(str(settings.warehouse), read_only=True) as reader:
        build("insert into common_core.child values ('3')")
        publish(settings, "state 2")
        # Who has the old one open goes on reading it.
        assert reader.execute("select count(*) from common_core.child").fetchall() == [(3,)]
    assert ask(settings, "select count(*) from common_core.child") == [(4,)]
    assert published_state(settings) == "state 2"


def test_what_an_earlier_run_left_behind_is_removed(settings, build):
    build()
    settings.warehouse.parent.mkdir(exist_ok=True)
    beside = settings.warehouse.parent / f".{settings.warehouse.name}.next"
    beside.write_bytes(b"half a file")
    beside.with_name(f"{beside.name}.wal").write_bytes(b"half a log")
    publish(settings, "state 1")
    assert files(settings) == [settings.warehouse.name]


@pytest.fixture
def published(settings: Settings, build: Callable) -> bytes:
    """The bytes of a published warehouse that must stand."""
    build()
    publish(settings, "state 1")
    return settings.warehouse.read_bytes()


def stands(settings: Settings, published: bytes) -> bool:
    return (
        settings.warehouse.read_bytes() == published
        and files(settings) == [settings.warehouse.name]
        and published_state(settings) == "state 1"
    )


def test_a_build_without_a_common_core_is_not_published(settings, build, published):
    build("""
        drop table common_core.child;
        alter table common_core.submission rename to int_submission;
        create view common_core.submission as from common_core.int_submission;
    """)
    with pytest.raises(PublishFault, match="no tables"):
        publish(settings, "state 2")
    assert stands(settings, published)


def test_a_build_that_is_broken_or_missing_is_not_published(settings, published):
    settings.build_file.write_bytes(b"no database")
    with pytest.raises(duckdb.Error):
        publish(settings, "state 2")
    assert stands(settings, published)
    settings.build_file.unlink()
    with pytest.raises(duckdb.Error):
        publish(settings, "state 2")
    assert stands(settings, published)


def test_a_copy_that_does_not_read_back_whole_is_not_published(
    settings, build, published, monkeypatch
):
    build("insert into common_core.child values ('3')")
    really = publishing.database

    def lose_a_row(path: Path):
        with really(path, read_only=False) as connection:
            connection.execute("delete from common_core.child where child_id = '3'")
        return really(path)

    monkeypatch.setattr(publishing, "database", lose_a_row)
    with pytest.raises(PublishFault, match=r"common_core\.child does not read back whole"):
        publish(settings, "state 2")
    monkeypatch.undo()
    assert stands(settings, published)


def test_a_file_that_is_held_open_is_waited_for(settings, build, published, monkeypatch):
    build("insert into common_core.child values ('3')")
    monkeypatch.setattr(publishing, "SWAP_WAIT_SECONDS", 0)
    really, tries = Path.replace, []

    def held(path: Path, target: Path) -> Path:
        tries.append(path)
        if len(tries) < 3:
            raise PermissionError(13, "in use")
        return really(path, target)

    monkeypatch.setattr(Path, "replace", held)
    publish(settings, "state 2")
    assert len(tries) == 3
    assert published_state(settings) == "state 2"


def test_a_file_that_stays_open_stays_as_it_was(settings, build, published, monkeypatch):
    build("insert into common_core.child values ('3')")
    monkeypatch.setattr(publishing, "SWAP_WAIT_SECONDS", 0)

    def held(path: Path, target: Path) -> Path:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(PublishFault, match="open in another program"):
        publish(settings, "state 2")
    assert stands(settings, published)


def test_a_damaged_warehouse_counts_as_not_published(settings, published):
    assert published_state(settings.warehouse.with_name("none.duckdb")) is None
    settings.warehouse.write_bytes(published[:5_000])
    assert published_state(settings) is None
    shutil.copy(settings.build_file, settings.warehouse)
    assert published_state(settings) is None
