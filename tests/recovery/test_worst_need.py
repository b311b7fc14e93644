"""The area and needs whose need is planted to be met worst are among the first of the ranking.

A planted group of needs is spread over several needs profiles, for children of a group are
described by different facts: a profile counts as of the group that most of its searches are of.
"""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.recovery.conftest import SHORT

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


def rank_of(region: Path) -> int:
    found = rank_of_worst(region)
    assert found is not None
    return found


@pytest.mark.parametrize("seed", SHORT)
def test_the_worst_need_is_among_the_first_three(region: Callable[[int], Path], seed: int):
    assert rank_of(region(seed)) <= BEST


@pytest.mark.faults
def test_the_worst_need_is_among_the_first_three_of_nine_regions_in_ten(
    region: Callable[[int], Path],
):
    ranks = {seed: rank_of(region(seed)) for seed in FRESH}
    assert sum(found <= BEST for found in ranks.values()) >= 9, ranks
