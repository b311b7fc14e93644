import dataclasses
import html
import json
import re

import pytest

from pipeline.region import Authority, Region
from pipeline.reports.data_docs import render_data_docs
from pipeline.standards.load import RowCheck, load_standards
from pipeline.standards.validation import read_validations, write_validation

REGION = Region(
    "Made-up region", True, "E06000066", (Authority("E06000066", "Somerset", "somerset"),)
)


@pytest.fixture
def hub(tmp_path, check, rcc, search, episodes, episode):
    """Three submissions: one with faults of every kind, one faultless, one without rows."""
    stumbling = RowCheck(
        "stumbles", "warn", ("child_id",), "child_id::int > 3", "It stumbles.", "Nothing to fix."
    )
    faulty = check(
        dataclasses.replace(rcc, checks=(*rcc.checks, stumbling)),
        [
            search | {"child_id": "ZQCANARY1", "pets": "ZQCANARY2", "preferred_location": None},
            search | {"child_id": "ZQCANARY3", "referral_form_date": "31/12/2031"},
        ],
        missing_columns=frozenset({"min_ratio"}),
    )
    clean = check(episodes, [episode], 2026)
    empty = check(load_standards()["uasc"], [], 2026)
    for name, table, period, found in (
        ("s1", "rcc_v2", "2025Q4", faulty),
        ("s2", "episodes", "2026", clean),
        ("s2", "uasc", "2026", empty),
    ):
        write_validation(tmp_path / "hub", "E06000066", name, table, period, found.validation)
    return tmp_path / "hub"


def test_records_in_the_hub_hold_no_value_and_no_row(hub):
    files = sorted(hub.rglob("*"))
    assert [f.name for f in files if f.is_file()] == [
        "s1__rcc_v2.json",
        "s2__episodes.json",
        "s2__uasc.json",
    ]
    for file in files:
        if file.is_file():
            text = file.read_text(encoding="utf-8")
            assert not re.search("canary|unexpected_list|index_list|2031", text, re.IGNORECASE)
    assert [r["table_name"] for r in read_validations(hub)] == ["episodes", "rcc_v2", "uasc"]


def test_data_docs_show_how_every_check_came_out(hub, tmp_path):
    index = render_data_docs(hub, tmp_path / "docs", REGION)
    links = re.findall(r'<a href="([^"]+)">', index.read_text(encoding="utf-8"))
    assert links == [
        "E06000066/episodes_2026_s2.html",
        "E06000066/rcc_v2_2025Q4_s1.html",
        "E06000066/uasc_2026_s2.html",
    ]
    clean, faulty, empty = (
        (tmp_path / "docs" / link).read_text(encoding="utf-8") for link in links
    )
    checks = next(r for r in read_validations(hub) if r["table_name"] == "rcc_v2")
    for result in checks["validation"]["results"]:
        title = result["expectation_config"]["description"]
        assert title in html.unescape(faulty)
    assert "rcc_v2.min_ratio.option" in faulty
    assert "0 failed" in clean
    assert re.search(r"5 failed\s+\(stop 0, fix 4, warn 1,\s+info 0\), 1 ended in an", faulty)
    assert "The table has no rows" in empty


def test_data_docs_hold_no_value_and_reach_for_nothing_outside(hub, tmp_path):
    render_data_docs(hub, tmp_path / "docs", REGION)
    files = [f for f in (tmp_path / "docs").rglob("*") if f.is_file()]
    assert len(files) == 6  # three pages, the index, its style and what they were made from
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert not re.search("canary|2031|sent.xlsx", text, re.IGNORECASE)
        assert not re.search(r"""(src|href)=["']?(https?:)?//|<script|@import|url\(""", text)
        for link in re.findall(r'(?:src|href)="([^"#]+)"', text):
            assert (file.parent / link).exists(), link


def test_every_page_says_whose_it_is_and_that_it_is_synthetic(hub, tmp_path):
    index = render_data_docs(hub, tmp_path / "docs", REGION)
    assert "Made-up region" in index.read_text(encoding="utf-8")
    for page in (tmp_path / "docs").rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "SYNTHETIC" in text
        assert "Somerset" in text


def test_pages_stay_where_nothing_changed(hub, tmp_path):
    index = render_data_docs(hub, tmp_path / "docs", REGION)
    made = index.stat().st_mtime_ns
    assert render_data_docs(hub, tmp_path / "docs", REGION).stat().st_mtime_ns == made


def test_pages_of_withdrawn_submissions_go(hub, tmp_path):
    render_data_docs(hub, tmp_path / "docs", REGION)
    (hub / "validation" / "E06000066" / "s1__rcc_v2.json").unlink()
    render_data_docs(hub, tmp_path / "docs", REGION)
    assert not list((tmp_path / "docs").rglob("rcc_v2*"))
    assert list((tmp_path / "docs").rglob("episodes*"))
    assert not list(tmp_path.glob(".docs*")), "nothing half made stays beside the pages"


def test_a_record_is_json_that_great_expectations_reads(hub):
    record = json.loads((hub / "validation" / "E06000066" / "s2__episodes.json").read_text("utf-8"))
    from great_expectations.core.expectation_validation_result import (
        expectationSuiteValidationResultSchema,
    )

    result = expectationSuiteValidationResultSchema.load(record["validation"])
    assert result.success
    assert result.statistics["evaluated_expectations"] == len(record["validation"]["results"])
