"""The day after the agreements ended: an empty warehouse is published, and nobody is left in it."""

import pytest

from pipeline.settings import PROJECT


def _all_rows(home):
    tables = home.query("select schema_name, table_name from duckdb_tables()")
    return {
        f"{schema}.{table}": str(home.query(f"select * from {schema}.{table}"))
        for schema, table in tables
    }


@pytest.mark.faults
def test_without_any_agreement_an_empty_warehouse_is_published(own_home, tmp_path):
    region = tmp_path / "region.yml"
    words = (PROJECT / "region.yml").read_text(encoding="utf-8")
    region.write_text(words.replace("until: 2099-12-31", "until: 2026-01-01"), encoding="utf-8")
    children = [r[0] for r in own_home.query("select id from common_core.child")]
    assert len(children) > 100
    assert children[0] in str(_all_rows(own_home))

    ran = own_home.run("run", region=str(region))
    assert ran.code == 0, ran.said
    assert "Devon: placements and ssda903: the agreement for sufficiency ended" in ran.said
    assert "Devon, not shared: placements and ssda903" in ran.said
    assert own_home.query("select count(*) from common_core.child") == [(0,)]
    assert own_home.query("select count(*) from common_core.submission") == [(0,)]
    said = str(_all_rows(own_home))
    assert not [c for c in children if c in said]
    hub = own_home.path / "hub"
    assert [f for f in hub.rglob("*") if f.is_file()] == []
    docs = own_home.path / "reports" / "data_docs"
    assert [f.name for f in docs.rglob("*.html")] == ["index.html"]
    for place in ("hub", "warehouse", "reports/data_docs"):
        for file in (f for f in (own_home.path / place).rglob("*") if f.is_file()):
            content = file.read_bytes()
            assert not [c for c in children if c.encode() in content], file
    told = own_home.run("audit", region=str(region))
    assert told.code == 0
    assert "erased from the hub" in told.said
    assert "sharing began" in told.said
