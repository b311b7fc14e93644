"""The pictures: what they say is computed, what is withheld is not in them, they are legible."""

import math
import re
import xml.etree.ElementTree as ET

import pandas as pd
import pytest

from pipeline.reports.region.charts.cost import provider_caterpillar, spend_bridge
from pipeline.reports.region.charts.living import shares_by_area
from pipeline.reports.region.charts.picture import PAPER, SERIES, STEPS, contrast, ink_on
from pipeline.reports.region.words import TOO_FEW
from tests.reports.region import made_up
from tests.reports.region.every_picture import DRAW, FIGURES, every_picture, frames

HALF_LINE = 5  # pixels above and below the middle of a text of 13 pixels
LETTER = 0.5  # width of one in Arial, of the size of the text, on average


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
    if key == "options":
        frame[["payback_years", "break_even_occupancy"]] = math.nan
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


def _texts(svg: str) -> list[tuple[float, float, float, str]]:
    """Left, right and middle height of every upright text of a picture, in its pixels."""
    found = []

    def walk(element, x, y):
        placed = element.get("transform", "")
        for a, b in re.findall(r"translate\(([-\d.]+),([-\d.]+)\)", placed):
            x, y = x + float(a), y + float(b)
        tag = element.tag.rpartition("}")[2]
        if tag == "text" and "rotate" not in placed and element.get("opacity") != "0":
            spans = list(element) or [element]
            size = float(element.get("font-size").removesuffix("px"))
            row = 0.0
            for span in spans:
                row += float(span.get("dy", 0))
                words = "".join(span.itertext())
                wide = len(words) * size * LETTER
                left = {"end": x - wide, "middle": x - wide / 2}.get(element.get("text-anchor"), x)
                found.append((left, left + wide, y + row, words))
            return
        for child in element:
            walk(child, x, y)

    walk(ET.fromstring(svg), 0.0, 0.0)  # noqa: S314  our own drawing
    return [t for t in found if t[3].strip()]


@pytest.mark.parametrize("key", DRAW)
def test_no_two_texts_of_a_picture_overlap_and_none_is_cut(few, many, key):
    for picture in (few[key], many[key]):
        wide, high = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', picture.svg).groups())
        texts = _texts(picture.svg)
        assert texts
        for left, right, middle, words in texts:
            assert left > -0.12 * (right - left) - HALF_LINE, words
            assert right < wide + 3 * HALF_LINE, words
            assert 0 <= middle <= high, words
        for n, one in enumerate(texts):
            for other in texts[n + 1 :]:
                apart = one[1] <= other[0] + 3 or other[1] <= one[0] + 3
                assert apart or abs(one[2] - other[2]) >= 2 * HALF_LINE, (one, other)


def test_colours_can_be_told_from_the_paper_and_read_upon():
    for colour in SERIES:
        assert contrast(colour, PAPER) >= 4.5
    for colour in (*SERIES, *STEPS):
        assert contrast(ink_on(colour), colour) >= 4.5
    assert round(contrast("#000000", "#ffffff"), 1) == 21
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # W3C's own example
