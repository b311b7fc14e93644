"""Budgets: what is right is read, what is wrong is told by row and column."""

from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.forecast.budget_file import COLUMNS, BudgetLine, read_budget
from pipeline.region import load_region
from pipeline.settings import PROJECT, SAMPLE
from tests.docs.test_docs import FENCE

SOMERSET, DEVON = "E06000066", "E10000008"
GOOD = f"{SOMERSET},2026/27,foster,3180000"
LINE = BudgetLine(SOMERSET, "2026/27", "foster", Decimal(3180000), row=2)


def read(folder: Path, *lines: str):
    file = folder / "budget.csv"
    file.write_text("\n".join([",".join(COLUMNS), *lines]), encoding="utf-8")
    return read_budget(file, {SOMERSET, DEVON})


def test_good_lines_are_read(tmp_path):
    found = read(tmp_path, GOOD, f"{DEVON},2026/27,,8000000")
    assert found.faults == ()
    assert found.lines == (LINE, BudgetLine(DEVON, "2026/27", None, Decimal(8000000), row=3))


@pytest.mark.parametrize("year", ["2026/27", "2026-27", "2026 / 27", "2026/2027", "2026–27"])  # noqa: RUF001
def test_what_people_write_is_understood(tmp_path, year):
    found = read(tmp_path, f'{SOMERSET.lower()},{year},Foster,"£3,180,000"')
    assert (found.lines, found.faults) == ((LINE,), ())


def test_the_turn_of_a_century_is_a_year_too(tmp_path):
    assert read(tmp_path, f"{SOMERSET},2099/00,,1").lines[0].financial_year == "2099/00"


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (f"E06000099,2026/27,foster,{1}", "la"),
        (",2026/27,foster,1", "la"),
        (f"{SOMERSET},2026,foster,1", "financial_year"),
        (f"{SOMERSET},2026/28,foster,1", "financial_year"),
        (f"{SOMERSET},2026/2127,foster,1", "financial_year"),
        (f"{SOMERSET},,foster,1", "financial_year"),
        (f"{SOMERSET},2026/27,kinship,1", "placement_type"),
        (f"{SOMERSET},2026/27,foster,", "budget_gbp"),
        (f"{SOMERSET},2026/27,foster,-5", "budget_gbp"),
    ],
)
def test_a_fault_is_told_and_the_other_lines_are_used(tmp_path, line, column):
    found = read(tmp_path, line, GOOD)
    assert found.lines == (LINE,)
    assert [(f.row, f.column) for f in found.faults] == [(2, column)]


def test_a_line_stands_once(tmp_path):
    found = read(tmp_path, GOOD, f"{SOMERSET},2026-27,foster,9", f"{SOMERSET},2026/27,all,9")
    assert [line.row for line in found.lines] == [2, 4]
    assert [(f.row, f.column) for f in found.faults] == [(3, "la")]
    assert "Row 2" in found.faults[0].problem


def test_without_a_file_there_is_no_budget(tmp_path):
    found = read_budget(tmp_path / "budget.csv", {SOMERSET})
    assert (found.lines, found.faults) == ((), ())


def test_the_sample_s_budget_is_read_and_its_types_add_up():
    codes = {a.code for a in load_region(SAMPLE / "region.yml").authorities}
    found = read_budget(SAMPLE / "reference" / "budget.csv", codes)
    assert found.faults == ()
    totals = {line.la_code: line.budget_gbp for line in found.lines if not line.placement_type}
    assert set(totals) == codes
    # 440 to 880 children each, at some £1,400 a week on average.
    assert all(30_000_000 < gbp < 80_000_000 for gbp in totals.values())
    by_type = [line for line in found.lines if line.placement_type]
    [la_code] = {line.la_code for line in by_type}
    assert abs(sum(line.budget_gbp for line in by_type) - totals[la_code]) <= 20_000


def test_the_example_of_the_page_is_read(tmp_path):
    page = (PROJECT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    [example] = [t for _, _, t in FENCE.findall(page) if t.startswith("la,financial_year")]
    file = tmp_path / "budget.csv"
    file.write_text(example, encoding="utf-8")
    found = read_budget(file, {SOMERSET, DEVON})
    assert len(found.lines) >= 2
    assert found.faults == ()
