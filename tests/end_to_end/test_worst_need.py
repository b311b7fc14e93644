"""The area and needs whose need is planted to be met worst are among the first of the ranking.

A planted group of needs is spread over several needs profiles, for children of a group are
described by different facts: a profile counts as of the group that most of its searches are of.
"""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipeline.reference import build_postcodes
from pipeline.synthetic.cli_command import plan_for
from tests.known_region import build_region, compile_project

LAS, CHILDREN, ERRORS = 15, 150, 0.015
BEST = 3
# The method was tuned on seeds 101 to 108; these it had not seen when it was first measured.
FRESH = range(1, 11)

WORST = """
    with planted as (
        select
            needs_profile_id,
            mode(truth.search.profile order by truth.search.profile) as profile
        from staging.int_search_period
        inner join truth.search using (referral_id)
        where period_kind = 'latest'
        group by needs_profile_id
    )

    select min(gap_rank)
    from staging.int_unmet_need as need
    inner join planted using (needs_profile_id)
    inner join truth.worst on la_code = area_code and worst.profile = planted.profile
    where breakdown = 'needs profile'
"""


def rank_of_worst(region: Path) -> int | None:
    """Where the ranking has the worst of it, 1 for first; None if it is not ranked at all."""
    with duckdb.connect(str(region), read_only=True) as connection:
        return connection.execute(WORST).fetchall()[0][0]


@pytest.fixture(scope="module")
def rank(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], int]:
    """Make a region of a seed and look where its worst need ranks."""
    folder = tmp_path_factory.mktemp("worst")
    project = compile_project(folder)
    postcodes = build_postcodes(sample_home / "reference")

    def ranked(seed: int) -> int:
        out = folder / f"{seed}.duckdb"
        plan = plan_for(LAS, CHILDREN, seed, ERRORS, truth=True)
        build_region(plan, project, postcodes, out, only={"int_unmet_need"})
        found = rank_of_worst(out)
        out.unlink()
        assert found is not None
        return found

    return ranked


@pytest.mark.parametrize("seed", FRESH[:2])
def test_the_worst_need_is_among_the_first_three(rank, seed):
    assert rank(seed) <= BEST


@pytest.mark.faults
def test_the_worst_need_is_among_the_first_three_of_nine_regions_in_ten(rank):
    ranks = {seed: rank(seed) for seed in FRESH}
    assert sum(found <= BEST for found in ranks.values()) >= 9, ranks
