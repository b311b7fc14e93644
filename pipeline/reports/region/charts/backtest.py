"""How far forecasts of past days were off, and whether they were as sure as they should be."""

import altair as alt
import pandas as pd

from pipeline.reports.region.charts.forecast import (
    upper_first,
)
from pipeline.reports.region.charts.picture import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    WIDTH,
    Picture,
    Table,
    clean,
    drawn,
    named_rows,
    row_height,
    sentences,
    wrapped,
)
from pipeline.reports.region.words import (
    MINUS,
    how_many,
    listed,
    percent,
)

OURS = "this forecast"
METHODS = {
    OURS: "This forecast",
    "last value": "Last count stays",
    "drift": "Trend goes on",
    "ets": "Exponential smoothing",
    "constant rates": "Constant rates",
}
LEVELS = {
    "region": "all children of the region",
    "region x type": "each type in the region",
    "authority": "all children of each authority",
    "authority x type": "each type in each authority",
    "authority x band x type": "each age and type in each authority",
}
WANTED = 0.8  # of counts, within the interval that says so
CLOSE_TO_WANTED = (0.75, 0.87)
# Of months ahead, each of which needs its own.
COLOURS = [BLUE, ORANGE, GREEN, GREY]
SHAPES = ["circle", "diamond", "square", "triangle-up"]


def errors_beside(frame: pd.DataFrame, title: str, of: str) -> Picture:
    """Bars: how far this forecast and simple methods were off in the past, by months ahead.

    Columns: level, method (texts as published), horizon_months, origins (counts), wape (0.1 is
    10%), bias (the same, with a sign), coverage_80 (0 to 1; null without intervals). Drawn is level
    `of`; the table has every level.
    """
    if frame.empty:
        return Picture(title, "There is no backtest yet.")
    rows = frame.assign(
        order=frame["method"].map(lambda m: list(METHODS).index(m) if m in METHODS else 99),
        level_order=frame["level"].map(lambda v: list(LEVELS).index(v) if v in LEVELS else 99),
    ).sort_values(["level_order", "horizon_months", "order", "method"])
    drawn_rows = rows[rows["level"] == of]
    return Picture(
        title,
        sentences(*_say_errors(drawn_rows, of)) or "There is no backtest of this level yet.",
        drawn(_error_bars(drawn_rows)) if len(drawn_rows) else None,
        Table(
            (
                "Of what",
                "Months ahead",
                "Method",
                "Off by (WAPE)",
                "Too many or too few (bias)",
                "Within the 80% interval",
                "Past days",
            ),
            tuple(
                (
                    upper_first(LEVELS.get(r.level, clean(r.level))),
                    f"{r.horizon_months:.0f}",
                    METHODS.get(r.method, clean(r.method)),
                    _tenths(r.wape),
                    _signed(r.bias),
                    "no interval" if pd.isna(r.coverage_80) else percent(r.coverage_80),
                    f"{r.origins:.0f}",
                )
                for r in rows.itertuples()
            ),
        ),
        "From each of several past days the forecast was made of what was known then, and put "
        "beside what came. Bars are the children that it was off by, too many or too few, per 100 "
        "that there were: the shorter, the better. The other methods were given the same.",
    )


def _tenths(share: float) -> str:
    return f"{100 * share:.1f}%"


def _signed(share: float) -> str:
    rounded = round(100 * abs(share), 1)
    return f"{MINUS if share < 0 else '+'}{rounded:.1f}%" if rounded else "0.0%"


def _say_errors(rows: pd.DataFrame, of: str) -> list[str]:
    ours = rows[rows["method"] == OURS]
    if ours.empty:
        return []
    parts = [
        f"{_tenths(r.wape)} of the children {r.horizon_months:.0f} months ahead"
        for r in ours.itertuples()
    ]
    origins = how_many(int(ours["origins"].max()), "past day", "past days")
    said = [
        f"Looking back from {origins}, the forecast of {LEVELS.get(of, clean(of))} was off by "
        f"{listed(parts)}."
    ]
    for mine in ours.itertuples():
        others = rows[(rows["method"] != OURS) & (rows["horizon_months"] == mine.horizon_months)]
        if others.empty:
            continue
        better = others[others["wape"] < mine.wape]
        ahead = f"{mine.horizon_months:.0f} months ahead"
        if better.empty:
            nearest = others.loc[others["wape"].idxmin()]
            said.append(
                f"{ahead}, no simple method did better; the best of them "
                f"({METHODS.get(nearest['method'], clean(nearest['method'])).lower()}) was off by "
                f"{_tenths(nearest['wape'])}."
            )
        else:
            names = [
                f"{METHODS.get(r.method, clean(r.method)).lower()} ({_tenths(r.wape)})"
                for r in better.itertuples()
            ]
            said.append(f"{ahead}, better than this forecast: {listed(names)}.")
    return said


def _error_bars(rows: pd.DataFrame) -> alt.TopLevelMixin:
    top = 1.15 * max(0.01, float(rows["wape"].max()))
    charts = []
    for ahead, found in rows.groupby("horizon_months"):
        data = pd.DataFrame(
            {
                "name": [wrapped(METHODS.get(m, m)) for m in found["method"]],
                "wape": found["wape"].astype(float),
                "words": found["wape"].map(_tenths),
                "is_ours": found["method"] == OURS,
            }
        )
        base = alt.Chart(data).encode(
            y=alt.Y("name:N", sort=list(data["name"])),
            x=alt.X(
                "wape:Q",
                scale=alt.Scale(domain=[0, top], nice=False),
                axis=alt.Axis(format=".0%", tickCount=5, title=None, grid=False),
            ),
        )
        bars = base.mark_bar(size=15).encode(
            color=alt.condition("datum.is_ours", alt.value(BLUE), alt.value(GREY))
        )
        words = base.mark_text(align="left", dx=6).encode(text="words:N")
        title = alt.TitleParams(f"{ahead:.0f} months ahead", anchor="start")
        charts.append(
            named_rows(bars + words, data["name"]).properties(
                width=WIDTH, height=row_height(data["name"]) * len(data), title=title
            )
        )
    return alt.vconcat(*charts)


def coverage(frame: pd.DataFrame, title: str) -> Picture:
    """Points: how often counts fell within this forecast's 80% interval, beside 80%.

    Columns: level (text as published), horizon_months (count), coverage_80 (0 to 1).
    """
    if frame.empty:
        return Picture(title, "There is no backtest yet.")
    order = [level for level in LEVELS if level in set(frame["level"])]
    order += sorted(set(frame["level"]) - set(order))
    rows = frame.assign(place=frame["level"].map(order.index)).sort_values(
        ["place", "horizon_months"]
    )
    low, high = rows["coverage_80"].min(), rows["coverage_80"].max()
    judged = (
        "That is as often as the forecast says, or near it."
        if low >= CLOSE_TO_WANTED[0] and high <= CLOSE_TO_WANTED[1]
        else "Less than 80% means that the forecast is surer than it should be there."
        if low < CLOSE_TO_WANTED[0]
        else "More than 80% means that it could be surer there."
    )
    return Picture(
        title,
        sentences(
            "Of 10 counts 8 should fall within the range that is said to hold 8 in 10.",
            *_say_coverage(rows),
            judged,
        ),
        drawn(_coverage_points(rows, order)),
        Table(
            ("Of what", "Months ahead", "Counts within the 80% interval"),
            tuple(
                (
                    upper_first(LEVELS.get(r.level, clean(r.level))),
                    f"{r.horizon_months:.0f}",
                    percent(r.coverage_80),
                )
                for r in rows.itertuples()
            ),
        ),
        "Points on the line are right. Left of it the forecast is too sure of itself, right of it "
        "not sure enough.",
    )


def _say_coverage(rows: pd.DataFrame) -> list[str]:
    said = []
    for ahead, found in rows.groupby("horizon_months"):
        least = found.loc[found["coverage_80"].idxmin()]
        most = found.loc[found["coverage_80"].idxmax()]
        low, high = percent(least["coverage_80"]), percent(most["coverage_80"])
        of_least, of_most = (LEVELS.get(r["level"], clean(r["level"])) for r in (least, most))
        said.append(
            f"{ahead:.0f} months ahead, {high} did, of {of_most}."
            if len(found) == 1
            else f"{ahead:.0f} months ahead, {high} did, whatever was forecast."
            if low == high
            else f"{ahead:.0f} months ahead, from {low} ({of_least}) to {high} ({of_most}) did."
        )
    return said


def _coverage_points(rows: pd.DataFrame, order: list[str]) -> alt.TopLevelMixin:
    names = {level: wrapped(upper_first(LEVELS.get(level, level))) for level in order}
    data = pd.DataFrame(
        {
            "name": rows["level"].map(names),
            "share": rows["coverage_80"].astype(float),
            "ahead": [f"{h:.0f} months ahead" for h in rows["horizon_months"]],
        }
    )
    aheads = list(dict.fromkeys(data["ahead"]))
    axis = alt.Axis(format="%", values=[0, 0.2, 0.4, 0.6, 0.8, 1], title=None)
    points = (
        alt.Chart(data)
        .mark_point(filled=True, size=100, opacity=1)
        .encode(
            x=alt.X("share:Q", axis=axis, scale=alt.Scale(domain=[0, 1])),
            y=alt.Y("name:N", sort=list(names.values())),
            yOffset=alt.YOffset("ahead:N", sort=aheads),
            color=alt.Color("ahead:N", scale=alt.Scale(domain=aheads, range=COLOURS)),
            shape=alt.Shape(
                "ahead:N",
                scale=alt.Scale(domain=aheads, range=SHAPES),
            ),
        )
    )
    rule = (
        alt.Chart(pd.DataFrame({"at": [WANTED]}))
        .mark_rule(color=INK, strokeDash=[4, 4])
        .encode(x="at:Q")
    )
    height = (row_height(pd.Series(list(names.values()))) + 8) * len(names)
    return named_rows(rule + points, list(names.values()), grid=True).properties(
        width=WIDTH, height=height
    )


def places_in_draws(shares: list[float], title: str, of: str, ahead: int) -> Picture:
    """Small bars: in which tenth of the draws the counts fell; each should have a tenth of them.

    shares: of each tenth, lowest first, 0 to 1. of, ahead: level as published and months ahead.
    """
    if not shares:
        return Picture(title, "There is no backtest yet.")
    data = pd.DataFrame(
        {"tenth": range(1, len(shares) + 1), "share": [float(share) for share in shares]}
    )
    bars = (
        alt.Chart(data)
        .mark_bar(size=40, color=BLUE)
        .encode(
            x=alt.X(
                "tenth:O", title="tenth of the futures, lowest first", axis=alt.Axis(labelAngle=0)
            ),
            y=alt.Y(
                "share:Q",
                title=None,
                axis=alt.Axis(format="%", tickCount=4),
                scale=alt.Scale(domain=[0, max(0.2, 1.1 * data["share"].max())], nice=False),
            ),
        )
    )
    rule = (
        alt.Chart(pd.DataFrame({"at": [1 / len(shares)]}))
        .mark_rule(color=INK, strokeDash=[4, 4])
        .encode(y="at:Q")
    )
    return Picture(
        title,
        f"Of the counts of {LEVELS.get(of, clean(of))}, {ahead} months ahead, "
        f"{percent(shares[0])} fell in the lowest tenth of the simulated futures and "
        f"{percent(shares[-1])} in the highest; {percent(1 / len(shares))} each would be right.",
        drawn((bars + rule).properties(width=WIDTH, height=130)),
        Table(
            ("Tenth of the futures", "Share of the counts"),
            tuple((str(n), percent(s)) for n, s in enumerate(shares, start=1)),
        ),
        "Bars as high as the dashed line are right. High at both ends: the forecast is too sure. "
        "High on the left: it forecasts too many; on the right: too few.",
    )
