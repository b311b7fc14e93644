"""What happens when something breaks: a file, the gate, the key, a step."""

import hashlib
import shutil

import duckdb
import pytest

from pipeline.intake.manifest import load_manifest
from tests.conftest import KEY

DEVON, CORNWALL, SOMERSET = "E10000008", "E06000052", "E06000066"


def _fingerprint(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _placements_of(home, la_code):
    return home.query(
        "select id, start_date, placement_type, provider_urn from common_core.placement "
        f"where la_code = '{la_code}' and source <> 'ssda903' order by id"
    )


def _tamper(home, table, replacement):
    """Change a column of what Somerset shared, behind the pipeline's back."""
    part = home.path / "hub" / table / f"la_code={SOMERSET}" / "part.parquet"
    beside = part.with_name("next.parquet")
    duckdb.execute(
        f"copy (select * replace ({replacement}) from read_parquet('{part}')) "
        f"to '{beside}' (format parquet)"
    )
    beside.replace(part)


def test_a_broken_file_leaves_the_la_on_its_last_good_submission(own_home):
    devon = next((own_home.landing / "devon" / "placements" / "2025Q4").glob("*.xlsx"))
    cornwall = own_home.landing / "cornwall" / "ssda903" / "2026" / "header.csv"
    somerset = own_home.landing / "somerset" / "ssda903" / "2026" / "episodes.csv"
    devon.write_bytes(devon.read_bytes()[:5000])
    cornwall.write_text(cornwall.read_text(encoding="utf-8").replace("CHILD", "Reference", 1))
    text = somerset.read_text(encoding="utf-8-sig")
    newest = text.rstrip().splitlines()[-1].split(",")
    newest[0], newest[1] = "SYN00999999", "02/03/2026"
    somerset.write_text(text.rstrip() + "\n" + ",".join(newest) + "\n", encoding="utf-8")

    before = {la: _placements_of(own_home, la) for la in (DEVON, CORNWALL)}
    children = own_home.query("select count(*) from common_core.child")
    ran = own_home.run()

    assert ran.code == 0, ran.said
    assert "Devon, a file: The workbook cannot be opened" in ran.said
    assert "Cornwall, header" in ran.said
    assert "Without the column CHILD no row can be told from another." in ran.said
    assert {la: _placements_of(own_home, la) for la in (DEVON, CORNWALL)} == before
    assert own_home.query("select count(*) from common_core.child") == [(children[0][0] + 1,)]
    for la in (DEVON, CORNWALL, SOMERSET):
        for e in load_manifest(own_home.path / "la" / la):
            assert e.rows_read == e.rows_kept + e.rows_quarantined + e.rows_superseded, e.path


def test_a_closed_gate_leaves_the_warehouse_byte_for_byte(own_home):
    before = _fingerprint(own_home.warehouse)
    _tamper(own_home, "header", "'SYN00000001' as child_id")
    ran = own_home.run()
    assert ran.code == 1
    assert "Gate closed: header: child_id is a pseudonym" in ran.said
    assert "SYN00000001" not in ran.said
    assert _fingerprint(own_home.warehouse) == before


def test_a_failed_dbt_test_stops_the_marts_and_the_warehouse(own_home):
    before = _fingerprint(own_home.warehouse)
    _tamper(own_home, "episodes", "'Q9' as place")
    ran = own_home.run()
    assert ran.code == 1
    assert "dbt: the Common Core" in ran.said
    assert "dbt: the marts" not in ran.said
    assert _fingerprint(own_home.warehouse) == before


@pytest.mark.parametrize(
    ("key", "words"), [("", "No key"), ("only-31-bytes-of-a-secret-key..", "too short")]
)
def test_without_a_good_key_nothing_is_shared(own_home, key, words):
    shutil.rmtree(own_home.path / "hub")
    before = _fingerprint(own_home.warehouse)
    ran = own_home.run(key=key)
    assert ran.code == 1
    assert words in ran.said
    assert key == "" or key not in ran.said
    shared = {f.parent.parent.name for f in (own_home.path / "hub").rglob("*.parquet")}
    assert shared <= {"submission", "check_result"}
    assert _fingerprint(own_home.warehouse) == before


def test_real_and_synthetic_data_do_not_share_a_home(own_home, tmp_path, command_line):
    region = tmp_path / "region.yml"
    region.write_text(
        "region: Real\nsynthetic: false\nhub: E06000066\nauthorities:\n"
        "  - {code: E06000066, name: Somerset, folder: somerset}\n"
    )
    place = {"landing": str(own_home.landing), "region": str(region)}
    ran = command_line(own_home.path, "run", key=KEY, **place)
    assert ran.code == 1
    assert "holds synthetic data and this region is real" in ran.said


def test_without_a_landing_folder_nothing_is_done(own_home, tmp_path):
    before = _fingerprint(own_home.warehouse)
    ran = own_home.run(landing=str(tmp_path / "nowhere"))
    assert ran.code == 1
    assert "There is no landing folder" in ran.said
    assert _fingerprint(own_home.warehouse) == before
