"""A small sample through the whole pipeline, and the sample itself as `make run` does it."""

import csv
import hashlib
import re
import subprocess
import sys

import duckdb
import pytest
import yaml

from pipeline.intake.manifest import load_manifest
from pipeline.settings import PROJECT, load_settings

WAREHOUSE = "warehouse/common_core_warehouse.duckdb"
LAS = {a.code: a.folder for a in load_settings().region.authorities}


def _fingerprint(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_first_run_ends_well_and_prints_the_table(sample_run):
    _, ran = sample_run
    assert ran.code == 0, ran.said
    for name in ("Somerset", "Devon", "Cornwall", "Dorset"):
        assert f"│{name}" in ran.said
    assert "SYNTHETIC" in ran.said
    for place in ("Warehouse", "Data Docs", "Feedback", "UI"):
        assert place in ran.said


@pytest.mark.faults
def test_the_sample_at_its_real_size_is_published(tmp_path, command_line):
    ran = command_line(tmp_path / "home", "run")
    assert ran.code == 0, ran.said
    assert "throw-away key" in ran.said
    with duckdb.connect(str(tmp_path / "home" / WAREHOUSE), read_only=True) as connection:
        stock = connection.execute(
            "select la_name, count(*) from common_core.episode "
            "inner join common_core.local_authority using (la_code) "
            "where end_date is null and not is_short_break group by la_name"
        ).fetchall()
    # Somerset 586, Devon 873, Cornwall 619, Dorset 446 on 31 March 2024; two years have passed.
    assert all(400 < children < 1000 for _, children in stock), stock
    assert len(stock) == len(LAS)


def test_second_run_reads_nothing_again_and_makes_only_a_report_that_is_gone(own_home):
    before = _fingerprint(own_home.warehouse)
    gone = own_home.path / "reports" / "region" / "index.html"
    page = gone.read_text(encoding="utf-8")
    gone.unlink()
    again = own_home.run()
    assert again.code == 0, again.said
    assert again.said.count("nothing new, none read again") == len(LAS)
    assert again.said.count("nothing to check") == len(LAS)
    assert again.said.count("nothing new to share") == len(LAS)
    assert "the published warehouse stands as it is" in again.said
    assert _fingerprint(own_home.warehouse) == before
    # The day it was published may have changed since.
    dated = re.compile(r"<dt>Published</dt>.*")
    assert dated.sub("", gone.read_text(encoding="utf-8")) == dated.sub("", page)


def test_every_row_read_is_kept_quarantined_or_superseded(sample_home):
    for code in LAS:
        entries = load_manifest(sample_home / "la" / code)
        assert entries
        for e in entries:
            assert e.rows_read == e.rows_kept + e.rows_quarantined + e.rows_superseded, e.path
            assert e.rows_read > 0, e.path


def test_all_planted_errors_are_found_and_no_others(sample_home, small_region):
    """By the standards' own checks; what DfE's rules find in their wake is not listed."""
    planted = set()
    with (small_region / "planted_errors.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["severity"] != "none":
                place = (row["file"], row["sheet"] or "", int(row["row_number"]))
                planted.add((*place, row["severity"], row["kind"]))
    found = set()
    for code, folder in LAS.items():
        rows = duckdb.sql(
            "select file, coalesce(sheet, ''), row_number, severity, split_part(check_id, '.', -1) "
            f"from read_parquet('{sample_home}/la/{code}/failures/*/*.parquet') "
            "where severity <> 'info' and not starts_with(check_id, 'dfe.')"
        ).fetchall()
        found |= {(f"{folder}/{file}", *rest) for file, *rest in rows}
    assert planted
    assert found == planted


def test_every_entity_and_column_of_the_erd_is_published(sample_home):
    erd = yaml.safe_load((PROJECT / "tests" / "erd.yml").read_text(encoding="utf-8"))
    with duckdb.connect(str(sample_home / WAREHOUSE), read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name from duckdb_columns() where schema_name = 'common_core'"
        ).fetchall()
    wanted = {(entity, column) for entity, about in erd.items() for column in about["columns"]}
    assert wanted
    assert wanted - set(columns) == set()


def test_published_says_when_from_what_and_by_which_code(sample_home):
    with duckdb.connect(str(sample_home / WAREHOUSE), read_only=True) as connection:
        rows = connection.execute(
            "select published_at is not null, code_version, len(submission_ids), is_synthetic "
            "from quality.published"
        ).fetchall()
        kinds = connection.execute("select distinct table_type from information_schema.tables")
        assert kinds.fetchall() == [("BASE TABLE",)]
    accepted = {
        e.submission_id
        for code in LAS
        for e in load_manifest(sample_home / "la" / code)
        if e.status == "accepted"
    }
    assert len(rows) == 1
    assert rows[0][0]
    assert rows[0][1].startswith("0.")
    assert rows[0][2] == len(accepted)
    assert rows[0][3]


def test_an_analyst_with_duckdb_1_5_can_read_it(sample_home, fetch):
    client = fetch("duckdb==1.5.6")
    asked = subprocess.run(
        [
            sys.executable,
            "-I",
            "-c",
            f"import sys; sys.path.insert(0, {str(client)!r}); import duckdb; "
            f"c = duckdb.connect({str(sample_home / WAREHOUSE)!r}, read_only=True); "
            "print(duckdb.__version__, c.sql('select count(*) from common_core.child').fetchall())",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    version, _, children = asked.stdout.partition(" ")
    assert version == "1.5.6"
    assert children.strip() != "[(0,)]"


def test_status_and_query_answer(sample_home, command_line):
    status = command_line(sample_home, "status")
    assert status.code == 0
    assert "Somerset" in status.said
    files = command_line(sample_home, "status", "--la", "devon")
    assert "ssda903/2026/episodes.csv" in files.said
    asked = command_line(sample_home, "query", "select count(*) as children from common_core.child")
    assert asked.code == 0
    assert "children" in asked.said
    wrong = command_line(sample_home, "query", "select * from nowhere")
    assert wrong.code == 1
    assert "Traceback" not in wrong.said
