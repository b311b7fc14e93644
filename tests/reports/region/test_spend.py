"""The section on spend: what it says, and that no edition shows what is not for it."""

import random
from dataclasses import replace

import pandas as pd
import pytest

from pipeline.reports.region.page import Section, Standing
from pipeline.reports.region.spend import Spend, read_spend, spend_section
from tests.dbt.made_up_spend import built, spend_of

LAS = {"E10000008": "Devon", "E06000052": "Cornwall"}
STANDINGS = (Standing("Devon", "fit"),)
REGION = None


def _spend(la_code: str | None, kind: str, gbp: float | None, few: bool = False) -> dict:
    return {
        "la_code": la_code,
        "area_name": LAS.get(la_code, "Region"),
        "period": "2025/26",
        "first_quarter": "2025Q2",
        "last_quarter": "2026Q1",
        "placement_type": kind,
        "total_gbp": gbp,
        "total_lower_80_gbp": None if gbp is None else 0.9 * gbp,
        "total_upper_80_gbp": None if gbp is None else 1.1 * gbp,
        "mean_gbp_per_week": None if gbp is None else 1_960,
        "share_known": 0.48 if gbp else None,
        "is_suppressed": few,
    }


def _drivers(la_code: str | None, volume: float, few: bool = False) -> dict:
    amounts = {
        "spend_before_gbp": 4_000_000,
        "volume_gbp": volume,
        "mix_gbp": -800_000,
        "price_gbp": 0,
        "length_of_stay_gbp": 1_800_000,
        "spend_after_gbp": 5_000_000 + volume,
    }
    shares = {"share_known_before": 0.31, "share_known_after": 0.48}
    figures = {name: None if few else amount for name, amount in (amounts | shares).items()}
    return {
        "la_code": la_code,
        "area_name": LAS.get(la_code, "Region"),
        "comparison": "latest quarters",
        "quarters": 2,
        "before_from": "2025Q2",
        "before_to": "2025Q3",
        "after_from": "2025Q4",
        "after_to": "2026Q1",
        "placement_type": "all",
        "is_suppressed": few,
    } | figures


def _found(**changed: list[dict]) -> Spend:
    spend = [
        _spend(la, kind, gbp)
        for la, all_of_it in ((REGION, 39e6), ("E10000008", 9_870_000), ("E06000052", 7_770_000))
        for kind, gbp in (
            ("all", all_of_it),
            ("foster", all_of_it * 0.4),
            ("residential", all_of_it * 0.6),
            ("parents", 0),
        )
    ]
    drivers = [_drivers(REGION, 2_700_000), _drivers("E10000008", 450_000)]
    drivers.append(_drivers("E06000052", 666_000))
    return Spend(
        pd.DataFrame(spend + changed.get("spend", [])),
        pd.DataFrame(drivers + changed.get("drivers", [])),
    )


def _seen_by(la_code: str, found: Spend, region: bool = True) -> Spend:
    """The rows that an LA may see, as `rows_for` gives them."""

    def kept(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[(frame["la_code"] == la_code) | (frame["la_code"].isna() & region)]

    return Spend(kept(found.spend), kept(found.drivers))


def _text(section: Section) -> str:
    """All that a reader of the section sees."""
    shown = [section.period, *section.caveats]
    for picture in section.pictures:
        shown += [picture.title, picture.says, picture.svg or "", picture.how_to_read]
        shown += [" ".join(row) for row in picture.table.rows] if picture.table else []
    return "\n".join(shown)


def test_the_region_is_drawn_with_its_bridge():
    section = spend_section(_found(), None, STANDINGS)
    by_type, bridge = section.pictures
    assert section.period == "April 2025 to March 2026"
    assert section.standings == STANDINGS
    assert by_type.says == (
        "The region spent £39.0 million on homes (April 2025 to March 2026), with a probability "
        "of 80% between £35.1 million and £42.9 million. 48% of it is known, the rest is "
        "estimated. By type: Residential care £23.4 million and Foster care £15.6 million. Most "
        "was spent on residential care."
    )
    assert (
        "Region, With parents", "£0", "£0 to £0", "£2,000 a week", "nothing is paid",
    ) in by_type.table.rows  # fmt: skip
    assert any(row[0] == "Devon, all types" and row[1] == "£9.9 million"
               for row in by_type.table.rows)  # fmt: skip
    assert bridge.title == "What changed spend: Region"
    assert "from £4.0 million (April to September 2025) to £7.7 million" in bridge.says
    assert "volume added £2.7 million" in bridge.says
    assert any(
        "31% of the spend is of nights with a known price in April to September 2025, 48% in" in c
        for c in section.caveats
    )


def test_no_type_is_called_the_most_where_the_ranges_overlap():
    """Residential care £23.4 million, from £21.06 million on; foster care £15.6 million."""
    found = _found()
    of_foster = (found.spend["placement_type"] == "foster") & found.spend["la_code"].isna()
    found.spend.loc[of_foster, "total_upper_80_gbp"] = 21.1e6
    says = spend_section(found, None, STANDINGS).pictures[0].says
    assert "By type: Residential care £23.4 million and Foster care £15.6 million." in says
    assert "Most was spent" not in says


def test_the_bridge_is_that_of_all_types():
    of_a_type = _drivers(REGION, 999_000) | {"placement_type": "foster", "after_to": "2026Q2"}
    bridge = spend_section(_found(drivers=[of_a_type]), None, STANDINGS).pictures[1]
    assert "volume added £2.7 million" in bridge.says


def test_an_edition_shows_its_own_and_the_region_and_nobody_elses():
    section = spend_section(_seen_by("E10000008", _found()), "Devon", STANDINGS)
    assert [p.title for p in section.pictures] == [
        "Spend by type of home",
        "What changed spend: Devon",
        "What changed spend: Region",
    ]
    assert section.pictures[0].says.startswith("Devon spent £9.9 million")
    shown = _text(section)
    assert "Cornwall" not in shown
    assert "£7.8 million" not in shown  # Cornwall's year
    alone = spend_section(_seen_by("E10000008", _found(), region=False), "Devon", STANDINGS)
    assert "Region" not in _text(alone)
    assert len(alone.pictures) == 2


def test_what_is_withheld_is_said_and_not_shown():
    found = _found(spend=[_spend("E10000008", "supported", None, few=True)])
    of_devon = found.drivers["la_code"] == "E10000008"
    drivers = pd.concat(
        [found.drivers[~of_devon], pd.DataFrame([_drivers("E10000008", 0, few=True)])]
    )
    found = replace(found, drivers=drivers)
    found = _seen_by("E10000008", found, region=False)
    section = spend_section(found, "Devon", STANDINGS)
    by_type, bridge = section.pictures
    assert "Too few to show: Supported accommodation." in by_type.says
    row = next(r for r in by_type.table.rows if "Supported" in r[0])
    assert row[1:] == (*("too few to show",) * 3, "not known")
    assert bridge.svg is None
    assert "Too few children to show" in bridge.says
    assert not any("with a known price in" in c for c in section.caveats)


def test_a_withheld_row_with_a_figure_is_refused():
    leaking = _spend("E10000008", "supported", 123_456.0) | {"is_suppressed": True}
    with pytest.raises(ValueError, match="still carry"):
        spend_section(_found(spend=[leaking]), None, STANDINGS)


def test_of_two_comparisons_the_latest_is_drawn():
    older = _drivers(REGION, 123_000) | {"after_to": "2025Q1", "quarters": 4}
    bridge = spend_section(_found(drivers=[older]), None, STANDINGS).pictures[1]
    assert "volume added £2.7 million" in bridge.says


def test_with_nothing_to_show_it_says_so():
    found = _found()
    empty = Spend(found.spend.iloc[:0], found.drivers.iloc[:0])
    section = spend_section(empty, None, ())
    assert section.period == "none yet"
    assert [p.svg for p in section.pictures] == [None]
    assert section.pictures[0].says == "There is nothing to show yet."


def test_it_reads_the_marts_as_they_are_made():
    quarters = ("2024Q2", "2024Q3", "2024Q4", "2025Q1", "2025Q2", "2025Q3", "2025Q4", "2026Q1")
    with built(spend_of(random.Random(1), 3, (200,), quarters), quarters) as connection:
        connection.execute("create schema cost")
        for mart in ("spend", "cost_drivers"):
            connection.execute(f"create table cost.{mart} as from {mart}")
        found = read_spend(connection, lambda mart: mart)
    section = spend_section(found, None, ())
    assert section.period == "April 2025 to March 2026"
    by_type, bridge = section.pictures
    assert by_type.svg is not None
    assert "(April 2024 to March 2025)" in bridge.says
    assert "(April 2025 to March 2026)" in bridge.says
