"""Numbers, shares and periods as people say them."""

import pytest

from pipeline.reports.region.words import (
    about,
    change_in_percent,
    change_in_pounds,
    listed,
    percent,
    pounds,
    pounds_a_week,
    quarters_in_words,
    year_back,
)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "£0"),
        (0.4, "£0"),
        (-0.4, "£0"),
        (87.6, "£88"),
        (535, "£540"),
        (999.6, "£1,000"),
        (5182.3, "£5,200"),
        (13_650, "£14,000"),
        (999_499, "£999,000"),
        (999_500, "£1.0 million"),
        (-1_250_000, "\N{MINUS SIGN}£1.2 million"),
    ],
)
def test_pounds_are_rounded_as_people_say_them(amount, words):
    assert pounds(amount) == words


def test_changes_have_their_sign_and_none_has_not():
    assert pounds_a_week(5210) == "£5,200 a week"
    assert [change_in_pounds(v) for v in (612_004, 0.2, 0)] == ["+£612,000", "£0", "£0"]
    assert [change_in_percent(v) for v in (11.6, -3.2, 0.3)] == ["+12%", "\N{MINUS SIGN}3%", "0%"]


@pytest.mark.parametrize(
    ("share", "percents", "words"),
    [
        (0, "0%", "none"),
        (1, "100%", "all"),
        (0.001, "under 1%", "under 1%"),
        (0.999, "over 99%", "over 99%"),
        (0.25, "25%", "about 1 in 4"),
        (0.34, "34%", "about 1 in 3"),
        (0.49, "49%", "about half"),
        (0.1, "10%", "about 1 in 10"),
        (0.45, "45%", "45%"),
    ],
)
def test_a_share_that_is_near_a_simple_one_is_said_as_that(share, percents, words):
    assert (percent(share), about(share)) == (percents, words)


def test_names_with_commas_are_listed_with_semicolons():
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(["Bristol, City of", "b", "c"]) == "Bristol, City of; b and c"


def test_a_year_of_quarters_is_said_in_months():
    assert [year_back(q) for q in ("2026Q1", "2025Q2", "2025Q4")] == ["2025Q2", "2024Q3", "2025Q1"]
    assert quarters_in_words("2025Q2", "2026Q1") == "April 2025 to March 2026"
    assert quarters_in_words("2025Q4", "2025Q4") == "October to December 2025"
