"""A workspace spills only where it may."""

import duckdb
import pytest

from pipeline import warehouse
from pipeline.warehouse import workspace

# More than the memory that the tests allow.
LARGE = "select range::varchar || repeat('a', 100) as a from range(1_000_000)"


@pytest.fixture
def little_memory(monkeypatch, tmp_path):
    """The working directory is a folder in which nothing may appear."""
    monkeypatch.setattr(warehouse, "MEMORY_WITH_SPILL", "100MB")
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    yield
    assert list(here.iterdir()) == []


def test_what_does_not_fit_goes_to_the_folder_and_is_gone_afterwards(little_memory, tmp_path):
    spill = tmp_path / "la" / "spill"
    spill.mkdir(parents=True)
    left = spill / "left by a run that was killed"
    left.write_text("A1")
    with workspace(spill) as connection:
        connection.execute(f"create temp table large as {LARGE}")
        assert sum(f.stat().st_size for f in spill.iterdir()) > 1_000_000
        assert not left.exists()
        assert connection.execute("select count(*) from large").fetchall() == [(1_000_000,)]
    assert not spill.exists()


def test_the_folder_is_gone_after_a_fault(little_memory, tmp_path):
    spill = tmp_path / "la" / "spill"
    with pytest.raises(duckdb.Error), workspace(spill) as connection:
        connection.execute(f"create temp table large as {LARGE}; select nothing")
    assert not spill.exists()


def test_without_a_folder_nothing_is_written_to_disk(little_memory):
    with workspace() as connection:
        connection.execute("set memory_limit = '100MB'")
        with pytest.raises(duckdb.OutOfMemoryException):
            connection.execute(f"create temp table large as {LARGE}")
