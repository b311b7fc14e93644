"""Readers see the old files or the new ones, never half of one, never none, never one of each."""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipeline import publish as publishing
from pipeline.publish import OUTSIDE, PublishFault, publish, published_state, settle
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
    create schema inside_cost;
    create table cost.weekly_cost as select null::decimal(12, 2) as gbp_per_week;
    create table inside_cost.weekly_cost as select 1.5::decimal(12, 2) as gbp_per_week;
    create table cost.similar_children as select range::varchar as child_id from range(2);
    create view cost.look as select 1 as n;
    comment on table inside_cost.weekly_cost is 'One row per area.';
    comment on table common_core.child is 'One row per child; the hub''s own.';
    comment on column common_core.child.child_id is 'Pseudonym.';
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    las = (Authority("E06000066", "Somerset", "somerset"),)
    region = Region("Test", True, "E06000066", las, exact_marts_inside=True)
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


def ask_outside(settings: Settings, query: str) -> list[tuple]:
    with duckdb.connect(str(settings.shareable), read_only=True) as connection:
        return connection.execute(query).fetchall()


def both(settings: Settings) -> list[str]:
    """The names of the two files; nothing else may lie there."""
    return sorted([settings.warehouse.name, settings.shareable.name])


def files(settings: Settings) -> list[str]:
    return sorted(p.name for p in settings.warehouse.parent.iterdir() if p.is_file())


def test_tables_of_the_published_schemas_and_no_others(settings, build):
    build()
    made, outside = publish(settings, "state 1")
    assert (made.path, outside.path) == (settings.warehouse, settings.shareable)
    assert made.rows == {
        "common_core.child": 3,
        "common_core.submission": 4,
        "cost.similar_children": 2,
        "cost.weekly_cost": 1,
    }
    assert outside.rows == {"cost.weekly_cost": 1}
    names = "select schema_name || '.' || table_name from duckdb_tables()"
    assert {t[0] for t in ask(settings, names)} == {*made.rows, "quality.published"}
    assert {t[0] for t in ask_outside(settings, names)} == {*outside.rows, "quality.published"}
    schemas = "select distinct schema_name from duckdb_schemas() where not internal"
    assert {s for (s,) in ask_outside(settings, schemas)} == set(OUTSIDE)
    assert ask(settings, "from common_core.child order by all") == [("0",), ("1",), ("2",)]
    assert files(settings) == both(settings)


def test_marts_are_exact_inside_and_withheld_outside(settings, build):
    build()
    publish(settings, "state 1")
    assert ask(settings, "from cost.weekly_cost") == [(Decimal("1.50"),)]
    assert ask_outside(settings, "from cost.weekly_cost") == [(None,)]
    said = "select edition, is_exact from quality.published"
    assert ask(settings, said) == [("inside", True)]
    assert ask_outside(settings, said) == [("outside", False)]


def test_where_the_agreement_does_not_allow_it_inside_is_withheld_too(settings, build):
    build()
    publish(settings, "state 1")
    closed = replace(settings, region=replace(settings.region, exact_marts_inside=False))
    assert published_state(closed) is None  # what is there is of another make
    publish(closed, "state 1")
    assert ask(closed, "from cost.weekly_cost") == [(None,)]
    assert ask(closed, "select edition, is_exact from quality.published") == [("inside", False)]
    assert published_state(closed) == "state 1"
    assert published_state(settings) is None


def test_a_mart_without_an_exact_edition_is_not_published_as_if_it_had_one(settings, build):
    build("create table cost.spend as select 1 as n;")
    with pytest.raises(PublishFault, match=r"cost\.spend was not built for inside"):
        publish(settings, "state 1")
    assert files(settings) == []


@pytest.mark.parametrize("column", ["child_id", "placement_id", "like_child_id"])
def test_a_table_of_single_children_does_not_leave_the_hub(settings, build, column):
    build(f"""
        create table cost.odd as select 1 as {column};
        create table inside_cost.odd as select 1 as {column};
    """)
    with pytest.raises(PublishFault, match=rf"cost\.odd has {column}"):
        publish(settings, "state 1")
    assert files(settings) == []


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
    assert ask(
        settings,
        "select comment from duckdb_columns() "
        "where column_name = 'child_id' and schema_name = 'common_core'",
    ) == [("Pseudonym.",)]
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
    assert files(settings) == both(settings)


@pytest.fixture
def published(settings: Settings, build: Callable) -> list[bytes]:
    """The bytes of published files that must stand."""
    build()
    publish(settings, "state 1")
    return contents(settings)


def contents(settings: Settings) -> list[bytes]:
    return [settings.warehouse.read_bytes(), settings.shareable.read_bytes()]


def stands(settings: Settings, published: list[bytes]) -> bool:
    return (
        contents(settings) == published
        and files(settings) == both(settings)
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
        if path.name == f".{settings.warehouse.name}.next":
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
    assert len(tries) == 4  # two in vain, and one for each file
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


def test_where_one_file_stays_open_the_other_goes_back_to_what_it_was(
    settings, build, published, monkeypatch
):
    build("insert into common_core.child values ('3')")
    monkeypatch.setattr(publishing, "SWAP_WAIT_SECONDS", 0)
    really = Path.replace

    def held(path: Path, target: Path) -> Path:
        if target == settings.shareable:
            raise PermissionError(13, "in use")
        return really(path, target)

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(PublishFault, match=r"common_core_shareable\.duckdb is open"):
        publish(settings, "state 2")
    assert stands(settings, published)


def test_a_first_publication_that_cannot_be_finished_leaves_nothing(settings, build, monkeypatch):
    build()
    monkeypatch.setattr(publishing, "SWAP_WAIT_SECONDS", 0)
    really = Path.replace

    def held(path: Path, target: Path) -> Path:
        if target == settings.shareable:
            raise PermissionError(13, "in use")
        return really(path, target)

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(PublishFault, match="open in another program"):
        publish(settings, "state 1")
    assert files(settings) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a POSIX system")
def test_a_run_that_is_killed_anywhere_leaves_both_files_or_neither(settings, build, published):
    """Killed just before the n-th rename, link or removal; the next run puts it right first."""
    old, at, ends = published, 0, set()
    while True:
        at += 1
        build("insert into common_core.child values ('3')")
        if not _killed(settings, at):
            break
        for file in (settings.warehouse, settings.shareable):
            with duckdb.connect(str(file), read_only=True) as connection:  # whole, at any moment
                connection.execute("from quality.published").fetchall()
        settle(settings)
        assert published_state(settings) in ("state 1", "state 2")
        assert files(settings) == both(settings)
        ends.add(published_state(settings))
        if published_state(settings) == "state 1":
            assert contents(settings) == old
        else:
            for file, content in zip((settings.warehouse, settings.shareable), old, strict=True):
                file.write_bytes(content)
    assert ends == {"state 1", "state 2"}
    assert published_state(settings) == "state 2"


def _killed(settings: Settings, at: int) -> bool:
    """Publish in a process of its own, killed just before its n-th change of a file's name."""
    child = os.fork()
    if child == 0:
        made = 0

        def die(event: str, arguments: tuple) -> None:
            nonlocal made
            if event in ("os.rename", "os.link", "os.remove"):
                made += 1
                if made == at:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(die)
        try:
            publish(settings, "state 2")
        except BaseException:
            os._exit(1)
        os._exit(0)
    ended = os.waitpid(child, 0)[1]
    assert ended == 0 or os.WTERMSIG(ended) == signal.SIGKILL
    return ended != 0


def test_a_file_that_is_gone_or_of_an_older_make_counts_as_not_published(settings, published):
    settings.shareable.unlink()
    assert published_state(settings) is None
    publish(settings, "state 2")
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("alter table quality.published drop column edition")
    assert published_state(settings) is None
    publish(settings, "state 3")
    assert published_state(settings) == "state 3"


def test_a_damaged_warehouse_counts_as_not_published(settings, published):
    settings.warehouse.write_bytes(published[0][:5_000])
    assert published_state(settings) is None
    shutil.copy(settings.build_file, settings.warehouse)
    assert published_state(settings) is None
