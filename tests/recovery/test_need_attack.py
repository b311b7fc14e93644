"""Nor does a small count follow from the marts of need, whose sums cross and which share counts.

The sample's region, exact and as published: `unmet_need` and `recommended_vs_actual` of the same
searches, by area, quarter, needs, recommended type and type found. The reader of
`tests/suppression/attack.py` knows every sum in either, and which counts are in both.
"""

from collections import defaultdict
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from tests.suppression.attack import Puzzle, range_of

ASKED = 60  # small counts, of all that there are
COUNTS = ("searches", "open_searches", "homes_found")
# Each dimension of a cell, and what the row of its total says.
TOTALS = {"area": "region", "period": "latest", "profile": "all", "broad": "all",
          "type": "all types", "found": "all types"}  # fmt: skip
EXACT = """
    select area_code as area, {period} as period, needs_profile_id as profile, broad_needs as broad,
        recommended_type as type, 'all types' as found, {counts}
    from staging.int_unmet_need
    where period_kind = 'latest' or breakdown = 'total'
    union all by name
    select area_code as area, {period} as period, 'all' as profile, 'all' as broad,
        recommended_type as type, type_found as found, searches
    from staging.int_recommended_found where type_found <> 'all types'
"""
PUBLISHED = """
    select coalesce(la_code, 'region') as area, {period} as period,
        coalesce(needs_profile_id, 'all') as profile,
        case when broad_needs = 'all needs' then 'all' else broad_needs end as broad,
        recommended_type as type, 'all types' as found, {counts}
    from sufficiency.unmet_need
    union all by name
    select coalesce(la_code, 'region') as area, {period} as period, 'all' as profile,
        'all' as broad, recommended_type as type, type_found as found, searches
    from sufficiency.recommended_vs_actual where type_found <> 'all types'
"""
PERIOD = "case when period_kind = 'latest' then 'latest' else last_quarter end"
Cell = tuple[str, ...]  # the dimensions, and which count


def cells(file: Path, sql: str) -> dict[Cell, int | None]:
    """Every count by its dimensions; None is withheld."""
    with duckdb.connect(str(file), read_only=True) as connection:
        rows = connection.execute(sql.format(period=PERIOD, counts=", ".join(COUNTS))).df()
    found: dict[Cell, int | None] = {}
    for row in rows.to_dict("records"):
        where = tuple(row[name] for name in TOTALS)
        counts = COUNTS if row["found"] == TOTALS["found"] else COUNTS[:1]
        for count in counts:
            value = row[count]
            found[*where, count] = None if pd.isna(value) else int(value)
    return found


def sums(keys: set[Cell]) -> dict[Cell, list[list[Cell]]]:
    """The parts of each total: along each dimension, and searches as open and ended ones."""
    parts: dict[Cell, list[list[Cell]]] = defaultdict(list)
    for at, total in enumerate(TOTALS.values()):
        along: dict[Cell, list[Cell]] = defaultdict(list)
        for key in keys:
            if key[at] != total:
                along[(*key[:at], total, *key[at + 1 :])].append(key)
        for key, found in along.items():
            if key in keys:
                parts[key].append(found)
    for key in keys:
        if key[-1] == "searches" and (*key[:-1], "homes_found") in keys:
            parts[key].append([(*key[:-1], count) for count in COUNTS[1:]])
    return parts


@pytest.fixture(scope="module")
def exact(sample_region: Path) -> dict[Cell, int]:
    return cells(sample_region, EXACT)


def test_the_reader_knows_sums_that_hold(exact: dict[Cell, int]):
    found = sums(set(exact))
    assert len(found) > 200
    wrong = [
        total
        for total, ways in found.items()
        for parts in ways
        if exact[total] != sum(exact[part] for part in parts)
    ]
    assert wrong == []


def test_no_small_count_of_need_follows_from_what_is_published(
    sample_region: Path, exact: dict[Cell, int]
):
    shown = cells(sample_region, PUBLISHED)
    assert shown.keys() == exact.keys()
    parts = sums(set(exact))
    puzzle = Puzzle({key: range_of(value, key in parts) for key, value in shown.items()})
    for total, ways in parts.items():
        for way in ways:
            puzzle.adds_up(total, way)
    small = sorted(key for key, value in exact.items() if 1 <= value <= 5)
    assert [key for key in small if shown[key] is not None] == []
    assert len(small) > 5 * ASKED
    asked = np.random.default_rng(1).permutation(len(small))[:ASKED]
    reader = puzzle.reader()
    assert [small[n] for n in asked if reader.recovers(small[n], exact[small[n]])] == []
