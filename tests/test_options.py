"""Options for the business case: what is right is read, what is wrong is told by row and column."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from pipeline.hub import hub_state, open_build
from pipeline.options import COLUMNS, Option, read_options
from pipeline.region import Authority, Region, load_region
from pipeline.settings import Settings
from pipeline.synthetic.cli_command import plan_for
from pipeline.synthetic.region import make_region
from pipeline.typed_table import TableFault

SOMERSET = "E06000066"
GOOD = ["Home of four", "residential", "4", SOMERSET, "650000", "90000", "720000", "01/04/2027",
        "9", "25"]  # fmt: skip
HOME = Option(
    "Home of four", "residential", 4, SOMERSET, Decimal(650000), Decimal(90000), Decimal(720000),
    dt.date(2027, 4, 1), 9, 25,
)  # fmt: skip


def write(folder: Path, *rows: list[str], columns: tuple[str, ...] = COLUMNS) -> Path:
    file = folder / "options.csv"
    file.write_text("".join(",".join(row) + "\n" for row in (columns, *rows)), encoding="utf-8")
    return file


def with_cell(column: str, value: str) -> list[str]:
    return [value if name == column else cell for name, cell in zip(COLUMNS, GOOD, strict=True)]


def test_good_rows_are_read(tmp_path):
    read = read_options(write(tmp_path, GOOD), {SOMERSET})
    assert (read.options, read.faults) == ((HOME,), ())


def test_what_people_write_is_understood(tmp_path):
    row = ["Home of four", "Residential", "4", "e06000066", '"£650,000"', "£90000", "720000.00",
           "2027-04-01", "9", "25"]  # fmt: skip
    blank = [""] * len(COLUMNS)
    headings = tuple(c.replace("_", " ").title() for c in COLUMNS)
    read = read_options(write(tmp_path, blank, row, columns=headings), {SOMERSET})
    assert (read.options, read.faults) == ((HOME,), ())


def test_a_workbook_is_read_too(tmp_path):
    book = Workbook()
    book.active.append(COLUMNS)
    book.active.append(
        ["Home of four", "residential", 4, SOMERSET, 650000, 90000, 720000, dt.date(2027, 4, 1),
         9, 25]
    )  # fmt: skip
    file = tmp_path / "options.xlsx"
    book.save(file)
    read = read_options(file, {SOMERSET})
    assert (read.options, read.faults) == ((HOME,), ())


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("option", "", "blank"),
        ("placement_type", "adoption", "foster, residential, supported"),
        ("beds", "0", "from 1 to 500"),
        ("beds", "four", "whole number of beds"),
        ("beds", "2.5", "whole number of beds"),
        ("area_code", "E06000099", "ONS code"),
        ("capital_gbp", "-1", "0 or more"),
        ("running_cost_gbp_per_year", "lots", "amount in pounds"),
        ("staffing_gbp_per_year", "", "amount in pounds"),
        ("opens", "31/02/2027", "date"),
        ("ramp_up_months", "-3", "from 0 to 120"),
        ("lifetime_years", "0", "from 1 to 100"),
    ],
)
def test_a_fault_is_told_by_row_and_column(tmp_path, column, value, says):
    another = ["Another", *GOOD[1:]]
    read = read_options(write(tmp_path, another, with_cell(column, value)), {SOMERSET})
    assert [o.option for o in read.options] == ["Another"]
    assert [(f.row, f.column) for f in read.faults] == [(3, column)]
    assert says in str(read.faults[0])
    assert f"row 3, “{column}”: " in str(read.faults[0])


def test_all_faults_of_a_row_are_told_at_once(tmp_path):
    row = ["Home", "hotel", "x", "", "x", "x", "x", "x", "x", "x"]
    read = read_options(write(tmp_path, row), {SOMERSET})
    assert {f.column for f in read.faults} == set(COLUMNS) - {"option"}
    assert read.options == ()


def test_a_name_stands_once(tmp_path):
    again = ["HOME OF FOUR", *GOOD[1:]]
    read = read_options(write(tmp_path, GOOD, again), {SOMERSET})
    assert read.options == (HOME,)
    assert [(f.row, f.column) for f in read.faults] == [(3, "option")]
    assert "Row 2" in read.faults[0].problem


def test_a_missing_column_is_named(tmp_path):
    read = read_options(write(tmp_path, GOOD[:-1], columns=COLUMNS[:-1]), {SOMERSET})
    assert read.options == ()
    assert [(f.row, f.column) for f in read.faults] == [(None, "lifetime_years")]


@pytest.mark.parametrize("content", [b"", b"\xd0\xcf\x11\xe0 not a workbook"])
def test_a_file_that_is_none_is_told_of(tmp_path, content):
    file = tmp_path / "options.csv"
    file.write_bytes(content)
    read = read_options(file, {SOMERSET})
    assert read.options == ()
    assert read.faults
    assert all(isinstance(f, TableFault) and f.row is None for f in read.faults)


def test_without_a_file_there_are_no_options(tmp_path):
    read = read_options(tmp_path / "options.csv", {SOMERSET})
    assert (read.options, read.faults) == ((), ())


@pytest.fixture
def settings(tmp_path) -> Settings:
    """Settings of a home whose options lie beside its list of providers."""
    region = Region("Test", True, SOMERSET, (Authority(SOMERSET, "Somerset", "somerset"),))
    return Settings(tmp_path / "home", region, tmp_path / "landing", tmp_path / "providers.csv")


def test_a_warehouse_is_made_anew_for_other_options_and_for_nothing_else(settings, tmp_path):
    without = hub_state(settings)
    write(tmp_path, GOOD)
    first = hub_state(settings)
    write(tmp_path, GOOD, with_cell("option", ""))  # a row with a fault is no option
    again = hub_state(settings)
    write(tmp_path, with_cell("beds", "5"))
    assert without != first == again != hub_state(settings)


def test_what_cannot_be_opened_stops_nothing(settings, tmp_path):
    (tmp_path / "options.csv").mkdir()
    assert "could not be opened" in str(read_options(settings.options_file, {SOMERSET}).faults[0])
    open_build(settings)
    assert hub_state(settings)


def test_the_options_of_a_region_without_truth_are_read(tmp_path):
    make_region(tmp_path, plan_for(1, 4, 3, 0))
    codes = {a.code for a in load_region(tmp_path / "region.yml").authorities}
    read = read_options(tmp_path / "reference" / "options.csv", codes)
    assert len(read.options) == 4
    assert read.faults == ()


def test_the_options_of_a_planted_region_are_read(tmp_path):
    make_region(tmp_path, plan_for(4, 12, 3, 0, truth=True))
    codes = {a.code for a in load_region(tmp_path / "region.yml").authorities}
    read = read_options(tmp_path / "reference" / "options.csv", codes)
    assert len(read.options) == 4
    assert read.faults == ()
