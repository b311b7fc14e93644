"""What homes will cost by financial year, beside the budget, and what changes it."""

import altair as alt
import pandas as pd

from pipeline.reports.region.charts.cost import MILLIONS_AXIS
from pipeline.reports.region.charts.forecast import (
    EIGHT_IN_TEN,
    numbers,
    whose,
)
from pipeline.reports.region.charts.picture import (
    GREEN,
    INK,
    NAMES,
    ORANGE,
    STEPS,
    WIDTH,
    Picture,
    Table,
    clean,
    drawn,
    refuse_leaks,
    sentences,
    withheld_words,
    wrapped,
)
from pipeline.reports.region.words import (
    TOO_FEW,
    change_in_pounds,
    how_many,
    listed,
    percent,
    pounds,
)


def spend_by_year(frame: pd.DataFrame, title: str, area: str, after: str = "") -> Picture:
    """Bars with intervals: pounds by financial year, and the budget as a mark where there is one.

    Columns: type (text), is_total (bool: of all types), period (2026/27), months_known (count),
    median, lower, upper (pounds; lower and upper bound the 80% interval), nights (count), all null
    where withheld or no price is known; budget (pounds), over_budget (0 to 1), null without a
    budget; is_suppressed (bool). Drawn are the totals. after: sentences at the end.
    """
    if frame.empty:
        return Picture(
            title, sentences("No forecast of spend reaches over a whole year yet.", after)
        )
    refuse_leaks(
        frame[frame["is_suppressed"].astype(bool)], "median", "lower", "upper", "over_budget"
    )
    rows = frame.sort_values(["period", "is_total", "type"], ascending=[True, False, True])
    totals = rows[rows["is_total"].astype(bool)]
    shown = totals[totals["median"].notna()]
    few = totals.loc[totals["is_suppressed"].astype(bool), "period"]
    unpriced = totals[totals["median"].isna() & ~totals["is_suppressed"].astype(bool)]
    return Picture(
        title,
        sentences(
            *_say_spend(shown, whose(area)),
            "No price is known, so that there is no forecast of spend." if len(unpriced) else "",
            withheld_words([clean(p) for p in few]),
            after,
        ),
        drawn(_year_bars(shown)) if len(shown) else None,
        Table(
            (
                "Year and type",
                "Most likely",
                "8 in 10 lie within",
                "Budget",
                "Futures that cost more",
                "Months counted",
            ),
            tuple(
                (f"{clean(r.period)}, {clean(r.type)}", *_spend_cells(r)) for r in rows.itertuples()
            ),
        ),
        "The bar is the middle of the simulated futures, the thin line holds 8 in 10 of them. An "
        "orange mark is the budget. What a year has of months already counted is in its bar.",
    )


def _spend_cells(row: tuple) -> tuple[str, ...]:
    budget = "not given" if pd.isna(row.budget) else pounds(float(row.budget))
    known = f"{row.months_known:.0f}"
    if row.is_suppressed:
        return TOO_FEW, TOO_FEW, budget, TOO_FEW, known
    if pd.isna(row.median):
        return "no price known", "no price known", budget, "not known", known
    over = "" if pd.isna(row.over_budget) else percent(row.over_budget)
    within = f"{pounds(float(row.lower))} to {pounds(float(row.upper))}"
    return pounds(float(row.median)), within, budget, over, known


def _say_spend(shown: pd.DataFrame, area: str) -> list[str]:
    said = []
    for r in shown.itertuples():
        said.append(
            f"In {clean(r.period)} homes will most likely cost {area} {pounds(float(r.median))}; "
            f"{_pounds_range(r.lower, r.upper)}."
        )
        if pd.notna(r.budget):
            gap = float(r.median) - float(r.budget)
            side = "above" if gap >= 0 else "below"
            said.append(
                f"That is {pounds(abs(gap))} {side} the budget of {pounds(float(r.budget))}"
                + (
                    ""
                    if pd.isna(r.over_budget)
                    else f"; {percent(r.over_budget)} of the simulated futures cost more than it"
                )
                + "."
            )
    if len(shown) and shown["budget"].isna().all():
        said.append("No budget is given.")
    return said


def _pounds_range(lower: float, upper: float) -> str:
    if lower == upper:
        return f"{EIGHT_IN_TEN} the same, as rounded"
    return f"{EIGHT_IN_TEN} between {pounds(float(lower))} and {pounds(float(upper))}"


def _year_bars(shown: pd.DataFrame) -> alt.TopLevelMixin:
    data = pd.DataFrame(
        {
            "name": [_year_name(r) for r in shown.itertuples()],
            "median": shown["median"].astype(float),
            "lower": shown["lower"].astype(float),
            "upper": shown["upper"].astype(float),
            "words": [pounds(float(v)) for v in shown["median"]],
        }
    )
    budget = pd.DataFrame({"name": data["name"], "budget": numbers(shown["budget"])})
    budget = budget[budget["budget"].notna()]
    top = max([float(data["upper"].max()), *map(float, budget["budget"])])
    x = alt.X("name:N", sort=list(data["name"]), axis=alt.Axis(labelAngle=0, ticks=False, **NAMES))
    scale = alt.Scale(domain=[0, 1.12 * max(top, 1.0)], nice=False)
    axis = alt.Axis(labelExpr=MILLIONS_AXIS, title=None, tickCount=5)
    base = alt.Chart(data).encode(x=x)
    bars = base.mark_bar(size=64, color=STEPS[2]).encode(
        y=alt.Y("median:Q", axis=axis, scale=scale)
    )
    lines = base.mark_rule(strokeWidth=3, color=INK).encode(
        y=alt.Y("lower:Q", axis=axis, scale=scale), y2="upper:Q"
    )
    words = base.mark_text(dy=-10).encode(
        y=alt.Y("upper:Q", axis=axis, scale=scale), text="words:N"
    )
    layers = bars + lines + words
    if len(budget):
        ticks = (
            alt.Chart(budget)
            .mark_tick(color=ORANGE, thickness=4, size=110, opacity=1)
            .encode(x=x, y=alt.Y("budget:Q", axis=axis, scale=scale))
        )
        layers = bars + ticks + lines + words
    return layers.properties(width=max(WIDTH, 150 * len(data)), height=300)


def _year_name(row: tuple) -> str:
    parts = [clean(row.period)]
    if row.months_known > 0:
        parts.append(f"{how_many(int(row.months_known), 'month', 'months')} counted")
    parts.append(
        "no budget given" if pd.isna(row.budget) else f"budget {pounds(float(row.budget))}"
    )
    return "\n".join(parts)


def coming_bridge(frame: pd.DataFrame, title: str, before: str, after: str) -> Picture:
    """From the spend of one period to that forecast for another, by what drives it.

    Columns: step (text), amount_gbp, lower_gbp, upper_gbp (pounds; the last two bound the 80%
    interval of a change, null of the totals). The first row is the
    spend `before`, the last the spend `after`, those between are the changes. Raises ValueError
    where they do not add up.
    """
    if frame.empty:
        return Picture(title, "There are not yet two periods to compare.")
    amounts = [float(a) for a in frame["amount_gbp"]]
    if len(amounts) < 2 or abs(sum(amounts[:-1]) - amounts[-1]) >= 0.01:
        raise ValueError("the bridge does not add up")
    names = [f"Spend, {before}", *frame["step"].iloc[1:-1], f"Spend, {after}"]
    changes = list(frame.iloc[1:-1].itertuples())
    whole = amounts[-1] - amounts[0]
    parts = [
        f"{clean(r.step).lower()} {_change(float(r.amount_gbp))}{_of_change(r)}"
        for r in sorted(changes, key=lambda r: -abs(float(r.amount_gbp)))
    ]
    return Picture(
        title,
        f"Spend will most likely go from {pounds(amounts[0])} ({before}) to "
        f"{pounds(amounts[-1])} ({after}): {pounds(abs(whole))} "
        f"{'more' if whole >= 0 else 'less'}. In it {listed(parts)}.",
        drawn(_waterfall(names, frame)),
        Table(
            ("Step", "Pounds", "8 in 10 lie within"),
            tuple(
                (
                    clean(name),
                    pounds(float(r.amount_gbp))
                    if n in (0, len(names) - 1)
                    else change_in_pounds(float(r.amount_gbp)),
                    _within(r),
                )
                for n, (name, r) in enumerate(zip(names, frame.itertuples(), strict=True))
            ),
        ),
        "Orange adds, green takes off; the thin lines hold 8 in 10 of the simulated futures. "
        "Volume: more or fewer children; mix: other types of home; price: the same type for "
        "another price. Spends and parts are means of the futures, so that they add up.",
    )


def _change(amount: float) -> str:
    if pounds(abs(amount)) == "£0":
        return "makes no difference"
    return f"{'adds' if amount > 0 else 'takes off'} {pounds(abs(amount))}"


def _of_change(row: tuple) -> str:
    if pd.isna(row.lower_gbp) or pd.isna(row.upper_gbp):
        return ""
    return (
        f" ({EIGHT_IN_TEN} between {pounds(float(row.lower_gbp))} and "
        f"{pounds(float(row.upper_gbp))})"
    )


def _within(row: tuple) -> str:
    if pd.isna(row.lower_gbp) or pd.isna(row.upper_gbp):
        return ""
    return f"{change_in_pounds(float(row.lower_gbp))} to {change_in_pounds(float(row.upper_gbp))}"


def _waterfall(names: list[str], frame: pd.DataFrame) -> alt.TopLevelMixin:
    rows, at = [], 0.0
    last = len(names) - 1
    for n, (name, r) in enumerate(zip(names, frame.itertuples(), strict=True)):
        total, amount = n in (0, last), float(r.amount_gbp)
        start = 0.0 if total else at
        known = not (total or pd.isna(r.lower_gbp) or pd.isna(r.upper_gbp))
        lower, upper = (
            (start + float(r.lower_gbp), start + float(r.upper_gbp)) if known else (None, None)
        )
        at = start + amount
        rows.append(
            {
                "name": wrapped(name, 16),
                "begin": start,
                "end": at,
                "lower": lower,
                "upper": upper,
                "top": max(v for v in (start, at, upper) if v is not None),
                "colour": STEPS[2] if total else ORANGE if amount > 0 else GREEN,
                "words": pounds(amount) if total else change_in_pounds(amount),
            }
        )
    data = pd.DataFrame(rows)
    values = [
        v for r in rows for v in (r["begin"], r["end"], r["lower"], r["top"]) if v is not None
    ]
    scale = alt.Scale(domain=[min(0.0, 1.1 * min(values)), 1.1 * max(1.0, *values)], nice=False)
    axis = alt.Axis(labelExpr=MILLIONS_AXIS, title=None, tickCount=5)
    base = alt.Chart(data).encode(
        x=alt.X(
            "name:N",
            sort=list(data["name"]),
            axis=alt.Axis(labelAngle=0, ticks=False, **NAMES),
        )
    )
    bars = base.mark_bar(size=56).encode(
        y=alt.Y("begin:Q", axis=axis, scale=scale),
        y2="end:Q",
        color=alt.Color("colour:N", scale=None),
    )
    lines = (
        base.transform_filter("isValid(datum.lower)")
        .mark_rule(strokeWidth=2.5, color=INK)
        .encode(y=alt.Y("lower:Q", axis=axis, scale=scale), y2="upper:Q")
    )
    words = base.mark_text(dy=-10).encode(y=alt.Y("top:Q", axis=axis, scale=scale), text="words:N")
    return (bars + lines + words).properties(width=max(WIDTH, 105 * len(data)), height=320)
