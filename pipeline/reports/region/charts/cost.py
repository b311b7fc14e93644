"""What homes cost: prices by type, providers beside each other, the spend bridge."""

from decimal import Decimal

import altair as alt
import pandas as pd

from pipeline.reports.region.charts.picture import (
    BLUE,
    GREEN,
    GREY,
    INK,
    NAMES,
    ORANGE,
    QUIET,
    RED,
    SERIES,
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
    TOO_FEW,
    change_in_percent,
    change_in_pounds,
    how_many,
    listed,
    pounds,
    pounds_a_week,
)

TOLD_APART = 5  # more areas than these cannot have a colour each
MOST_PROVIDERS = 24  # that can be read on a printed page; the table has them all
POUNDS_AXIS = "(datum.value < 0 ? '\N{MINUS SIGN}' : '') + '£' + format(abs(datum.value), ',.0f')"
MILLIONS_AXIS = (
    "(datum.value < 0 ? '\N{MINUS SIGN}' : '') + "
    "(abs(datum.value) >= 1e6 ? '£' + format(abs(datum.value) / 1e6, '.1f') + ' million' "
    ": '£' + format(abs(datum.value), ',.0f'))"
)
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross")


def cost_by_type(frame: pd.DataFrame, title: str) -> Picture:
    """Weekly price by type of home and sector of its provider: the middle of each area.

    Columns: type, sector, area (texts), children (count), lower, middle, upper (quartiles in pounds
    a week), the last four null where withheld; is_suppressed (bool). With one area its middle half
    is drawn as well.
    """
    if frame.empty:
        return Picture(title, "There is nothing to show yet.")
    refuse_leaks(frame, "children", "lower", "middle", "upper")
    rows = frame.assign(kind=[f"{r.type}, {r.sector}" for r in frame.itertuples()])
    rows = rows.sort_values(["kind", "area"], ignore_index=True)
    shown = rows[~rows["is_suppressed"].astype(bool)]
    table = Table(
        (
            "Type and provider",
            "Area",
            "Children",
            "A quarter cost less than",
            "Half",
            "A quarter more",
        ),
        tuple(
            (clean(r.kind), clean(r.area), TOO_FEW, TOO_FEW, TOO_FEW, TOO_FEW)
            if r.is_suppressed
            else (
                clean(r.kind),
                clean(r.area),
                f"{r.children:,.0f}",
                *(pounds_a_week(v) for v in (r.lower, r.middle, r.upper)),
            )
            for r in rows.sort_values(["kind", "area"]).itertuples()
        ),
    )
    hidden = [
        f"{clean(r.kind)} in {clean(r.area)}"
        for r in rows[rows["is_suppressed"].astype(bool)].itertuples()
    ]
    one_area = frame["area"].nunique() == 1
    return Picture(
        title,
        sentences(*_say_costs(shown), withheld_words(sorted(hidden))),
        drawn(_cost_points(rows, shown, one_area)) if not shown.empty else None,
        table,
        "The mark is the price that half of the placements are below. "
        + ("The line spans the middle half of them. " if one_area else "Each mark is an area. ")
        + "Children's needs differ between areas and sectors: a higher price is not by itself a "
        "worse one.",
    )


def _say_costs(shown: pd.DataFrame) -> list[str]:
    said = []
    for kind in _dearest_first(shown):
        of_kind = shown[shown["kind"] == kind]
        low, high = of_kind["middle"].min(), of_kind["middle"].max()
        name = clean(kind)
        if len(of_kind) == 1 or pounds(low) == pounds(high):
            said.append(f"{name}: half cost less than {pounds_a_week(high)}.")
        else:
            least = of_kind.loc[of_kind["middle"].idxmin(), "area"]
            most = of_kind.loc[of_kind["middle"].idxmax(), "area"]
            said.append(
                f"{name}: from {pounds_a_week(low)} in {clean(least)} to {pounds_a_week(high)} in "
                f"{clean(most)}."
            )
    return said


def _dearest_first(rows: pd.DataFrame) -> list[str]:
    """Types with their sector, by their highest price; those wholly withheld last, by name."""
    highest = rows.groupby("kind")["middle"].max().astype(float)
    return sorted(highest.index, key=lambda k: (-highest.fillna(0)[k], k))


def _cost_points(rows: pd.DataFrame, shown: pd.DataFrame, one_area: bool) -> alt.TopLevelMixin:
    data = shown[["area", "lower", "middle", "upper"]].assign(
        name=shown["kind"].map(wrapped), area=shown["area"].map(clean)
    )
    for column in ("lower", "middle", "upper"):
        data[column] = data[column].astype(float)
    kinds = [wrapped(k) for k in _dearest_first(rows)]
    areas = sorted(data["area"].unique())
    y = alt.Y(
        "name:N",
        sort=kinds,
        scale=alt.Scale(domain=kinds),
        axis=alt.Axis(labels=False, ticks=False, domain=False, title=None, grid=True),
    )
    axis = alt.Axis(labelExpr=POUNDS_AXIS, tickCount=6, title="a week")
    base = alt.Chart(data).encode(y=y)
    height = (row_height(pd.Series(kinds)) + 8) * len(kinds)
    wholly = pd.DataFrame({"name": [k for k in kinds if k not in set(data["name"])]})
    withheld = (
        alt.Chart(wholly)
        .mark_text(align="left", x=6, text=TOO_FEW, color=QUIET)
        .encode(y=alt.Y("name:N", sort=kinds, scale=alt.Scale(domain=kinds)))
    )
    if one_area:
        lines = base.mark_rule(strokeWidth=4, color=BLUE, opacity=0.5).encode(
            x=alt.X("lower:Q", axis=axis, scale=alt.Scale(zero=True)), x2="upper:Q"
        )
        marks = base.mark_point(filled=True, size=110, color=BLUE, opacity=1).encode(
            x=alt.X("middle:Q", axis=axis)
        )
        return named_rows(lines + marks + withheld, kinds, grid=True).properties(
            width=WIDTH, height=height
        )
    x = alt.X("middle:Q", axis=axis, scale=alt.Scale(zero=True))
    few = len(areas) <= TOLD_APART
    marks = base.mark_point(filled=True, size=90 if few else 55, opacity=0.85 if few else 0.6)
    if few:
        marks = marks.encode(
            x=x,
            yOffset=alt.YOffset("area:N", sort=areas),
            color=alt.Color("area:N", scale=alt.Scale(domain=areas, range=SERIES[: len(areas)])),
            shape=alt.Shape("area:N", scale=alt.Scale(domain=areas, range=SHAPES[: len(areas)])),
        )
    else:
        marks = marks.encode(x=x, color=alt.value(BLUE))
    return named_rows(marks + withheld, kinds, grid=True).properties(width=WIDTH, height=height)


def provider_caterpillar(
    frame: pd.DataFrame, title: str, who: tuple[str, str] = ("provider", "providers")
) -> Picture:
    """Providers or owners beside each other: percent above or below what like children cost.

    Columns: provider (text, unique: add the URN where two have one name), children (count; null
    where it is withheld), premium, low, high (percent; low and high bound the 80% interval; null
    where withheld); is_suppressed (bool: there is no premium); optional why, what the table says of
    these rows instead of too few.
    who: what one of them is called, and several.
    """
    if frame.empty:
        return Picture(title, "There is nothing to show yet.")
    refuse_leaks(frame, "premium", "low", "high")
    refuse_leaks(frame[frame["is_suppressed"].astype(bool)], "children")
    if frame["provider"].duplicated().any():
        raise ValueError("a provider stands twice")
    if "why" not in frame:
        frame = frame.assign(why=TOO_FEW)
    withheld = frame[frame["is_suppressed"].astype(bool)]
    few = int((withheld["why"] == TOO_FEW).sum())
    other = len(withheld) - few
    shown = frame[~frame["is_suppressed"].astype(bool)].sort_values(
        ["premium", "provider"], ascending=[False, True]
    )
    drawn_rows = shown
    if len(shown) > MOST_PROVIDERS:
        half = MOST_PROVIDERS // 2
        drawn_rows = pd.concat([shown.head(half), shown.tail(half)])
    left_out = len(shown) - len(drawn_rows)
    says = sentences(
        *_say_premiums(shown, who),
        f"{how_many(few, f'{who[0]} has', f'{who[1]} have')} too few children to tell."
        if few
        else "",
        f"{how_many(other, f'{who[0]} has', f'{who[1]} have')} too little to be compared with."
        if other
        else "",
        f"The {left_out} in the middle are in the table only." if left_out else "",
    )
    svg = drawn(_caterpillar(drawn_rows)) if not shown.empty else None
    return Picture(
        title,
        says,
        svg,
        _premium_table(shown, withheld, who),
        "The point is the difference from what children with like needs, of like age and in the "
        "same type of home cost; the true difference lies within the line 8 times in 10, so that "
        "of those called clear up to 1 in 10 may be none. A line that crosses 0% may be no "
        "difference at all. Needs are known only as far as the returns tell them: ask before you "
        "conclude.",
    )


def _say_premiums(shown: pd.DataFrame, who: tuple[str, str]) -> list[str]:
    """Who clearly charges more, and less; who is foremost, where one is by the figures shown."""
    above, below = shown[shown["low"] > 0], shown[shown["high"] < 0]
    said = []
    for rows, word, estimate in ((above, "more", "highest"), (below.iloc[::-1], "less", "lowest")):
        if rows.empty:
            continue
        first = rows.iloc[0]
        as_high = rows[rows["premium"].round() == round(first.premium)]
        named = (
            f"the {estimate} estimate is that of {clean(first.provider)} "
            f"({change_in_percent(first.premium)}, 8 times in 10 between "
            f"{change_in_percent(first.low)} and {change_in_percent(first.high)})"
            if len(as_high) == 1
            else f"the {estimate} estimate, {change_in_percent(first.premium)}, is shared by "
            f"{listed([clean(p) for p in sorted(as_high['provider'])])}"
        )
        if len(rows) == 1:
            named = (
                f"{clean(first.provider)} ({change_in_percent(first.premium)}, 8 times in 10 "
                f"between {change_in_percent(first.low)} and {change_in_percent(first.high)})"
            )
        verb = "charges" if len(rows) == 1 else "charge"
        said.append(
            f"{how_many(len(rows), *who)} clearly {verb} {word} for children with like needs: "
            f"{named}."
        )
    if not said and not shown.empty:
        said.append(f"No {who[0]} clearly charges more or less for children with like needs.")
    unclear = len(shown) - len(above) - len(below)
    if unclear and (len(above) or len(below)):
        said.append(f"For {unclear} there may be no difference.")
    return said


def _caterpillar(rows: pd.DataFrame) -> alt.TopLevelMixin:
    data = pd.DataFrame(
        {
            "name": rows["provider"].map(lambda n: wrapped(n, 40)),
            "premium": rows["premium"].astype(float),
            "low": rows["low"].astype(float),
            "high": rows["high"].astype(float),
            "colour": [
                RED if r.low > 0 else GREEN if r.high < 0 else GREY for r in rows.itertuples()
            ],
        }
    )
    y = alt.Y("name:N", sort=list(data["name"]))
    axis = alt.Axis(
        labelExpr="(datum.value > 0 ? '+' : datum.value < 0 ? '\N{MINUS SIGN}' : '') "
        "+ abs(datum.value) + '%'",
        title="above or below what like children cost",
        tickCount=7,
    )
    base = alt.Chart(data).encode(y=y, color=alt.Color("colour:N", scale=None))
    lines = base.mark_rule(strokeWidth=3).encode(x=alt.X("low:Q", axis=axis), x2="high:Q")
    marks = base.mark_point(filled=True, size=80, opacity=1).encode(x=alt.X("premium:Q", axis=axis))
    none = alt.Chart(pd.DataFrame({"at": [0]})).mark_rule(color=INK).encode(x="at:Q")
    height = row_height(data["name"]) * len(data)
    return named_rows(none + lines + marks, data["name"]).properties(width=WIDTH, height=height)


def _premium_table(shown: pd.DataFrame, withheld: pd.DataFrame, who: tuple[str, str]) -> Table:
    rows = [
        (
            clean(r.provider),
            TOO_FEW if pd.isna(r.children) else f"{r.children:,.0f}",
            change_in_percent(r.premium),
            f"{change_in_percent(r.low)} to {change_in_percent(r.high)}",
        )
        for r in shown.itertuples()
    ]
    rows += [
        (clean(r.provider), r.why, r.why, r.why)
        for r in withheld.sort_values("provider").itertuples()
    ]
    headings = (who[0].capitalize(), "Children", "Difference", "8 in 10 lie within")
    return Table(headings, tuple(rows))


def spend_bridge(frame: pd.DataFrame, title: str, before: str, after: str) -> Picture:
    """From the spend of one period to that of another, by what drives it.

    Columns: step (text), amount_gbp (Decimal or float, pounds, to the penny). The first row is the
    spend `before`, the last the spend `after`, those between are the changes. Raises ValueError
    where they do not add up.
    """
    if frame.empty:
        return Picture(title, "There is nothing to show yet.")
    amounts = [Decimal(str(a)) for a in frame["amount_gbp"]]
    if len(amounts) < 2 or amounts[0] + sum(amounts[1:-1]) != amounts[-1]:
        raise ValueError("the bridge does not add up")
    names = [f"Spend, {before}", *frame["step"].iloc[1:-1], f"Spend, {after}"]
    steps = list(zip(names[1:-1], amounts[1:-1], strict=True))
    whole = amounts[-1] - amounts[0]
    share = "" if not amounts[0] else f" ({change_in_percent(float(100 * whole / amounts[0]))})"
    ordered = sorted(steps, key=lambda s: -abs(s[1]))
    parts = [
        f"{clean(n).lower()} {'added' if a > 0 else 'took off'} {pounds(float(abs(a)))}"
        if a
        else f"{clean(n).lower()} made no difference"
        for n, a in ordered
    ]
    says = (
        f"Spend went from {pounds(float(amounts[0]))} ({before}) to {pounds(float(amounts[-1]))} "
        f"({after}): {pounds(float(abs(whole)))} {'more' if whole >= 0 else 'less'}{share}. "
        f"In it {listed(parts)}."
    )
    table = Table(
        ("Step", "Pounds"),
        tuple(
            (clean(n), f"{a:,.2f}".removesuffix(".00")) for n, a in zip(names, amounts, strict=True)
        ),
    )
    return Picture(
        title,
        says,
        drawn(_bridge(names, amounts)),
        table,
        "The changes add up to the difference. Volume: more or fewer children; mix: "
        "other types of home; price: the same type for another price; length of stay: more or "
        "fewer nights.",
    )


def _bridge(names: list[str], amounts: list[Decimal]) -> alt.TopLevelMixin:
    rows, at = [], 0.0
    last = len(names) - 1
    for n, (name, amount) in enumerate(zip(names, map(float, amounts), strict=True)):
        total = n in (0, last)
        begin, end = (0.0, amount) if total else (at, at + amount)
        at = end
        rows.append(
            {
                "name": wrapped(name, 16),
                "begin": begin,
                "end": end,
                "top": max(begin, end),
                "colour": BLUE if total else ORANGE if amount > 0 else GREEN,
                "words": pounds(amount) if total else change_in_pounds(amount),
            }
        )
    data = pd.DataFrame(rows)
    order = list(data["name"])
    base = alt.Chart(data).encode(
        x=alt.X("name:N", sort=order, axis=alt.Axis(labelAngle=0, ticks=False, **NAMES))
    )
    axis = alt.Axis(labelExpr=MILLIONS_AXIS, title=None, tickCount=5)
    reach = data[["begin", "end"]]
    low = min(0.0, float(reach.min(axis=None)) * 1.1)
    high = max(1.0, float(reach.max(axis=None)) * 1.1)  # room for the words on the highest bar
    bars = base.mark_bar(size=56).encode(
        y=alt.Y("begin:Q", axis=axis, scale=alt.Scale(domain=[low, high], nice=False)),
        y2="end:Q",
        color=alt.Color("colour:N", scale=None),
    )
    words = base.mark_text(dy=-9).encode(y=alt.Y("top:Q", axis=axis), text="words:N")
    return (bars + words).properties(width=max(WIDTH, 105 * len(data)), height=320)
