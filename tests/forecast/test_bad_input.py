"""What the forecast makes of histories that it cannot or can hardly rely on: it says so in words.

Nothing here may raise, and numpy may not even warn: what is not known is null and told, never 0.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipeline.forecast import run, trials
from pipeline.forecast.run import Made, make_forecast
from pipeline.forecast.scenario_file import Scenario
from tests.forecast.histories import History, built, history
from tests.forecast.made_up import change

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")
LA, *OTHERS = history().years  # the one that is spoilt, and three that are not
CODES_CHANGED = pd.Timestamp(2024, 10, 1)
MORE = Scenario("Mehr, 10%", (change("entries", 10),))


@pytest.fixture(scope="module", autouse=True)
def _few_draws():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "DRAWS", 24)
        patch.setattr(trials, "DRAWS", 12)
        yield


class Found:
    """A forecast's tables, of which rows are asked by area; None is the region."""

    def __init__(self, given: History, scenarios: Sequence[Scenario] = (MORE,)) -> None:
        with built(given, past_origins=2) as connection:
            self.made: Made = make_forecast(connection, scenarios)
            self.tables = {
                name: connection.execute(f"from forecast.{name}").df()
                for name in ("demand", "spend", "rates", "drivers", "backtest", "scenario",
                             "standing")
            }  # fmt: skip

    def of(self, table: str, la: str | None) -> pd.DataFrame:
        rows = self.tables[table]
        return rows[rows["la_code"].isna() if la is None else rows["la_code"] == la]

    def standing(self, la: str | None) -> tuple[str, str]:
        (row,) = self.of("standing", la).itertuples()
        return row.standing, row.statement

    def of_spend(self, la: str | None) -> str:
        """What is said of an area's prices."""
        (row,) = self.of("standing", la).itertuples()
        return row.spend_statement

    def is_forecast(self, la: str | None) -> bool:
        """Whether there is a fan; all tables agree on it, and the region's authorities do."""
        fan = (self.of("demand", la)["kind"] == "forecast").any()
        assert bool(len(self.of("spend", la))) == fan
        assert bool(len(self.of("scenario", la))) == fan
        return bool(fan)


def cut(given: History, day: pd.Timestamp) -> pd.DataFrame:
    """Placements, those of the spoilt authority that were open on a day made two."""
    rows = given.placements
    is_open = (rows.la_code == LA) & (rows.start_date < day) & ~(rows.end_date <= day)
    return pd.concat(
        [rows[~is_open], rows[is_open].assign(end_date=day), rows[is_open].assign(start_date=day)]
    )


def recoded(codes: dict[str, str | None]) -> History:
    """From a day on other codes in one authority."""
    rows = cut(history(), CODES_CHANGED)
    later = (rows.la_code == LA) & (rows.start_date >= CODES_CHANGED)
    kind = rows.placement_type.where(~later, rows.placement_type.map(lambda t: codes.get(t, t)))
    return history().with_placements(rows.assign(placement_type=kind))


def all_sent(*years: int, until: dt.date) -> History:
    given = history()
    return replace(
        given,
        years=dict.fromkeys(given.years, years),
        received={(la, years[-1]): until for la in given.years},
    )


def winding_down(las: Sequence[str]) -> History:
    """Nobody came after March 2024."""
    rows = history().placements
    first = rows.groupby("child_id").start_date.transform("min")
    return history().with_placements(rows[~rows.la_code.isin(las) | (first < "2024-04-01")])


def standing_still(of: str) -> History:
    """All children in care for good, or children who come and never leave."""
    rows = history().placements.drop_duplicates("child_id").assign(end_date=pd.NaT)
    rows = rows[rows.birth_date > "2012-01-01"]
    if of == "entries":
        rows = rows[rows.birth_date < "2021-01-05"].assign(start_date=pd.Timestamp(2021, 1, 5))
    return history().with_placements(rows)


NO_REGION = "No authority can be forecast: what was received of each is told beside its name."
Case = tuple[Callable[[], History], str, str, str, str]
# History; grade and words of the spoilt authority; grade and words of the region.
CASES: dict[str, Case] = {
    "six months": (
        lambda: all_sent(2026, until=dt.date(2025, 9, 30)),
        "no forecast", "Only 6 months of history were received; 12 are needed.",
        "no forecast", NO_REGION,
    ),
    "one month": (
        lambda: all_sent(2026, until=dt.date(2025, 4, 30)),
        "no forecast", "Only 1 month of history were received; 12 are needed.",
        "no forecast", NO_REGION,
    ),
    "fourteen months: no backtest": (
        lambda: all_sent(2025, 2026, until=dt.date(2025, 5, 31)),
        "use with care", "Its history is short (14 months, from April 2024)",
        "use with care", "nobody knows how good it is",
    ),
    "an authority winds down": (
        lambda: winding_down([LA]),
        "not fit", "The cohort is winding down",
        "use with care", "The history of 1 of them is not fit to forecast from.",
    ),
    "all wind down": (
        lambda: winding_down([LA, *OTHERS]),
        "not fit", "The cohort is winding down",
        "not fit", "The history of 4 of them is not fit to forecast from.",
    ),
    "nobody ever came": (
        lambda: standing_still("entries"),
        "not fit", "In the last year nobody came into care",
        "not fit", "The history of 4 of them is not fit",
    ),
    "nobody ever left": (
        lambda: standing_still("leavers"),
        "not fit", "In the last year nobody left care before 18",
        "not fit", "The history of 4 of them is not fit",
    ),
    "a year is missing": (
        lambda: history().sent(LA, 2022, 2023, 2025, 2026),
        "use with care", "Returns of 12 months between the first and the last are missing",
        "use with care", "past forecasts",
    ),
    "half of the codes are not known from a day on": (
        lambda: recoded({"residential": None, "supported": None, "parents": None}),
        "use with care", "Some placements have a code that no list knows",
        "use with care", "past forecasts",
    ),
    "codes swap their meaning": (
        lambda: recoded({"foster": "residential", "residential": "foster"}),
        "use with care", "the codes were probably changed",
        "use with care", "past forecasts",
    ),
    "an authority joins with 8 months": (
        lambda: replace(history().sent(LA, 2026), as_of=dt.date(2025, 11, 30)),
        "no forecast", "Only 8 months of history were received",
        "use with care", "It is of 3 of 4 authorities.",
    ),
    "an authority joins with 20 months": (
        lambda: replace(history().sent(LA, 2025, 2026), as_of=dt.date(2025, 11, 30)),
        "use with care", "Its history is short (20 months, from April 2024)",
        "use with care", "past forecasts",
    ),
    "an authority lags a year": (
        lambda: history().sent(LA, 2022, 2023, 2024, 2025),
        "no forecast", "Its last SSDA903 return ends in March 2025, before the region's",
        "use with care", "It is of 3 of 4 authorities.",
    ),
    "an authority is ahead": (
        lambda: replace(
            history(), received={(la, 2026): dt.date(2025, 12, 31) for la in OTHERS}
        ),
        "use with care", "all authorities are forecast from December 2025",
        "use with care", "past forecasts",
    ),
    "an authority sent nothing": (
        lambda: history().sent(LA),
        "no forecast", "No SSDA903 episodes were received",
        "use with care", "It is of 3 of 4 authorities.",
    ),
    "an authority without children": (
        lambda: history().with_placements(history().placements.query("la_code != @LA")),
        "no forecast", "No children were in care at the end of March 2026.",
        "use with care", "past forecasts",
    ),
    "nobody in care anywhere": (
        lambda: history().with_placements(history().placements.head(0)),
        "no forecast", "No children were in care at the end of March 2026.",
        "no forecast", NO_REGION,
    ),
    "nobody in care in the first two years": (
        lambda: history().with_placements(history().placements.query("start_date >= '2023-06-01'")),
        "use with care", "",
        "use with care", "past forecasts",
    ),
    "an empty hub": (
        lambda: replace(history(), years=dict.fromkeys(history().years, ())),
        "no forecast", "No SSDA903 episodes were received",
        "no forecast", NO_REGION,
    ),
    "as of a day before any history": (
        lambda: replace(history(), as_of=dt.date(2020, 1, 1)),
        "no forecast", "up to 1 January 2020",
        "no forecast", NO_REGION,
    ),
    "one authority only": (
        lambda: replace(history(), years={LA: history().years[LA]}),
        "use with care", "The history is whole.",
        "use with care", "past forecasts",
    ),
}  # fmt: skip


SHORT = (
    "six months",
    "an authority winds down",
    "nobody ever left",
    "a year is missing",
    "half of the codes are not known from a day on",
    "an authority joins with 8 months",
    "an authority is ahead",
    "nobody in care anywhere",
    "an empty hub",
)  # the others in `make faults`


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=() if n in SHORT else pytest.mark.faults) for n in CASES]
)
def test_it_is_said_what_was_done_or_why_there_is_no_forecast(name: str):
    make, grade, words, region_grade, region_words = CASES[name]
    found = Found(make())
    for la, wanted, said in ((LA, grade, words), (None, region_grade, region_words)):
        standing, statement = found.standing(la)
        assert standing == wanted
        assert said in statement
        assert found.is_forecast(la) == (wanted in ("fit", "use with care"))
    assert found.made.region.grade == region_grade
    if region_grade in ("no forecast", "not fit"):
        assert found.made.notes == (
            "The scenario “Mehr, 10%” is left out: there is no forecast that it could change.",
        )
    demand = found.tables["demand"]
    assert not demand.duplicated(["la_code", "age_band", "placement_type", "month_end"]).any()
    # The region is of the same authorities before and after the origin.
    assert demand.loc[demand["la_code"].isna(), "authorities"].nunique() <= 1


def test_without_any_authority_there_is_a_row_that_says_so():
    found = Found(replace(history(), years={}))
    assert len(found.tables["standing"]) == 1
    assert found.standing(None) == ("no forecast", NO_REGION)


def test_months_that_were_not_received_have_no_row_and_no_zero():
    history_of = Found(CASES["a year is missing"][0]()).of("demand", LA)
    history_of = history_of[history_of["kind"] == "history"]
    months = pd.to_datetime(history_of["month_end"])
    assert not months.between("2023-04-01", "2024-03-31").any()
    assert months.nunique() == 48


def test_without_prices_there_are_nights_and_no_pounds_and_each_area_says_so():
    found = Found(replace(history(), priced=()))
    spend = found.tables["spend"]
    assert spend["nights_median"].notna().any()
    assert spend[["spend_median_gbp", "spend_lower_80_gbp"]].isna().all(axis=None)
    assert not spend["withheld"].str.contains("spend").any()
    assert found.tables["drivers"].empty
    for la in (None, LA, *OTHERS):
        assert found.of_spend(la) == "There are no prices: spend is not forecast."


def test_an_authority_without_prices_is_reckoned_by_the_regions_and_says_so():
    found = Found(replace(history(), priced=tuple(OTHERS)))
    assert "It has no prices: the region's are taken." in found.of_spend(LA)
    assert found.of("spend", LA)["spend_median_gbp"].notna().any()


LATE, EARLY = dt.date(2029, 1, 1), dt.date(2025, 1, 1)
SCENARIOS = {
    "of an authority without a forecast": (
        change("entries", 10, la_code=LA), f"is of {LA}, which has no forecast", False,
    ),
    "after the horizon": (
        change("entries", 10, start=LATE),
        "starts in January 2029, after the forecast has ended (March 2028)", False,
    ),
    "over before it begins": (
        change("entries", 10, start=EARLY, end=dt.date(2025, 12, 31)),
        "ends in December 2025, before the forecast starts (April 2026)", False,
    ),
    "begun before": (
        change("entries", 10, start=EARLY),
        "starts in January 2025, before the forecast does: it holds from April 2026 on.", True,
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def scenarios_found(_few_draws: None) -> Found:
    given = history().sent(LA, 2022, 2023, 2024, 2025)
    return Found(given, [Scenario(name, (row,)) for name, (row, *_) in SCENARIOS.items()])


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_that_cannot_act_is_told_and_left_out(name: str, scenarios_found: Found):
    _, words, is_made = SCENARIOS[name]
    notes = [note for note in scenarios_found.made.notes if f"“{name}”" in note]
    assert notes[0].startswith(f"scenarios file, row 2: “entries” of “{name}” {words}")
    rows = scenarios_found.tables["scenario"]
    assert (name in set(rows["scenario"])) == is_made
    assert len(notes) == (1 if is_made else 2)
    if not is_made:
        assert notes[1] == f"The scenario “{name}” changes nothing and is left out."


def test_children_without_a_month_of_birth_are_told_of():
    rows = history().placements.copy()
    some = (rows.la_code == LA) & (rows.child_id.str[-1].isin(list("01")))
    rows.loc[some, "birth_date"] = pd.NaT
    assert (
        "Children without a date of birth are left out."
        in (Found(history().with_placements(rows)).standing(LA)[1])
    )


def test_a_sound_history_has_nothing_to_say():
    found = Found(history())
    assert found.standing(LA)[1].startswith("The history is whole.")
    assert np.isfinite(found.tables["backtest"]["wape"]).all()
