"""The case for new homes: what it says follows from the figures, and what is withheld is said."""

import datetime as dt

import duckdb
import numpy as np
import pandas as pd
import pytest

from pipeline.region import Authority, Region
from pipeline.reports.editions import rows_of
from pipeline.reports.region.case import CaseFigures, read_case, the_case_for_new_homes
from pipeline.reports.region.page import Section
from pipeline.reports.region.words import NOT_KNOWN, TOO_FEW
from pipeline.withheld import withheld_text

LAS = {"E10000008": "Devon", "E06000052": "Cornwall"}
ENDS = dt.date(2028, 3, 31)
HIDDEN = (
    "children_bought", "children_lacking", "bought_replaced_mean", "lacking_served_mean",
    "npv_mean_gbp", "npv_lower_80_gbp", "npv_upper_80_gbp", "npv_bought_first_mean_gbp",
    "npv_lacking_first_mean_gbp", "chance_of_saving", "benefit_mean_gbp", "payback_years",
    "break_even_occupancy", "bought_gbp_per_week", "left_gbp_per_week",
)  # fmt: skip
BEDS_HIDDEN = (
    "children_bought", "children_lacking", "bought_gbp_per_week",
    "spend_on_bought_median_gbp_per_year", "spend_on_bought_lower_80_gbp_per_year",
    "spend_on_bought_upper_80_gbp_per_year",
)  # fmt: skip


def option(name: str, la_code: str, **changed: object) -> dict[str, object]:
    """A row as the table has it."""
    return {
        "option": name,
        "la_code": la_code,
        "area_name": LAS.get(la_code),
        "placement_type": "residential",
        "beds": 4,
        "lifetime_years": 25,
        "discount_rate": 0.035,
        "highest_occupancy": 0.9,
        "own_gbp_per_week": 4_690,
        "children_bought": 17,
        "children_lacking": 2,
        "bought_gbp_per_week": 5_820,
        "left_gbp_per_week": 760,
        "bought_replaced_mean": 2.98,
        "lacking_served_mean": 0.56,
        "npv_mean_gbp": 1_098_000,
        "npv_lower_80_gbp": 211_000,
        "npv_upper_80_gbp": 4_241_000,
        "npv_bought_first_mean_gbp": 3_521_000,
        "npv_lacking_first_mean_gbp": -3_481_000,
        "chance_of_saving": 0.93,
        "benefit_mean_gbp": 2_441_000,
        "payback_years": 9,
        "break_even_occupancy": 0.61,
        "statement": f"What one should know of {name}.",
        "withheld": "",
    } | changed


def few(names: tuple[str, ...]) -> dict[str, object]:
    return dict.fromkeys(names, None) | {"withheld": withheld_text(names, "too few")}


FEW = few(HIDDEN)
UNKNOWN = dict.fromkeys(HIDDEN[2:], None)


def beds(la_code: str | None, kind: str, median: float, width: float, **changed: object) -> dict:
    """A row as the table has it, with pounds a year that 8 in 10 futures hold."""
    return {
        "la_code": la_code,
        "area_name": LAS.get(la_code, "Region"),
        "authorities": 1 if la_code else 4,
        "placement_type": kind,
        "children_bought": 17,
        "children_lacking": 2,
        "bought_gbp_per_week": 5_820,
        "spend_on_bought_median_gbp_per_year": median,
        "spend_on_bought_lower_80_gbp_per_year": median - width,
        "spend_on_bought_upper_80_gbp_per_year": median + width,
        "share_of_prices_known": 0.6,
        "withheld": "",
    } | changed


def section(*options: dict, beds_: tuple[dict, ...] = ()) -> Section:
    return the_case_for_new_homes(
        CaseFigures(
            pd.DataFrame(beds_, columns=list(beds("", "", 0, 0))),
            pd.DataFrame(options, columns=list(option("", ""))),
            ENDS,
        ),
        (),
    )


def told(shown: Section) -> str:
    return f"{shown.pictures} {shown.caveats}"


def test_an_option_is_drawn_with_what_it_rests_on():
    shown = section(option("Home of four", "E10000008"))
    _, worth, served = shown.pictures
    assert worth.svg
    assert "Saves more than it costs in at least 9 of 10 futures: Home of four (£1.1 million" in (
        worth.says
    )
    assert worth.table.rows == (
        ("Home of four", "£1.1 million", "£211,000", "£4.2 million", "£3.5 million",
         "\N{MINUS SIGN}£3.5 million", "9 years", "61%", "93%"),
    )  # fmt: skip
    assert served.table.rows == (
        ("Home of four", "Residential care, Devon", "4", "17", "2", "3.0", "0.6", "£4,700",
         "£5,800", "£760", "£2.4 million"),
    )  # fmt: skip
    assert "Home of four (£2.4 million)" in served.says
    assert "saves nothing" in served.says
    assert shown.caveats[0] == "Home of four: What one should know of Home of four."
    assert shown.period == "April 2027 to March 2028"


@pytest.mark.parametrize(
    ("figures", "says", "never"),
    [
        # The first is above the other in 8 of 10 futures of both: then it saves most.
        ([(9e6, 8e6, 10e6), (2e6, 1e6, 3e6)], "Of 2 options A saves most: £9.0 million", "as much"),
        ([(9e6, 2e6, 10e6), (2e6, 1e6, 3e6)], "A is expected to save most, but B may save as much",
         "Of 2 options"),
        ([(-1e6, -2e6, -5e5), (-2e6, -3e6, -1e6)], "No option is expected to save", "saves most"),
        ([(-1e6, -2e6, -5e5), (-2e6, -3e6, -1e6)], "Costs more than it saves in at least 9 of 10",
         "Saves more"),
        ([(1e6, -2e6, 5e6), (-2e6, -3e6, 1e6)], "May do either: A (£1.0 million", "at least 9"),
    ],
)  # fmt: skip
def test_a_ranking_is_said_only_where_the_futures_tell_it(figures, says, never):
    names = ("npv_mean_gbp", "npv_lower_80_gbp", "npv_upper_80_gbp")
    options = [option(o, "E10000008", **dict(zip(names, f, strict=True)))
               for o, f in zip("AB", figures, strict=True)]  # fmt: skip
    for given in (options, options[::-1]):
        said = section(*given).pictures[1].says
        assert says in said
        assert never not in said


def test_an_option_without_a_benefit_has_none_in_words():
    served = section(option("Flats", "E10000008", benefit_mean_gbp=0)).pictures[2]
    assert "None of the options that are shown serves" in served.says


@pytest.mark.parametrize(
    ("rows", "says", "never"),
    [
        ([(5e6, 5e5), (2e6, 5e5)], "most is spent on residential care in Devon: £5.0 million",
         "not certain"),
        ([(5e6, 4e6), (2e6, 5e5), (1e5, 1e4)],
         "Most is spent on residential care in Devon and foster care in Cornwall: which of these",
         "Of areas and types"),
        ([(5e6, 4e6), (2e6, 5e5)], "costs most, the futures do not tell", "Most is spent"),
        ([(5e6, 4e6)], "", "most"),
    ],
)  # fmt: skip
def test_where_most_is_spent_is_said_only_where_the_futures_tell_it(rows, says, never):
    places = (("E10000008", "residential"), ("E06000052", "foster"), ("E06000052", "supported"))
    given = tuple(beds(*p, *r) for p, r in zip(places, rows, strict=False))
    for order in (given, given[::-1]):
        said = section(beds_=order).pictures[0].says
        assert says in said
        assert never not in said


def test_the_region_is_told_by_type_and_not_ranked_with_its_authorities():
    bought = section(
        beds_=(
            beds(None, "residential", 17.5e6, 1e6),
            beds(None, "foster", 7e6, 1e6),
            beds("E10000008", "residential", 4e6, 1e5),
            beds("E06000052", "foster", 1e6, 1e5),
        )
    ).pictures[0]
    assert (
        "cost the region in April 2027 to March 2028: £17.5 million for residential" in bought.says
    )
    assert "most is spent on residential care in Devon" in bought.says
    assert bought.table.rows[0] == (
        "Residential care, Region", "17", "2", "£5,800", "£17.5 million",
        "£16.5 million to £18.5 million",
    )  # fmt: skip


def test_bought_beds_that_are_withheld_or_without_a_price_are_told_apart():
    price = dict.fromkeys(BEDS_HIDDEN[2:], None)
    shown = section(
        beds_=(
            beds("E10000008", "residential", 4e6, 1e5, **few(BEDS_HIDDEN)),
            beds("E06000052", "supported", 1e6, 1e5, **price),
            beds("E06000052", "foster", 1e6, 1e5, share_of_prices_known=0.3),
        )
    )
    bought = shown.pictures[0]
    cells = {row[0]: row[1:] for row in bought.table.rows}
    assert set(cells["Residential care, Devon"]) == {TOO_FEW}
    assert cells["Supported accommodation, Cornwall"][:2] == ("17", "2")
    assert set(cells["Supported accommodation, Cornwall"][2:]) == {NOT_KNOWN}
    assert "Too few to show: Residential care, Devon." in bought.says
    assert "Residential" not in bought.svg
    assert any("foster care in Cornwall" in c and "half" in c for c in shown.caveats)
    with pytest.raises(ValueError, match="still carry children_bought"):
        section(beds_=(beds("E10000008", "foster", 1, 1, withheld="children_bought: too few"),))


def test_what_is_withheld_is_said_to_be_and_not_drawn():
    shown = section(option("Two beds", "E10000008", **FEW), option("Home", "E06000052"))
    _, worth, served = shown.pictures
    [row] = [r for r in worth.table.rows if r[0] == "Two beds"]
    assert row[1:] == (TOO_FEW,) * 8
    assert "Two beds" not in worth.svg
    [row] = [r for r in served.table.rows if r[0] == "Two beds"]
    assert row[3:] == (TOO_FEW,) * 8
    with pytest.raises(ValueError, match="still carry npv_mean_gbp"):
        section(option("Two beds", "E10000008", **(FEW | {"npv_mean_gbp": 1})))


def test_what_is_not_known_is_not_called_too_few_and_no_zero():
    shown = section(option("No price", "E10000008", **UNKNOWN), option("Home", "E06000052"))
    _, worth, served = shown.pictures
    assert [r[0] for r in worth.table.rows] == ["Home"]
    [row] = [r for r in served.table.rows if r[0] == "No price"]
    assert row[-1] == NOT_KNOWN
    assert TOO_FEW not in told(shown)
    assert "nan" not in told(shown)
    assert "No price: What one should know of No price." in shown.caveats


def test_where_nothing_can_be_valued_it_says_so():
    worth = section(option("No price", "E10000008", **UNKNOWN)).pictures[1]
    assert worth.svg is None
    assert "why, is said below" in worth.says
    worth = section(option("Two beds", "E10000008", **FEW)).pictures[1]
    assert worth.svg is None
    assert "Too few to show: Two beds." in worth.says


def test_without_options_it_says_where_they_come_from():
    shown = section()
    assert "listed in the file of options" in shown.pictures[1].says
    assert len(shown.pictures) == 2
    assert shown.caveats == ()


@pytest.mark.parametrize("payback", [None, 1, 0])
def test_paid_back_is_said_as_people_say_it(payback):
    worth = section(option("Home", "E10000008", payback_years=payback)).pictures[1]
    expected = {None: "never", 1: "1 year", 0: "0 years"}[payback]
    assert worth.table.rows[0][6] == expected


@pytest.mark.parametrize(
    ("see_each_other", "reader", "names", "areas"),
    [
        (False, "E10000008", ["a", "c"], {"Devon", "Region"}),
        (False, "E06000052", ["b"], {"Cornwall", "Region"}),
        (False, None, [], {"Region"}),
        (True, "E06000052", ["a", "b", "c"], {"Devon", "Cornwall", "Region"}),
        (True, None, ["a", "b", "c"], {"Devon", "Cornwall", "Region"}),
    ],
)
def test_an_edition_has_what_its_reader_may_see_in_order(see_each_other, reader, names, areas):
    authorities = tuple(Authority(code, name, name.lower()) for code, name in LAS.items())
    region = Region("Test", True, "E10000008", authorities, las_see_each_other=see_each_other)
    given = {
        "business_case_summary": pd.DataFrame(
            [option("c", "E10000008"), option("b", "E06000052"), option("a", "E10000008")]
        ),
        "new_beds": pd.DataFrame([beds(la, "foster", 1e6, 1e5) for la in (*LAS, None)]),
        "demand": pd.DataFrame(
            {"la_code": [None], "authorities": [4], "kind": ["forecast"],
             "month_end": np.array(["2028-03-31"], "datetime64[D]")}
        ),
    }  # fmt: skip
    with duckdb.connect() as connection:
        connection.execute("create schema forecast")
        for name, frame in given.items():
            connection.register("given", frame)
            connection.execute(f"create table forecast.{name} as from given")
        figures = read_case(connection, rows_of(connection, region, reader))
    assert list(figures.options["option"]) == names
    assert set(figures.beds["area_name"]) == areas
    assert the_case_for_new_homes(figures, ()).pictures
