"""DfE's measures of 23 invented children of Somerset, each worked by hand from the definition.

The returns are in `tiny/`. What each child shows:

A01 lives with one carer since 2020. A02's carer since 31 March 2024, A03's a day later. A04 in
care since 30 September 2023, A05 a day later. A06 came in the year and lived in three homes. A07
was ten days in hospital (T1) and came back. A08 moved with its carer (RNE T), later to a home. A09
is 15, A10 became 16 on 31 March 2026. A11 has short breaks (V4). A12 lives with adopters since
June 2025 and in the home before since November 2023. A13's carer since October 2024 adopts it (A5,
RNE T). A14 left in June, came back in September and moved. A15's home is not known. A16 left on 31
March 2026, A17 came. A18 left on its 18th birthday. A19 came and left twice. A20 to A22 came, 19,
21 and 61 miles from home. A23 moved in May and September.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.settings import Settings
from tests.small_region import Tools, bring_to_hub, build, failing, files_of, rows, small_region

STOCK, STARTED, CEASED = "looked after on 31 March", "started in the year", "ceased in the year"
Ask = Callable[[str], list[tuple]]


@pytest.fixture(scope="module")
def somerset(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    root = tmp_path_factory.mktemp("somerset")
    settings = small_region(root, files_of(Path(__file__).parent / "tiny"))
    bring_to_hub(settings, tools.postcodes)
    build(settings, tools.project)
    return settings


@pytest.fixture(scope="module")
def ask(somerset: Settings) -> Ask:
    return lambda query: rows(somerset, query)


def groups(ask: Ask, measure: str, breakdown: str, year: int = 2026) -> dict[str, tuple[int, int]]:
    """Children and times of each group."""
    found = ask(
        "select category, children, times from staging.int_children_looked_after "
        f"where la_code is not null and collection_year = '{year}' "
        f"and measure = '{measure}' and breakdown = '{breakdown}'"
    )
    return {category: (children, times) for category, children, times in found}


def test_children_looked_after_on_31_march(ask: Ask):
    """All but A11 (short breaks), A16 (left that day), A18 and A19."""
    assert groups(ask, STOCK, "total") == {"all children": (19, 19)}
    assert groups(ask, STOCK, "total", 2025) == {"all children": (15, 15)}
    assert groups(ask, STOCK, "total", 2024) == {"all children": (14, 14)}


def test_stock_by_age(ask: Ask):
    """A12 and A13 are 5; A10 and A15 are 16 and 17."""
    wanted = {"5 to 9": (2, 2), "10 to 15": (15, 15), "16 and over": (2, 2)}
    assert groups(ask, STOCK, "age band") == wanted


def test_stock_by_type(ask: Ask):
    """K2: A08, A14, A20, A22. K3: A15. Adoption: A12, A13."""
    assert groups(ask, STOCK, "placement type") == {
        "foster": (12, 12), "residential": (4, 4), "supported": (1, 1), "adoption": (2, 2),
    }  # fmt: skip


def test_stock_by_provider(ask: Ask):
    """PR1: A01 to A05, A07, A09, A10, A12, A13."""
    wanted = {"own provision": (10, 10), "independent agency": (9, 9)}
    assert groups(ask, STOCK, "provider") == wanted


def test_stock_by_distance_keeps_the_unknown_in_the_whole(ask: Ask):
    """Far: A08, A14, A17, A21, A22. Not known: A12 (no home's postcode), A15 (no own)."""
    assert groups(ask, STOCK, "distance") == {
        "20 miles or less": (12, 12), "over 20 miles": (5, 5), "not known": (2, 2),
    }  # fmt: skip


def test_stock_in_and_out_of_the_authority(ask: Ask):
    """A17 is in Devon, A22 in Cornwall; of A12 the postcode is missing."""
    wanted = {"inside": (16, 16), "outside": (2, 2), "not known": (1, 1)}
    assert groups(ask, STOCK, "in or out of the authority") == wanted


def test_children_who_started_in_the_year(ask: Ask):
    """A06, A14, A15, A17, A19 (twice), A20, A21, A22."""
    assert groups(ask, STARTED, "total") == {"all children": (8, 9)}
    assert groups(ask, STARTED, "age band") == {
        "5 to 9": (1, 2), "10 to 15": (6, 6), "16 and over": (1, 1),
    }  # fmt: skip
    assert groups(ask, STARTED, "placement type") == {
        "foster": (5, 6), "residential": (2, 2), "supported": (1, 1),
    }  # fmt: skip
    assert groups(ask, STARTED, "total", 2025) == {"all children": (1, 1)}  # A18
    assert groups(ask, STARTED, "total", 2024) == {"all children": (2, 2)}  # A04, A05


def test_children_who_ceased_in_the_year(ask: Ask):
    """A14, A16 (on 31 March), A18, A19 (twice)."""
    assert groups(ask, CEASED, "total") == {"all children": (4, 5)}
    assert groups(ask, CEASED, "age band") == {
        "5 to 9": (1, 2), "10 to 15": (2, 2), "16 and over": (1, 1),
    }  # fmt: skip


def test_stability(ask: Ask):
    """Three placements: A06, A14 (over two periods of care), A23; not A07, A08.

    Under 16, in care for 2.5 years: A01 to A04, A07 to A09, A12, A13, A23; not A05, A10. With the
    same carer for two: A01, A02, A04, A07, A09, A12; not A03, A08, A13, A23.
    """
    found = ask(
        "select children, three_or_more_placements, under_16_in_care_30_months, "
        "same_home_24_months from staging.int_placement_stability "
        "where la_code is not null and period_end_date = '2026-03-31'"
    )
    assert found == [(19, 3, 10, 6)]


def test_placements_begun_and_ended_in_the_year(ask: Ask):
    """Begun: A06 three, A08 one (not RNE T), A12, A14 two, A15, A17, A19 two, A20 to A22, A23 two;
    A07 none (T1, and back), A13 none. Ended: two of A06, A14, A19, A23; A08, A12, A16, A18.
    """
    found = ask(
        "select placements_started, foster, residential, supported, other_types, distance_known, "
        "over_20_miles, in_or_out_known, out_of_authority, entrants, leavers, "
        "children_at_quarter_end, placements_ended from staging.int_placement_count "
        "where period = 'year' and quarter = '2026Q1' and breakdown = 'total' "
        "and la_code is not null"
    )
    assert found == [(16, 9, 5, 1, 1, 14, 5, 15, 2, 9, 5, 19, 12)]


def test_the_region_is_its_one_authority_and_nothing_would_stop_it(
    ask: Ask, somerset: Settings, tools: Tools
):
    model = "staging.int_children_looked_after"
    columns = "collection_year, measure, breakdown, category, children, times"
    of_region = ask(f"select {columns} from {model} where la_code is null order by all")
    assert of_region == ask(f"select {columns} from {model} where la_code <> '' order by all")
    assert failing(somerset, tools.tests) == []
