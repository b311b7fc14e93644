"""The report as one page: opens from disk, calls nobody, runs no script, prints.

All that comes from data goes through Jinja's escaping; only the pictures, which are drawn here, and
the style sheet beside this file are put in as they are.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.reports.region.charts.picture import Picture, clean
from pipeline.reports.region.words import listed

HERE = Path(__file__).parent
LEVELS = ("fit", "use with care", "not fit", "nothing received")
ROOT = re.compile(
    r"<svg\b[^>]*?\bwidth=\"(?P<wide>[\d.]+)\"[^>]*?\bheight=\"(?P<high>[\d.]+)\"[^>]*>"
)
FIGURE = re.compile(r"[-+\N{MINUS SIGN}£\d]")  # how a cell begins that must stay on one line
OUTSIDE = re.compile(r"(?:https?:)?//|\b(?:href|src)\s*=|<(?:script|image|foreignObject)\b", re.I)


@dataclass(frozen=True)
class Standing:
    """How far the data of one LA behind a section can be trusted: one of LEVELS, and why."""

    la_name: str
    level: str
    why: str = ""


@dataclass(frozen=True)
class Section:
    """A question, the pictures that answer it, what they rest on and what to bear in mind."""

    title: str
    question: str
    period: str
    pictures: tuple[Picture, ...]
    standings: tuple[Standing, ...]
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """A whole edition: for the region, or for one LA."""

    title: str
    for_whom: str
    is_synthetic: bool
    las: tuple[str, ...]
    period: str
    published: str
    code_version: str
    sections: tuple[Section, ...]
    how_to_read: tuple[str, ...]
    marking: str = ""  # who alone may read it, to stand on every page; blank where anyone may


def inline_svg(svg: str, key: str) -> Markup:
    """A drawn picture for a page: named by its text, its ids its own, scaled to the page.

    Raises ValueError where it would load anything.
    """
    root = ROOT.match(svg)
    if not root:
        raise ValueError("a picture without a size")
    body = re.sub(r"\bid=\"([^\"]+)\"", rf'id="{key}-\1"', svg[root.end() :])
    body = re.sub(r"url\(#([^)]+)\)", rf"url(#{key}-\1)", body)
    body = re.sub(r" (?:role|aria-[a-z]+)=\"[^\"]*\"", "", body)
    if OUTSIDE.search(re.sub(r">[^<]*<", "><", body)):  # in its tags; texts may say what they like
        raise ValueError("a picture that would load something")
    size = f"0 0 {root['wide']} {root['high']}"
    # The size is of our own drawing, the body of our own library: nothing of it is from data.
    return Markup(  # noqa: S704
        f'<svg role="img" aria-labelledby="{key}-title" aria-describedby="{key}-says" '
        f'width="{root["wide"]}" height="{root["high"]}" viewBox="{size}">{body}'
    )


def by_level(standings: Sequence[Standing]) -> list[tuple[str, list[Standing]]]:
    """The LAs of each level that has any, the best level first."""
    groups = [(level, [s for s in standings if s.level == level]) for level in LEVELS]
    return [(level, found) for level, found in groups if found]


def in_short(page: Page) -> list[str]:
    """How the words of each section's first picture begin: a sentence, or two for one LA."""
    sentences = 2 if len(page.las) == 1 else 1
    return [
        " ".join(re.split(r"(?<=[.])\s+(?=[A-Z0-9])", s.pictures[0].says)[:sentences])
        for s in page.sections
        if s.pictures and s.pictures[0].svg
    ]


def render(page: Page) -> str:
    """The page as HTML."""
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["figure"] = lambda cell: bool(FIGURE.match(cell))
    environment.filters |= {"clean": clean, "listed": listed, "inline_svg": inline_svg}
    style = Markup((HERE / "page.css").read_text(encoding="utf-8"))  # noqa: S704  our own file
    return environment.get_template("page.j2").render(
        page=page, style=style, by_level=by_level, in_short=in_short(page)
    )
