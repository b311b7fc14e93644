"""Read and checked by the pipeline itself: a clean region is clean, planted mistakes are found."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.accounting import check_la
from pipeline.intake.receive import receive
from pipeline.region import load_region
from pipeline.standards.load import load_standards
from pipeline.standards.template import DATA_SHEET
from pipeline.synthetic.cli_command import plan_for
from pipeline.synthetic.region import make_region

CELL_KINDS = ("missing", "unwanted", "type", "option", "range", "exclusive")
Failure = tuple[str, int, str]  # file, row number, check id


def failures_of(region: Path, home: Path) -> dict[Failure, str]:
    """What the pipeline finds in the region's files and how severe it is; notes left out."""
    found: dict[Failure, str] = {}
    for authority in load_region(region / "region.yml").authorities:
        landing = region / "landing" / authority.folder
        receive(authority.code, landing, home / authority.code)
        checked = check_la(authority.code, home / authority.code)
        assert all(e.status == "accepted" for e in checked.entries)
        for _, outcome in checked.outcomes:
            for row in outcome.failures.to_dict("records"):
                if row["severity"] != "info":
                    key = (f"{authority.folder}/{row['file']}", row["row_number"], row["check_id"])
                    found[key] = row["severity"]
    return found


def planted_in(region: Path) -> dict[Failure, str]:
    """What was planted, but for harmless mess."""
    planted = {}
    with (region / "planted_errors.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        field = f"{row['field']}." if row["kind"] in CELL_KINDS else ""
        check = f"{row['table']}.{field}{row['kind']}"
        if row["severity"] != "none":
            planted[row["file"], int(row["row_number"]), check] = row["severity"]
    return planted


@pytest.mark.faults
def test_a_region_with_a_planted_truth_breaks_no_standard(tmp_path):
    plan = plan_for(las=4, children=80, seed=5, error_rate=0, truth=True)
    make_region(tmp_path / "region", replace(plan, years=(2026,), quarters=("2025Q4", "2026Q1")))
    assert failures_of(tmp_path / "region", tmp_path / "home") == {}


def test_just_what_was_planted_is_found(tmp_path):
    """Every planted mistake is found, and neither the mess nor any other row is reported."""
    region = tmp_path / "messy"
    plan = plan_for(las=4, children=150, seed=5, error_rate=0.1)
    make_region(region, replace(plan, years=(2026,), quarters=("2025Q4",)))
    planted = planted_in(region)
    assert {"stop", "fix", "warn"} == set(planted.values())
    assert len(planted) > 300
    assert failures_of(region, tmp_path / "home") == planted


def test_without_mistakes_nothing_is_planted(clean_region):
    assert planted_in(clean_region) == {}


def test_headers_are_those_of_the_standard(clean_region, returns):
    standards = load_standards()
    for tables in returns.values():
        for name, rows in tables.items():
            assert list(rows[0]) == [f.header for f in standards[name].fields]
    for folder, version in (("somerset", "rcc_v2"), ("devon", "nps_2026_04")):
        for path in clean_region.glob(f"landing/{folder}/placements/*/*.xlsx"):
            headers = [c.value for c in load_workbook(path)[DATA_SHEET][2]]
            assert headers == [f.header for f in standards[version].fields]


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_codes_are_those_of_the_collection_year(returns, year):
    standards = load_standards()
    for (_, sent), tables in returns.items():
        if sent != year:
            continue
        for name, rows in tables.items():
            for field in standards[name].fields:
                if field.type == "code":
                    allowed = {"", *field.values_in(year)}
                    assert {row[field.header] for row in rows} <= allowed, (name, field.name)
