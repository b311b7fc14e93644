"""Where children live: shares by area, types of home, distance from home."""

import altair as alt
import pandas as pd

from pipeline.reports.region.charts.picture import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    QUIET,
    SERIES,
    WIDTH,
    WITHHELD_FILL,
    Picture,
    Table,
    clean,
    drawn,
    ink_on,
    named_rows,
    refuse_leaks,
    row_height,
    sentences,
    why_hidden,
    withheld_words,
    wrapped,
)
from pipeline.reports.region.words import (
    FOR_ANOTHER_IN_SHORT,
    NOT_KNOWN,
    TOO_FEW,
    about,
    listed,
    part_of,
    percent,
)

FAR_MILES = 20
AXIS_MILES = (0, 10, 20, 30, 40, 50, 75, 100, 150, 200, 300)  # steps with a figure below them
NAMED_LINES = 5  # more lines than these cannot be told apart: the others are grey
LEAST_WITHHELD = 0.02  # of a bar, so that what is hatched can be seen
NORMAL_80 = 1.2816  # eight in ten lie within so many standard deviations
LEAST_SHARE_WITH_TEXT = 0.07  # of a bar; a narrower part has no room for its figure


def shares_by_area(frame: pd.DataFrame, title: str, what: str, noun: str = "placements") -> Picture:
    """Bars: of the placements of each area, the share that is `what` ("outside their authority").

    `noun` names what is counted, where it is not placements of which the answer is known.

    Columns: area (text, unique), is_region (bool), part and of (counts, null where withheld),
    is_suppressed (bool), why (text: the words for what is withheld; may be left out).
    """
    if frame.empty:
        return Picture(title, "There is nothing to show yet.")
    refuse_leaks(frame, "part", "of")
    rows = frame.assign(share=(frame["part"] / frame["of"].where(frame["of"] > 0)).astype(float))
    rows = rows.sort_values(
        ["is_region", "share", "area"], ascending=[False, False, True], na_position="last"
    )
    rows = rows.assign(
        name=rows["area"].map(wrapped), words=[_share_words(r) for r in rows.itertuples()]
    )
    table = Table(
        (
            "Area",
            f"{noun.capitalize()} {what}",
            "Placements where it is known" if noun == "placements" else f"All {noun}",
            "Share",
        ),
        tuple(
            (clean(r.area), *(why_hidden(r),) * 3)
            if r.is_suppressed
            else (clean(r.area), f"{r.part:,.0f}", f"{r.of:,.0f}", _share_or_not(r.share))
            for r in rows.itertuples()
        ),
    )
    return Picture(
        title,
        _say_shares(rows, what, noun),
        drawn(_share_bars(rows)),
        table,
        "Each bar is a share; beside it stand the placements it counts, of those for which the "
        "answer is known."
        if noun == "placements"
        else f"Each bar is a share; beside it stand the {noun} it counts, of all of them: those of "
        "whom the answer is not known are among these.",
    )


def _share_or_not(share: float) -> str:
    return NOT_KNOWN if pd.isna(share) else percent(share)


def _share_words(row: tuple) -> str:
    if row.is_suppressed:
        return why_hidden(row) if why_hidden(row) == TOO_FEW else FOR_ANOTHER_IN_SHORT
    return (
        "none known"
        if pd.isna(row.share)
        else (f"{percent(row.share)}  ({part_of(row.part, row.of)})")
    )


def _share_bars(rows: pd.DataFrame) -> alt.TopLevelMixin:
    shown = rows[["name", "share", "words", "is_region", "is_suppressed"]].assign(
        share=rows["share"].fillna(0.0)
    )
    top = max(0.1, shown["share"].max()) * 1.35  # room for the words
    base = alt.Chart(shown).encode(
        y=alt.Y("name:N", sort=list(shown["name"])),
        x=alt.X(
            "share:Q",
            scale=alt.Scale(domain=[0, top], nice=False),
            axis=alt.Axis(format="%", tickCount=5, title=None, grid=False),
        ),
    )
    bars = base.mark_bar(size=15).encode(
        color=alt.condition("datum.is_region", alt.value(ORANGE), alt.value(BLUE))
    )
    words = base.mark_text(align="left", dx=6).encode(
        text="words:N",
        color=alt.condition("datum.is_suppressed", alt.value(QUIET), alt.value(INK)),
    )
    height = row_height(shown["name"]) * len(shown)
    return named_rows(bars + words, shown["name"]).properties(width=WIDTH, height=height)


def _say_shares(rows: pd.DataFrame, what: str, noun: str) -> str:
    known = rows[rows["share"].notna()]
    said = []
    for r in known[known["is_region"].astype(bool)].itertuples():
        said.append(f"In the region {part_of(r.part, r.of)} {noun} are {what} ({about(r.share)}).")
    areas = known[~known["is_region"].astype(bool)]
    if len(areas) > 1:
        said.append(_say_ends(areas))
    elif len(areas) == 1:
        only = areas.iloc[0]
        said.append(
            f"In {clean(only.area)} it is {part_of(only.part, only.of)} ({about(only.share)})."
        )
    hidden = list(rows[rows["is_suppressed"].astype(bool)].itertuples())
    names, why = [clean(r.area) for r in hidden], [why_hidden(r) for r in hidden]
    return sentences(*said, withheld_words(names, why)) or "No answer is known for any area."


def _say_ends(areas: pd.DataFrame) -> str:
    """Which area's share is highest and which lowest, where chance alone would not make it so.

    An end is named if its 80% interval overlaps with that of no other area.
    """
    most, least = areas.iloc[0], areas.iloc[-1]
    if percent(most.share) == percent(least.share):
        return f"It is {percent(most.share)} in every area shown."
    low, high = zip(*(_interval(r.part, r.of) for r in areas.itertuples()), strict=True)
    ends = []
    if low[0] > max(high[1:]):
        ends.append(f"highest in {clean(most.area)} ({percent(most.share)})")
    if high[-1] < min(low[:-1]):
        ends.append(f"lowest in {clean(least.area)} ({percent(least.share)})")
    if ends:
        return f"The share is {' and '.join(ends)}."
    between = f"{percent(least.share)} and {percent(most.share)}"
    return f"Areas lie between {between}: too near each other to say which is highest or lowest."


def _interval(part: float, of: float) -> tuple[float, float]:
    """Wilson's 80% interval of a share."""
    share, spread = part / of, NORMAL_80**2 / of
    middle = (share + spread / 2) / (1 + spread)
    reach = (spread * (share * (1 - share) + spread / 4)) ** 0.5 / (1 + spread)
    return middle - reach, middle + reach


def type_mix(frame: pd.DataFrame, title: str) -> Picture:
    """Stacked bars: the types of home of each area's placements.

    Columns: area (text), is_region (bool), type (text), part and of (counts, null where
    withheld; `of` is the area's placements of a known type), is_suppressed (bool), why (text: the
    words for what is withheld; may be left out).
    """
    if frame.empty:
        return Picture(title, "There is nothing to show yet.")
    refuse_leaks(frame, "part", "of")
    types = list(dict.fromkeys(frame["type"]))
    if len(types) > len(SERIES):
        raise ValueError("more types than there are colours")
    rows = frame.assign(
        name=frame["area"].map(wrapped),
        share=(frame["part"] / frame["of"].where(frame["of"] > 0)).fillna(0.0).astype(float),
        place=frame["type"].map(types.index),
    )
    rows = rows.sort_values(["area", "place"])
    # Shares of rounded counts may make more than the whole: the bar then ends at 100%.
    whole = rows.groupby("area")["share"].transform("sum").clip(lower=1)
    rows["drawn"] = rows["share"] / whole
    rows["end"] = rows.groupby("area")["drawn"].cumsum()
    rows["middle"] = rows["end"] - rows["drawn"] / 2
    colours = dict(zip(types, SERIES, strict=False))
    rows["words"] = [
        percent(r.share) if r.share >= LEAST_SHARE_WITH_TEXT else "" for r in rows.itertuples()
    ]
    rows["ink"] = [ink_on(colours[t]) for t in rows["type"]]
    areas = frame.sort_values("is_region", ascending=False, kind="stable")["area"].unique()
    return Picture(
        title,
        _say_mix(rows, areas),
        drawn(_mix_bars(rows, [wrapped(a) for a in areas], colours)),
        _mix_table(frame, areas, types),
        "Each bar is all placements of a known type. What is hatched is not shown, of one type or "
        "of several, or lost by rounding: the table says which.",
    )


def _mix_bars(rows: pd.DataFrame, order: list[str], colours: dict[str, str]) -> alt.TopLevelMixin:
    columns = ["name", "type", "drawn", "end", "middle", "words", "ink"]
    base = alt.Chart(rows.loc[rows["drawn"] > 0, columns]).encode(y=alt.Y("name:N", sort=order))
    axis = alt.Axis(format="%", tickCount=5, title=None)
    bars = (
        base.transform_calculate(begin="datum.end - datum.drawn")
        .mark_bar(size=18, stroke="#ffffff", strokeWidth=1)
        .encode(
            x=alt.X("begin:Q", axis=axis, scale=alt.Scale(domain=[0, 1], clamp=True)),
            x2="end:Q",
            color=alt.Color(
                "type:N", scale=alt.Scale(domain=list(colours), range=list(colours.values()))
            ),
        )
    )
    words = base.mark_text().encode(
        x="middle:Q", text="words:N", color=alt.Color("ink:N", scale=None)
    )
    hidden = (
        alt.Chart(_not_drawn(rows))
        .mark_bar(size=18, color=WITHHELD_FILL)
        .encode(x=alt.X("begin:Q"), x2="end:Q", y=alt.Y("name:N", sort=order))
    )
    height = row_height(rows["name"]) * len(order)
    return named_rows(hidden + bars + words, order).properties(width=WIDTH, height=height)


def _not_drawn(rows: pd.DataFrame) -> pd.DataFrame:
    """Of each area with a type that is withheld, where its bar ends: what follows is not shown.

    Columns: name, begin, end. It has room enough to be seen even where rounding leaves it none.
    """
    of_area = rows.groupby("name", as_index=False).agg(
        drawn=("drawn", "sum"), is_withheld=("is_suppressed", "any")
    )
    found = of_area[of_area["is_withheld"].astype(bool)]
    begin = found["drawn"].clip(upper=1 - LEAST_WITHHELD)
    return pd.DataFrame({"name": found["name"], "begin": begin, "end": 1.0})


def _say_mix(rows: pd.DataFrame, areas: list[str]) -> str:
    shown = rows[rows["share"] > 0]
    region = set(rows.loc[rows["is_region"].astype(bool), "area"])
    spelt = areas if len(areas) <= NAMED_LINES else [a for a in areas if a in region]
    said = []
    for area in spelt:
        known = shown[shown["area"] == area].sort_values("share", ascending=False)
        parts = [f"{r.type.lower()} {percent(r.share)}" for r in known.itertuples()]
        if parts:
            said.append(f"{clean(area)}: {', '.join(parts)}.")
    if len(spelt) < len(areas):
        others = shown[~shown["area"].isin(region)]
        said += [_say_extremes(kind, of_kind) for kind, of_kind in others.groupby("type")]
    hidden = list(rows[rows["is_suppressed"].astype(bool)].itertuples())
    names = [f"{r.type.lower()} in {clean(r.area)}" for r in hidden]
    why = [why_hidden(r) for r in hidden]
    return sentences(*said, withheld_words(names, why)) or "No type is known for any area."


def _say_extremes(kind: str, rows: pd.DataFrame) -> str:
    most, least = rows.loc[rows["share"].idxmax()], rows.loc[rows["share"].idxmin()]
    return (
        f"{kind}: from {percent(least.share)} in {clean(least.area)} to {percent(most.share)} in "
        f"{clean(most.area)}."
    )


def _mix_table(frame: pd.DataFrame, areas: list[str], types: list[str]) -> Table:
    cells = {(r.area, r.type): r for r in frame.itertuples()}

    def shown(area: str, kind: str) -> str:
        row = cells.get((area, kind))
        if row is None:
            return "none"
        return why_hidden(row) if row.is_suppressed else part_of(row.part, row.of)

    return Table(("Area", *types), tuple((clean(a), *(shown(a, t) for t in types)) for a in areas))


def distance_curve(
    frame: pd.DataFrame, title: str, highlight: tuple[str, ...] = (), far: int = FAR_MILES
) -> Picture:
    """Lines: the share of placements within so many miles from home, with `far` miles marked.

    Columns: area (text), is_region (bool), miles (number, the same steps for every area and `far`
    among them), share_within (0 to 1, null where withheld), known (placements with a known
    distance, null where withheld), is_suppressed (bool), why (text: the words for what is
    withheld; may be left out). `highlight`: areas to name where there
    are too many for a colour each; without it those with the most and the least within `far`.
    """
    if frame.empty:
        return Picture(title, "There is nothing to show yet.")
    refuse_leaks(frame, "share_within", "known")
    frame = frame.sort_values(["area", "miles"], ignore_index=True)
    if far not in set(frame["miles"]):
        raise ValueError(f"{far} miles is not among the steps")
    shown = frame[~frame["is_suppressed"].astype(bool)].assign(area=frame["area"].map(clean))
    at_far = shown[shown["miles"] == far].sort_values(
        ["share_within", "area"], ascending=[False, True]
    )
    named = _named(at_far, highlight)
    of_far = frame[(frame["miles"] == far) & frame["is_suppressed"].astype(bool)]
    hidden = list(of_far.sort_values("area").itertuples())
    names, why = [clean(r.area) for r in hidden], [why_hidden(r) for r in hidden]
    says = sentences(*_say_distance(at_far, far), withheld_words(names, why))
    svg = drawn(_distance_lines(shown, named, far)) if not shown.empty else None
    return Picture(
        title,
        says,
        svg,
        _distance_table(frame, far),
        "The line of an area rises to the share of its placements that are no further from home, "
        "in a straight line. The higher the line, the nearer the homes.",
    )


def _named(at_far: pd.DataFrame, highlight: tuple[str, ...]) -> list[str]:
    """The areas that get a colour and a place in the legend, the region first."""
    region = list(at_far.loc[at_far["is_region"].astype(bool), "area"])
    others = list(at_far.loc[~at_far["is_region"].astype(bool), "area"])
    if len(region) + len(others) <= NAMED_LINES:
        return region + others
    chosen = [clean(a) for a in highlight if clean(a) in others] or [others[0], others[-1]]
    return (region + chosen)[:NAMED_LINES]


def _say_distance(at_far: pd.DataFrame, far: int) -> list[str]:
    said = [
        f"In the region {percent(r.share_within)} of {r.known:,.0f} placements with a known "
        f"distance are within {far} miles of home."
        for r in at_far[at_far["is_region"].astype(bool)].itertuples()
    ]
    areas = at_far[~at_far["is_region"].astype(bool)]
    parts = [f"{r.area} {percent(r.share_within)}" for r in areas.itertuples()]
    if parts:
        said.append(f"Within {far} miles, by area: {listed(parts)}.")
    return said


def _distance_lines(shown: pd.DataFrame, named: list[str], far: int) -> alt.TopLevelMixin:
    others = sorted(set(shown["area"]) - set(named))
    rest = "Other areas"
    rows = shown[["area", "miles", "share_within"]].assign(
        line=[a if a in named else rest for a in shown["area"]]
    )
    order = [*named, *([rest] if others else [])]
    colours = [*SERIES[: len(named)], *(["#9a9a9a"] if others else [])]
    dashes = [[1, 0], [8, 3], [3, 3], [10, 3, 2, 3], [5, 2]][: len(named)]
    dashes += [[1, 0]] if others else []
    steps = [s for s in sorted(shown["miles"].unique()) if s in AXIS_MILES]
    across = alt.X(
        "miles:Q",
        title="miles from home",
        axis=alt.Axis(grid=False, values=steps, labelOverlap=True),
    )
    up = alt.Y(
        "share_within:Q",
        title=None,
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%", tickCount=5),
    )
    lines_ = (
        alt.Chart(rows)
        .mark_line(point=alt.OverlayMarkDef(size=28))
        .encode(
            x=across,
            y=up,
            detail="area:N",
            color=alt.Color(
                "line:N",
                scale=alt.Scale(domain=order, range=colours),
                legend=alt.Legend(columns=3, symbolSize=300, symbolType="stroke"),
            ),
            strokeDash=alt.StrokeDash("line:N", scale=alt.Scale(domain=order, range=dashes)),
            strokeWidth=alt.condition(
                alt.FieldOneOfPredicate("line", [rest]), alt.value(1), alt.value(2.5)
            ),
        )
    )
    at_far = pd.DataFrame({"miles": [far], "words": [f"{far} miles"]})
    rule = alt.Chart(at_far).mark_rule(color=GREY, strokeDash=[4, 4]).encode(x="miles:Q")
    words = (
        alt.Chart(at_far)
        .mark_text(align="left", dx=5, y=330, baseline="bottom", color=QUIET)
        .encode(x="miles:Q", text="words:N")
    )
    return (rule + lines_ + words).properties(width=WIDTH, height=340)


def _distance_table(frame: pd.DataFrame, far: int) -> Table:
    steps = sorted(frame["miles"].unique())
    rows = []
    for area, of_area in frame.groupby("area", sort=True):
        by_step = {r.miles: r for r in of_area.itertuples()}
        known = next((f"{r.known:,.0f}" for r in by_step.values() if not r.is_suppressed), TOO_FEW)
        shares = [
            NOT_KNOWN
            if s not in by_step
            else why_hidden(by_step[s])
            if by_step[s].is_suppressed
            else percent(by_step[s].share_within)
            for s in steps
        ]
        rows.append((clean(area), known, *shares))
    return Table(
        ("Area", "Placements with a known distance", *(f"Within {s:g} miles" for s in steps)),
        tuple(rows),
    )
