"""The case for new homes: what is withheld or not known is said and not drawn, and whose it is."""

import datetime as dt

import duckdb
import pandas as pd
import pytest

from pipeline.region import Authority, Region
from pipeline.reports.editions import rows_of
from pipeline.reports.region.case import CaseFigures, read_case, the_case_for_new_homes
from pipeline.reports.region.page import Section
from pipeline.reports.region.words import NOT_KNOWN, TOO_FEW

LAS = {"E10000008": "Devon", "E06000052": "Cornwall"}
WORTH = ["npv_low_gbp", "npv_central_gbp", "npv_high_gbp", "npv_lower_gbp", "npv_upper_gbp",
         "chance", "payback_years"]  # fmt: skip
NEED = ["need_beds_low", "need_beds_central", "need_beds_high"]


def option(name: str, la_code: str, **changed: object) -> dict[str, object]:
    """A row as the mart has it."""
    return {
        "option": name,
        "la_code": la_code,
        "la_name": LAS.get(la_code),
        "placement_type": "residential",
        "beds": 4,
        "capital_gbp": 650_000,
        "lifetime_years": 25,
        "discount_rate": 0.035,
        "highest_occupancy": 0.9,
        "covered_from_date": dt.date(2025, 4, 1),
        "covered_to_date": dt.date(2026, 3, 31),
        "need_beds_low": 1.3,
        "need_beds_central": 2.6,
        "need_beds_high": 2.8,
        "avoided_gbp_per_week": 5480,
        "avoided_cost_basis": "children of the area whose need went unmet",
        "own_gbp_per_week": 4321,
        "type_gbp_per_week": 5500,
        "npv_low_gbp": -410_000,
        "npv_central_gbp": 1_234_000,
        "npv_high_gbp": 2_345_000,
        "npv_lower_gbp": 222_000,
        "npv_upper_gbp": 1_777_000,
        "chance": 0.93,
        "payback_years": 9,
        "break_even_occupancy": 0.61,
        "is_suppressed": False,
        "statement": f"What one should know of {name}.",
    } | changed


FEW = dict.fromkeys([*WORTH, *NEED], None) | {"is_suppressed": True}
UNKNOWN = dict.fromkeys([*WORTH, "avoided_gbp_per_week", "break_even_occupancy"], None) | {
    "avoided_cost_basis": "not known"
}


def section(*options: dict) -> Section:
    frame = pd.DataFrame(options, columns=list(option("", "")))
    return the_case_for_new_homes(CaseFigures(frame), ())


def told(shown: Section) -> str:
    return f"{shown.pictures} {shown.caveats}"


def test_an_option_is_drawn_with_what_it_rests_on():
    shown = section(option("Home of four", "E10000008"))
    worth, basis = shown.pictures
    assert worth.svg
    assert "Home of four is worth most: £1.2 million over 25 years" in worth.says
    assert worth.table.rows == (
        ("Home of four", "\N{MINUS SIGN}£410,000", "£222,000", "£1.2 million",
         "£1.8 million", "£2.3 million", "9 years", "61%", "93%"),
    )  # fmt: skip
    assert basis.table.rows == (
        ("Home of four", "Residential care, Devon", "25", "4", "£650,000", "1.3", "2.6", "2.8",
         "£5,500", "£4,300", "£5,500"),
    )  # fmt: skip
    assert shown.caveats[0] == "Home of four: What one should know of Home of four."
    assert shown.period == "April 2025 to March 2026"


def test_what_is_withheld_is_said_to_be_and_not_drawn():
    shown = section(option("Two beds", "E10000008", **FEW), option("Home", "E06000052"))
    worth, basis = shown.pictures
    [row] = [r for r in worth.table.rows if r[0] == "Two beds"]
    assert row[1:] == (TOO_FEW,) * 8
    assert "61%" not in row  # even where the mart has a figure
    assert "Two beds" not in worth.svg
    [row] = [r for r in basis.table.rows if r[0] == "Two beds"]
    assert row[5:8] == (TOO_FEW,) * 3


def test_what_is_not_known_is_not_called_too_few_and_no_zero():
    shown = section(option("No price", "E10000008", **UNKNOWN), option("Home", "E06000052"))
    worth, basis = shown.pictures
    assert [r[0] for r in worth.table.rows] == ["Home"]
    [row] = [r for r in basis.table.rows if r[0] == "No price"]
    assert row[8] == NOT_KNOWN
    assert TOO_FEW not in told(shown)
    assert "No price: What one should know of No price." in shown.caveats


def test_where_nothing_can_be_valued_it_says_so():
    worth, _ = section(option("No price", "E10000008", **UNKNOWN)).pictures
    assert worth.svg is None
    assert "why, is said below" in worth.says
    worth, _ = section(option("Two beds", "E10000008", **FEW)).pictures
    assert worth.svg is None
    assert "Too few to show: Two beds." in worth.says


def test_without_options_it_says_where_they_come_from():
    shown = section()
    assert "listed in the file of options" in shown.pictures[0].says
    assert len(shown.pictures) == 1
    assert shown.caveats == ()
    assert shown.period == "none yet"


@pytest.mark.parametrize("payback", [None, 1, 0])
def test_paid_back_is_said_as_people_say_it(payback):
    worth = section(option("Home", "E10000008", payback_years=payback)).pictures[0]
    expected = {None: "never", 1: "1 year", 0: "0 years"}[payback]
    assert worth.table.rows[0][6] == expected


@pytest.mark.parametrize(
    ("see_each_other", "reader", "names"),
    [
        (False, "E10000008", ["a", "c"]),
        (False, "E06000052", ["b"]),
        (False, None, []),
        (True, "E06000052", ["a", "b", "c"]),
        (True, None, ["a", "b", "c"]),
    ],
)
def test_an_edition_has_the_options_that_its_reader_may_see_in_order(see_each_other, reader, names):
    authorities = tuple(Authority(code, name, name.lower()) for code, name in LAS.items())
    region = Region("Test", True, "E10000008", authorities, las_see_each_other=see_each_other)
    given = [option("c", "E10000008"), option("b", "E06000052"), option("a", "E10000008")]
    with duckdb.connect() as connection:
        connection.execute("create schema sufficiency")
        connection.register("given", pd.DataFrame(given))
        connection.execute("create table sufficiency.business_case_summary as from given")
        figures = read_case(connection, rows_of(connection, region, reader))
    assert list(figures.options["option"]) == names
    assert the_case_for_new_homes(figures, ()).pictures
