"""What every picture is made of: colours, drawing, and the rule that nothing withheld is drawn."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd
import vl_convert

from pipeline.reports.region.words import FOR_ANOTHER, TOO_FEW, listed, why_withheld

INK, QUIET, LINE, PAPER = "#1b1b1b", "#595959", "#d4d4d4", "#ffffff"
BLUE, ORANGE, GREEN, PURPLE, RED, GREY = (
    "#1f5f99",
    "#b85c00",
    "#2b7a3d",
    "#6f4a9e",
    "#b3261e",
    "#767676",
)
SERIES = (BLUE, ORANGE, GREEN, PURPLE, RED, GREY)
STEPS = ("#eef4fa", "#c4d9ec", "#8bb3d9", "#5f97cb", "#12487c")  # little to much
WITHHELD_FILL = "#ececec"  # hatched when it is drawn, so that nobody takes it for a little
# Slanting lines on the fill: Vega-Lite knows no patterns, so they are put into what it drew.
HATCH = (
    '<defs><pattern id="withheld" width="7" height="7" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="7" height="7" fill="#ececec"/>'
    '<rect width="2" height="7" fill="#b8b8b8"/></pattern></defs>'
)

WIDTH = 600  # of the plot itself, in pixels; names stand to the left of it
ROW = 26  # pixels for a line of a chart
MOST_NAMED = 6  # withheld figures in a sentence; more are counted
LABEL = 28  # characters of a name before it goes on in the next line
FONT = "Arial, Liberation Sans, Helvetica, sans-serif"
VEGA_LITE = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
# A name of two lines reaches an axis below or above as one text with a line break in it.
NAMES = {"labelExpr": r"split(datum.label, '\n')", "labelLimit": 0, "title": None}
LINE_PIXELS = 15  # from line to line of a name


@dataclass(frozen=True)
class Table:
    """Texts as they are to be read; the first cell of a row names the row."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Picture:
    """A picture; `says` is its text alternative. Without rows there is no svg and no table."""

    title: str
    says: str
    svg: str | None = None
    table: Table | None = None
    how_to_read: str = ""


def refuse_leaks(frame: pd.DataFrame, *columns: str) -> None:
    """Raise ValueError where a row that is withheld still carries a figure."""
    withheld = frame["is_suppressed"].astype(bool)
    leaking = [c for c in columns if frame.loc[withheld, c].notna().any()]
    if leaking:
        raise ValueError(f"withheld rows still carry {', '.join(leaking)}")
    missing = [c for c in columns if frame.loc[~withheld, c].isna().any()]
    if missing:
        raise ValueError(f"rows that are not withheld lack {', '.join(missing)}")


def clean(text: str) -> str:
    """Text of data on one line, without what cannot be seen or turns the reading direction."""
    return " ".join("".join(c for c in str(text) if c.isprintable() or c.isspace()).split())


def wrapped(name: str, width: int = LABEL) -> str:
    """A name over as many lines as it needs."""
    return "\n".join(textwrap.wrap(clean(name), width)) or "(no name)"


def lines(names: pd.Series) -> int:
    """The most lines that any of these wrapped names has; at least one."""
    return max((n.count("\n") + 1 for n in names), default=1)


def named_rows(
    chart: alt.LayerChart | alt.Chart, names: Sequence[str], grid: bool = False
) -> alt.LayerChart:
    """The chart with a name left of each row, in this order, its lines centred on the row.

    An axis would hang a name of two lines from the middle of its row. The chart's rows are those
    of `name` in its data.
    """
    axis = alt.Axis(labels=False, ticks=False, domain=False, title=None, grid=grid)
    rows = pd.DataFrame({"name": list(names), "lines": [n.count("\n") for n in names]})
    layers = [
        alt.Chart(of_lines)
        .mark_text(
            align="right",
            x=-8,
            dy=-LINE_PIXELS * int(count) / 2,
            lineBreak="\n",
            lineHeight=LINE_PIXELS,
            baseline="middle",
        )
        .encode(
            y=alt.Y("name:N", axis=axis, sort=list(names), scale=alt.Scale(domain=list(names))),
            text="name:N",
        )
        for count, of_lines in rows.groupby("lines")
    ]
    return alt.layer(chart, *layers)


def ranges_about_nothing(data: pd.DataFrame, axis: alt.Axis) -> alt.LayerChart:
    """A line and a point for each row, left and right of a line at 0.

    Columns: name, lower, middle, upper (numbers on the axis), words (what stands at the point).
    """
    base = alt.Chart(data).encode(y=alt.Y("name:N", sort=list(data["name"])))
    lines = base.mark_rule(strokeWidth=4, color=BLUE, opacity=0.5).encode(
        x=alt.X("lower:Q", axis=axis), x2="upper:Q"
    )
    marks = base.mark_point(filled=True, size=100, color=BLUE, opacity=1).encode(
        x=alt.X("middle:Q", axis=axis)
    )
    words = base.mark_text(dy=-11, fontSize=12).encode(
        x=alt.X("middle:Q", axis=axis), text="words:N"
    )
    none = alt.Chart(pd.DataFrame({"at": [0]})).mark_rule(color=QUIET).encode(x="at:Q")
    height = (row_height(data["name"]) + ROW // 2) * len(data)
    return named_rows(none + lines + marks + words, data["name"]).properties(
        width=WIDTH, height=height
    )


def row_height(names: pd.Series) -> int:
    """Pixels for a row, so that names of several lines do not meet."""
    return max(ROW, 15 * lines(names) + 8)


def whys(rows: pd.DataFrame, *figures: str) -> list[str]:
    """For each row of a mart the words that stand for these figures where they are not shown."""
    return [why_withheld(text, *figures) for text in rows["withheld"]]


def why_hidden(row: object) -> str:
    """The words that stand for a figure of a row that is not shown: of its column `why`, if any."""
    return getattr(row, "why", "") or TOO_FEW


def withheld_words(names: Sequence[str], why: Sequence[str] = ()) -> str:
    """Sentences that name what is withheld, or count it where it is much; or nothing.

    why: of each name TOO_FEW or FOR_ANOTHER; all are too few where it is left out.
    """
    reasons = why or [TOO_FEW] * len(names)
    said = []
    for reason in (TOO_FEW, FOR_ANOTHER):
        mine = [n for n, r in zip(names, reasons, strict=True) if r == reason]
        if len(mine) > MOST_NAMED:
            said.append(f"{len(mine)} of the figures are {reason}; the table marks them.")
        elif mine:
            said.append(f"{reason[0].upper()}{reason[1:]}: {listed(mine)}.")
    return " ".join(said)


def sentences(*parts: str) -> str:
    """Sentences as one paragraph; empty ones are left out."""
    return " ".join(p for p in parts if p)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours such as #1f5f99 as WCAG 2 counts it, 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def ink_on(fill: str) -> str:
    """The text colour that reads better on a fill."""
    return max((INK, PAPER), key=lambda c: contrast(c, fill))


def drawn(chart: alt.TopLevelMixin) -> str:
    """A chart as SVG for a page: no script, no address, no data beside what is drawn."""
    styled = chart.configure(
        font=FONT,
        background=PAPER,
        aria=False,  # its texts name columns; the figure has a text of its own
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelFontSize=13,
            titleFontSize=13,
            titleFontWeight="normal",
            labelColor=INK,
            titleColor=QUIET,
            gridColor=LINE,
            domainColor=GREY,
            tickColor=GREY,
        ),
        legend=alt.LegendConfig(
            labelFontSize=13, labelLimit=0, titleFontSize=13, orient="top", title=None
        ),
        text=alt.MarkConfig(fontSize=13, color=INK),
        header=alt.HeaderConfig(labelFontSize=13, labelFontWeight="bold", labelColor=INK),
    )
    # Altair checked each part when it was made: the whole is not checked again.
    spec = styled.to_dict(validate=False)
    svg = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[])
    return hatched(svg)


def hatched(svg: str) -> str:
    """A drawn chart whose withheld parts are hatched."""
    plain = f'fill="{WITHHELD_FILL}"'
    if plain not in svg:
        return svg
    begins = svg.index(">", svg.index("<svg")) + 1
    body = svg[begins:].replace(plain, 'fill="url(#withheld)"')
    return f"{svg[:begins]}{HATCH}{body}"
