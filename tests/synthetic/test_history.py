"""The histories: shaped like England's published figures, and the same in every file."""

import datetime as dt
import json
from collections import Counter, defaultdict
from itertools import pairwise

import pytest
from openpyxl import load_workbook

from pipeline.standards.load import load_standards
from pipeline.standards.template import DATA_SHEET
from pipeline.synthetic.chances import age_on
from pipeline.synthetic.places import english_areas, load_places, miles_between

FOSTERED = {"U1", "U2", "U3", "U4", "U5", "U6"}
HOMES = {"K1", "K2", "K3", "R1", "H5", "P2", "S1"}
SHORT_BREAKS = {"V3", "V4"}
TEMPORARY_END = "X1"


def day(text: str) -> dt.date:
    return dt.datetime.strptime(text, "%d/%m/%Y").date()


def open_on_31_march(returns, year):
    """The open episodes at the end of a year in all four authorities."""
    return [
        e
        for (_, y), tables in returns.items()
        if y == year
        for e in tables["episodes"]
        if not e["DEC"] and e["LS"] not in SHORT_BREAKS
    ]


def share(rows, condition) -> float:
    return sum(map(condition, rows)) / len(rows)


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_stock_has_the_national_shape(returns, year):
    stock = open_on_31_march(returns, year)
    assert 850 < len(stock) < 1150  # four times 250, give or take chance
    assert 0.62 < share(stock, lambda e: e["PLACE"] in FOSTERED) < 0.76
    assert 0.12 < share(stock, lambda e: e["PLACE"] in HOMES) < 0.26
    assert 0.04 < share(stock, lambda e: e["PLACE"] == "P1") < 0.12
    assert 0.01 < share(stock, lambda e: e["PLACE"] in {"A3", "A4", "A5", "A6"}) < 0.05
    born = {
        h["CHILD"]: day(h["DOB"])
        for (_, y), tables in returns.items()
        if y == year
        for h in tables["header"]
    }
    ages = [age_on(born[e["CHILD"]], dt.date(year, 3, 31)) for e in stock]
    assert 0.58 < share(ages, lambda a: a >= 10) < 0.75
    assert 0.18 < share(ages, lambda a: a >= 16) < 0.32
    assert max(ages) < 18


def test_a_fifth_live_over_twenty_miles_away(returns):
    places = load_places(english_areas()[:4])
    number = {postcode: n for n, postcode in enumerate(places.postcode)}
    stock = [e for e in open_on_31_march(returns, 2026) if e["HOME_POST"]]
    miles = [miles_between(places, number[e["HOME_POST"]], number[e["PL_POST"]]) for e in stock]
    assert 0.15 < share(miles, lambda m: m > 20) < 0.27
    assert max(miles) < 200
    same = [e["HOME_POST"] == e["PL_POST"] for e in stock]
    assert same == [e["PLACE"] == "P1" for e in stock]


def test_episodes_of_a_child_follow_on_and_never_overlap(returns):
    for (_, year), tables in returns.items():
        opens, closes = dt.date(year - 1, 4, 1), dt.date(year, 3, 31)
        by_child = defaultdict(list)
        for e in tables["episodes"]:
            by_child[e["CHILD"]].append(e)
        for episodes in by_child.values():
            episodes.sort(key=lambda e: day(e["DECOM"]))
            for e in episodes:
                assert day(e["DECOM"]) <= closes
                assert bool(e["DEC"]) == bool(e["REC"])
                if e["DEC"]:
                    assert day(e["DECOM"]) < day(e["DEC"])
                    assert opens <= day(e["DEC"]) <= closes
            for before, after in pairwise(episodes):
                assert before["DEC"]
                goes_on = before["REC"] == TEMPORARY_END
                assert goes_on == (before["DEC"] == after["DECOM"])
                assert goes_on == (after["RNE"] != "S")
                if goes_on:
                    moved = after["RNE"] in "PB"
                    carer = before["PL_POST"], before["PLACE_PROVIDER"], before["URN"]
                    if not moved and after["PLACE"][0] != "A":
                        assert carer == (after["PL_POST"], after["PLACE_PROVIDER"], after["URN"])
                    assert (after["RNE"] in "LBU") == (before["LS"] != after["LS"])
                    # To be away and to come back is no change of placement.
                    away = {before["PLACE"][0], after["PLACE"][0]} & {"T"}
                    changed = after["RNE"] != "L" and not away
                    assert bool(before["REASON_PLACE_CHANGE"]) == changed
            assert episodes[-1]["REC"] != TEMPORARY_END


def test_an_open_episode_is_the_same_in_the_next_return(returns):
    kept = ("DECOM", "RNE", "LS", "CIN", "PLACE_PROVIDER", "HOME_POST", "PL_POST", "URN")
    for (folder, year), tables in returns.items():
        following = returns.get((folder, year + 1))
        if following is None:
            continue
        found = {(e["CHILD"], e["DECOM"]): e for e in following["episodes"]}
        for e in tables["episodes"]:
            if not e["DEC"]:
                again = found[e["CHILD"], e["DECOM"]]
                assert [e[k] for k in kept] == [again[k] for k in kept]


def test_every_child_of_a_return_is_in_its_header_with_the_same_birth_date(returns):
    for tables in returns.values():
        born = {h["CHILD"]: h["DOB"] for h in tables["header"]}
        assert len(born) == len(tables["header"])
        for rows in tables.values():
            for row in rows:
                assert row.get("DOB", born[row["CHILD"]]) == born[row["CHILD"]]


def placements_of(clean_region, folder):
    """(child, placement date, URN, referral date, found) of each row of an authority's returns."""
    version = {"somerset": "rcc_v2", "devon": "nps_2026_04", "cornwall": "nps_2026_06"}
    for path in sorted((clean_region / "landing" / folder / "placements").glob("*/*")):
        if folder == "dorset":
            for record in json.loads(path.read_text(encoding="utf-8"))["@graph"]:
                dates = record["qualityAssurance"]
                began = dates.get("placementDate")
                yield (
                    path.parent.name,
                    record["childId"],
                    dt.date.fromisoformat(began) if began else None,
                    record.get("actualPlacement", {}).get("providerURN"),
                )
            continue
        table = load_standards()[version[folder]]
        names = [f.name for f in table.fields]
        for cells in load_workbook(path)[DATA_SHEET].iter_rows(min_row=5, values_only=True):
            row = dict(zip(names, cells, strict=True))
            began = row[table.roles["placement_date"]]
            if row[table.child]:
                yield (
                    path.parent.name,
                    row[table.child],
                    began.date() if began else None,
                    row["provider_urn"],
                )


@pytest.mark.parametrize("folder", ["somerset", "devon", "cornwall", "dorset"])
def test_placement_returns_tell_of_the_same_placements(clean_region, returns, folder):
    tables = returns[folder, 2026]
    header = {h["CHILD"] for h in tables["header"]}
    began = defaultdict(list)
    for e in tables["episodes"]:
        if e["RNE"] in "SPB":
            began[e["CHILD"]].append((day(e["DECOM"]), e["URN"]))
    rows = list(placements_of(clean_region, folder))
    found = [r for r in rows if r[2] is not None]
    assert len(found) > 80
    exact = 0
    for quarter, child, date, urn in found:
        assert child in header
        year, number = int(quarter[:4]), int(quarter[5])
        assert (date.year, (date.month + 2) // 3) == (year, number)
        assert any(abs((date - d).days) <= 3 and u == urn for d, u in began[child])
        exact += any(date == d for d, _ in began[child])
    assert 0.8 < exact / len(found) < 1
    assert 0.05 < 1 - len(found) / len(rows) < 0.25  # searches that found nothing
    assert Counter(r[1] in header for r in rows)[False] == 0
