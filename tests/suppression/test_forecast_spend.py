"""Forecast spend does not tell what fewer than eight children cost.

The reader is stronger than any, as in `test_spend`: nothing is rounded for it, and it solves all
rows of a period at once. A period's spend is the sum over authorities and types of what their
children cost, so that what a reader works out is a sum of some of these.
"""

import itertools

import numpy as np
import pytest

from pipeline.forecast.small_numbers import LEAST, spend_shown
from tests.suppression.test_spend import told

TYPES = 4
COUNTS = np.array([True, True, True, False])  # the last has no prices
REGIONS = 60
READERS = ("own", "authority", "all")


def made_up(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Children by authority and type, and whether their number is shown."""
    rng = np.random.default_rng(seed)
    children = rng.poisson(rng.choice([0.3, 4, 12, 40], (rng.integers(2, 7), TYPES)))
    with_totals = np.column_stack([children, children.sum(axis=1)])
    with_totals = np.vstack([with_totals, with_totals.sum(axis=0)])
    return children, (with_totals == 0) | (with_totals >= LEAST)


def rows_of(shown: np.ndarray) -> np.ndarray:
    """What each published row adds up of the authorities' types with prices: 0 or 1."""
    las = len(shown) - 1
    rows = []
    for area, kind in np.argwhere(shown):
        cells = np.zeros((las, TYPES))
        where = slice(None) if area == las else area
        cells[where, COUNTS if kind == TYPES else kind] = 1
        rows.append(cells[:, COUNTS].ravel())
    return np.array(rows).reshape(-1, las * COUNTS.sum())


def secrets(children: np.ndarray) -> np.ndarray:
    """Types of an authority, alone and together, and authorities of a type, of few children."""
    there = children[:, COUNTS]
    cells = list(np.ndindex(there.shape))
    sums = []
    for size in (1, 2, 3):
        for chosen in itertools.combinations(cells, size):
            is_line = any(len({cell[axis] for cell in chosen}) == 1 for axis in (0, 1))
            children_in = [there[cell] for cell in chosen]
            if is_line and min(children_in) > 0 and sum(children_in) < LEAST:
                mask = np.zeros(there.shape)
                mask[tuple(zip(*chosen, strict=True))] = 1
                sums.append(mask.ravel())
    return np.array(sums).reshape(-1, there.size)


def share_told(reader: str, rule: bool = True) -> tuple[int, int]:
    """Secrets that a reader is told, of how many.

    reader: `own` sees an authority's rows; `authority` knows all of its own and sees the region's;
    `all` sees every row. Without the rule whatever has eight children is shown.
    """
    found = count = 0
    for seed in range(REGIONS):
        children, may = made_up(seed)
        las = len(children)
        shown = spend_shown(children, may, COUNTS) if rule else may
        nobody = np.diag((children[:, COUNTS].ravel() == 0).astype(float))
        for la in range(las) if reader != "all" else [None]:
            seen = shown.copy()
            wanted = secrets(children)
            owned = np.zeros((las, COUNTS.sum()), bool)
            if la is not None:
                owned[la] = True
                seen[[n for n in range(las) if reader == "authority" or n != la]] = False
                if reader == "own":
                    seen[las] = False
                inside = (wanted > 0) <= owned.ravel()
                wanted = wanted[inside.all(axis=1) if reader == "own" else
                                ~((wanted > 0) & owned.ravel()).any(axis=1)]  # fmt: skip
            known = [rows_of(seen), nobody]
            if reader == "authority":
                known.append(np.diag(owned.ravel().astype(float)))
            if len(wanted):
                found += int(told(np.vstack(known), wanted).sum())
                count += len(wanted)
    return found, count


@pytest.mark.parametrize("reader", READERS)
def test_what_few_children_cost_is_not_told(reader: str):
    found, count = share_told(reader)
    assert count > 200
    assert found == 0


@pytest.mark.parametrize("reader", READERS)
def test_it_is_told_where_all_rows_of_eight_children_are_shown(reader: str):
    found, count = share_told(reader, rule=False)
    assert 0 < found < count


def test_worked_by_hand():
    children = np.array([[40, 10, 3], [60, 20, 9]])
    may = np.array([[True, True, False, True], [True] * 4, [True, True, True, True]])
    shown = spend_shown(children, may, np.ones(3, bool))
    # Three children of the first authority would be its total less two types: the smaller of these
    # goes with them. The region's third type less the second authority's would be they as well.
    assert shown[0].tolist() == [True, False, False, True]
    assert shown[1].tolist() == [True, True, True, True]
    # Of the region's third type three are not the second authority's, who knows its nine. With the
    # region's second type it could work out the first's ten, and by them the three.
    assert shown[2].tolist() == [True, False, False, True]


def test_a_type_without_prices_is_in_no_total():
    children = np.array([[40, 10, 3], [60, 20, 9]])
    may = np.array([[True, True, False, True], [True] * 4, [True] * 4])
    shown = spend_shown(children, may, np.array([True, True, False]))
    assert shown[0].tolist() == [True, True, False, True]


def test_of_an_authority_without_a_forecast_nothing_is_shown():
    children = np.array([[40, 10], [60, 20]])
    may = np.array([[False] * 3, [True] * 3, [True] * 3])
    shown = spend_shown(children, may, np.ones(2, bool))
    assert not shown[0].any()
    assert shown[1].all()


def test_the_region_of_one_authority_is_that_authority():
    children = np.array([[40, 10, 3]])
    may = np.array([[True, True, False, True]] * 2)
    shown = spend_shown(children, may, np.ones(3, bool))
    assert shown.tolist() == [[True, False, False, True]] * 2


def test_what_the_largest_authority_knows_of_the_others_is_of_enough_children():
    children = np.array([[90, 90], [10, 4], [9, 3]])
    may = np.vstack([children >= LEAST, [True, True]])
    shown = spend_shown(children, np.column_stack([may, [True] * 4]), np.ones(2, bool))
    # 97 less its 90 are seven. By the total less the first type they would be told all the same.
    assert shown[3].tolist() == [False, False, True]
