"""The gap index: its interval against the exact one, its SQL against the same worked in Python."""

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from tests.known_region import BUILD, Project
from tests.rendered import render

TENTH = 1.2816  # standard deviations, beyond which a tenth lies
ADDED = 10  # searches that the index adds to each cell
FACTS = (
    "unsuitable_type", "not_preferred_type", "over_20_miles", "out_of_authority",
    "siblings_split", "school_lost", "emergency",
)  # fmt: skip
QUANTILE = "{{ beta_quantile('a', 'b', 'z') }}"


@pytest.fixture(scope="module")
def compiled(project: Project) -> dict[str, str]:
    """The SQL of the model, as dbt compiles it, and of the quantile alone."""
    model = next(m for m in project.models.values() if m.name == "int_unmet_need")
    return {"model": model.sql, "quantile": render(QUANTILE)}


def quantiles(sql: str, a: np.ndarray, b: np.ndarray, z: float) -> np.ndarray:
    """What the macro makes of the parameters."""
    with duckdb.connect() as connection:
        connection.register("given", pd.DataFrame({"a": a, "b": b, "z": z}))
        return connection.execute(f"select {sql} as q from given").df()["q"].to_numpy()


@pytest.mark.parametrize(("least", "at_most"), [(1.0, 0.015), (5.0, 0.002)])
def test_the_interval_is_close_to_the_exact_one(compiled, least, at_most):
    grid = np.array([1, 1.5, 2, 3, 5, 8, 12, 20, 40, 80, 200])
    grid = grid[grid >= least]
    a, b = (side.ravel() for side in np.meshgrid(grid, grid))
    enough = a + b > ADDED  # for so many searches are added
    a, b = a[enough], b[enough]
    for z, part in ((-TENTH, 0.1), (TENTH, 0.9)):
        for one, other in ((a, b), (b, a)):
            found = quantiles(compiled["quantile"], one, other, z)
            assert np.abs(found - beta.ppf(part, one, other)).max() < at_most


def test_a_cell_without_unmet_searches_still_has_an_interval(compiled):
    """Its high end is up to 0.06 too high, and never too low: such a cell is not made too sure."""
    a = np.array([0.3, 0.3, 0.5, 0.5])
    b = np.array([10.0, 30.0, 10.0, 60.0])
    low, high = (quantiles(compiled["quantile"], a, b, z) for z in (-TENTH, TENTH))
    assert (low >= 0).all()
    assert (low < 0.002).all()
    too_high = high - beta.ppf(0.9, a, b)
    assert (too_high > 0).all()
    assert (too_high < 0.06).all()


def searches(rows: list[tuple]) -> pd.DataFrame:
    """Searches of the latest quarters: authority, profile, type, open, unmet, weeks."""
    columns = ["la_code", "needs_profile_id", "recommended_type", "is_open", "is_unmet"]
    frame = pd.DataFrame(rows, columns=[*columns, "unmet_weeks"])
    frame["referral_id"] = [f"r{n}" for n in range(len(frame))]
    frame["child_id"] = frame["referral_id"]
    frame["is_unmet"] = frame["is_unmet"].astype("boolean")
    for fact in FACTS:
        frame[f"is_{fact}"] = pd.array([None] * len(frame), dtype="boolean")
    frame["days_to_place"] = pd.array([None] * len(frame), dtype="Int32")
    return frame.assign(
        broad_needs="all alike",
        is_needs_known=True,
        period_kind="latest",
        first_quarter="2025Q1",
        last_quarter="2025Q4",
        is_synthetic=True,
    )


def counted(compiled: dict[str, str], frame: pd.DataFrame) -> pd.DataFrame:
    """What the model makes of the searches, by area, profile and type."""
    with duckdb.connect() as connection:
        connection.execute(f"attach ':memory:' as {BUILD}; use {BUILD}; create schema staging")
        connection.register("given", frame)
        connection.execute("create table staging.int_search_period as select * from given")
        found = connection.execute(compiled["model"]).df()
    return found.set_index(["area_code", "needs_profile_id", "recommended_type", "broad_needs"])


def test_small_cells_are_drawn_to_what_is_expected_of_them(compiled):
    """Worked by hand. A and B tell of open searches: 4 of their 10 are unmet.

    n1: 3 of 5, where 5 x 0.4 = 2 are expected: (5 + 3) / (5 + 2) = 8/7 as often, 16/35.
    A and n1: 3 of 3: (3 + 10 x 16/35) / 13 = 0.58242; over 0.4: 1.45604.
    Unmet searches last (2 + 4 + 6 + 8 + 5) / 5 = 5 weeks: 3 x (0.58242 - 0.4) x 5 = 2.736.
    B and n1: 0 of 2: 160/35 / 12 = 0.38095; over 0.4: 0.95238.
    C does not tell of them: its 1 of 2 is compared with itself alone, and is as expected.
    One of B's outcomes is not known: it counts as a search, and for nothing else.
    """
    rows = [
        ("A", "n1", "foster", True, True, 2), ("A", "n1", "foster", False, True, 4),
        ("A", "n1", "foster", False, True, 6), ("A", "n2", "foster", False, False, 1),
        ("A", "n2", "foster", False, False, 1), ("B", "n1", "foster", False, False, 1),
        ("B", "n1", "foster", False, False, 1), ("B", "n2", "foster", True, True, 8),
        ("B", "n2", "foster", False, False, 1), ("B", "n2", "foster", False, False, 1),
        ("B", "n1", "foster", False, None, 3),
        ("C", "n3", "foster", False, True, 5), ("C", "n3", "foster", False, False, 1),
    ]  # fmt: skip
    found = counted(compiled, searches(rows))
    columns = ["searches", "unmet_known", "unmet", "gap_index", "excess_unmet_weeks"]
    by_profile = {
        area: found.loc[area, profile, "all types", "all"][columns].tolist()
        for area, profile in (("A", "n1"), ("B", "n1"), ("C", "n3"))
    }
    assert by_profile["A"] == pytest.approx([3, 3, 3, 1.45604, 2.7363], abs=1e-4)
    assert by_profile["B"] == pytest.approx([3, 2, 0, 0.95238, -0.1905], abs=1e-4)
    assert by_profile["C"] == pytest.approx([2, 2, 1, 1, 0], abs=1e-9)
    # (3 + 160/35) / 15 = 0.50476
    region = found.loc["region", "n1", "all types", "all"]
    assert region["gap_index"] == pytest.approx(1.26190, abs=1e-4)
    assert found.loc["A", "n1", "all types", "all"]["gap_rank"] == 1


def test_needs_are_compared_with_known_needs_and_types_with_all(compiled):
    """Worked by hand. Of 10 searches 4 are unmet; of the 8 whose needs are known 2, which is 0.25.

    n1: 2 of 4, where 4 x 0.25 = 1 is expected: (5 + 2) / (5 + 1) = 7/6 as often, 7/24.
    (2 + 10 x 7/24) / 14 = 0.35119; over 0.25: 1.40476.
    n3, whose needs are not known, has no index and no rank, though both its searches are unmet.
    Foster, 4 of 10, where 4 are expected: (4 + 10 x 0.4) / 20 = 0.4; over 0.4: 1.
    """
    rows = [
        *[("A", "n1", "foster", False, True, 2)] * 2, *[("A", "n1", "foster", False, False, 1)] * 2,
        *[("A", "n2", "foster", False, False, 1)] * 4, *[("A", "n3", "foster", True, True, 9)] * 2,
    ]  # fmt: skip
    frame = searches(rows)
    frame["is_needs_known"] = frame["needs_profile_id"] != "n3"
    found = counted(compiled, frame)
    for area in ("A", "region"):
        assert found.loc[area, "n1", "all types", "all"]["gap_index"] == pytest.approx(
            1.40476, abs=1e-4
        )
        unknown = found.loc[area, "n3", "all types", "all"]
        assert unknown["unmet"] == 2
        assert unknown[["gap_index", "gap_rank"]].isna().all()
        assert found.loc[area, "all", "foster", "all"]["gap_index"] == pytest.approx(1)


OUTCOME = st.tuples(
    st.sampled_from("ABC"),
    st.sampled_from(["n1", "n2", "n3"]),
    st.sampled_from(["foster", "residential"]),
    st.booleans(),
    st.sampled_from([True, False, False, None]),
    st.integers(0, 40),
)


@settings(max_examples=25, deadline=None, database=None)
@given(st.lists(OUTCOME, min_size=8, max_size=60))
def test_the_index_is_that_of_the_same_worked_in_python(compiled, rows):
    frame = searches([(*r[:3], r[3] and r[0] != "C", *r[4:]) for r in rows])
    found = counted(compiled, frame)
    tells = frame.groupby("la_code")["is_open"].transform("max")
    known = frame[frame["is_unmet"].notna()].assign(tells=tells)
    known["unmet"] = known["is_unmet"].astype(float)
    known["average"] = known.groupby("tells")["unmet"].transform("mean")
    like = known.groupby(["needs_profile_id", "recommended_type"])
    times = (5 + like["unmet"].transform("sum")) / (5 + like["average"].transform("sum"))
    known["expected"] = np.minimum(0.95, known["average"] * times)
    weeks = known.loc[known["unmet"] == 1, "unmet_weeks"].mean()
    for (la, profile), cell in known.groupby(["la_code", "needs_profile_id"]):
        row = found.loc[la, profile, "all types", "all"]
        average, expected = cell["average"].mean(), cell["expected"].mean()
        if average == 0:
            assert pd.isna(row["gap_index"])
            continue
        share = (cell["unmet"].sum() + ADDED * expected) / (len(cell) + ADDED)
        assert row["gap_index"] == pytest.approx(share / average)
        assert row["excess_unmet_weeks"] == pytest.approx(len(cell) * (share - average) * weeks)
        assert row["gap_low"] <= row["gap_index"] <= row["gap_high"]
