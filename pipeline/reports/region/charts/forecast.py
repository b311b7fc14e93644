"""Children in care as they are forecast: fans, and authorities beside each other."""

from datetime import date

import altair as alt
import pandas as pd

from pipeline.reports.region.charts.picture import (
    BLUE,
    INK,
    STEPS,
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
    REGION,
    TOO_FEW,
    listed,
)

NOTHING = "There is nothing to show yet."
EIGHT_IN_TEN = "8 times out of 10"
COUNTED, MEDIAN = "counted", "most likely"
BANDS = {95: "19 in 20 futures", 80: "8 in 10 futures", 50: "1 in 2 futures"}
FAN_COLOURS = dict(zip(BANDS, STEPS[1:4], strict=True))
MEDIAN_COLOUR = STEPS[4]
FORECAST = [f"{side}_{percent_}" for side in ("lower", "upper") for percent_ in BANDS] + ["median"]
QUARTER_ENDS = (3, 6, 9, 12)
PANELS_ABREAST = 2


def month_in_words(day: date) -> str:
    """The month of a day: March 2028."""
    return f"{day:%B %Y}"


def whose(area: str) -> str:
    """An area as a sentence names it."""
    return "the region" if area == REGION else clean(area)


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def fan(frame: pd.DataFrame, title: str, area: str, before: str = "", after: str = "") -> Picture:
    """Lines with fans: children counted, then as forecast; one panel is large, more stand abreast.

    Columns: panel (text, short), what (text: "children in residential care"), month_end (date),
    kind (history or forecast), children (count; of history), median, lower_50 to upper_95 (counts;
    of forecast), null where withheld; is_suppressed (bool). before, after: sentences around those
    that the rows give, such as why no forecast is among them.
    """
    if frame.empty:
        return Picture(title, sentences(before, NOTHING, after))
    forecast = frame["kind"] == "forecast"
    refuse_leaks(frame[forecast], *FORECAST)
    refuse_leaks(frame[~forecast], "children")
    frame = frame.sort_values("month_end", kind="stable")
    panels = list(dict.fromkeys(frame["panel"]))
    says, hidden = [], []
    for panel in panels:
        of_panel = frame[frame["panel"] == panel]
        says += _say_fan(of_panel, whose(area), len(panels) == 1, is_first=not says)
        if of_panel["is_suppressed"].any():
            some = "" if of_panel["is_suppressed"].all() else ", in some months"
            hidden.append(f"{clean(panel)}{some}")
    shown = not frame["is_suppressed"].all()
    return Picture(
        title,
        sentences(before, *says, withheld_words(hidden), after),
        drawn(_fans(frame, panels)) if shown else None,
        _fan_table(frame, panels),
        _how_to_read_fan(bool(forecast.any()), len(panels)),
    )


def _how_to_read_fan(has_forecast: bool, panels: int) -> str:
    said = ["The black line is what was counted on the last day of each month."]
    if has_forecast:
        said.append(
            "The blue line is the middle of many simulated futures: as many lie above as below. "
            "The shading holds 1 in 2, 8 in 10 and 19 in 20 of them; it widens as less is known."
        )
    if panels > 1:
        said.append("Each picture has a scale of its own.")
    said.append("The table has the end of each quarter.")
    return " ".join(said)


def _say_fan(rows: pd.DataFrame, area: str, alone: bool, is_first: bool) -> list[str]:
    """What is most likely at the end; alone also a year earlier, and what was counted last.

    Only the first of several says when and where.
    """
    shown = rows[~rows["is_suppressed"].astype(bool)]
    coming, counted = shown[shown["kind"] == "forecast"], shown[shown["kind"] != "forecast"]
    said = []
    if len(coming):
        last = coming.iloc[-1]
        lead = f"In {month_in_words(last['month_end'])} {area} will most likely have about"
        said.append(
            f"{lead if is_first else 'About'} {last['median']:,.0f} {last['what']}; "
            f"{_range(last['lower_80'], last['upper_80'])}."
        )
        a_year = coming[[_months_between(m, last["month_end"]) == 12 for m in coming["month_end"]]]
        if alone and len(a_year):
            early = a_year.iloc[0]
            said.append(
                f"In {month_in_words(early['month_end'])}: about {early['median']:,.0f}, "
                f"{_range(early['lower_80'], early['upper_80'])}."
            )
    if len(counted) and (alone or coming.empty):
        latest = counted.iloc[-1]
        lead = f"In {month_in_words(latest['month_end'])}, as counted, {area} had"
        counts = f"{latest['children']:,.0f} {latest['what']}."
        said.append(f"{lead} {counts}" if is_first else counts)
    return said


def _range(lower: float, upper: float) -> str:
    if lower == upper:
        return f"{EIGHT_IN_TEN} the same, as rounded"
    return f"{EIGHT_IN_TEN} between {lower:,.0f} and {upper:,.0f}"


def _months_between(earlier: date, later: date) -> int:
    return 12 * (later.year - earlier.year) + later.month - earlier.month


def _fans(frame: pd.DataFrame, panels: list[str]) -> alt.TopLevelMixin:
    """The fan of each panel that shows anything."""
    data = {panel: _fan_data(frame[frame["panel"] == panel]) for panel in panels}
    data = {clean(panel): rows for panel, rows in data.items() if rows["upper"].notna().any()}
    rows = pd.concat([rows.assign(panel=panel) for panel, rows in data.items()])
    has_forecast = bool((frame["kind"] == "forecast").any())
    names = [COUNTED, *([MEDIAN, *reversed(BANDS.values())] if has_forecast else [])]
    # Of one line alone the words below tell what it is.
    legend = (
        alt.Legend(columns=5, symbolType="square", symbolSize=150, symbolOpacity=1)
        if has_forecast
        else None
    )
    base = alt.Chart().encode(
        x=alt.X(
            "month:T",
            title=None,
            scale=alt.Scale(domain=[rows["month"].min(), rows["month"].max()]),
            axis=alt.Axis(format="%Y", tickCount="year", grid=False, labelOverlap=True),
        ),
        y=alt.Y("upper:Q", title=None, axis=alt.Axis(tickCount=5, format=",.0f")),
        color=alt.Color(
            "line:N",
            scale=alt.Scale(
                domain=names,
                range=[INK, MEDIAN_COLOUR, *reversed(FAN_COLOURS.values())][: len(names)],
            ),
            legend=legend,
        ),
    )
    gap = "break-paths-show-path-domains"  # where a figure is withheld
    lines = base.mark_line(strokeWidth=2.2, invalid=gap).transform_filter(
        alt.FieldOneOfPredicate("line", [COUNTED, MEDIAN])
    )
    bands = [
        base.mark_area(opacity=1, invalid=gap)
        .encode(y2="lower:Q")
        .transform_filter(alt.FieldEqualPredicate(equal=name, field="line"))
        for name in (BANDS.values() if has_forecast else ())
    ]
    if len(panels) == 1:
        return alt.layer(*bands, lines, data=rows).properties(width=WIDTH, height=320)
    return (
        alt.layer(*bands, lines, data=rows)
        .properties(width=255, height=150)
        .facet(
            alt.Facet(
                "panel:N", sort=list(data), header=alt.Header(title=None, labelAnchor="start")
            ),
            columns=PANELS_ABREAST,
        )
        .resolve_scale(y="independent")
        .resolve_axis(x="independent", y="independent")
    )


def _fan_data(rows: pd.DataFrame) -> pd.DataFrame:
    """Each line and band from month to month; null where withheld, or where no month is known.

    Columns: month (text), line, lower, upper; of a line both are the same.
    """
    rows = rows.set_index("month_end")
    counted, coming = rows[rows["kind"] != "forecast"], rows[rows["kind"] == "forecast"]
    series = {}
    if len(counted):
        every_month = pd.date_range(counted.index.min(), counted.index.max(), freq="ME")
        series[COUNTED] = (counted["children"].reindex(every_month),) * 2
    if len(coming):
        # The fan opens at the last count, where that is shown.
        last = counted["children"].tail(1)
        starts = {name: pd.concat([last, coming[name]]) for name in FORECAST}
        if last.isna().any():
            starts = {name: coming[name] for name in FORECAST}
        series |= {
            name: (starts[f"lower_{width}"], starts[f"upper_{width}"])
            for width, name in BANDS.items()
        }
        series[MEDIAN] = (starts["median"],) * 2
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "month": [_day(day) for day in upper.index],
                    "line": name,
                    "lower": numbers(lower).to_numpy(),
                    "upper": numbers(upper).to_numpy(),
                }
            )
            for name, (lower, upper) in series.items()
        ]
    )


def _day(day: date) -> str:
    """A day such that Vega takes it for midnight here, as it takes the axis."""
    return f"{day:%Y-%m-%d}T00:00:00"


def numbers(column: pd.Series) -> pd.Series:
    """Figures as floats, null where withheld."""
    return column.astype("Float64").astype(object).where(column.notna(), None)


def _fan_table(frame: pd.DataFrame, panels: list[str]) -> Table:
    """A row for the end of each quarter, the last count and the last month."""
    months = sorted(set(frame["month_end"]))
    counted = frame.loc[frame["kind"] != "forecast", "month_end"]
    kept = {m for m in months if m.month in QUARTER_ENDS} | {months[-1]}
    kept |= {counted.max()} if len(counted) else set()
    cells = {(r.month_end, r.panel): r for r in frame.itertuples()}
    if len(panels) == 1:
        return Table(
            (
                "Month",
                "Counted",
                "Most likely",
                *(f"{n.removesuffix(' futures')} lie within" for n in BANDS.values()),
            ),
            tuple(
                (month_in_words(m), *_whole_row(cells.get((m, panels[0]))))
                for m in months
                if m in kept
            ),
        )
    return Table(
        ("Month", *map(clean, panels)),
        tuple(
            (month_in_words(m), *(_cell(cells.get((m, panel))) for panel in panels))
            for m in months
            if m in kept
        ),
    )


def _whole_row(row: tuple) -> tuple[str, ...]:
    if row.kind != "forecast":
        return (TOO_FEW if row.is_suppressed else f"{row.children:,.0f}", *("",) * (1 + len(BANDS)))
    if row.is_suppressed:
        return ("", *(TOO_FEW,) * (1 + len(BANDS)))
    within = (
        f"{getattr(row, f'lower_{w}'):,.0f} to {getattr(row, f'upper_{w}'):,.0f}" for w in BANDS
    )
    return ("", f"{row.median:,.0f}", *within)


def _cell(row: tuple | None) -> str:
    if row is None:
        return ""
    if row.is_suppressed:
        return TOO_FEW
    if row.kind != "forecast":
        return f"{row.children:,.0f}"
    return f"{row.median:,.0f} ({row.lower_80:,.0f} to {row.upper_80:,.0f})"


def beside_each_other(frame: pd.DataFrame, title: str, month: date) -> Picture:
    """Authorities beside each other: children counted last, and as forecast for a month.

    Columns: area (text, unique), counted, median, lower, upper (counts; lower and upper bound the
    80% interval; null where withheld), is_suppressed (bool).
    """
    if frame.empty:
        return Picture(title, NOTHING)
    refuse_leaks(frame, "counted", "median", "lower", "upper")
    rows = frame.sort_values(["median", "area"], ascending=[False, True])
    shown = rows[~rows["is_suppressed"].astype(bool)]
    when = month_in_words(month)
    said = [
        f"{clean(r.area)} {r.median:,.0f} ({r.lower:,.0f} to {r.upper:,.0f}; counted "
        f"{r.counted:,.0f})"
        for r in shown.itertuples()
    ]
    hidden = sorted(map(clean, rows.loc[rows["is_suppressed"].astype(bool), "area"]))
    return Picture(
        title,
        sentences(
            f"Most likely in {when}, with the range that holds {EIGHT_IN_TEN}: {listed(said)}."
            if said
            else "",
            withheld_words(hidden),
        ),
        drawn(_beside(shown)) if len(shown) else None,
        Table(
            ("Authority", "Counted last", f"Most likely in {when}", "8 in 10 lie within"),
            tuple(
                (clean(r.area), TOO_FEW, TOO_FEW, TOO_FEW)
                if r.is_suppressed
                else (
                    clean(r.area),
                    f"{r.counted:,.0f}",
                    f"{r.median:,.0f}",
                    f"{r.lower:,.0f} to {r.upper:,.0f}",
                )
                for r in rows.itertuples()
            ),
        ),
        "The ring is what was counted last, the point what is most likely; the line holds 8 in 10 "
        "of the simulated futures.",
    )


def _beside(shown: pd.DataFrame) -> alt.TopLevelMixin:
    data = pd.DataFrame({"name": shown["area"].map(wrapped)})
    for column in ("counted", "median", "lower", "upper"):
        data[column] = shown[column].astype(float)
    axis = alt.Axis(title="children in care", tickCount=6, format=",.0f")
    base = alt.Chart(data).encode(y=alt.Y("name:N", sort=list(data["name"])))
    lines = base.mark_rule(strokeWidth=4, color=BLUE, opacity=0.5).encode(
        x=alt.X("lower:Q", axis=axis, scale=alt.Scale(zero=True)), x2="upper:Q"
    )
    points = base.mark_point(filled=True, size=90, color=BLUE, opacity=1).encode(
        x=alt.X("median:Q", axis=axis)
    )
    rings = base.mark_point(size=110, color=INK, strokeWidth=2).encode(
        x=alt.X("counted:Q", axis=axis)
    )
    height = row_height(data["name"]) * len(data)
    return named_rows(lines + points + rings, data["name"]).properties(width=WIDTH, height=height)
