"""The report of the sample region, as a run leaves it."""

import re
import shutil
from dataclasses import replace

import duckdb

from pipeline.reports.region.report import write_region_report
from pipeline.settings import load_settings
from tests.conftest import WAREHOUSE

SHAREABLE = WAREHOUSE.with_name("common_core_shareable.duckdb")

REGION = load_settings().region


def _pages(home):
    pages = {None: home / "reports" / "region" / "index.html"}
    pages |= {a.code: home / "reports" / a.code / "region_report.html" for a in REGION.authorities}
    return {code: path.read_text(encoding="utf-8") for code, path in pages.items()}


def test_a_run_leaves_a_page_for_the_region_and_one_for_each_la(sample_run):
    home, ran = sample_run
    assert ran.code == 0, ran.said
    assert "Report " in ran.said
    for html in _pages(home).values():
        assert "Synthetic: nobody in it exists." in html
        assert html.count("<svg") >= 10
        assert "How far the data can be trusted" in html
        assert "There is nothing to show yet." not in html


def test_no_page_holds_an_identifier(sample_home):
    pages = _pages(sample_home)
    with duckdb.connect(str(sample_home / WAREHOUSE), read_only=True) as connection:
        ids = {
            value
            for table in ("child", "referral", "placement", "provider")
            for (value,) in connection.execute(
                f"select {'urn' if table == 'provider' else 'id'} from common_core.{table}"
            ).fetchall()
        }
    assert len(ids) > 1000
    words = set(re.findall(r"\w{5,}", "".join(pages.values())))
    assert words & ids == set()


def test_where_las_may_not_see_each_other_no_page_depends_on_another_la(
    sample_home, tmp_path, monkeypatch
):
    """The page of one LA, and the region's, from the warehouse without the rows of all others."""
    home = tmp_path / "home"
    (home / WAREHOUSE).parent.mkdir(parents=True)
    for product in (WAREHOUSE, SHAREABLE):
        shutil.copy(sample_home / product, home / product)
    monkeypatch.setenv("COMMON_CORE_HOME", str(home))
    closed = replace(load_settings(), region=replace(REGION, las_see_each_other=False))
    write_region_report(closed)
    before = _pages(home)
    own, *others = [a.code for a in REGION.authorities]
    for page, text in before.items():
        names = [a.name for a in REGION.authorities if a.code != page]
        assert [name for name in names if name in text.replace(REGION.name, "")] == []
    for product in (WAREHOUSE, SHAREABLE):
        _without_rows_of(home / product, others)
    write_region_report(closed)
    assert _pages(home)[own] == before[own]
    assert _pages(home)[None] == before[None]


def _without_rows_of(product, others):
    with duckdb.connect(str(product)) as connection:
        tables = connection.execute(
            "select distinct schema_name, table_name from duckdb_columns() where not internal "
            "and column_name = 'la_code' and schema_name in ('sufficiency', 'cost', 'forecast')"
        ).fetchall()
        assert len(tables) > 3
        for schema, table in tables:
            connection.execute(f"delete from {schema}.{table} where la_code in {tuple(others)}")
