"""Nor does a small count follow from sums that cross: types, age bands, quarters, LAs at once.

`placement_measures` shows how many placements began by area and period: in total, by age band, by
type, and types once more as columns. All are sums of the same placements.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import product

import duckdb
import numpy as np
import pandas as pd
import pytest

from pipeline.withheld import TO_KEEP_ANOTHER_UNKNOWN, TOO_FEW, withheld_words
from tests.rendered import model, render
from tests.suppression.attack import WITHHELD, Puzzle, range_of
from tests.suppression.test_attack import COUNTS, MEASURES, OTHER_COLUMNS

AREAS, QUARTERS = ["LA1", "LA2", "LA3"], ["2025Q1", "2025Q2", "2025Q3", "2025Q4"]
BANDS, TYPES = ["5 to 9", "10 to 15"], ["foster", "residential", "supported"]
REGION, YEAR = "region", "2025"
PLACED = "placements_started"
# What a row is about: all, an age band, or a type of home.
KINDS = [("total", "", ""), *(("age band", b, "") for b in BANDS),
         *(("placement type", "", t) for t in TYPES)]  # fmt: skip
Cell = tuple[str, str, tuple[str, str, str], str]  # area, period, kind, count


def exact_cells(random: np.random.Generator) -> dict[Cell, int]:
    """Random placements, counted in every way that the mart counts them."""
    mean = random.choice([0.3, 1, 3, 9]) * random.dirichlet(np.ones(len(TYPES))) * len(TYPES)
    size = (len(AREAS), len(QUARTERS), len(BANDS), len(TYPES))
    placed = random.poisson(np.broadcast_to(mean, size))
    cells = {}
    for (area, quarter), kind in product(where(), KINDS):
        if quarter == YEAR and kind != KINDS[0]:
            continue
        _, band, home = kind
        found = placed[
            AREAS.index(area) if area != REGION else slice(None),
            QUARTERS.index(quarter) if quarter != YEAR else slice(None),
            BANDS.index(band) if band else slice(None),
            TYPES.index(home) if home else slice(None),
        ]
        cells[area, quarter, kind, PLACED] = int(found.sum())
        for other in TYPES:
            column = TYPES.index(other) if not home else int(other == home)
            cells[area, quarter, kind, other] = int(
                found.sum() * column if home else np.take(found, column, axis=-1).sum()
            )
    return cells


def where() -> Iterator[tuple[str, str]]:
    yield from product([*AREAS, REGION], [*QUARTERS, YEAR])


def publish(cells: dict[Cell, int]) -> dict[Cell, int | None]:
    """What the mart shows of them; None is withheld."""
    return {cell: value for cell, (value, _) in publish_with_words(cells).items()}


def publish_with_words(cells: dict[Cell, int]) -> dict[Cell, tuple[int | None, str | None]]:
    """What the mart shows of them, and of what it withholds the word."""
    rows = {}
    for (area, quarter, kind, count), value in cells.items():
        rows.setdefault((area, quarter, kind), {})[count] = value
    exact = pd.DataFrame(
        dict.fromkeys(COUNTS, 0)
        | OTHER_COLUMNS
        | counts
        | {
            "type_known": counts[PLACED],
            "la_code": None if area == REGION else area,
            "area_name": area,
            "period": "year" if quarter == YEAR else "quarter",
            "quarter": QUARTERS[-1] if quarter == YEAR else quarter,
            "breakdown": kind[0],
            "age_band": kind[1],
            "placement_type": kind[2],
        }
        for (area, quarter, kind), counts in rows.items()
    )
    with duckdb.connect() as connection:
        connection.register("int_placement_count", exact)
        shown = connection.execute(model(MEASURES)).df()
    return {
        (
            row["area_name"],
            YEAR if row["period"] == "year" else row["quarter"],
            (row["breakdown"], row["age_band"], row["placement_type"]),
            count,
        ): (
            None if pd.isna(row[count]) else int(row[count]),
            withheld_words(row["withheld"]).get(count),
        )
        for row in shown.to_dict("records")
        for count in (PLACED, *TYPES)
    }


def is_total(cell: Cell) -> bool:
    """Whether anything adds up to it: types of a row at least add up to the placements begun."""
    area, quarter, kind, count = cell
    return area == REGION or quarter == YEAR or kind == KINDS[0] or count == PLACED


def puzzle_of(shown: dict[Cell, int | None]) -> Puzzle:
    """All that the rows tell of each other."""
    puzzle = Puzzle({cell: range_of(value, is_total(cell)) for cell, value in shown.items()})
    for area, quarter, kind, count in shown:
        if area == REGION:
            puzzle.adds_up((area, quarter, kind, count), [(a, quarter, kind, count) for a in AREAS])
        if quarter == YEAR:
            puzzle.adds_up((area, quarter, kind, count), [(area, q, kind, count) for q in QUARTERS])
        if kind == KINDS[0] and quarter != YEAR:
            for breakdown in ("age band", "placement type"):
                parts = [(area, quarter, k, count) for k in KINDS if k[0] == breakdown]
                puzzle.adds_up((area, quarter, kind, count), parts)
        if count == PLACED:
            parts = [(area, quarter, kind, t) for t in TYPES]
            puzzle.adds_up((area, quarter, kind, count), parts)
    return puzzle


@pytest.mark.parametrize("seed", [1, 3])
def test_no_small_count_follows_from_margins_that_cross(seed: int):
    exact = exact_cells(np.random.default_rng(seed))
    shown = publish(exact)
    assert shown.keys() == exact.keys()
    reader = puzzle_of(shown).reader()
    small = {cell: n for cell, n in exact.items() if 1 <= n <= WITHHELD[0] + 4}
    assert len(small) > 20
    assert all(shown[cell] is None for cell in small)
    assert [cell for cell, n in small.items() if reader.recovers(cell, n)] == []


@pytest.mark.parametrize("seed", [1, 3])
def test_the_word_of_a_withheld_count_tells_nothing_that_is_not_published(seed: int):
    """A reader who is not told it could write it down: so who is told it knows no more."""
    exact = exact_cells(np.random.default_rng(seed))
    found = publish_with_words(exact)
    shown = {cell: value for cell, (value, _) in found.items()}
    words = {cell: word for cell, (_, word) in found.items()}
    assert {cell for cell, value in shown.items() if value is None} == {
        cell for cell, word in words.items() if word
    }
    puzzle = puzzle_of(dict.fromkeys(shown))
    below: dict[Cell, set[Cell]] = defaultdict(set)
    for terms, *_ in puzzle.facts:
        [total] = [cell for cell, times in terms.items() if times == -1]
        below[total] |= terms.keys() - {total}
    for cell, word in words.items():
        if word:
            is_above = any(shown[part] is None for part in below[cell])
            assert word == (TO_KEEP_ANOTHER_UNKNOWN if is_above else TOO_FEW), cell
    assert {exact[c] for c, word in words.items() if word == TOO_FEW} <= set(range(1, 8))
    assert any(exact[c] > 7 for c, word in words.items() if word == TO_KEEP_ANOTHER_UNKNOWN)


def test_seven_small_counts_below_a_total_are_not_told_by_its_word():
    """Seven of 1: were their total, 7, called too few, each of them could be nothing but 1."""
    rows = [("A", None, 7), *(("A", f"T{n}", 1) for n in range(7))]
    for first in (1, 2):
        rows[1] = ("A", "T0", first)
        rows[0] = ("A", None, 6 + first)
        with duckdb.connect() as connection:
            connection.register("exact", pd.DataFrame(rows, columns=["la", "kind", "children"]))
            words = connection.execute(render(SEVEN)).fetchall()
        assert {(kind, word) for kind, word in words if kind is None} == {
            (None, f"children: {TO_KEEP_ANOTHER_UNKNOWN}")
        }


SEVEN = """
    with guarded as (
        {{ suppressed(
            'exact', ['children'], keep=['la', 'kind'],
            totals=[{'when': 'kind is null', 'within': ['la']}],
        ) }}
    )
    select kind, withheld from guarded
"""
