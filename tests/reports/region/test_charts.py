"""The pictures: what they say is computed, what is withheld is not in them, they are legible."""

import math
import re

import pandas as pd
import pytest

from pipeline.reports.region.charts.cost import provider_caterpillar, spend_bridge
from pipeline.reports.region.charts.living import shares_by_area
from pipeline.reports.region.charts.picture import PAPER, SERIES, STEPS, contrast, ink_on
from pipeline.reports.region.words import TOO_FEW
from tests.reports.region import made_up
from tests.reports.region.every_picture import DRAW, FIGURES, every_picture, frames
from tests.reports.region.legible import assert_legible


@pytest.fixture(scope="module")
def few():
    return every_picture(made_up.areas(4))


@pytest.fixture(scope="module")
def many():
    return every_picture(made_up.areas(15))


@pytest.mark.parametrize("key", DRAW)
def test_every_picture_has_its_words_and_its_table(few, many, key):
    for picture in (few[key], many[key]):
        assert picture.svg
        assert picture.says
        assert picture.table.rows
        assert {len(r) for r in picture.table.rows} == {len(picture.table.headings)}
        assert "_" not in "".join(picture.table.headings) + picture.says
        assert "nan" not in f"{picture.says} {picture.svg} {picture.table}".lower().split()


@pytest.mark.parametrize("key", DRAW)
def test_without_rows_it_says_so_and_draws_nothing(key):
    picture = DRAW[key](frames(made_up.areas(2))[key].iloc[:0])
    assert picture.svg is None
    assert picture.table is None
    assert re.match(r"There is nothing to show yet|No options are given", picture.says)


@pytest.mark.parametrize("key", sorted(set(DRAW) - {"bridge"}))
def test_one_row_is_drawn(key):
    frame = frames(made_up.areas(2))[key]
    frame = frame[frame["miles"] == 20] if key == "distances" else frame
    one = frame[~frame["is_suppressed"].astype(bool)].head(1)
    picture = DRAW[key](one)
    assert picture.svg
    assert len(picture.table.rows) == 1


@pytest.mark.parametrize("key", FIGURES)
def test_all_withheld_is_said_and_not_drawn_as_a_figure(key):
    frame = frames(made_up.areas(3))[key].assign(is_suppressed=True)
    frame[FIGURES[key]] = math.nan
    if key == "beds":
        frame[["median", "lower", "upper", "gbp_per_week"]] = math.nan
    if key == "options":
        frame[["payback_years", "break_even"]] = math.nan
    picture = DRAW[key](frame)
    assert TOO_FEW in f"{picture.says} {picture.table}" or "too few" in picture.says
    assert "nan" not in picture.says


@pytest.mark.parametrize("key", FIGURES)
def test_a_figure_that_should_be_withheld_is_refused(key):
    for column in FIGURES[key]:
        frame = frames(made_up.areas(4))[key].copy()
        frame[column] = frame[column].fillna(3)
        with pytest.raises(ValueError, match=f"withheld rows still carry.*{column}"):
            DRAW[key](frame)


@pytest.mark.parametrize("key", sorted(set(FIGURES)))
def test_a_row_that_is_not_withheld_must_have_its_figures(key):
    frame = frames(made_up.areas(4))[key].copy()
    frame["is_suppressed"] = False
    with pytest.raises(ValueError, match="are not withheld lack"):
        DRAW[key](frame)


@pytest.mark.parametrize("key", sorted(set(DRAW) - {"bridge", "types"}))
def test_the_order_of_the_rows_changes_nothing(many, key):
    """A build may give its rows in another order; steps and types come in the order to show."""
    frame = frames(made_up.areas(15))[key]
    assert DRAW[key](frame.sample(frac=1, random_state=8)) == many[key]


def test_the_words_are_worked_out_from_the_figures():
    frame = pd.DataFrame(
        {
            "area": ["Region", "Alpha", "Beta", "Gamma"],
            "is_region": [True, False, False, False],
            "part": [30, 20, 10, None],
            "of": [120, 40, 50, None],
            "is_suppressed": [False, False, False, True],
        }
    )
    picture = shares_by_area(frame, "Far", "far from home")
    assert picture.says == (
        "In the region 30 of 120 placements are far from home (about 1 in 4). The share is highest "
        "in Alpha (50%) and lowest in Beta (20%). Too few to show: Gamma."
    )
    assert picture.table.rows == (
        ("Region", "30", "120", "25%"),
        ("Alpha", "20", "40", "50%"),
        ("Beta", "10", "50", "20%"),
        ("Gamma", TOO_FEW, TOO_FEW, TOO_FEW),
    )


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        # 80% intervals, by Wilson's formula: 0.40 to 0.60, 0.14 to 0.28, 0.24 to 0.42.
        ((20, 10, 13), "Areas lie between"),
        # 0.57 to 0.76, 0.14 to 0.28, 0.24 to 0.42: the highest is clear of both, the lowest is not.
        ((27, 10, 13), "The share is highest in Alpha (68%)."),
        # 0.40 to 0.60, 0.02 to 0.09, 0.47 to 0.67: the lowest alone is clear.
        ((20, 2, 23), "The share is lowest in Beta (4%)."),
    ],
)
def test_no_share_is_called_highest_or_lowest_that_chance_could_make_so(parts, says):
    frame = pd.DataFrame(
        {
            "area": ["Alpha", "Beta", "Gamma"],
            "is_region": False,
            "part": parts,
            "of": [40, 50, 40],
            "is_suppressed": False,
        }
    )
    assert says in shares_by_area(frame, "Far", "far from home").says


def test_a_true_zero_is_shown():
    frame = pd.DataFrame(
        {
            "area": ["Alpha"],
            "is_region": [False],
            "part": [0],
            "of": [40],
            "is_suppressed": [False],
        }
    )
    assert shares_by_area(frame, "Far", "far from home").says == "In Alpha it is 0 of 40 (none)."


def test_only_an_interval_clear_of_nothing_is_called_a_difference():
    frame = pd.DataFrame(
        {
            "provider": ["Dear", "Unclear", "Cheap", "Small"],
            "children": [12, 11, 14, None],
            "premium": [9.0, 4.0, -8.0, None],
            "low": [2.0, -3.0, -14.0, None],
            "high": [15.0, 11.0, -1.0, None],
            "is_suppressed": [False, False, False, True],
        }
    )
    says = provider_caterpillar(frame, "Providers").says
    assert "1 provider clearly charges more" in says
    assert "Dear (+9%" in says
    assert "1 provider clearly charges less" in says
    assert "For 1 there may be no difference." in says
    assert "1 provider has too few children to tell." in says
    assert "Small" not in says


def test_a_bridge_that_is_a_penny_out_is_refused():
    frame = made_up.bridge()
    frame.loc[2, "amount_gbp"] += type(frame["amount_gbp"][0])("0.01")
    with pytest.raises(ValueError, match="does not add up"):
        spend_bridge(frame, "Spend", "before", "after")


@pytest.mark.parametrize("key", DRAW)
def test_no_two_texts_of_a_picture_overlap_and_none_is_cut(few, many, key):
    for picture in (few[key], many[key]):
        assert_legible(picture.svg)


def test_colours_can_be_told_from_the_paper_and_read_upon():
    for colour in SERIES:
        assert contrast(colour, PAPER) >= 4.5
    for colour in (*SERIES, *STEPS):
        assert contrast(ink_on(colour), colour) >= 4.5
    assert round(contrast("#000000", "#ffffff"), 1) == 21
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # W3C's own example
