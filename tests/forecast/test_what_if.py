"""What scenarios and fans show of few children: nothing that is withheld elsewhere."""

import dataclasses

import numpy as np
import pytest

from pipeline.forecast.changes import ScenarioPlan
from pipeline.forecast.demand import FAN, Place, all_series, forecast_rows, of_series, to_unit
from pipeline.forecast.project import Draws
from pipeline.forecast.small_numbers import LEAST
from pipeline.forecast.spend import KNOWN_MONTHS, Months
from pipeline.forecast.what_if import CHILDREN, POUNDS, scenario_rows
from pipeline.withheld import TOO_FEW, withheld_text, withheld_words
from tests.forecast.made_up import MONTHS, ORIGIN, change, draws, frame, scenario

OF = frame(3)
BASE = draws(OF, seed=4, size=250)
PLACES = [
    Place(None, "Region", (0, 1, 2), True),
    *(Place(la, la, (n,), True) for n, la in enumerate(OF.las)),
]
LA, OTHER, _ = OF.las
ALL_MAY = np.ones((4, 5), bool)


def shown_of(made: Draws) -> dict:
    """Children at the origin as `int_demand_shown` shows them, but for totals that would tell."""
    found = {}
    for series in all_series(OF, PLACES, {}):
        count = int(of_series(OF, made.stock, series)[0, 0])
        key = series.place.la_code, series.age_band, series.placement_type
        found[key] = None if 0 < count < LEAST else int(to_unit(np.array(count)))
    return found


SHOWN = shown_of(BASE)
# Age band and type of which an authority has few children, and one of which it has enough.
FEW, ENOUGH = (
    next(
        (band, kind)
        for (la, band, kind), count in SHOWN.items()
        if la == LA and "all" not in (band, kind) and (count is None) == is_few
        and kind == "foster" and (count is None or count > 0)
    )
    for is_few in (True, False)
)  # fmt: skip


def months_of(made: Draws) -> Months:
    """A hundred pounds a month for each child."""
    stock = made.stock[:, :, 1:].sum(axis=3).transpose(0, 1, 3, 2).astype(float)
    before = np.zeros((*stock.shape[:3], KNOWN_MONTHS))
    nights = np.concatenate([before, stock], axis=-1)
    return Months(OF.las, OF.types, ORIGIN, nights, 20_000 * nights, np.ones(4, bool))


def rows_of(*changes, may=ALL_MAY, shown=None):
    what = scenario(*changes)
    made = draws(OF, 4, ScenarioPlan(what, OF, ORIGIN, BASE.stock), size=250)
    given = (BASE, months_of(BASE)), (made, months_of(made))
    rows = scenario_rows(what, *given, PLACES, shown or SHOWN, may)
    return rows.assign(la_code=rows["la_code"].fillna("region"))


def is_shown(rows, la: str) -> bool:
    of = rows[rows["la_code"] == la]
    figures = [c for c in (*CHILDREN, *POUNDS) if c in of]
    found = of[figures].notna().any(axis=None)
    assert found or {tuple(withheld_words(w)) for w in of["withheld"]} == {(*CHILDREN, *POUNDS)}
    return bool(found)


def all_of(group: tuple[str, str], la: str | None = LA):
    """A move of more children of a band and type than there are: the difference is their number."""
    band, kind = group
    return change("move", 500, la_code=la, age_band=band, from_type=kind, to_type="supported")


def test_a_scenario_about_few_children_shows_nothing_of_their_area_or_the_region():
    rows = rows_of(all_of(FEW))
    assert set(rows["la_code"]) == {LA, "region"}
    assert not is_shown(rows, LA)
    assert not is_shown(rows, "region")


def test_a_scenario_about_enough_children_is_shown():
    rows = rows_of(all_of(ENOUGH))
    assert is_shown(rows, LA)
    assert is_shown(rows, "region")


@pytest.mark.parametrize("kind", ["exits", "close home"])
def test_so_it_is_with_other_kinds(kind):
    band, of_type = FEW
    about = {"la_code": LA, "age_band": band, "from_type": of_type}
    if kind == "close home":
        about["to_type"] = "supported"
    assert not is_shown(rows_of(change(kind, 400, **about)), LA)


def test_one_change_about_few_is_enough_to_withhold_the_scenario():
    assert not is_shown(rows_of(all_of(ENOUGH), all_of(FEW)), LA)


def test_of_a_change_everywhere_the_region_is_shown_if_those_withheld_are_enough_together():
    band, kind = ENOUGH
    shown = {**SHOWN, (LA, band, kind): None}  # say, as a total beside a small count
    rows = rows_of(all_of(ENOUGH, None), shown=shown)
    assert not is_shown(rows, LA)
    there = of_series(
        OF,
        BASE.stock,
        dataclasses.replace(
            next(all_series(OF, PLACES[1:2], {})), age_band=band, placement_type=kind
        ),
    )[0, 0]
    assert there >= LEAST
    assert is_shown(rows, "region")
    few = rows_of(all_of(FEW, None))
    hidden = [la for la in OF.las if SHOWN[la, *FEW] is None]
    together = sum(
        BASE.stock[0, OF.las.index(la), 0, OF.band_names.index(FEW[0]), OF.types.index(FEW[1])]
        for la in hidden
    )
    assert is_shown(few, "region") == (together >= LEAST)


def test_pounds_are_shown_where_spend_is():
    may = ALL_MAY.copy()
    may[0, OF.types.index("foster")] = False
    rows = rows_of(change("entries", 100), may=may)
    rows = rows.set_index(["la_code", "placement_type"])
    assert rows.loc[(LA, "foster"), POUNDS[0]].isna().all()
    assert {tuple(withheld_words(w)) for w in rows.loc[(LA, "foster"), "withheld"]} == {POUNDS}
    assert rows.loc[(LA, "foster"), "difference_median"].notna().all()
    assert rows.loc[(OTHER, "foster"), POUNDS[0]].notna().all()


def test_inflation_of_a_type_whose_spend_is_withheld_shows_nothing():
    may = ALL_MAY.copy()
    may[0, OF.types.index("residential")] = False
    assert not is_shown(rows_of(change("inflation", 5, from_type="residential"), may=may), LA)
    assert is_shown(rows_of(change("inflation", 5, from_type="foster"), may=may), LA)


def test_few_children_more_are_exact_and_many_are_rounded():
    rows = rows_of(change("entries", 300), change("exits", -50))
    more = rows["difference_median"].dropna().abs()
    assert (more[more >= LEAST] % 5 == 0).all()
    assert set(more[more < LEAST] % 5) - {0}


def test_the_fan_of_a_shown_series_tells_nothing_of_what_its_number_was_rounded_from():
    """Eight or twelve children are shown as ten: with the same changes the fans are the same."""
    place = [PLACES[1]]
    key = (LA, "all", "all")
    base = BASE.stock[:, :1].astype(int)
    fans = {}
    for count in (8, 10, 12):
        stock = base * 0
        stock[:, 0, :, 0, 0] = count + np.arange(MONTHS + 1) // 3
        one = dataclasses.replace(BASE, stock=stock)
        rows = forecast_rows(one, place, {key: 10})
        fans[count] = rows.loc[rows["withheld"] == "", list(FAN)].to_numpy().tolist()
    assert fans[8] == fans[10] == fans[12]
    assert fans[8][0] == [10] * len(FAN)
    assert len(fans[8]) == MONTHS


def test_of_a_withheld_series_no_month_of_the_fan_is_shown():
    rows = forecast_rows(BASE, PLACES, SHOWN)
    rows["la_code"] = rows["la_code"].fillna("region")
    hidden = {(la or "region", *cell) for (la, *cell), count in SHOWN.items() if count is None}
    assert hidden
    by_series = rows.groupby(["la_code", "age_band", "placement_type"])
    for key, of in by_series:
        assert len(of) == MONTHS
        assert of[list(FAN)].isna().all(axis=None) == (key in hidden)
        assert set(of["withheld"]) == {withheld_text(FAN, TOO_FEW) if key in hidden else ""}
