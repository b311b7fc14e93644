"""The case for new homes: beds that are bought now, and what each option would save."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from pipeline.reports.region.charts.cost import MILLIONS_AXIS
from pipeline.reports.region.charts.picture import (
    Picture,
    Table,
    clean,
    drawn,
    ranges_about_nothing,
    refuse_leaks,
    sentences,
    why_hidden,
    withheld_words,
    wrapped,
)
from pipeline.reports.region.words import (
    NOT_KNOWN,
    how_many,
    listed,
    percent,
    pounds,
    pounds_a_week,
)

MOST_BEDS = 15  # areas and types that a printed page can show; the table has them all
WITHIN = "8 in 10 futures"


def beds_bought(frame: pd.DataFrame, title: str, span: str) -> Picture:
    """What is spent on beds of independent agencies, by area and type, with its interval.

    Columns: type, area (texts), is_region (bool), bought, lacking (children now), gbp_per_week
    (null: not known), median, lower, upper (pounds a year in `span`, 8 in 10 futures between the
    last two; null: not known), is_suppressed (bool); a row that is withheld has no figure.
    """
    if frame.empty:
        return Picture(title, "There is nothing to show yet.")
    few = frame["is_suppressed"].astype(bool)
    refuse_leaks(frame[few], "bought", "lacking", "median", "lower", "upper")
    refuse_leaks(frame[~few], "bought", "lacking")
    rows = frame.sort_values(
        ["is_region", "median", "type", "area"], ascending=[False, False, True, True]
    )
    shown = rows[~rows["is_suppressed"].astype(bool) & rows["median"].notna()]
    of_areas = shown[~shown["is_region"].astype(bool)]
    hidden = rows[rows["is_suppressed"].astype(bool)]
    return Picture(
        title,
        sentences(
            _say_region(shown[shown["is_region"].astype(bool)], span),
            _say_most(of_areas, span),
            withheld_words(
                [f"{clean(r.type)}, {clean(r.area)}" for r in hidden.itertuples()],
                [why_hidden(r) for r in hidden.itertuples()],
            ),
        ),
        drawn(_spent((of_areas if len(of_areas) else shown).head(MOST_BEDS)))
        if len(shown)
        else None,
        Table(
            (
                "Type and area",
                "In bought beds",
                "Lack the type",
                "A week, bought",
                "A year, bought",
                "8 in 10 between",
            ),
            tuple((f"{clean(r.type)}, {clean(r.area)}", *_bed_cells(r)) for r in rows.itertuples()),
        ),
        "Children in bought beds live in homes of independent agencies. Children who lack the type "
        "live elsewhere, though it alone was recommended. A bed that costs less than a bought one, "
        "however full it is, saves money. The line holds 8 in 10 of the simulated futures.",
    )


def _say_region(rows: pd.DataFrame, span: str) -> str:
    parts = [
        f"{pounds(r.median)} for {clean(r.type).lower()}"
        for r in rows.sort_values(["median", "type"], ascending=[False, True]).itertuples()
    ]
    return f"Bought beds will cost the region in {span}: {listed(parts)}." if parts else ""


def _say_most(rows: pd.DataFrame, span: str) -> str:
    """Where most is spent, if the intervals can tell; else among which of them."""
    if len(rows) < 2:
        return ""
    best = rows.sort_values(["median", "type", "area"], ascending=[False, True, True]).iloc[0]
    others = rows.drop(index=best.name)
    near = [f"{_what(r)}" for r in others.itertuples() if r.upper >= best.lower]
    if not near:
        return (
            f"Of areas and types most is spent on {_what(best)}: {pounds(best['median'])} a year "
            f"({WITHIN} between {pounds(best.lower)} and {pounds(best.upper)})."
        )
    if len(near) + 1 == len(rows):
        return "Which area and type costs most, the futures do not tell."
    return f"Most is spent on {listed([_what(best), *near])}: which of these, is not certain."


def _what(row: object) -> str:
    return f"{clean(row.type).lower()} in {clean(row.area)}"


def _bed_cells(row: tuple) -> tuple[str, ...]:
    if row.is_suppressed:
        return (why_hidden(row),) * 5
    week = NOT_KNOWN if pd.isna(row.gbp_per_week) else pounds(row.gbp_per_week)
    if pd.isna(row.median):
        return f"{row.bought:,.0f}", f"{row.lacking:,.0f}", week, NOT_KNOWN, NOT_KNOWN
    within = f"{pounds(row.lower)} to {pounds(row.upper)}"
    return f"{row.bought:,.0f}", f"{row.lacking:,.0f}", week, pounds(row.median), within


def _spent(rows: pd.DataFrame) -> alt.TopLevelMixin:
    data = pd.DataFrame(
        {
            "name": [wrapped(f"{r.type}, {r.area}") for r in rows.itertuples()],
            "lower": rows["lower"].astype(float).to_numpy(),
            "middle": rows["median"].astype(float).to_numpy(),
            "upper": rows["upper"].astype(float).to_numpy(),
            "words": [pounds(v) for v in rows["median"]],
        }
    )
    axis = alt.Axis(
        labelExpr="format(datum.value / 1e6, '.1f')", title="million pounds a year", tickCount=5
    )
    return ranges_about_nothing(data, axis)


def options_in_cash(frame: pd.DataFrame, title: str, rate: float) -> Picture:
    """The options for new homes: the cash that each saves over its life, at a real discount `rate`.

    Columns: option (text), lifetime_years (count), mean, lower, upper (pounds: 8 of 10 simulated
    futures lie between the last two), chance (0 to 1: share of futures in which it saves more than
    it costs), payback_years (null: never), break_even (0 to 1, null: not known), bought_first,
    lacking_first (pounds, if beds go to one reason first), is_suppressed (bool: rests on too few
    children), then all figures but the lifetime null.
    """
    if frame.empty:
        return Picture(title, "No options are given: list them in the file of options.")
    refuse_leaks(frame, "mean", "lower", "upper", "chance", "bought_first", "lacking_first")
    rows = frame.sort_values(["mean", "option"], ascending=[False, True])
    shown = rows[~rows["is_suppressed"].astype(bool)]
    hidden = rows[rows["is_suppressed"].astype(bool)]
    return Picture(
        title,
        sentences(
            *_say_options(shown),
            withheld_words(
                [clean(o) for o in hidden["option"]], [why_hidden(r) for r in hidden.itertuples()]
            ),
        ),
        drawn(_option_ranges(shown)) if len(shown) else None,
        _option_table(rows),
        "What an option saves in cash over its life less what it costs, worth on the day on which "
        f"it opens (discounted at {100 * rate:g}% a year above inflation). The line holds 8 in 10 "
        "of the simulated futures; where it crosses £0 the option may save or cost. What a fitting "
        "home is worth to a child is not in it.",
    )


def _say_options(shown: pd.DataFrame) -> list[str]:
    said = []
    if len(shown) > 1:
        best = shown.iloc[0]
        near = [clean(r.option) for r in shown.iloc[1:].itertuples() if r.upper >= best.lower]
        if best["mean"] <= 0:
            said.append("No option is expected to save more than it costs.")
        elif near:
            said.append(
                f"{clean(best.option)} is expected to save most, but {listed(near)} may save as "
                "much."
            )
        else:
            said.append(
                f"Of {how_many(len(shown), 'option', 'options')} {clean(best.option)} saves most: "
                f"{pounds(best['mean'])} over {_years(best)} ({WITHIN} between "
                f"{pounds(best.lower)} and {pounds(best.upper)})."
            )
    for those, words in (
        (shown[shown["lower"] > 0], "Saves more than it costs in at least 9 of 10 futures"),
        (shown[shown["upper"] < 0], "Costs more than it saves in at least 9 of 10 futures"),
        (shown[(shown["lower"] <= 0) & (shown["upper"] >= 0)], "May do either"),
    ):
        if len(those):
            said.append(f"{words}: {listed([_with_mean(r) for r in those.itertuples()])}.")
    return said


def _with_mean(row: object) -> str:
    return f"{clean(row.option)} ({pounds(row.mean)} over {_years(row)})"


def _years(row: object) -> str:
    return how_many(int(row.lifetime_years), "year", "years")


def _option_ranges(shown: pd.DataFrame) -> alt.TopLevelMixin:
    data = pd.DataFrame(
        {
            "name": shown["option"].map(lambda n: wrapped(n, 34)),
            "lower": shown["lower"].astype(float),
            "middle": shown["mean"].astype(float),
            "upper": shown["upper"].astype(float),
            "words": [pounds(v) for v in shown["mean"]],
        }
    )
    return ranges_about_nothing(data, alt.Axis(labelExpr=MILLIONS_AXIS, title=None, tickCount=5))


def _option_table(rows: pd.DataFrame) -> Table:
    def figures(row: tuple) -> Sequence[str]:
        if row.is_suppressed:
            return (why_hidden(row),) * 8
        payback = "never" if pd.isna(row.payback_years) else how_many(
            int(row.payback_years), "year", "years"
        )  # fmt: skip
        even = NOT_KNOWN if pd.isna(row.break_even) else percent(row.break_even)
        money = (row.mean, row.lower, row.upper, row.bought_first, row.lacking_first)
        return (*(pounds(float(v)) for v in money), payback, even, percent(row.chance))

    headings = (
        "Option",
        "Cash saved",
        "8 in 10 between",
        "and",
        "If bought beds go first",
        "If need goes first",
        "Paid back after",
        "Even at so full, with bought beds",
        "Futures in which it saves",
    )
    return Table(headings, tuple((clean(r.option), *figures(r)) for r in rows.itertuples()))


def whom_they_serve(frame: pd.DataFrame, title: str) -> Picture:
    """Whom each option is for, and its benefit, which is no cash; a table.

    Columns: option, of_what (texts), beds (count), bought, lacking (children now), replaced, served
    (children on average over its life), own_gbp, bought_gbp, left_gbp (pounds a week in it if full,
    in a bought bed, in the homes of those who lack it; null: not known), benefit, benefit_lower,
    benefit_upper (pounds), is_suppressed (bool).
    """
    if frame.empty:
        return Picture(title, "No options are given: list them in the file of options.")
    refuse_leaks(frame[frame["is_suppressed"].astype(bool)], "bought", "replaced", "benefit")
    rows = frame.sort_values("option")
    shown = rows[~rows["is_suppressed"].astype(bool)]
    served = [
        f"{clean(r.option)} ({pounds(r.benefit)})"
        for r in shown.itertuples()
        if pd.notna(r.benefit) and r.benefit > 0
    ]
    return Picture(
        title,
        sentences(
            "To buy homes of the type for the children who lack it would cost more than their "
            f"homes do now: {listed(served)}. That is a benefit to them, and saves nothing."
            if served
            else "None of the options that are shown serves children for whom a bought home of the "
            "type would cost more."
            if len(shown)
            else "",
            withheld_words(
                [clean(r.option) for r in rows.itertuples() if r.is_suppressed],
                [why_hidden(r) for r in rows.itertuples() if r.is_suppressed],
            ),
        ),
        None,
        Table(
            (
                "Option",
                "What and where",
                "Beds",
                "In bought beds now",
                "Lack it now",
                "Beds for the one",
                "For the other",
                "A week in it, if full",
                "A week, bought",
                "A week, of those who lack it",
                "Benefit, no cash",
            ),
            tuple(
                (clean(r.option), clean(r.of_what), *_served_cells(r)) for r in rows.itertuples()
            ),
        ),
        "Each child counts once: one in a bought bed lives in a home of the type, one who lacks it "
        "lives elsewhere. Beds go to both as they stand in number.",
    )


def _served_cells(row: tuple) -> tuple[str, ...]:
    if row.is_suppressed:
        return (f"{row.beds:,.0f}", *[why_hidden(row)] * 8)
    a_week = (
        NOT_KNOWN if pd.isna(v) else pounds_a_week(float(v)).removesuffix(" a week")
        for v in (row.own_gbp, row.bought_gbp, row.left_gbp)
    )
    children = (f"{v:,.0f}" for v in (row.beds, row.bought, row.lacking))
    beds = (NOT_KNOWN if pd.isna(v) else f"{v:.1f}" for v in (row.replaced, row.served))
    benefit = NOT_KNOWN if pd.isna(row.benefit) else pounds(float(row.benefit))
    return (*children, *beds, *a_week, benefit)
