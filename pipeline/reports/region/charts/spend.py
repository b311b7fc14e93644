"""What was spent on homes, by type, and on how much of care the figure rests."""

import altair as alt
import pandas as pd

from pipeline.reports.region.charts.cost import MILLIONS_AXIS
from pipeline.reports.region.charts.picture import (
    BLUE,
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


def spend_by_type(frame: pd.DataFrame, title: str, area: str, period: str) -> Picture:
    """Bars: what an area spent by type of home in a period; the table has every area.

    Columns: area, type (texts), is_total (bool: of all types), spend_gbp (pounds, null where
    withheld or no price is known), mean_gbp_per_week (pounds, null with it), share_with_price (0 to
    1: of the nights, those with a price; null where withheld), is_suppressed (bool).
    """
    if frame.empty:
        return Picture(title, "There is nothing to show yet.")
    withheld = frame["is_suppressed"].astype(bool)
    refuse_leaks(frame[withheld], "spend_gbp", "mean_gbp_per_week")
    rows = frame.sort_values(
        ["area", "is_total", "spend_gbp", "type"], ascending=[True, False, False, True]
    )
    of_area = rows[rows["area"] == area]
    parts = of_area[~of_area["is_total"].astype(bool)]
    shown = parts[parts["spend_gbp"].notna()]
    table = Table(
        ("Area and type", "Spend", "Mean price", "Nights with a known price"),
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
        "Spend is nights times the agreed price. Nights without a known price are not in it; the "
        "last column says how many have one. Figures are rounded, so they need not add up.",
    )


def _cells(row: tuple) -> tuple[str, str, str]:
    share = NOT_KNOWN if pd.isna(row.share_with_price) else percent(row.share_with_price)
    if row.is_suppressed:
        return TOO_FEW, TOO_FEW, share
    if pd.isna(row.spend_gbp):
        return "no price known", "no price known", share
    return pounds(row.spend_gbp), pounds_a_week(row.mean_gbp_per_week), share


def _say_spend(of_area: pd.DataFrame, shown: pd.DataFrame, area: str, period: str) -> list[str]:
    total = of_area[of_area["is_total"].astype(bool) & of_area["spend_gbp"].notna()]
    said = []
    if not total.empty:
        row = total.iloc[0]
        whose = "The region" if area == REGION else area
        said.append(
            f"{whose} spent {pounds(row.spend_gbp)} on homes with a known price ({period})."
        )
        if pd.notna(row.share_with_price):
            said.append(f"A price is known for {percent(row.share_with_price)} of the nights.")
    if not shown.empty:
        parts = [f"{clean(r.type)} {pounds(r.spend_gbp)}" for r in shown.itertuples()]
        said.append(f"By type: {listed(parts)}.")
    return said


def _bars(shown: pd.DataFrame) -> alt.TopLevelMixin:
    data = pd.DataFrame(
        {
            "name": shown["type"].map(wrapped),
            "spend": shown["spend_gbp"].astype(float),
            "words": [pounds(s) for s in shown["spend_gbp"]],
        }
    )
    axis = alt.Axis(labelExpr=MILLIONS_AXIS, title=None, tickCount=5)
    base = alt.Chart(data).encode(
        x=alt.X("spend:Q", axis=axis, scale=alt.Scale(domain=[0, 1.15 * data["spend"].max()])),
        y=alt.Y("name:N", sort=list(data["name"])),
    )
    bars = base.mark_bar(color=BLUE, size=18)
    words = base.mark_text(align="left", dx=5).encode(text="words:N")
    height = row_height(data["name"]) * len(data)
    return named_rows(bars + words, data["name"]).properties(width=WIDTH, height=height)
