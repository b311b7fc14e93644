"""A table that an analyst writes: every row is used or told of, and no file gives a traceback."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from pipeline.forecast import budget_file, scenario_file
from pipeline.forecast.budget_file import read_budget
from pipeline.forecast.scenario_file import KINDS, read_scenarios
from pipeline.options import COLUMNS, read_options
from pipeline.settings import Settings
from pipeline.typed_table import (
    MOST_ROWS,
    TableFault,
    TypedTable,
    date_column,
    name_column,
    or_all,
    read_table,
    whole_number,
)

THINGS = {
    "thing": name_column(),
    "how_many": whole_number(1, 9, "things"),
    "since": or_all(date_column()),
}


def read(folder: Path, text: str) -> TypedTable:
    file = folder / "things.csv"
    file.write_text(text, encoding="utf-8")
    return read_table(file, THINGS)


def told(table: TypedTable) -> list[tuple[int | None, str]]:
    """Row and column of every fault."""
    faults = [*table.faults, *(fault for row in table.rows for fault in row.faults)]
    return [(fault.row, fault.column) for fault in faults]


def test_columns_may_stand_in_any_order_and_rows_have_excel_s_numbers(tmp_path):
    table = read(tmp_path, "Since,How many,Thing\n\n01/04/2027,3,Chair\n,,\nall,4,Table\n")
    assert [(row.number, *row.values.values()) for row in table.rows] == [
        (3, "Chair", 3, date(2027, 4, 1)),
        (5, "Table", 4, None),
    ]
    assert told(table) == []


def test_a_heading_may_have_blank_rows_above_it(tmp_path):
    table = read(tmp_path, ",,\n,,\nthing,how_many,since\nChair,3,\n")
    assert [row.number for row in table.rows] == [4]
    assert told(table) == []


def test_a_column_that_is_not_known_is_named_and_the_others_are_used(tmp_path):
    table = read(tmp_path, "thing,how_many,since,who asked\nChair,3,,Ann\n")
    assert [row.values["thing"] for row in table.rows] == ["Chair"]
    assert told(table) == [(None, "who asked")]
    assert "not read" in str(table.faults[0])
    assert "thing, how_many, since" in str(table.faults[0])


def test_a_heading_that_is_not_known_is_not_quoted_at_length(tmp_path):
    table = read(tmp_path, f"thing,how_many,since,{'x' * 500}\nChair,3,,\n")
    assert len(table.faults[0].column) < 70


def test_two_columns_of_one_heading_are_not_chosen_between(tmp_path):
    table = read(tmp_path, "thing,how_many,since,How Many\nChair,3,,4\n")
    assert (table.rows, told(table)) == ((), [(None, "how_many")])


def test_of_a_file_without_its_columns_nothing_is_quoted(tmp_path):
    table = read(tmp_path, "SYN00100001,how_many,since\nChair,3,,\n")
    assert (table.rows, told(table)) == ((), [(None, "thing")])


def test_a_cell_below_no_heading_is_told_of(tmp_path):
    """As where a comma in a name is not in quotation marks, so that all moves to the right."""
    table = read(tmp_path, "thing,how_many,since\nChair,3,,\nTable, low,4,01/04/2027\n")
    assert told(table) == [(3, "column D"), (3, "how_many"), (3, "since")]
    assert [row.number for row in table.rows if not row.faults] == [2]


def test_a_file_of_too_many_rows_is_another_file(tmp_path):
    table = read(tmp_path, "thing,how_many,since\n" + "Chair,3,\n" * (MOST_ROWS + 1))
    assert table.rows == ()
    assert "10,000 rows" in str(table.faults[0])


@pytest.mark.parametrize("text", ["", "\n\n", ",,,\n,,,\n", "\ufeff"])
def test_a_file_that_holds_nothing_is_told_of(tmp_path, text):
    table = read(tmp_path, text)
    assert table.rows == ()
    assert [fault.problem for fault in table.faults] == ["The file holds nothing."]


def test_a_failed_formula_is_no_name(tmp_path):
    table = read(tmp_path, "thing,how_many,since\n#REF!,3,\n")
    assert told(table) == [(2, "thing")]


def test_a_workbook_is_found_where_there_is_no_csv_file(tmp_path):
    home = Settings(tmp_path, None, tmp_path, tmp_path / "providers.csv")
    assert home.scenarios_file == tmp_path / "scenarios.csv"
    Workbook().save(tmp_path / "scenarios.xlsx")
    assert home.scenarios_file == tmp_path / "scenarios.xlsx"
    assert home.budget_file == tmp_path / "budget.csv"
    (tmp_path / "scenarios.csv").write_text("scenario\n")
    assert home.scenarios_file == tmp_path / "scenarios.csv"


SOMERSET = "E06000066"
READERS: dict[str, tuple[Callable, tuple[str, ...]]] = {
    "options.csv": (read_options, COLUMNS),
    "scenarios.csv": (read_scenarios, scenario_file.COLUMNS),
    "budget.csv": (read_budget, budget_file.COLUMNS),
}
CELLS = st.one_of(
    st.sampled_from([*KINDS, SOMERSET, "foster", "residential", "all", "10 to 15", "10-15"]),
    st.sampled_from(["10", "-10%", "0.5", "1E+300", "9" * 30, "01/04/2027", "2026/27", "£5", ""]),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=12),
)


@st.composite
def files(draw: st.DrawFn) -> tuple[str, bytes]:
    """A name, and what such a file may hold: its headings and likely cells, or anything."""
    name = draw(st.sampled_from(sorted(READERS)))
    if draw(st.integers(0, 4)) == 0:
        return name, draw(st.binary(max_size=200))
    columns = list(READERS[name][1])
    if draw(st.integers(0, 4)) == 0:
        columns += draw(st.lists(CELLS, max_size=2))
    width = len(columns)
    rows = draw(st.lists(st.lists(CELLS, min_size=width - 1, max_size=width + 1), max_size=12))
    quoted = (",".join(f'"{c.replace(chr(34), chr(34) * 2)}"' for c in row) for row in rows)
    text = "\n".join([",".join(columns), *quoted])
    return name, text.encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])))


def holds_for(folder: Path, name: str, content: bytes) -> None:
    """Reading gives what can be used, and faults whose words say what to do."""
    reader, _ = READERS[name]
    file = folder / name
    file.write_bytes(content)
    read = reader(file, {SOMERSET})
    for fault in read.faults:
        assert isinstance(fault, TableFault)
        assert fault.problem
        assert fault.how_to_fix
    if isinstance(read, scenario_file.Scenarios):
        used = {change.row for s in read.scenarios for change in s.changes}
    elif isinstance(read, budget_file.Budget):
        used = {line.row for line in read.lines}
    else:
        return
    assert used.isdisjoint({fault.row for fault in read.faults})


quick = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


@settings(quick, max_examples=30)
@given(files())
def test_no_file_content_gives_a_traceback(tmp_path, made):
    holds_for(tmp_path, *made)


@pytest.mark.faults
@settings(quick, max_examples=600)
@given(files())
def test_no_file_content_gives_a_traceback_long(tmp_path, made):
    holds_for(tmp_path, *made)
