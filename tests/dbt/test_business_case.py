"""The business case equals a plain computation over random options, month by month."""

import datetime as dt
import hashlib
import math
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from pipeline.settings import DBT_PROJECT
from tests.known_region import BUILD, Project

SEED = 20261122
OPTIONS = 120
FUTURES = 400
RATE, HIGHEST = 0.035, 0.9
SCENARIOS = pd.read_csv(DBT_PROJECT / "seeds" / "business_case_scenario.csv").set_index("scenario")
MARTS = ("business_case", "business_case_summary")


@dataclass(frozen=True)
class Basis:
    """A row of `int_business_case_basis`: money in pounds, weeks a year."""

    option: str
    beds: int
    capital_gbp: int
    running_cost_gbp_per_year: int
    staffing_gbp_per_year: int
    ramp_up_months: int
    lifetime_years: int
    own_children: int
    own_weeks_a_year: float
    other_weeks_a_year: float
    weekly_price: int | None
    price_children: int
    searches: int = 50
    la_code: str = "A"
    placement_type: str = "residential"
    opening_date: dt.date = dt.date(2027, 4, 1)
    covered_from_date: dt.date = dt.date(2024, 4, 1)
    covered_to_date: dt.date = dt.date(2026, 3, 31)
    price_basis: str = "area"
    type_price: int | None = None
    type_children: int = 0

    @property
    def is_too_few(self) -> bool:
        return 1 <= self.own_children <= 4


def some(chance: random.Random, number: int) -> Basis:
    """An option that may pay or not, its need from none to far more than its beds."""
    beds = chance.randint(1, 20)
    return Basis(
        option=f"option {number}",
        beds=beds,
        capital_gbp=chance.choice((0, chance.randrange(2_000_000))),
        running_cost_gbp_per_year=chance.randrange(300_000),
        staffing_gbp_per_year=chance.randrange(1, 150_000 * beds),
        ramp_up_months=chance.choice((0, 1, 9, 12, 30, 120)),
        lifetime_years=chance.choice((1, 2, 10, 25, 40)),
        own_children=chance.choice((5, 40)),
        own_weeks_a_year=chance.uniform(0, 52 * beds * 1.5),
        other_weeks_a_year=chance.choice((0, chance.uniform(0, 5_000))),
        weekly_price=chance.randrange(300, 9_000),
        price_children=chance.choice((5, 30)),
    )


@pytest.fixture
def build(project: Project, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A build file in which authority A alone is known."""
    file = tmp_path / f"{BUILD}.duckdb"
    shutil.copy(project.template, file)
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "insert into common_core.local_authority by name "
            "select 'A' as la_code, 'Alpha' as la_name, true as is_synthetic, "
            "true as is_hub, true as is_in_region"
        )
        yield connection


def valued(
    build: duckdb.DuckDBPyConnection, project: Project, options: list[Basis]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The years and the summary of these options."""
    rows = pd.DataFrame([vars(o) | {"is_too_few": o.is_too_few} for o in options])
    build.register("given", rows)
    build.execute("delete from staging.int_business_case_basis")
    build.execute("insert into staging.int_business_case_basis by name select * from given")
    models = {m.name: m for m in project.models.values()}
    for mart in MARTS:
        build.execute(f"delete from {models[mart].relation}")
        build.execute(f"insert into {models[mart].relation} by name {models[mart].sql}")
    years = build.execute("from sufficiency.business_case order by option, scenario, year").df()
    return years, build.execute("from sufficiency.business_case_summary").df().set_index("option")


def to_five(beds: float) -> float:
    return math.floor(beds * 5 + 0.5) / 5


def need_of(option: Basis, scenario: str) -> float:
    """Beds, rounded before anything else; to a tenth where a case takes a part of them."""
    assumed = SCENARIOS.loc[scenario]
    own = to_five(option.own_weeks_a_year / 52) * assumed["own_need"]
    others = to_five(option.other_weeks_a_year * assumed["others_need"] / 52)
    return round(own + others, 1)


def price_of(option: Basis) -> float:
    return 10 * math.floor(option.weekly_price / 10 + 0.5)


def available(option: Basis, year: int) -> float:
    """Beds on average in a year of its life: by the middle of each of its months."""
    months = range(12 * (year - 1), 12 * year)
    ramp = option.ramp_up_months
    shares = [1.0 if m >= ramp else (m + 0.5) / ramp for m in months]
    return option.beds * sum(shares) / 12


def plain_npv(option: Basis, need: float, price: float, cost: float, cap: float = HIGHEST) -> float:
    """Pounds, discounted to the opening; `cost` multiplies running cost and staff."""
    worth = -float(option.capital_gbp)
    yearly = (option.running_cost_gbp_per_year + option.staffing_gbp_per_year) * cost
    for year in range(1, option.lifetime_years + 1):
        occupied = min(need, available(option, year) * cap)
        worth += (occupied * 52 * price - yearly) / (1 + RATE) ** year
    return worth


def drawn(option: Basis, what: str, future: int, ends: tuple[float, float, float]) -> float:
    """The same draw as in SQL, from the triangle over low, central and high."""
    text = f"{what}|{option.option}|{future}"
    uniform = (
        int(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:8], 16) + 0.5
    ) / 2**32
    low, high, peak = min(ends), max(ends), ends[1]
    if uniform * (high - low) < peak - low:
        return low + math.sqrt(uniform * (high - low) * (peak - low))
    return high - math.sqrt((1 - uniform) * (high - low) * (high - peak))


def test_every_npv_is_that_of_a_plain_computation(build, project):
    chance = random.Random(SEED)
    options = [some(chance, n) for n in range(OPTIONS)]
    _, summary = valued(build, project, options)
    assert len(summary) == OPTIONS
    for option in options:
        for scenario, assumed in SCENARIOS.iterrows():
            price = price_of(option) * assumed["avoided_price"]
            plain = plain_npv(option, need_of(option, scenario), price, assumed["own_cost"])
            # Each year is rounded to the penny.
            found = summary.loc[option.option, f"npv_{scenario}_gbp"]
            assert found == pytest.approx(plain, abs=1.5), (option, scenario)
    worths = summary["npv_central_gbp"]
    assert 10 < (worths > 0).sum() < OPTIONS - 10  # the options are no formality


def test_at_the_break_even_occupancy_nothing_is_won_or_lost(build, project):
    chance = random.Random(SEED + 1)
    options = [some(chance, n) for n in range(OPTIONS)]
    _, summary = valued(build, project, options)
    for option in options:
        even = summary.loc[option.option, "break_even_occupancy"]
        below, above = (
            plain_npv(option, math.inf, price_of(option), 1, cap=even + step)
            for step in (-0.00006, 0.00006)  # it is rounded to a hundredth of a percent
        )
        assert below < 0 < above, option


def test_it_is_paid_back_when_what_it_was_worth_stays_above_nothing(build, project):
    chance = random.Random(SEED + 2)
    options = [some(chance, n) for n in range(OPTIONS)]
    years, summary = valued(build, project, options)
    central = years[years["scenario"] == "central"]
    for option, of_option in central.groupby("option"):
        so_far = [float(v) for v in of_option["present_value_so_far_gbp"]]
        stays = [n for n in range(len(so_far)) if min(so_far[n:]) >= 0]
        payback = summary.loc[option, "payback_years"]
        assert (None if pd.isna(payback) else payback) == (stays[0] if stays else None), option
    paid = summary["payback_years"].notna()
    assert (paid == (summary["npv_central_gbp"] >= 0)).all()
    assert paid.any()
    assert not paid.all()


def test_more_capital_is_never_paid_back_sooner(build, project):
    chance = random.Random(SEED + 3)
    base = replace(some(chance, 0), staffing_gbp_per_year=200_000, weekly_price=6_000, beds=4,
                   own_weeks_a_year=200.0, lifetime_years=40)  # fmt: skip
    options = [replace(base, option=f"{n:02}", capital_gbp=250_000 * n) for n in range(60)]
    _, summary = valued(build, project, options)
    paid = summary.sort_index()["payback_years"].astype(float).fillna(math.inf)
    assert paid.is_monotonic_increasing
    assert paid.nunique() > 5
    assert math.inf in set(paid)


def test_the_futures_are_the_same_in_python(build, project):
    chance = random.Random(SEED + 4)
    options = [some(chance, n) for n in range(12)]
    _, summary = valued(build, project, options)
    cases = SCENARIOS.loc[["low", "central", "high"]]
    for option in options:
        needs = tuple(need_of(option, s) for s in cases.index)
        worths = [
            plain_npv(
                option,
                drawn(option, "need", n, needs),
                price_of(option) * drawn(option, "price", n, tuple(cases["avoided_price"])),
                drawn(option, "cost", n, tuple(cases["own_cost"])),
            )
            for n in range(1, FUTURES + 1)
        ]
        row = summary.loc[option.option]
        lower, upper = pd.Series(worths).quantile([0.1, 0.9])
        assert row["npv_lower_gbp"] == pytest.approx(lower, abs=2)
        assert row["npv_upper_gbp"] == pytest.approx(upper, abs=2)
        chance_of = sum(w > 0 for w in worths) / FUTURES
        assert row["chance"] == pytest.approx(chance_of, abs=0.003)
        assert row["npv_low_gbp"] <= row["npv_lower_gbp"] <= row["npv_upper_gbp"]
        assert row["npv_upper_gbp"] <= row["npv_high_gbp"]


NOTHING = ["npv_low_gbp", "npv_central_gbp", "npv_high_gbp", "npv_lower_gbp", "npv_upper_gbp",
           "chance", "payback_years"]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"own_children": 4}, "Too few children of Alpha"),
        ({"own_children": 0, "own_weeks_a_year": 0.0, "searches": 0}, "no search for a home"),
        ({"weekly_price": None, "price_children": 0, "price_basis": "not known"}, "nothing to"),
    ],
)
def test_what_cannot_be_told_is_told_in_words_and_is_no_zero(build, project, change, says):
    option = replace(some(random.Random(SEED), 1), **change)
    years, summary = valued(build, project, [option])
    row = summary.iloc[0]
    assert row[NOTHING].isna().all()
    assert says in row["statement"]
    figures = ["avoided_cost_gbp", "net_benefit_gbp", "present_value_gbp",
               "present_value_so_far_gbp"]  # fmt: skip
    assert years[figures].isna().all(axis=None)
    # Withheld is what rests on few children, and nothing else.
    assert bool(row["is_suppressed"]) == option.is_too_few
    withheld = set(row["withheld"].split())
    assert set(NOTHING) <= withheld if option.is_too_few else not withheld
    needs = [c for c in summary if c.startswith("need_beds")]
    assert row[needs].isna().all() == (option.is_too_few or option.searches == 0)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"own_children": 0, "own_weeks_a_year": 0.0}, "stays empty"),
        ({"opening_date": dt.date(2020, 1, 1)}, "the returns already cover"),
        ({"ramp_up_months": 120, "lifetime_years": 2}, "never full"),
        ({"weekly_price": 300, "staffing_gbp_per_year": 9_000_000}, "more than it saves"),
        ({"price_basis": "region"}, "those of children of the region"),
        ({"price_basis": "type"}, "all homes of this type"),
    ],
)
def test_what_one_should_know_of_a_figure_is_said_beside_it(build, project, change, says):
    option = replace(some(random.Random(SEED), 1), **change)
    _, summary = valued(build, project, [option])
    assert says in summary.iloc[0]["statement"]
    assert summary.iloc[0][NOTHING[:6]].notna().all()


def test_children_more_or_less_show_only_where_a_fifth_of_a_bed_does(build, project):
    option = replace(some(random.Random(SEED), 1), own_weeks_a_year=104.0, weekly_price=4_000)
    nearly = replace(option, own_weeks_a_year=108.0, weekly_price=4_004, own_children=6)
    one, other = (valued(build, project, [o])[1] for o in (option, nearly))
    pd.testing.assert_frame_equal(one, other)
