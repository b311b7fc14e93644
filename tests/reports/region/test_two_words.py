"""A picture tells too few from withheld for another, and draws neither as zero or as a little."""

import pandas as pd
import pytest

from pipeline.reports.region.charts.living import shares_by_area, type_mix
from pipeline.reports.region.charts.need import type_flow
from pipeline.reports.region.charts.picture import HATCH, hatched, whys, withheld_words
from pipeline.reports.region.page import inline_svg
from pipeline.reports.region.words import FOR_ANOTHER, TOO_FEW
from pipeline.withheld import TO_KEEP_ANOTHER_UNKNOWN, withheld_text

HATCHED = 'fill="url(#withheld)"'


def mix(*hidden: tuple[str, str]) -> pd.DataFrame:
    """Homes of Alpha: half are foster; the types named are not shown, for the words beside them."""
    why = dict(hidden)
    return pd.DataFrame(
        [
            {
                "area": "Alpha",
                "is_region": False,
                "type": kind,
                "part": None if kind in why else part,
                "of": None if kind in why else 40,
                "is_suppressed": kind in why,
                "why": why.get(kind, ""),
            }
            for kind, part in (("Foster care", 20), ("Residential care", 15), ("Supported", 5))
        ]
    )


def test_what_a_bar_does_not_show_is_hatched_and_of_no_thickness_of_its_own():
    whole = type_mix(mix(), "Types")
    assert HATCHED not in whole.svg
    part = type_mix(mix(("Residential care", TOO_FEW), ("Supported", FOR_ANOTHER)), "Types")
    assert part.svg.count(HATCHED) == 1  # one for both: nobody sees how much is of which
    assert part.table.rows == (("Alpha", "20 of 40", TOO_FEW, FOR_ANOTHER),)
    assert "Too few to show: residential care in Alpha." in part.says
    assert "Withheld so that another small number stays unknown: supported in Alpha." in part.says


def test_where_rounding_leaves_no_room_what_is_withheld_is_still_to_be_seen():
    frame = mix(("Supported", TOO_FEW))
    frame.loc[frame["type"] == "Residential care", "part"] = 25  # with 20 more than the 40
    assert type_mix(frame, "Types").svg.count(HATCHED) == 1


@pytest.mark.parametrize("why", [TOO_FEW, FOR_ANOTHER])
def test_a_share_that_is_not_shown_is_said_in_its_words(why):
    frame = mix(("Foster care", why)).drop(columns="type").iloc[:1]
    picture = shares_by_area(frame, "Far away", "far away")
    assert picture.table.rows == (("Alpha", why, why, why),)
    assert "0%" not in picture.svg.split("Alpha")[1]
    assert ("withheld for another" in picture.svg) == (why == FOR_ANOTHER)


def test_a_flow_that_is_not_shown_is_a_hatched_band():
    frame = pd.DataFrame(
        [("Foster care", "Foster care", 50, ""), ("Foster care", "Supported", None, FOR_ANOTHER)],
        columns=["recommended", "actual", "searches", "why"],
    ).assign(is_suppressed=[False, True])
    picture = type_flow(frame, "Flow")
    assert picture.svg.count(HATCHED) == 1
    assert ("Foster care", "Supported", FOR_ANOTHER) in picture.table.rows


def test_hatching_is_of_one_picture_alone_when_it_stands_on_a_page():
    svg = type_mix(mix(("Supported", TOO_FEW)), "Types").svg
    assert HATCH in svg
    page = inline_svg(svg, "p7")
    assert 'id="p7-withheld"' in page
    assert 'fill="url(#p7-withheld)"' in page
    assert "url(#withheld)" not in page
    assert hatched("<svg></svg>") == "<svg></svg>"


def test_a_mart_s_words_become_the_picture_s():
    rows = pd.DataFrame(
        {
            "withheld": [
                "children: too few; searches: " + TO_KEEP_ANOTHER_UNKNOWN,
                withheld_text(["searches"], TO_KEEP_ANOTHER_UNKNOWN),
                "",
            ]
        }
    )
    assert whys(rows, "searches") == [FOR_ANOTHER, FOR_ANOTHER, TOO_FEW]
    assert whys(rows, "children") == [TOO_FEW, FOR_ANOTHER, TOO_FEW]


def test_each_reason_has_a_sentence_and_many_are_counted():
    names = [f"A{n}" for n in range(9)]
    said = withheld_words(["B", *names], [TOO_FEW, *[FOR_ANOTHER] * 9])
    assert said == f"Too few to show: B. 9 of the figures are {FOR_ANOTHER}; the table marks them."
    assert withheld_words([]) == ""
