"""What was spent on homes, by type, how sure that is, and how much of it is known."""

import altair as alt
import pandas as pd

from pipeline.reports.region.charts.cost import MILLIONS_AXIS
from pipeline.reports.region.charts.picture import (
    BLUE,
    INK,
    WIDTH,
    Picture,
    Table,
    clean,
    drawn,
    named_rows,
    refuse_leaks,
    row_height,
    sentences,
    withheld_words,
    wrapped,
)
from pipeline.reports.region.words import (
    NOT_KNOWN,
    REGION,
    TOO_FEW,
    listed,
    percent,
    pounds,
    pounds_a_week,
)

NO_PRICE = "no price known"


def spend_by_type(frame: pd.DataFrame, title: str, area: str, period: str) -> Picture:
    """Bars: what an area spent by type of home in a period; the table has every area.

    Columns: area, type (texts), is_total (bool: of all types), spend_gbp (pounds, null where
    withheld or no price is known), low_gbp and high_gbp (the ends of its 80% interval, null with
    it), mean_gbp_per_week (pounds, null with it), share_known (0 to 1: of the spend, that of nights
    with a known price; null where withheld or nothing is spent), is_suppressed (bool).
    """
    if frame.empty:
        return Picture(title, "There is nothing to show yet.")
    withheld = frame["is_suppressed"].astype(bool)
    refuse_leaks(frame[withheld], "spend_gbp", "low_gbp", "high_gbp", "mean_gbp_per_week")
    rows = frame.sort_values(
        ["area", "is_total", "spend_gbp", "type"], ascending=[True, False, False, True]
    )
    of_area = rows[rows["area"] == area]
    parts = of_area[~of_area["is_total"].astype(bool)]
    shown = parts[parts["spend_gbp"] > 0]
    table = Table(
        ("Area and type", "Spend", "80% range", "Mean price", "Share known"),
        tuple((f"{clean(r.area)}, {clean(r.type)}", *_cells(r)) for r in rows.itertuples()),
    )
    return Picture(
        title,
        sentences(
            *_say_spend(of_area, shown, clean(area), period),
            withheld_words(
                sorted(map(clean, parts.loc[parts["is_suppressed"].astype(bool), "type"]))
            ),
        ),
        drawn(_bars(shown)) if not shown.empty else None,
        table,
        "Bars are what all nights cost, known and estimated; lines the range in which that lies "
        "four times in five. Where they do not overlap, the longer bar is more.",
    )


def _cells(row: tuple) -> tuple[str, str, str, str]:
    if row.is_suppressed:
        return TOO_FEW, TOO_FEW, TOO_FEW, NOT_KNOWN
    if pd.isna(row.spend_gbp):
        return (NO_PRICE,) * 4
    share = NOT_KNOWN if pd.isna(row.share_known) else percent(row.share_known)
    spent = pounds(row.spend_gbp), _range(row), pounds_a_week(row.mean_gbp_per_week)
    return *spent, share if row.spend_gbp else "nothing is paid"


def _range(row: tuple) -> str:
    return f"{pounds(row.low_gbp)} to {pounds(row.high_gbp)}"


def _say_spend(of_area: pd.DataFrame, shown: pd.DataFrame, area: str, period: str) -> list[str]:
    total = of_area[of_area["is_total"].astype(bool) & of_area["spend_gbp"].notna()]
    said = []
    for row in total.head(1).itertuples():
        whose = "The region" if area == REGION else area
        said.append(
            f"{whose} spent {pounds(row.spend_gbp)} on homes ({period}), with a probability of 80% "
            f"between {_range(row).replace(' to ', ' and ')}."
        )
        if pd.notna(row.share_known):
            said.append(f"{percent(row.share_known)} of it is known, the rest is estimated.")
    if len(shown) > 1:
        parts = [f"{clean(r.type)} {pounds(r.spend_gbp)}" for r in shown.itertuples()]
        said.append(f"By type: {listed(parts)}.")
        most, second = shown.iloc[0], shown.iloc[1]
        if most.low_gbp > second.high_gbp:
            said.append(f"Most was spent on {clean(most.type).lower()}.")
    return said


def _bars(shown: pd.DataFrame) -> alt.TopLevelMixin:
    data = pd.DataFrame(
        {
            "name": shown["type"].map(wrapped),
            "spend": shown["spend_gbp"].astype(float),
            "low": shown["low_gbp"].astype(float),
            "high": shown["high_gbp"].astype(float),
            "words": [pounds(s) for s in shown["spend_gbp"]],
        }
    )
    axis = alt.Axis(labelExpr=MILLIONS_AXIS, title=None, tickCount=5)
    base = alt.Chart(data).encode(
        x=alt.X("spend:Q", axis=axis, scale=alt.Scale(domain=[0, 1.15 * data["high"].max()])),
        y=alt.Y("name:N", sort=list(data["name"])),
    )
    bars = base.mark_bar(color=BLUE, size=18)
    ranges = base.mark_rule(color=INK, strokeWidth=1.5).encode(x="low:Q", x2="high:Q")
    words = base.mark_text(align="left", dx=5).encode(x="high:Q", text="words:N")
    height = row_height(data["name"]) * len(data)
    return named_rows(bars + ranges + words, data["name"]).properties(width=WIDTH, height=height)
