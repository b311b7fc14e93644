"""Nobody can work a withheld count out of what is published: margins, region, other nights."""

from collections import defaultdict
from itertools import combinations_with_replacement, product

import duckdb
import numpy as np
import pandas as pd
import pytest

from tests.rendered import model, render
from tests.suppression.attack import Puzzle, range_of

MEASURES = "marts/sufficiency/placement_measures.sql"
TYPES = ["foster", "residential", "supported", "other_types"]
# count: what it is a part of
INSIDE = {
    "distance_known": "placements_started",
    "over_20_miles": "distance_known",
    "in_or_out_known": "placements_started",
    "out_of_authority": "in_or_out_known",
    "type_known": "placements_started",
    "preferred_type_known": "type_known",
    "preferred_type_used": "preferred_type_known",
    "siblings_known": "placements_started",
    "placed_with_siblings": "siblings_known",
    "siblings_ambiguous": "siblings_known",
    "school_known": "placements_started",
    "school_kept": "school_known",
    "school_ambiguous": "school_known",
    "emergency_known": "placements_started",
    "emergency": "emergency_known",
}
COUNTS = ["placements_started", *INSIDE, *TYPES]
TOTALS = {"placements_started", "type_known"}  # a row may withhold them though they are large
REGION = None
SEED, EDITIONS, NIGHTS = 5, 9, 4
FIRST_YEAR, QUARTER = 2000, "2{:03}Q1"
# What else the mart shows: nothing that is attacked here.
OTHER_COLUMNS = {
    "area_level": "", "area_name": "", "period": "quarter", "breakdown": "total",
    "age_band": "all ages", "placement_type": "all types", "is_synthetic": True, "authorities": 1,
    "mean_distance_miles": 1.0, "median_distance_miles": 1.0, "children_with_weekly_cost": 0,
    "median_weekly_cost": 1.0, "median_nights_in_placement": 1.0,
    "median_nights_in_care_of_leavers": 1.0, "authorities_with_ssda903": 0,
} | dict.fromkeys([
    "suitable_type_known", "suitable_type_used", "sector_known", "own_provision",
    "independent_agency", "other_public", "registration_known", "registration_not_found",
    "rating_known", "good_or_outstanding", "weekly_cost_known", "placements_ended", "entrants",
    "leavers", "leavers_not_reported", "children_at_quarter_end",
], 0)  # fmt: skip


def one_authority(random: np.random.Generator, size: float) -> dict[str, int]:
    """Exact counts of an authority's placements; small sizes make small counts."""
    row = {"placements_started": int(random.poisson(size))}
    for count, whole in INSIDE.items():
        chance = random.choice([0.05, 0.3, 0.9, 1.0]) if count != "type_known" else 0.98
        row[count] = int(random.binomial(row[whole], chance))
    shares = random.dirichlet([3, 1, 0.6, 0.4])
    return row | dict(
        zip(TYPES, random.multinomial(row["type_known"], shares).tolist(), strict=True)
    )


def regions(random: np.random.Generator, how_many: int) -> pd.DataFrame:
    """Made-up regions of one to seven authorities: each a quarter, its regional row included."""
    rows = []
    for quarter in range(how_many):
        size = random.choice([1, 4, 12, 40])
        for la in range(int(random.choice([1, 2, 3, 4, 7]))):
            row = one_authority(random, size * random.uniform(0.3, 2))
            if row["placements_started"]:
                rows.append({"quarter": quarter, "la_code": f"LA{la:02}"} | row)
    return with_region(pd.DataFrame(rows))


def with_region(authorities: pd.DataFrame) -> pd.DataFrame:
    """The rows of the authorities, and those of the region that they add up to."""
    total = authorities.groupby("quarter", as_index=False)[COUNTS].sum()
    return pd.concat([authorities, total.assign(la_code=REGION)], ignore_index=True)


def publish(exact: pd.DataFrame, secondary: bool = True) -> pd.DataFrame:
    """What the mart shows of exact counts."""
    with duckdb.connect() as connection:
        connection.register("int_placement_count", exact.assign(**OTHER_COLUMNS | {
            "quarter": exact["quarter"].map(QUARTER.format),
        }))  # fmt: skip
        shown = connection.execute(model(MEASURES, secondary)).df()
    return shown.assign(quarter=shown["quarter"].str[:4].astype(int) - FIRST_YEAR)


def rows_of(frame: pd.DataFrame) -> dict[int, dict[str | None, dict[str, int | None]]]:
    """Counts by quarter and authority; None is withheld, and the region's code."""
    found: dict[int, dict[str | None, dict[str, int | None]]] = defaultdict(dict)
    for row in frame.to_dict("records"):
        code = row["la_code"] if isinstance(row["la_code"], str) else REGION
        found[row["quarter"]][code] = {c: None if pd.isna(row[c]) else int(row[c]) for c in COUNTS}
    return found


def add_edition(puzzle: Puzzle, published: dict, night: int = 0) -> None:
    """All that one edition of one quarter tells."""
    for code, row in published.items():
        for count in COUNTS:
            is_total = code is REGION or count in TOTALS
            puzzle.ranges[night, code, count] = range_of(row[count], is_total)
        puzzle.adds_up((night, code, "type_known"), [(night, code, t) for t in TYPES])
        for count, whole in INSIDE.items():
            puzzle.is_within([(night, code, count)], (night, code, whole))
    for count in COUNTS:
        parts = [(night, code, count) for code in published if code is not REGION]
        puzzle.adds_up((night, REGION, count), parts)


def small_cells(exact: dict, published: dict) -> list[tuple[str | None, str, int]]:
    """Every count of 1 to 5 and what it is; each must be withheld, and stay unknown."""
    small = []
    for code, row in exact.items():
        for count, value in row.items():
            if 1 <= value <= 5:
                assert published[code][count] is None, (code, count)
                small.append((code, count, value))
    return small


def recovered(exact: pd.DataFrame, secondary: bool = True) -> tuple[int, int]:
    """How many small counts there were, and how many of them the reader got."""
    truth, shown = rows_of(exact), rows_of(publish(exact, secondary))
    tried = got = 0
    for quarter, published in shown.items():
        puzzle = Puzzle()
        add_edition(puzzle, published)
        reader = puzzle.reader()
        for code, count, value in small_cells(truth[quarter], published):
            tried += 1
            got += reader.recovers((0, code, count), value)
    return tried, got


def test_no_small_count_follows_from_an_edition():
    tried, got = recovered(regions(np.random.default_rng(SEED), EDITIONS))
    assert tried > 100
    assert got == 0


@pytest.mark.parametrize(("secondary", "expected"), [(True, 0), (False, 1)])
def test_the_reader_succeeds_where_totals_are_not_withheld(secondary: bool, expected: int):
    """1 + 8 + 8: 15 is at most 17, two times 10 at least 16."""
    row = {"placements_started": 30, "type_known": 30, "foster": 30, "emergency_known": 30}
    authorities = [
        dict.fromkeys(COUNTS, 0) | row | {"quarter": 0, "la_code": code, "emergency": n}
        for code, n in (("A", 1), ("B", 8), ("C", 8))
    ]
    exact = with_region(pd.DataFrame(authorities))
    assert recovered(exact, secondary) == (1, expected)


def one_more(random: np.random.Generator, exact: pd.DataFrame) -> pd.DataFrame:
    """The next night: one placement more in one authority of each quarter."""
    authorities = exact[exact["la_code"].notna()].copy()
    for _, rows in authorities.groupby("quarter"):
        at = random.choice(rows.index)
        kind = random.choice(TYPES)
        gains = {"placements_started": True, "type_known": True}
        for count, whole in INSIDE.items():
            gains.setdefault(count, gains[whole] and bool(random.random() < 0.5))
        for count in [kind, *(c for c, gained in gains.items() if gained)]:
            authorities.loc[at, count] += 1
    return with_region(authorities)


def nights(seed: int, quarters: int, knows_one: bool) -> tuple[int, int, int]:
    """Small counts of two nights; how many the reader of both got; how many of these without
    seeing their own cell appear or vanish.

    The reader knows that nothing was taken back, and may know that it is one placement more.
    """
    random = np.random.default_rng(seed)
    first = regions(random, quarters)
    exact = [first, one_more(random, first)]
    truth, shown = [rows_of(e) for e in exact], [rows_of(publish(e)) for e in exact]
    tried = got = unseen = 0
    for quarter in shown[0]:
        puzzle = Puzzle()
        for night in (0, 1):
            add_edition(puzzle, shown[night][quarter], night)
        codes = [c for c in shown[0][quarter] if c is not REGION]
        for code, count in product(codes, COUNTS):
            before, after = (0, code, count), (1, code, count)
            puzzle.is_within([before], after)
            total = {(1, code, "placements_started"): -1, (0, code, "placements_started"): 1}
            if knows_one and count != "placements_started":
                puzzle.is_known({after: 1, before: -1} | total, -np.inf, 0)
        if knows_one:
            n = "placements_started"
            puzzle.is_known({(1, REGION, n): 1, (0, REGION, n): -1}, 1, 1)
        reader = puzzle.reader()
        for night in (0, 1):
            here = shown[night][quarter]
            for code, count, value in small_cells(truth[night][quarter], here):
                tried += 1
                if reader.recovers((night, code, count), value):
                    got += 1
                    unseen += shown[1 - night][quarter][code][count] is None
    return tried, got, unseen


def test_no_small_count_follows_from_two_nights():
    tried, got, _ = nights(SEED, NIGHTS, knows_one=False)
    assert tried > 50
    assert got == 0


def test_who_knows_of_one_placement_learns_only_of_cells_that_appear_or_vanish():
    """What no rule can prevent that shows true zeros: docs/decisions/0017-small-numbers.md."""
    tried, _, unseen = nights(SEED, NIGHTS, knows_one=True)
    assert tried > 50
    assert unseen == 0


# Up to 12: every count that is shown is 0 or 10, and the tables hold all that 10 can be.
MOST = 12
TINY = """{{ suppressed(
    'exact', counts, keep=['id', 'la'], sums=sums,
    totals=[{'when': 'la is null', 'within': ['id']}],
) }}"""


def publish_tables(
    authorities: list[pd.DataFrame], parts: list[str], secondary: bool = True
) -> pd.DataFrame:
    """What is published of many regions at once: counts by region and authority, its region last.

    Each frame holds one authority in every region; with more than one part, `n` is their sum.
    """
    sums = {"n": parts} if len(parts) > 1 else {}
    counts = [*sums, *parts]
    exact = pd.concat(
        frame.assign(id=range(len(frame)), la=la if la < len(authorities) else None)
        for la, frame in enumerate([*authorities, sum(authorities)])
    )
    exact["n"] = exact[parts].sum(axis=1)
    sql = render(f"{{% set counts = {counts} %}}{{% set sums = {sums} %}}{TINY}", secondary)
    with duckdb.connect() as connection:
        connection.register("exact", exact)
        shown = connection.execute(f"select * from ({sql}) order by id, la nulls last").df()
    return shown[counts].fillna(-1).astype(int)


def look_alike(shown: pd.DataFrame, regions: int) -> np.ndarray:
    """Numbers the regions so that those which look the same have the same number."""
    looks = shown.to_numpy().reshape(regions, -1)
    return np.unique(looks, axis=0, return_inverse=True)[1].ravel()


@pytest.mark.parametrize(("authorities", "parts"), [(1, 2), (1, 3), (2, 1), (3, 1), (4, 1)])
def test_nor_for_who_knows_the_method_and_every_region_that_could_be(authorities: int, parts: int):
    """All regions with counts up to 12, each published: those that look alike must differ in every
    small cell. This reader knows the method to the letter, and needs no programme."""
    names = ["a", "b", "c"][:parts]
    tables = np.array(list(product(range(MOST + 1), repeat=authorities * parts)))
    frames = [
        pd.DataFrame(tables[:, la * parts : (la + 1) * parts], columns=names)
        for la in range(authorities)
    ]
    alike = look_alike(publish_tables(frames, names), len(tables))
    for cell in pd.DataFrame(tables).items():
        only = cell[1].groupby(alike).transform("nunique") == 1
        assert not (only & cell[1].between(1, 5)).any(), tables[only & cell[1].between(1, 5)][:5]


def test_who_knows_every_region_succeeds_where_totals_are_not_withheld():
    tables = np.array(list(product(range(MOST + 1), repeat=3)))
    frames = [pd.DataFrame({"a": column}) for column in tables.T]
    alike = look_alike(publish_tables(frames, ["a"], secondary=False), len(tables))
    first = pd.Series(tables[:, 0])
    told = first.groupby(alike).transform("nunique") == 1
    assert (told & first.between(1, 5)).any()


def test_what_the_method_tells_of_two_types_in_two_authorities_is_rare():
    """Where sums cross, to withhold a total may itself tell something: docs/decisions/0015."""
    names = ["a", "b"]
    tables = np.array(list(product(range(MOST + 1), repeat=4)))
    frames = [pd.DataFrame(t, columns=names) for t in (tables[:, :2], tables[:, 2:])]
    alike = look_alike(publish_tables(frames, names), len(tables))
    told = small = 0
    for _, cell in pd.DataFrame(tables).items():
        only = cell.groupby(alike).transform("nunique") == 1
        told += (only & cell.between(1, 5)).sum()
        small += cell.between(1, 5).sum()
    assert told / small < 0.01


@pytest.mark.parametrize("authorities", [5, 6, 7])
def test_nor_in_regions_of_many_authorities(authorities: int):
    """The same. Authorities with the same count look the same: their order is left out."""
    tables = np.array(list(combinations_with_replacement(range(MOST + 1), authorities)))
    frames = [pd.DataFrame({"a": column}) for column in tables.T]
    alike = look_alike(publish_tables(frames, ["a"]), len(tables))
    small = pd.DataFrame({"alike": np.repeat(alike, authorities), "value": tables.ravel()})
    small = small[small["value"].between(1, 7)]
    values = small.groupby("alike")["value"].agg(["nunique", "min"])
    assert len(values) > 3
    assert not ((values["nunique"] == 1) & (values["min"] <= 5)).any()
