"""DfE's rules give the same on DuckDB 1.4.3, the engine of the checker in the browser."""

import json
import os
import subprocess
import sys

import pytest

from pipeline.settings import PROJECT
from pipeline.standards.ssda903.rule import all_rules
from tests.conformance.engine import as_text, given

VERSION = "1.4.3"
FOLDER = PROJECT / f".duckdb-{VERSION}"


def on_older(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the older DuckDB in front of the pinned one."""
    if not (FOLDER / "duckdb").is_dir():
        pytest.fail(f"DuckDB {VERSION} is not in {FOLDER.name}: run `make older-duckdb`")
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join((str(FOLDER), str(PROJECT)))},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_case_of_every_rule():
    ran = on_older(
        "-m", "pytest", "-p", "no:cacheprovider", "tests/standards/ssda903/test_rules.py"
    )
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr


def test_a_dirty_return_and_the_shared_selections():
    ran = on_older("-m", "tests.conformance.engine")
    assert ran.returncode == 0, ran.stderr
    older, pinned = json.loads(ran.stdout), json.loads(as_text(given()))
    assert older.pop("duckdb") == VERSION
    assert pinned.pop("duckdb") != VERSION
    assert pinned["rules"].keys() == {r.name for r in all_rules()}
    outcomes = [outcome for outcome, *_ in pinned["rules"].values()]
    assert outcomes.count("error") == 0
    assert outcomes.count("fail") > 150
    for what, rows in pinned["rules"].items():
        assert older["rules"][what] == rows, what
    assert older == pinned
