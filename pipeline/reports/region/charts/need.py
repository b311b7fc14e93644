"""Need that is not met: the map of area and profile, recommended and actual type, places."""

import altair as alt
import numpy as np
import pandas as pd

from pipeline.reports.region.charts.picture import (
    BLUE,
    INK,
    LINE_PIXELS,
    NAMES,
    ORANGE,
    QUIET,
    ROW,
    SERIES,
    STEPS,
    WIDTH,
    WITHHELD_FILL,
    Picture,
    Table,
    clean,
    drawn,
    ink_on,
    lines,
    named_rows,
    refuse_leaks,
    row_height,
    sentences,
    withheld_words,
    wrapped,
)
from pipeline.reports.region.words import REGION, TOO_FEW, how_many, listed, part_of

MOST_SAID = 3  # cells, or areas, that the words name
MOST_ACROSS = 6  # names that stand side by side above a map
LETTER = 8  # pixels for a letter of a name above a cell
CELL_TEXT = "too few"  # within a cell
CUTS = (0.8, 1.1, 1.5, 2.0)  # between the five steps of the index; 1 is the region's average
STEP_NAMES = ("under 0.8", "0.8 to 1.1", "1.1 to 1.5", "1.5 to 2", "2 or more")
FLOW_HEIGHT = 380
NODE = 0.03  # width of a node, as a share of the picture
HIDDEN_SHARE = 0.012  # of the height: how thick every withheld flow is drawn
RECOMMENDED = "Children for whom one was recommended"


def unmet_need_map(frame: pd.DataFrame, title: str) -> Picture:
    """A map of areas and needs, or recommended types, darker where need is met less.

    Columns: area, profile (texts: the needs, or the type), searches (count), gap_index (1 = as the
    region's average, 2 = twice), gap_low and gap_high (its 80% interval), the last four null where
    withheld; is_suppressed (bool). A pair without searches may be left out.
    """
    if frame.empty:
        return Picture(title, "There is nothing to show yet.")
    refuse_leaks(frame, "searches", "gap_index", "gap_low", "gap_high")
    frame = frame.sort_values(["area", "profile"], ignore_index=True)
    step = np.digitize(frame["gap_index"].astype(float).fillna(0), CUTS)
    hidden = frame["is_suppressed"].astype(bool)
    fills = [WITHHELD_FILL if h else STEPS[s] for h, s in zip(hidden, step, strict=True)]
    # The longer list goes down, where there is room for names.
    down, across = (
        ("area", "profile")
        if frame["area"].nunique() > MOST_ACROSS
        else (
            "profile",
            "area",
        )
    )
    turned = frame[across].nunique() > MOST_ACROSS
    wide = max(52, min(120, WIDTH // frame[across].nunique()))
    rows = pd.DataFrame(
        {
            "name": frame[down].map(wrapped),
            "top": frame[across].map(clean if turned else lambda n: wrapped(n, wide // LETTER)),
            "step": [TOO_FEW if h else STEP_NAMES[s] for h, s in zip(hidden, step, strict=True)],
            "ink": [ink_on(f) for f in fills],
            "words": [
                CELL_TEXT if h else f"{g:.1f}"
                for h, g in zip(hidden, frame["gap_index"], strict=True)
            ],
        }
    )
    shown = frame[~hidden].sort_values("gap_index", ascending=False)
    return Picture(
        title,
        _say_map(shown, int(hidden.sum())),
        drawn(_map_cells(rows, wide, turned)),
        _map_table(frame),
        "1 is the region's average: at 2, need goes unmet twice as often. An empty cell had no "
        f"searches, a grey one {TOO_FEW}. Small numbers are drawn towards the region's average; "
        "the table gives the range in which the figure lies 8 times in 10.",
    )


def _say_map(shown: pd.DataFrame, hidden: int) -> str:
    """What the ranges allow to say: a cell stands out where its range lies on one side of 1."""
    areas = shown[shown["area"] != REGION]
    cells = shown if areas.empty else areas
    # As they are shown, so that no range that is said to lie above 1 begins at 1.0.
    less = cells[cells["gap_low"].astype(float).round(1) > 1].head(MOST_SAID)
    more = cells[cells["gap_high"].astype(float).round(1) < 1].iloc[::-1].head(MOST_SAID)
    said = [f"Need is met less often than on average for {_cells_said(less)}."] if len(less) else []
    if shown.empty:
        said = []
    elif less.empty:
        said = ["No need that is shown stands out as met less often than on average."]
    if len(more):
        said.append(f"It is met more often than on average for {_cells_said(more)}.")
    withheld = (
        f"{how_many(hidden, 'cell has', 'cells have')} {TOO_FEW}, and may stand out unseen."
        if hidden
        else ""
    )
    return sentences(*said, withheld)


def _cells_said(cells: pd.DataFrame) -> str:
    return listed(
        [
            f"\N{LEFT DOUBLE QUOTATION MARK}{clean(r.profile)}\N{RIGHT DOUBLE QUOTATION MARK}"
            f"{'' if r.area == REGION else ' in ' + clean(r.area)} (unmet {r.gap_index:.1f} times "
            f"as often; 8 in 10 that it is {r.gap_low:.1f} to {r.gap_high:.1f}; "
            f"{how_many(int(r.searches), 'search', 'searches')})"
            for r in cells.itertuples()
        ]
    )


def _map_cells(rows: pd.DataFrame, wide: int, turned: bool) -> alt.TopLevelMixin:
    """Cells by `name` down and `top` across, whose names stand aslant where there are many."""
    # The region stands before its areas, whichever way they go.
    tops, names = (
        sorted(rows[column].unique(), key=lambda n: (n != REGION, n)) for column in ("top", "name")
    )
    straight = {"labelPadding": 4 + LINE_PIXELS * (lines(rows["top"]) - 1)}
    aslant = {"labelAngle": -60, "labelAlign": "left", "labelBaseline": "middle"}
    axis = alt.Axis(
        orient="top",
        ticks=False,
        domain=False,
        **({"labelAngle": 0} | (aslant if turned else straight)),
        **NAMES,
    )
    base = alt.Chart(rows).encode(
        x=alt.X("top:N", sort=tops, axis=axis), y=alt.Y("name:N", sort=names)
    )
    steps, fills = [*STEP_NAMES, TOO_FEW], [*STEPS, WITHHELD_FILL]
    cells = base.mark_rect(stroke="#ffffff", strokeWidth=2).encode(
        color=alt.Color(
            "step:N",
            scale=alt.Scale(domain=steps, range=fills),
            legend=alt.Legend(
                title="times the region's average",
                orient="bottom",
                symbolStrokeColor=QUIET,
                symbolStrokeWidth=0.5,
                symbolSize=250,
            ),
        )
    )
    words = base.mark_text(fontSize=12 if turned else 13).encode(
        text="words:N", color=alt.Color("ink:N", scale=None)
    )
    return named_rows(cells + words, names).properties(
        width=wide * len(tops), height=max(30, row_height(rows["name"])) * len(names)
    )


def _map_table(frame: pd.DataFrame) -> Table:
    rows = frame.sort_values(
        ["is_suppressed", "gap_index", "area", "profile"], ascending=[True, False, True, True]
    )
    return Table(
        ("Area", "Needs profile", "Searches", "Times the region's average", "8 in 10 lie within"),
        tuple(
            (clean(r.area), clean(r.profile), TOO_FEW, TOO_FEW, TOO_FEW)
            if r.is_suppressed
            else (
                clean(r.area),
                clean(r.profile),
                f"{r.searches:,.0f}",
                f"{r.gap_index:.1f}",
                f"{r.gap_low:.1f} to {r.gap_high:.1f}",
            )
            for r in rows.itertuples()
        ),
    )


def type_flow(frame: pd.DataFrame, title: str) -> Picture:
    """Bands from the type that was recommended to the type that was found.

    Columns: recommended, actual (texts), searches (count, null where withheld), is_suppressed
    (bool); a row for each pair, pairs without searches may be left out.
    """
    if frame.empty:
        return Picture(title, "There is nothing to show yet.")
    refuse_leaks(frame, "searches")
    rows = frame[frame["is_suppressed"].astype(bool) | (frame["searches"] > 0)]
    rows = rows.sort_values(["recommended", "actual"], ignore_index=True)
    if rows.empty:
        return Picture(title, "There is nothing to show yet.")
    kinds = sorted(set(rows["recommended"]) | set(rows["actual"]))
    if len(kinds) > len(SERIES):
        raise ValueError("more types than there are colours")
    says = _say_flow(rows)
    pairs = sorted(rows.itertuples(), key=lambda r: (r.recommended, r.actual))
    table = Table(
        ("Recommended", "Found", "Searches"),
        tuple(
            (
                clean(r.recommended),
                clean(r.actual),
                TOO_FEW if r.is_suppressed else f"{r.searches:,.0f}",
            )
            for r in pairs
        ),
    )
    return Picture(
        title,
        says,
        drawn(_flow_bands(rows, kinds)),
        table,
        "A band goes from the type recommended at the search (left) to the type found (right); the "
        f"thicker, the more searches. Dashed bands are {TOO_FEW}: their thickness says nothing.",
    )


def _say_flow(rows: pd.DataFrame) -> str:
    shown = rows[~rows["is_suppressed"].astype(bool)]
    said = []
    for kind, of_kind in shown.groupby("recommended", sort=True):
        total = of_kind["searches"].sum()
        partly = rows[(rows["recommended"] == kind) & rows["is_suppressed"].astype(bool)]
        if not partly.empty:  # what is shown is not all: no denominator to be had
            continue
        same = of_kind.loc[of_kind["actual"] == kind, "searches"].sum()
        said.append(
            f"Where {clean(kind).lower()} was recommended, {part_of(same, total)} searches "
            "found it."
        )
    said.append(_say_changes(shown[shown["recommended"] != shown["actual"]]))
    hidden = rows[rows["is_suppressed"].astype(bool)]
    names = [f"{r.recommended.lower()} to {r.actual.lower()}" for r in hidden.itertuples()]
    return sentences(*said, withheld_words([clean(n) for n in names]))


def _say_changes(other: pd.DataFrame) -> str:
    """The largest of the changes of type that are shown; all of them where several are as large."""
    if other.empty:
        return ""
    most = other[other["searches"] == other["searches"].max()]
    changes = [
        f"from {clean(r.recommended).lower()} to {clean(r.actual).lower()}"
        for r in most.sort_values(["recommended", "actual"]).itertuples()
    ]
    searches = how_many(int(most["searches"].iloc[0]), "search", "searches")
    if len(changes) > 1:
        return f"The largest changes that are shown are {listed(changes)}: {searches} each."
    return f"The largest change that is shown is {changes[0]}: {searches}."


def _flow_bands(rows: pd.DataFrame, kinds: list[str]) -> alt.TopLevelMixin:
    total = float(rows["searches"].fillna(0).sum()) or 1.0
    gap, free = 0.035, 1 - 0.035 * (len(kinds) - 1) - HIDDEN_SHARE * len(rows)
    rows = rows.assign(
        thick=[
            HIDDEN_SHARE if r.is_suppressed else max(free * r.searches / total, 0.004)
            for r in rows.itertuples()
        ]
    )
    left = _stacked(rows, "recommended", "actual", kinds, gap)
    right = _stacked(rows, "actual", "recommended", kinds, gap)
    points, nodes = [], []
    t = np.linspace(0, 1, 25)
    bend = t * t * (3 - 2 * t)
    for n, row in enumerate(rows.itertuples()):
        begin, end = left[row.Index], right[row.Index]
        top = begin + (end - begin) * bend
        for x, y in zip(t, top, strict=True):
            points.append(
                {
                    "band": n,
                    "x": NODE + x * (1 - 2 * NODE),
                    "top": -y,
                    "bottom": -(y + row.thick),
                    "kind": row.recommended,
                    "hidden": bool(row.is_suppressed),
                }
            )
    for side, column, offsets in (("left", "recommended", left), ("right", "actual", right)):
        for kind in kinds:
            mine = rows[rows[column] == kind]
            if mine.empty:
                continue
            begin = min(offsets[i] for i in mine.index)
            x = 0.0 if side == "left" else 1 - NODE
            whole = not mine["is_suppressed"].any()
            count = f" {mine['searches'].sum():,.0f}" if whole else ""
            nodes.append(
                {
                    "x": x,
                    "x2": x + NODE,
                    "top": -begin,
                    "bottom": -(begin + mine["thick"].sum()),
                    "middle": -(begin + mine["thick"].sum() / 2),
                    "kind": kind,
                    "words": wrapped(kind, 18).split("\n"),
                    "count": count,
                    "side": side,
                }
            )
    return _flow_chart(pd.DataFrame(points), nodes, kinds)


def _stacked(
    rows: pd.DataFrame, column: str, within: str, kinds: list[str], gap: float
) -> dict[int, float]:
    """Where each band begins on one side, from the top; types in order, a gap between them."""
    begins, at = {}, 0.0
    for kind in kinds:
        mine = rows[rows[column] == kind].sort_values(within)
        for row in mine.itertuples():
            begins[row.Index] = at
            at += row.thick
        if not mine.empty:
            at += gap
    return begins


def _flow_chart(points: pd.DataFrame, nodes: list[dict], kinds: list[str]) -> alt.TopLevelMixin:
    colours = alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=SERIES[: len(kinds)]))
    # One scale for all layers, without an axis: the picture has no numbers to read off.
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, 1], nice=False))
    y = alt.Y("top:Q", axis=None, scale=alt.Scale(nice=False, zero=False))
    shared = {"x": x, "y": y, "y2": "bottom:Q", "detail": "band:N"}
    known, hidden = points[~points["hidden"]], points[points["hidden"]]
    layers = []
    if not known.empty:
        layers.append(
            alt.Chart(known).mark_area(opacity=0.45).encode(color=colours.legend(None), **shared)
        )
    if not hidden.empty:
        layers.append(
            alt.Chart(hidden)
            .mark_line(strokeDash=[4, 4], strokeWidth=1.5, color=QUIET)
            .encode(x=x, y=y, detail="band:N")
        )
    frame = pd.DataFrame(nodes)
    layers.append(
        alt.Chart(frame)
        .mark_rect()
        .encode(x=x, x2="x2:Q", y=y, y2="bottom:Q", color=colours.legend(None))
    )
    for node in nodes:
        names = [*node["words"][:-1], f"{node['words'][-1]}{node['count']}"]
        at_left = node["side"] == "left"
        layers.append(
            alt.Chart(pd.DataFrame([{"x": 0.0 if at_left else 1.0, "top": node["middle"]}]))
            .mark_text(
                align="right" if at_left else "left",
                dx=-8 if at_left else 8,
                text=names,
                baseline="middle",
                lineHeight=15,
                dy=-7 * (len(names) - 1),
            )
            .encode(x=x, y=y)
        )
    return alt.layer(*layers).properties(width=WIDTH - 150, height=FLOW_HEIGHT)


def places_and_demand(frame: pd.DataFrame, title: str) -> Picture:
    """Two bars for each area: places there are, and its children for whom one was recommended.

    Columns: area (text), places (registered places, a public figure), needed (children for whom
    such a place was recommended, null where withheld), is_suppressed (bool).
    """
    if frame.empty:
        return Picture(title, "There is nothing to show yet.")
    refuse_leaks(frame, "needed")
    rows = frame.sort_values("area")
    long = pd.DataFrame(
        [
            {
                "name": wrapped(r.area),
                "what": what,
                "count": 0.0 if pd.isna(value) else float(value),
                "words": TOO_FEW if pd.isna(value) else f"{value:,.0f}",
            }
            for r in rows.itertuples()
            for what, value in (("Places", r.places), (RECOMMENDED, r.needed))
        ]
    )
    table = Table(
        ("Area", "Places", RECOMMENDED),
        tuple(
            (
                clean(r.area),
                f"{r.places:,.0f}",
                TOO_FEW if r.is_suppressed else f"{r.needed:,.0f}",
            )
            for r in rows.itertuples()
        ),
    )
    return Picture(
        title,
        _say_places(rows),
        drawn(_place_bars(long)),
        table,
        "Places are those registered with Ofsted. How many of them are free is not known: "
        "providers do not report it.",
    )


def _say_places(rows: pd.DataFrame) -> str:
    shown = rows[~rows["is_suppressed"].astype(bool)]
    short = shown[shown["needed"] > shown["places"]].copy()
    short["gap"] = short["needed"] - short["places"]
    worst = short.sort_values("gap", ascending=False).head(MOST_SAID)
    said = [
        f"{clean(r.area)} ({r.needed:,.0f} children, {how_many(int(r.places), 'place', 'places')})"
        for r in worst.itertuples()
    ]
    hidden = [clean(a) for a in rows.loc[rows["is_suppressed"].astype(bool), "area"]]
    return sentences(
        f"For more children than there are places was one recommended in {listed(said)}."
        if said
        else "No area shown has fewer places than children for whom one was recommended."
        if not shown.empty
        else "",
        withheld_words(hidden),
    )


def _place_bars(long: pd.DataFrame) -> alt.TopLevelMixin:
    kinds = ["Places", RECOMMENDED]
    top = max(1.0, long["count"].max()) * 1.2
    order = list(dict.fromkeys(long["name"]))
    base = alt.Chart(long).encode(
        y=alt.Y("name:N", sort=order),
        yOffset=alt.YOffset("what:N", sort=kinds),
        x=alt.X(
            "count:Q",
            title=None,
            scale=alt.Scale(domain=[0, top], nice=False),
            axis=alt.Axis(tickMinStep=1, tickCount=5),
        ),
    )
    bars = base.mark_bar().encode(
        color=alt.Color("what:N", scale=alt.Scale(domain=kinds, range=[BLUE, ORANGE]))
    )
    words = base.mark_text(align="left", dx=5, color=INK, fontSize=12).encode(text="words:N")
    height = max(2 * ROW - 8, row_height(long["name"])) * len(order)
    return named_rows(bars + words, order).properties(width=WIDTH, height=height)
