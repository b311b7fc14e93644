"""Nobody can work a withheld count out of what is published: margins, region, other nights."""

from collections import defaultdict
from itertools import product

import duckdb
import numpy as np
import pandas as pd
import pytest

from tests.suppression.attack import Puzzle, range_of
from tests.suppression.mart import model, render

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
SEED, QUARTERS = 5, 24


def one_authority(random: np.random.Generator, size: float) -> dict[str, int]:
    """Exact counts of an authority's placements; small sizes make small counts."""
    row = {"placements_started": int(random.poisson(size))}
    for count, whole in INSIDE.items():
        chance = random.choice([0.05, 0.3, 0.9, 1.0]) if count != "type_known" else 0.98
        row[count] = int(random.binomial(row[whole], chance))
    shares = random.dirichlet([3, 1, 0.6, 0.4])
    return row | dict(zip(TYPES, random.multinomial(row["type_known"], shares).tolist(), strict=True))


def regions(random: np.random.Generator, how_many: int) -> pd.DataFrame:
    """Made-up regions of one to fifteen authorities: each a quarter, its regional row included."""
    rows = []
    for quarter in range(how_many):
        size = random.choice([1, 4, 12, 40])
        for la in range(int(random.choice([1, 2, 3, 4, 7, 15]))):
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
    other = {"area_level": "", "area_name": "", "is_synthetic": True, "authorities": 1}
    other |= {"mean_distance_miles": 1.0, "median_distance_miles": 1.0}
    with duckdb.connect() as connection:
        connection.register("int_placement_count", exact.assign(**other))
        return connection.execute(model(MEASURES, secondary)).df()


def rows_of(frame: pd.DataFrame) -> dict[int, dict[str | None, dict[str, int | None]]]:
    """Counts by quarter and authority; None is withheld, and the region's code."""
    found: dict[int, dict[str | None, dict[str, int | None]]] = defaultdict(dict)
    for row in frame.to_dict("records"):
        code = row["la_code"] if isinstance(row["la_code"], str) else REGION
        found[row["quarter"]][code] = {
            c: None if pd.isna(row[c]) else int(row[c]) for c in COUNTS
        }
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
    tried, got = recovered(regions(np.random.default_rng(SEED), QUARTERS))
    assert tried > 500
    assert got == 0


def test_the_reader_succeeds_where_totals_are_not_withheld():
    _, got = recovered(regions(np.random.default_rng(SEED), QUARTERS), secondary=False)
    assert got > 0


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
            if count != "placements_started":
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
    tried, got, _ = nights(SEED, QUARTERS // 4, knows_one=False)
    assert tried > 200
    assert got == 0


def test_who_knows_of_one_placement_learns_only_of_cells_that_appear_or_vanish():
    """What no rule can prevent that shows true zeros: docs/decisions/0015-small-numbers.md."""
    tried, _, unseen = nights(SEED, QUARTERS // 4, knows_one=True)
    assert tried > 200
    assert unseen == 0


TINY = """{{ suppressed(
    'exact', counts, keep=['id', 'la'], sums=sums,
    totals=[{'when': 'la is null', 'within': ['id']}],
) }}"""


@pytest.mark.parametrize(
    ("authorities", "parts", "most"),
    [(1, 2, 12), (1, 3, 9), (2, 1, 20), (2, 2, 7), (3, 1, 12), (4, 1, 7), (7, 1, 3)],
)
def test_nor_from_knowing_the_method_of_every_region_that_could_be(
    authorities: int, parts: int, most: int
):
    """All tables of a tiny region, each published: what looks alike must differ in each small cell.

    This reader knows the method to the letter, and needs no programme.
    """
    names = ["a", "b", "c"][:parts]
    cells = authorities * parts
    tables = np.array(list(product(range(most + 1), repeat=cells)), dtype=np.int64)
    rows = []
    for la in range(authorities):
        rows.append(tables[:, la * parts : (la + 1) * parts])
    rows.append(sum(rows))
    frame = pd.concat(
        pd.DataFrame(row, columns=names).assign(
            id=np.arange(len(tables)), la=la if la < authorities else None
        )
        for la, row in enumerate(rows)
    )
    whole = {"n": names} if parts > 1 else {}
    frame["n"] = frame[names].sum(axis=1)
    counts = [*whole, *names]
    sql = (
        "{% set counts = " + repr(counts) + " %}{% set sums = " + repr(whole) + " %}" + TINY
    )
    with duckdb.connect() as connection:
        connection.register("exact", frame)
        shown = connection.execute(
            f"select * from ({render(sql)}) order by id, la nulls last"
        ).df()
    looks = shown[counts].fillna(-1).to_numpy(dtype=np.int64).reshape(len(tables), -1)
    _, alike = np.unique(looks, axis=0, return_inverse=True)
    seen = 0
    for cell in range(cells):
        value = pd.Series(tables[:, cell])
        told = value.groupby(alike.ravel()).transform("nunique") == 1
        small = value.between(1, 5)
        assert not (told & small).any(), (cell, tables[(told & small).to_numpy()][:5])
        seen += small.sum()
    assert seen > 0
