"""The section on what providers charge: who sees which row, names, caveats, nothing withheld."""

from dataclasses import replace

import duckdb
import pandas as pd

from pipeline.region import Authority, Region
from pipeline.reports.editions import rows_of
from pipeline.reports.region.page import Section
from pipeline.reports.region.premium import (
    Premiums,
    read_premiums,
    what_providers_charge,
)
from pipeline.reports.region.words import TOO_FEW

DEVON, DORSET = "E10000008", "E06000059"


def _row(urn: str, **changed: object) -> dict[str, object]:
    """A provider of residential care with a premium of 10%, seen in three LAs."""
    row: dict[str, object] = {
        "la_code": None,
        "authorities": 3,
        "placement_type": "residential",
        "premium_of": "provider",
        "provider_urn": urn,
        "provider_name": f"Home {urn}",
        "owner_id": None,
        "owner_name": None,
        "withheld": "",
        "is_own_service": False,
        "first_quarter": "2024Q2",
        "last_quarter": "2026Q1",
        "children": 15,
        "finding": "premium",
        "premium_percent": 10.0,
        "premium_low_percent": 4.0,
        "premium_high_percent": 16.0,
    }
    return row | changed


def _few(urn: str, **changed: object) -> dict[str, object]:
    """A provider that there is not enough for."""
    figures = dict.fromkeys(f"premium{n}_percent" for n in ("", "_low", "_high"))
    finding = {"finding": "too few", "children": None, "withheld": "children: too few"}
    return _row(urn, **figures, **finding) | changed


def _owner(owner: str, **changed: object) -> dict[str, object]:
    """The row of an owner."""
    named = {"premium_of": "owner", "provider_name": None, "owner_id": owner}
    return _row("", **named, owner_name=f"{owner} Care Ltd", **changed) | {"provider_urn": None}


def _home_of(owner: str, urn: str, **changed: object) -> dict[str, object]:
    """The row of a home of an owner."""
    return _row(urn, owner_id=owner, owner_name=f"{owner} Care Ltd", **changed)


def _premiums(*rows: dict[str, object]) -> Premiums:
    return Premiums(pd.DataFrame(rows))


MIXED = _premiums(
    _row("SC1"),
    _row("SC2", authorities=2),
    _row("SC3", authorities=1, la_code=DEVON),
    _row("SC4", authorities=1, la_code=DORSET),
    _few("SC5"),
    _row("SC6", placement_type="foster", premium_percent=-3.0, premium_low_percent=-8.0),
    _row("SC7", la_code=DEVON, authorities=1, is_own_service=True),
)


def _cells(section: Section) -> list[tuple[str, ...]]:
    return [row for p in section.pictures if p.table for row in p.table.rows]


def test_an_edition_sees_its_own_rows_and_those_of_three():
    with duckdb.connect() as connection:
        connection.execute("create schema cost")
        connection.register("frame", MIXED.rows.assign(year="all years"))
        connection.execute("create table cost.provider_premium as select * from frame")
        authorities = tuple(Authority(code, code, code.lower()) for code in (DEVON, DORSET))
        region = Region("Test", True, DEVON, authorities)
        seen = {
            reader: list(
                read_premiums(connection, rows_of(connection, region, reader)).rows["provider_urn"]
            )
            for reader in (DEVON, DORSET, None)
        }
    assert seen == {
        DEVON: ["SC6", "SC1", "SC3", "SC5", "SC7"],
        DORSET: ["SC6", "SC1", "SC4", "SC5"],
        None: ["SC6", "SC1", "SC5"],
    }


def test_types_have_a_picture_each_and_few_children_no_figure():
    section = what_providers_charge(MIXED, ())
    assert [p.title for p in section.pictures] == [
        "Owners of foster care",
        "Owners of residential care",
    ]
    cells = {row[0]: row[1:] for row in _cells(section)}
    assert cells["Home SC1"] == ("15", "+10%", "+4% to +16%")
    assert cells["Home SC5"] == (TOO_FEW,) * 3
    assert section.period == "placements that began April 2024 to March 2026"


def test_a_figure_of_a_withheld_row_is_not_shown():
    """The mart has none; should it ever, the page does not show it."""
    leaky = _premiums(_row("SC1"), _few("SC2", premium_percent=77.0, children=6))
    cells = {row[0]: row[1:] for row in _cells(what_providers_charge(leaky, ()))}
    assert cells["Home SC2"] == (TOO_FEW,) * 3


def test_providers_of_one_name_are_told_apart_and_unlisted_ones_named_by_number():
    same = _premiums(
        _row("SC1", provider_name="Harbour"),
        _row("SC2", provider_name="Harbour"),
        _row("SC3", provider_name=None),
        _row("SC4"),
    )
    names = {row[0] for row in _cells(what_providers_charge(same, ()))}
    assert names == {"Harbour (SC1)", "Harbour (SC2)", "Not listed (SC3)", "Home SC4"}


def test_caveats_name_what_holds_for_the_rows_shown():
    said = " ".join(what_providers_charge(MIXED, ()).caveats)
    assert "quality" in said
    assert "block contracts" in said
    assert "All children are of one authority: Home SC3 and Home SC4." in said
    assert "1 own service is left out" in said
    of_region = MIXED.rows[MIXED.rows["la_code"].isna()]
    plain = " ".join(what_providers_charge(Premiums(of_region), ()).caveats)
    assert "one authority: Home" not in plain
    assert "own service" not in plain


def test_without_rows_there_is_a_section_that_says_so():
    nothing = replace(MIXED, rows=MIXED.rows.iloc[:0])
    section = what_providers_charge(nothing, ())
    assert section.pictures == ()
    assert section.period == "none yet"


def test_all_years_are_read_in_one_order(tmp_path):
    frame = pd.DataFrame([_row("SC2"), _row("SC1"), _row("SC1")]).assign(
        year=["all years", "all years", "2025-26"]
    )
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute("create schema cost")
        connection.register("frame", frame)
        connection.execute("create table cost.provider_premium as select * from frame")
        read = read_premiums(connection, lambda mart: mart).rows
    assert list(read["provider_urn"]) == ["SC1", "SC2"]


def _says(*rows: dict[str, object], picture: int = 0) -> str:
    return what_providers_charge(_premiums(*rows), ()).pictures[picture].says


def test_outside_owners_stand_beside_each_other_and_homes_are_told_together():
    """Outside, an owner's homes have no rows; a home whose owner nobody names is its own."""
    rows = (_owner("Alpha"), _owner("Beta"), _row("SC9"), _home_of("Alpha", "SC1"))
    section = what_providers_charge(_premiums(*rows), ())
    assert [p.title for p in section.pictures] == ["Owners of residential care"]
    named = [row[0] for row in section.pictures[0].table.rows]
    assert named == ["Alpha Care Ltd", "Beta Care Ltd", "Home SC9"]


def test_inside_each_home_stands_in_a_picture_of_its_own_as_well():
    homes = [_home_of("Alpha", f"SC{n}", children=2) for n in (1, 2, 3)]
    section = what_providers_charge(_premiums(_owner("Alpha", children=6), *homes), ())
    assert [p.title for p in section.pictures] == [
        "Owners of residential care",
        "One by one, providers of residential care",
    ]
    assert len(section.pictures[1].table.rows) == 3
    assert section.pictures[1].table.rows[0][1] == "2"
    assert not any("5 children on" in c for c in section.caveats)


def test_owners_of_one_name_are_told_apart():
    rows = [_owner(f"{n}longid", placement_type="foster") | {"owner_name": "Sun"} for n in "ab"]
    cells = _cells(what_providers_charge(_premiums(*rows), ()))
    assert [row[0] for row in cells] == ["Sun (alongi)", "Sun (blongi)"]


def test_the_one_that_clearly_charges_more_is_named():
    unclear = {"premium_low_percent": -1.0, "premium_high_percent": 40.0}
    says = _says(
        _owner("Alpha", premium_percent=12.0, premium_low_percent=3.0),
        _owner("Beta", premium_percent=20.0, **unclear),
    )
    assert says.startswith(
        "1 owner clearly charges more for children with like needs: Alpha Care Ltd (+12%, 8 times "
        "in 10 between +3% and +16%)."
    )
    assert "Beta" not in says  # its estimate is higher, but there may be no difference
    assert "For 1 there may be no difference." in says


def test_of_several_the_highest_estimate_is_called_an_estimate():
    says = _says(_owner("Alpha", premium_percent=12.0), _owner("Beta", premium_percent=15.0))
    assert "2 owners clearly charge more" in says
    assert "the highest estimate is that of Beta Care Ltd (+15%" in says


def test_nobody_is_foremost_where_two_are_alike():
    says = _says(_owner("Beta"), _owner("Alpha"))
    assert "is shared by Alpha Care Ltd and Beta Care Ltd" in says
    assert "is that of" not in says


def test_nobody_charges_clearly_more_where_every_line_crosses_nothing():
    says = _says(
        _owner("Alpha", premium_low_percent=0.0),
        _owner("Beta", premium_percent=-9.0, premium_low_percent=-20.0, premium_high_percent=0.0),
    )
    assert says == "No owner clearly charges more or less for children with like needs."


def test_who_charges_less_is_the_lowest_of_those_clearly_below():
    low = {"premium_low_percent": -30.0, "premium_high_percent": -2.0}
    says = _says(
        _owner("Alpha", premium_percent=-9.0, **low), _owner("Beta", premium_percent=-14.0, **low)
    )
    assert "more for children" not in says
    assert "2 owners clearly charge less" in says
    assert "the lowest estimate is that of Beta Care Ltd (\N{MINUS SIGN}14%" in says


def test_what_cannot_be_compared_is_not_called_too_few():
    row = _owner("Alpha", finding="not enough: see similar_children", premium_percent=None,
                 premium_low_percent=None, premium_high_percent=None)  # fmt: skip
    section = what_providers_charge(_premiums(row, _few("SC5")), ())
    said = {cells[0]: cells[1] for cells in _cells(section)}
    assert said == {"Alpha Care Ltd": "too little to compare with", "Home SC5": TOO_FEW}
    assert section.pictures[0].svg is None
    assert "1 owner has too few children to tell. 1 owner has too little to be compared with." in (
        section.pictures[0].says
    )
    assert any("5 children on" in c for c in section.caveats)


def test_a_premium_may_stand_without_the_number_of_children():
    row = _owner("Alpha", children=None, withheld="children: too few")
    assert _cells(what_providers_charge(_premiums(row), ())) == [
        ("Alpha Care Ltd", TOO_FEW, "+10%", "+4% to +16%")
    ]
