import dataclasses
import subprocess
import sys
from datetime import date, datetime

import pytest

from expectations.suites import build_suite
from pipeline.standards.load import SEVERITIES, StandardFault, load_standards

TODAY = date(2026, 11, 22)
YEARS = (2017, 2019, 2024, 2025, 2026)


def suites():
    for table in load_standards().values():
        for year in YEARS if table.dataset == "ssda903" else (None,):
            yield pytest.param(table, year, id=f"{table.name}-{year}")


def expectation(suite, check_id):
    return next(e for e in suite.expectations if e.meta["check_id"] == check_id)


@pytest.mark.parametrize(("table", "year"), suites())
def test_every_expectation_says_what_how_grave_and_how_to_fix(table, year):
    suite = build_suite(table, year, frozenset(), TODAY)
    ids = [e.meta["check_id"] for e in suite.expectations]
    assert len(set(ids)) == len(ids)
    for found in suite.expectations:
        assert found.meta["check_id"].startswith(f"{table.name}.")
        assert found.meta["severity"] in SEVERITIES
        assert set(found.meta["field"].split(", ")) <= {f.name for f in table.fields}
        assert found.meta["message"].endswith(".")
        assert found.meta["how_to_fix"].endswith(".")
        assert found.description


@pytest.mark.parametrize("table", load_standards().values(), ids=lambda t: t.name)
def test_every_required_field_and_every_row_check_has_its_expectation(table):
    suite = build_suite(table, 2026 if table.dataset == "ssda903" else None, frozenset(), TODAY)
    ids = {e.meta["check_id"] for e in suite.expectations}
    needed = {f.name for f in table.fields if f.required != "optional"}
    assert {f"{table.name}.{n}.missing" for n in needed} <= ids
    assert {f"{table.name}.{c.id}" for c in table.checks} <= ids


def test_codes_are_those_of_the_collection_year(episodes):
    before = expectation(build_suite(episodes, 2024, frozenset(), TODAY), "episodes.place.option")
    now = expectation(build_suite(episodes, 2026, frozenset(), TODAY), "episodes.place.option")
    assert "H5" in before.value_set
    assert "H5" not in now.value_set
    assert "collection year 2026" in now.meta["message"]


def test_today_is_the_day_of_the_check(rcc):
    found = expectation(
        build_suite(rcc, None, frozenset(), TODAY), "rcc_v2.referral_form_date.range"
    )
    assert found.min_value == datetime(2015, 1, 1)
    assert found.max_value == datetime(2026, 11, 22)


def test_an_absent_column_has_one_expectation_and_only_if_it_is_required(rcc):
    suite = build_suite(rcc, None, frozenset({"pets", "family_postcode"}), TODAY)
    about = [e for e in suite.expectations if "pets" in e.meta["field"].split(", ")]
    assert [e.meta["check_id"] for e in about] == ["rcc_v2.pets.column"]
    assert not [e for e in suite.expectations if "family_postcode" in e.meta["field"]]


def test_a_bound_that_is_no_number_is_the_standards_fault(rcc):
    fields = [
        dataclasses.replace(f, maximum="many") if f.name == "siblings_to_place_with" else f
        for f in rcc.fields
    ]
    with pytest.raises(StandardFault, match=r"siblings_to_place_with: the bound many"):
        build_suite(dataclasses.replace(rcc, fields=tuple(fields)), None, frozenset(), TODAY)


def test_great_expectations_is_imported_only_when_it_is_used():
    code = (
        "import sys, pipeline.standards.check, pipeline.reports.data_docs;"
        "sys.exit('great_expectations' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
