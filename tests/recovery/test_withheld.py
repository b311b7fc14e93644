"""At the sample's real size most of what is asked is shown outside, and all of it inside."""

from collections.abc import Iterator

import duckdb
import pytest

from pipeline.synthetic.cli_command import plan_for
from tests.known_region import build_region

# How data/sample was made: tests/synthetic/test_region.py holds it to that.
REAL_SIZE = plan_for(las=4, children=None, seed=7, error_rate=0.003)
MARTS = ("unmet_need", "spend", "provider_premium")
AT_MOST = 1 / 3  # of each may be withheld


@pytest.fixture(scope="module")
def sample(project, postcodes, tmp_path_factory) -> Iterator[duckdb.DuckDBPyConnection]:
    out = tmp_path_factory.mktemp("real_size") / "region.duckdb"
    only = (*MARTS, *(f"inside/{mart}" for mart in MARTS))
    build_region(REAL_SIZE, project, postcodes, out, only=only)
    with duckdb.connect(str(out), read_only=True) as connection:
        yield connection


@pytest.mark.parametrize(
    ("mart", "rows", "is_hidden"),
    [
        pytest.param(
            "sufficiency.unmet_need",
            "breakdown = 'recommended type' and period_kind = 'latest' and la_code is not null "
            "and recommended_type <> 'no single type'",
            "gap_index is null",
            id="unmet need by recommended type",
        ),
        pytest.param(
            "cost.spend",
            "breakdown = 'placement type' and period_type = 'financial year' "
            "and la_code is not null",
            "is_suppressed",
            id="spend by type",
        ),
        pytest.param(
            "cost.provider_premium",
            "premium_of = 'owner' and year = 'all years'",
            "finding = 'too few'",
            id="premiums by owner",
        ),
    ],
)
def test_outside_shows_most_of_what_is_asked_and_inside_all(sample, mart, rows, is_hidden):
    [(all_rows, hidden)] = sample.execute(
        f"select count(*), count(case when {is_hidden} then 1 end) from {mart} where {rows}"
    ).fetchall()
    assert all_rows > 10
    assert hidden <= AT_MOST * all_rows, f"{hidden} of {all_rows}"
    inside = sample.execute(
        f"select count(*), count(case when {is_hidden} then 1 end) from inside_{mart} where {rows}"
    )
    [(all_inside, hidden_inside)] = inside.fetchall()
    assert (all_inside >= all_rows, hidden_inside) == (True, 0)
