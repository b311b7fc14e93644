"""Children in care as they are forecast: fans, and authorities beside each other."""

from datetime import date

import altair as alt
import pandas as pd

from pipeline.reports.region.charts.picture import (
    BLUE,
    INK,
    QUIET,
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
    alone = len(panels) == 1
    has_forecast = bool((frame["kind"] == "forecast").any())
    names = ["counted", *(["most likely", *reversed(BANDS.values())] if has_forecast else [])]
    colours = [INK, MEDIAN_COLOUR, *reversed(FAN_COLOURS.values())][: len(names)]
    scale = alt.Scale(domain=names, range=colours)
    # Of one line alone the words below tell what it is.
    legend = (
        alt.Legend(columns=5, symbolType="square", symbolSize=150, symbolOpacity=1)
        if has_forecast
        else None
    )
    colour = alt.Color("line:N", scale=scale, legend=legend)
    reach = [frame["month_end"].min(), frame["month_end"].max()]
    x = alt.X(
        "month:T",
        title=None,
        scale=alt.Scale(domain=[str(day) for day in map(_day, reach)]),
        axis=alt.Axis(format="%Y", tickCount="year", grid=False, labelOverlap=True),
    )
    charts = []
    for panel in panels:
        chart = _one_fan(frame[frame["panel"] == panel], x, colour)
        size = {"width": WIDTH, "height": 320} if alone else {"width": 255, "height": 150}
        title = {} if alone else {"title": alt.TitleParams(clean(panel), anchor="start")}
        charts.append(chart.properties(**size, **title))
    return charts[0] if alone else alt.concat(*charts, columns=PANELS_ABREAST)


def _day(day: date) -> str:
    """A day such that Vega takes it for midnight here, as it takes the axis."""
    return f"{day:%Y-%m-%d}T00:00:00"


def _one_fan(rows: pd.DataFrame, x: alt.X, colour: alt.Color) -> alt.LayerChart:
    if rows["is_suppressed"].all():
        words = pd.DataFrame({"line": ["counted"], "words": [TOO_FEW]})
        return alt.layer(
            alt.Chart(words).mark_text(color=QUIET, x=127, y=75).encode(text="words:N")
        )
    counted = rows[rows["kind"] != "forecast"]
    coming = rows[rows["kind"] == "forecast"]
    line = pd.DataFrame(
        {
            "month": counted["month_end"].map(_day),
            "children": numbers(counted["children"]),
            "line": "counted",
        }
    )
    y = {"title": None, "axis": alt.Axis(tickCount=5, format=",.0f"), "scale": alt.Scale(zero=True)}
    layers = []
    if len(coming):
        starts = _start_of_fan(counted, coming)
        for width, name in BANDS.items():
            band = pd.DataFrame(
                {
                    "month": starts["month_end"].map(_day),
                    "lower": numbers(starts[f"lower_{width}"]),
                    "upper": numbers(starts[f"upper_{width}"]),
                    "line": name,
                }
            )
            layers.append(
                alt.Chart(band)
                .mark_area(opacity=1, invalid="break-paths-show-path-domains")
                .encode(x=x, y=alt.Y("lower:Q", **y), y2="upper:Q", color=colour)
            )
        middle = pd.DataFrame(
            {
                "month": starts["month_end"].map(_day),
                "children": numbers(starts["median"]),
                "line": "most likely",
            }
        )
        layers.append(_line(middle, x, y, colour))
    return alt.layer(*layers, _line(line, x, y, colour))


def _line(data: pd.DataFrame, x: alt.X, y: dict, colour: alt.Color) -> alt.Chart:
    """A line that has a gap where a figure is withheld."""
    return (
        alt.Chart(data)
        .mark_line(strokeWidth=2.2, invalid="break-paths-show-path-domains")
        .encode(x=x, y=alt.Y("children:Q", **y), color=colour)
    )


def numbers(column: pd.Series) -> pd.Series:
    """Figures as floats, null where withheld."""
    return column.astype("Float64").astype(object).where(column.notna(), None)


def _start_of_fan(counted: pd.DataFrame, coming: pd.DataFrame) -> pd.DataFrame:
    """The forecast, begun at the last count where that is shown."""
    if counted.empty or counted.iloc[-1]["is_suppressed"]:
        return coming
    last = counted.tail(1).copy()
    for column in FORECAST:
        last[column] = last["children"]
    return pd.concat([last.astype(object), coming.astype(object)])


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
