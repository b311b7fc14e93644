"""What scenarios change, beside the forecast without them."""

from datetime import date

import altair as alt
import pandas as pd

from pipeline.reports.region.charts.cost import MILLIONS_AXIS
from pipeline.reports.region.charts.forecast import (
    EIGHT_IN_TEN,
    month_in_words,
    whose,
)
from pipeline.reports.region.charts.picture import (
    Picture,
    Table,
    clean,
    drawn,
    ranges_about_nothing,
    refuse_leaks,
    sentences,
    withheld_words,
    wrapped,
)
from pipeline.reports.region.words import (
    MINUS,
    TOO_FEW,
    change_in_pounds,
    how_many,
    listed,
    pounds,
)

MOST_SCENARIOS = 8  # that a printed page can show; the table has them all
CHILDREN_AXIS = (
    f"(datum.value > 0 ? '+' : datum.value < 0 ? '{MINUS}' : '') + format(abs(datum.value), ',.0f')"
)
MOST_TOLD = 5  # scenarios whose sentences one still reads


def differences(
    frame: pd.DataFrame, title: str, area: str, month: date, is_money: bool, after: str = ""
) -> Picture:
    """Points with intervals: what each scenario changes, beside the forecast without it.

    Columns: scenario, what (texts: a row each), median, lower, upper (children, or pounds a month;
    lower and upper bound the 80% interval; null where withheld or without a price), is_suppressed
    (bool). Scenarios come in the frame's order; the first few are drawn.
    after: sentences at the end.
    """
    if frame.empty:
        return Picture(title, "No scenario is given.")
    refuse_leaks(frame[frame["is_suppressed"].astype(bool)], "median", "lower", "upper")
    known = frame[frame["median"].notna()]
    order = list(dict.fromkeys(known["scenario"]))
    some = known[known["scenario"].isin(order[:MOST_SCENARIOS])]
    hidden = [
        f"{clean(r.scenario)}, {clean(r.what)}"
        for r in frame[frame["is_suppressed"].astype(bool)].itertuples()
    ]
    unpriced = frame[frame["median"].isna() & ~frame["is_suppressed"].astype(bool)]
    names = list(dict.fromkeys(map(clean, unpriced["scenario"])))
    return Picture(
        title,
        sentences(
            *_say_differences(known, order, whose(area), month, is_money),
            f"No price is known for {listed(names)}." if names else "",
            withheld_words(hidden),
            after,
        ),
        drawn(_difference_points(some, is_money)) if len(some) else None,
        Table(
            ("Scenario", "Of what", "Difference", "8 in 10 lie within"),
            tuple(
                (clean(r.scenario), clean(r.what), *_difference_cells(r, is_money))
                for r in frame.itertuples()
            ),
        ),
        "The point is the difference that is most likely, the line holds 8 in 10 of the simulated "
        "futures. A line that crosses 0 may be no difference at all. With and without the change "
        "the futures have the same luck, so that what is left is the change.",
    )


def _amount(value: float, is_money: bool) -> str:
    if is_money:
        return change_in_pounds(float(value))
    rounded = round(float(value))
    return f"{MINUS if rounded < 0 else '+'}{abs(rounded):,}" if rounded else "0"


def _difference_cells(row: tuple, is_money: bool) -> tuple[str, str]:
    if row.is_suppressed:
        return TOO_FEW, TOO_FEW
    if pd.isna(row.median):
        return "no price known", "no price known"
    within = f"{_amount(row.lower, is_money)} to {_amount(row.upper, is_money)}"
    return _amount(row.median, is_money), within


def _say_differences(
    known: pd.DataFrame, order: list[str], area: str, month: date, is_money: bool
) -> list[str]:
    said = []
    for scenario in order[:MOST_TOLD]:
        where = "" if said else f" in {area} in {month_in_words(month)}"
        parts = [
            _say_difference(r, is_money) for r in known[known["scenario"] == scenario].itertuples()
        ]
        said.append(f"With “{clean(scenario)}”{where}: {listed(parts)}.")
    if len(order) > MOST_TOLD:
        rest = len(order) - MOST_TOLD
        said.append(f"{how_many(rest, 'more scenario is', 'more scenarios are')} in the table.")
    return said


def _say_difference(row: tuple, is_money: bool) -> str:
    what = "" if is_money else f"{clean(row.what).lower()} "
    unit = " a month" if is_money else ""
    if row.median == row.lower == row.upper == 0:
        return f"{what}no difference"
    if row.lower == row.upper:
        return f"{what}{_amount(row.median, is_money)}{unit} ({EIGHT_IN_TEN} the same, as rounded)"
    ends = [pounds(float(v)) if is_money else _amount(v, is_money) for v in (row.lower, row.upper)]
    return (
        f"{what}{_amount(row.median, is_money)}{unit} ({EIGHT_IN_TEN} between {ends[0]} and "
        f"{ends[1]})"
    )


def _difference_points(rows: pd.DataFrame, is_money: bool) -> alt.TopLevelMixin:
    labels = [
        wrapped(r.scenario if is_money else f"{r.scenario}: {r.what}", 34)
        for r in rows.itertuples()
    ]
    data = pd.DataFrame(
        {
            "name": labels,
            "lower": rows["lower"].astype(float).to_numpy(),
            "middle": rows["median"].astype(float).to_numpy(),
            "upper": rows["upper"].astype(float).to_numpy(),
            "words": [_amount(v, is_money) for v in rows["median"]],
        }
    )
    axis = alt.Axis(
        labelExpr=MILLIONS_AXIS if is_money else CHILDREN_AXIS,
        title="pounds a month" if is_money else "children more or fewer",
        tickCount=5,
    )
    return ranges_about_nothing(data, axis)
