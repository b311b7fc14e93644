"""Scenarios: what is right is read, what is wrong is told by row, and takes its scenario out."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from pipeline.forecast.budget_file import COLUMNS as BUDGET
from pipeline.forecast.categories import age_bands, forecast_types
from pipeline.forecast.scenario_file import (
    COLUMNS,
    EVERY_KIND,
    KINDS,
    MOST_CHANGES,
    Change,
    Scenario,
    read_scenarios,
)
from pipeline.hub import hub_state
from pipeline.region import Authority, Region, load_region
from pipeline.settings import PROJECT, SAMPLE, Settings
from tests.docs.test_docs import FENCE

SOMERSET, DEVON = "E06000066", "E10000008"
PAGE = PROJECT / "docs" / "scenarios.md"
DAY = dt.date(2026, 10, 1)
MOVE = {"scenario": "Move 10", "kind": "move", "from_type": "residential", "to_type": "foster",
        "number": "10", "start": "01/10/2026"}  # fmt: skip
# A good row of each kind, with nothing but what the kind needs.
LEAST = {
    "move": MOVE,
    "open home": {"scenario": "s", "kind": "open home", "to_type": "residential", "number": "6",
                  "start": "01/10/2026"},
    "foster carers": {"scenario": "s", "kind": "foster carers", "number": "10",
                      "start": "01/10/2026"},
    "close home": MOVE | {"kind": "close home", "number": "4"},
    "entries": {"scenario": "s", "kind": "entries", "number": "-10", "start": "01/10/2026"},
    "exits": {"scenario": "s", "kind": "exits", "number": "10", "start": "01/10/2026"},
    "inflation": {"scenario": "s", "kind": "inflation", "number": "5", "start": "01/10/2026"},
    "in-house share": {"scenario": "s", "kind": "in-house share", "to_type": "foster",
                       "number": "60", "start": "01/10/2026"},
}  # fmt: skip
# What may stand in a cell that a kind may fill.
FILLED = {"la": SOMERSET, "age_band": "10 to 15", "from_type": "residential", "to_type": "foster",
          "end": "31/03/2027", "ramp_months": "6", "price_gbp_per_week": "1500"}  # fmt: skip


def write(folder: Path, *rows: dict[str, str]) -> Path:
    file = folder / "scenarios.csv"
    lines = [COLUMNS, *([row.get(column, "") for column in COLUMNS] for row in rows)]
    file.write_text("".join(",".join(line) + "\n" for line in lines), encoding="utf-8")
    return file


def read(folder: Path, *rows: dict[str, str]):
    return read_scenarios(write(folder, *rows), {SOMERSET, DEVON})


def told(folder: Path, *rows: dict[str, str]) -> list[tuple[int | None, str]]:
    """Row and column of the faults, without the one that says that the scenario is left out."""
    found = read(folder, *rows)
    assert found.scenarios == ()
    assert [f.row for f in found.faults].count(None) == 1
    return [(f.row, f.column) for f in found.faults if f.row]


def test_a_row_is_read(tmp_path):
    found = read(tmp_path, MOVE | {"la": SOMERSET, "age_band": "5 to 9", "ramp_months": "3"})
    change = Change(
        "move", SOMERSET, "5 to 9", "residential", "foster", Decimal(10), DAY, None, 3, None, row=2
    )
    assert (found.scenarios, found.faults) == ((Scenario("Move 10", (change,)),), ())


def test_what_people_write_is_understood(tmp_path):
    rows = [
        {"scenario": "Fewer", "kind": "Entries", "la": "All", "age_band": "10–15",  # noqa: RUF001
         "to_type": "Foster", "number": "-10 %", "start": "2026-10-01", "end": "31-Mar-27"},
        {"scenario": "fewer", "kind": "inflation", "number": "+5%", "start": "01/10/2026"},
    ]  # fmt: skip
    [scenario] = read(tmp_path, *rows).scenarios
    assert scenario.scenario == "Fewer"
    first, second = scenario.changes
    assert first == Change(
        "entries", None, "10 to 15", None, "foster", Decimal(-10), DAY, dt.date(2027, 3, 31), 0,
        None, row=2,
    )  # fmt: skip
    assert second.number == 5


def test_a_workbook_is_read_too(tmp_path):
    book = Workbook()
    book.active.append(COLUMNS)
    book.active.append(
        ["Move 10", "move", None, None, "residential", "foster", 10, dt.date(2026, 10, 1)]
    )
    book.save(tmp_path / "scenarios.xlsx")
    found = read_scenarios(tmp_path / "scenarios.xlsx", {SOMERSET})
    assert found.faults == ()
    assert found.scenarios == read(tmp_path, MOVE).scenarios


def test_every_kind_is_read_with_least_and_with_most(tmp_path):
    assert set(LEAST) == set(KINDS)
    for name, least in LEAST.items():
        kind = KINDS[name]
        assert set(least) == {*EVERY_KIND, *kind.needs}
        for row in (least, least | {c: FILLED[c] for c in kind.may_have}):
            found = read(tmp_path, row)
            assert (len(found.scenarios), found.faults) == (1, ()), name


@pytest.mark.parametrize("name", sorted(set(KINDS) - {"open home"}))  # which may use them all
def test_a_cell_that_a_kind_does_not_use_must_be_blank(tmp_path, name):
    kind = KINDS[name]
    unused = [c for c in COLUMNS if c not in (*EVERY_KIND, *kind.needs, *kind.may_have)]
    for column in unused:
        assert told(tmp_path, LEAST[name] | {column: FILLED[column]}) == [(2, column)]


@pytest.mark.parametrize("name", KINDS)
def test_a_cell_that_a_kind_needs_must_be_filled(tmp_path, name):
    for column in {*EVERY_KIND, *KINDS[name].needs} - {"scenario", "kind"}:
        assert told(tmp_path, LEAST[name] | {column: ""}) == [(2, column)]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("move", "0"),
        ("move", "2.5"),
        ("move", "10%"),
        ("open home", "-6"),
        ("close home", "501"),
        ("entries", "-101"),
        ("entries", "-0.1"),  # what a workbook makes of -10%
        ("in-house share", "0.6"),
        ("in-house share", "120"),
        ("inflation", "500"),
    ],
)
def test_a_number_that_the_kind_cannot_have_is_told_of(tmp_path, name, number):
    assert told(tmp_path, LEAST[name] | {"number": number}) == [(2, "number")]
    [fault, _] = read(tmp_path, LEAST[name] | {"number": number}).faults
    assert KINDS[name].counts in fault.how_to_fix


@pytest.mark.parametrize(
    ("name", "number", "meant"),
    [
        ("inflation", "0.5%", "0.5"),
        ("entries", "0", "0"),
        ("entries", "-100", "-100"),
        ("in-house share", "62.5", "62.5"),
        ("move", "10.0", "10"),  # as a workbook has it
    ],
)
def test_a_number_that_the_kind_can_have_is_read(tmp_path, name, number, meant):
    [scenario] = read(tmp_path, LEAST[name] | {"number": number}).scenarios
    assert scenario.changes[0].number == Decimal(meant)


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("kind", "closure", "move, open home, foster carers, close home, entries, exits"),
        ("la", "Somerset", "ONS code"),
        ("la", "E06000099", "ONS code"),
        ("age_band", "10 to 12", "under 1, 1 to 4, 5 to 9, 10 to 15, 16 and over"),
        ("from_type", "kinship", "foster, residential, supported, other"),
        ("number", "ten", "number"),
        ("start", "31/02/2027", "date"),
        ("ramp_months", "-1", "from 0 to 120"),
    ],
)
def test_a_cell_that_cannot_be_read_is_told_of(tmp_path, column, value, says):
    assert (2, column) in told(tmp_path, MOVE | {column: value})
    fault = next(f for f in read(tmp_path, MOVE | {column: value}).faults if f.column == column)
    assert says in str(fault)


def test_a_price_is_above_nothing(tmp_path):
    row = LEAST["open home"] | {"price_gbp_per_week": "0"}
    assert told(tmp_path, row) == [(2, "price_gbp_per_week")]


def test_an_end_is_not_before_its_start(tmp_path):
    assert told(tmp_path, LEAST["exits"] | {"end": "30/09/2026"}) == [(2, "end")]
    assert read(tmp_path, LEAST["exits"] | {"end": "01/10/2026"}).faults == ()


@pytest.mark.parametrize("name", ["move", "close home"])
def test_children_move_to_another_type(tmp_path, name):
    assert told(tmp_path, LEAST[name] | {"from_type": "foster"}) == [(2, "to_type")]


def test_a_home_may_be_filled_from_its_own_type_or_by_whom_it_is_for(tmp_path):
    row = LEAST["open home"]
    for from_type in ("", "residential", "foster"):
        assert read(tmp_path, row | {"from_type": from_type}).faults == ()


def test_a_home_is_of_a_type_that_can_be_built(tmp_path):
    assert told(tmp_path, LEAST["open home"] | {"to_type": "other"}) == [(2, "to_type")]


def test_a_row_with_a_fault_takes_its_scenario_out_and_no_other(tmp_path):
    other = LEAST["exits"] | {"scenario": "Other"}
    wrong = LEAST["entries"] | {"scenario": "move 10", "number": "many"}
    found = read(tmp_path, MOVE, other, wrong, other | {"scenario": ""})
    assert [s.scenario for s in found.scenarios] == ["Other"]
    assert [(f.row, f.column) for f in found.faults] == [
        (5, "scenario"),
        (4, "number"),
        (None, "scenario"),
    ]
    assert "All of the scenario in rows 2, 4 is left out, for the fault in row 4." in str(
        found.faults[-1]
    )


def test_a_row_stands_once_in_a_scenario(tmp_path):
    assert told(tmp_path, MOVE, MOVE) == [(3, "kind")]
    assert len(read(tmp_path, MOVE, MOVE | {"scenario": "Again"}).scenarios) == 2


@pytest.mark.parametrize(
    ("first", "second", "is_fault"),
    [
        ({}, {"number": "4"}, True),
        ({}, {"number": "4", "from_type": "foster"}, True),  # one is of all types
        ({"from_type": "residential"}, {"from_type": "foster"}, False),
        ({"la": SOMERSET}, {"la": DEVON}, False),
        ({"la": SOMERSET}, {"number": "4"}, True),
        ({"end": "31/03/2027"}, {"number": "4", "start": "01/04/2027"}, False),
        ({"end": "31/03/2027"}, {"number": "4", "start": "31/03/2027"}, True),
    ],
)
def test_one_thing_is_not_set_to_two_values(tmp_path, first, second, is_fault):
    rows = [LEAST["inflation"] | change for change in (first, second)]
    if is_fault:
        assert told(tmp_path, *rows) == [(3, "kind")]
    else:
        assert len(read(tmp_path, *rows).scenarios[0].changes) == 2


def test_per_cents_on_top_of_each_other_are_no_fault(tmp_path):
    rows = [LEAST["entries"], LEAST["entries"] | {"number": "-5"}]
    assert len(read(tmp_path, *rows).scenarios[0].changes) == 2


def test_a_scenario_of_too_many_rows_is_told_of(tmp_path):
    rows = [MOVE | {"number": str(n + 1)} for n in range(MOST_CHANGES + 1)]
    assert told(tmp_path, *rows) == [(2, "scenario")]
    assert len(read(tmp_path, *rows[:-1]).scenarios[0].changes) == MOST_CHANGES


def test_without_a_file_there_are_no_scenarios(tmp_path):
    found = read_scenarios(tmp_path / "scenarios.csv", {SOMERSET})
    assert (found.scenarios, found.faults) == ((), ())


def test_the_sample_s_scenarios_are_read():
    codes = {a.code for a in load_region(SAMPLE / "region.yml").authorities}
    found = read_scenarios(SAMPLE / "reference" / "scenarios.csv", codes)
    assert found.faults == ()
    assert [s.scenario for s in found.scenarios] == [
        "Move 10 from residential to foster",
        "Open a home with 6 beds",
        "Entries 10% lower",
        "Inflation 5% residential",
        "In-house fostering 75%",
    ]


def test_the_examples_of_the_page_are_read_and_show_each_kind(tmp_path):
    kinds = set()
    blocks = [text for *_, text in FENCE.findall(PAGE.read_text("utf-8"))]
    examples = [b for b in blocks if b.startswith("scenario") and b.count("\n") > 1]
    assert len(examples) == len(KINDS) + 1  # one of each kind, and one of several rows
    for number, text in enumerate(examples):
        file = tmp_path / f"{number}.csv"
        file.write_text(text, encoding="utf-8")
        found = read_scenarios(file, {SOMERSET, DEVON})
        assert found.faults == (), text
        kinds |= {change.kind for s in found.scenarios for change in s.changes}
    assert kinds == set(KINDS)


def test_the_page_says_of_each_kind_what_it_needs_and_may_have():
    """Its table has a line per kind: must, may or nothing for each column, in our order."""
    page = PAGE.read_text(encoding="utf-8")
    columns = [c for c in COLUMNS if c not in EVERY_KIND]
    for name, kind in KINDS.items():
        words = [
            "must" if c in kind.needs else "may" if c in kind.may_have else "" for c in columns
        ]
        cells = "|".join(f" {word} " if word else " " for word in words)
        assert f"| `{name}` |{cells}|\n" in page


def test_a_warehouse_is_made_anew_for_other_scenarios_or_budgets_and_for_nothing_else(tmp_path):
    region = Region("Test", True, SOMERSET, (Authority(SOMERSET, "Somerset", "somerset"),))
    home = Settings(tmp_path / "home", region, tmp_path / "landing", tmp_path / "providers.csv")
    without = hub_state(home)
    write(tmp_path, MOVE)
    with_one = hub_state(home)
    write(tmp_path, {}, MOVE, MOVE | {"scenario": "wrong", "number": "many"})
    assert without != with_one == hub_state(home)
    write(tmp_path, MOVE | {"number": "11"})
    with_another = hub_state(home)
    assert with_another not in (without, with_one)
    (tmp_path / "budget.csv").write_text(f"{','.join(BUDGET)}\n{SOMERSET},2026/27,,5000000\n")
    assert hub_state(home) != with_another


def test_bands_and_types_are_those_of_the_seeds():
    assert [name for name, *_ in age_bands()] == [
        "under 1", "1 to 4", "5 to 9", "10 to 15", "16 and over"
    ]  # fmt: skip
    ends = [end for *_, end in age_bands()]
    assert [first for _, first, _ in age_bands()] == [0, *ends[:-1]]
    assert ends[-1] == 18 * 12
    assert forecast_types() == ("foster", "residential", "supported", "other")
