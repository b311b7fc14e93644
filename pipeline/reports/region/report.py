"""Writes the editions of the report, from the published files.

`reports/region/index.html` is for use inside the partnership, `reports/shareable/index.html` for
everyone else; `reports/<code>/region_report.html` is for one LA: its own figures beside the
region's. What each of them shows, and how exactly, is decided in `pipeline.reports.editions`.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.publish import published_state
from pipeline.region import Region
from pipeline.reports.editions import LEAST_AUTHORITIES, is_inside_exact, opened
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.reports.region.sections import Figures

REPORT = "region_report.html"
STAMP = "made_from.txt"
INSIDE = "For use inside the partnership."
INSIDE_AN_LA = "For use inside the authority."
ROUNDED = (
    "Counts are to the nearest 5, and shares are worked out from those. Counts of 1 to 7 are too "
    "few to show, and so that they stay unknown a total that would tell one is withheld with them; "
    "a true zero is shown. Prices rest on at least 5 children."
)
EXACT = (
    "Figures are exact, small numbers among them. A figure of few children may be of somebody whom "
    "you know: use this report inside the partnership only. What may be passed on is the shareable "
    "edition."
)
OWN_EXACT = (
    "Your own authority's figures are exact, small numbers among them, but for what rests on other "
    "authorities' children as well: do not pass them on. Of all others:"
)
HOW_TO_READ = (
    "The lowest and the highest single price are never shown.",
    "Standing of an authority's data: fit; use with care: some rows could not be used, or answers "
    "break the standard; not fit: too many of them to rely on the figure. It follows from the "
    "checks of what the figures rest on. Nothing is left out of a figure for it.",
    "The text above a picture says what it shows; the figures behind it are below it, for reading "
    "aloud, copying and checking.",
    "An analyst finds every figure in the warehouse, with what it counts: see the documentation "
    "for analysts.",
)


@dataclass(frozen=True)
class Edition:
    """A page: where it lies, which LA reads it (None: all), and whether it may leave the hub."""

    page: Path
    reader: str | None
    is_for_outside: bool = False


def editions(settings: Settings) -> list[Edition]:
    """All pages that there are, the region's first."""
    reports = settings.reports
    return [
        Edition(reports / "region" / "index.html", None),
        Edition(reports / "shareable" / "index.html", None, is_for_outside=True),
        *(Edition(reports / a.code / REPORT, a.code) for a in settings.region.authorities),
    ]


def report_stands(settings: Settings, built_from: str) -> bool:
    """Whether the reports were made from this state of the warehouse, whole, and are all there."""
    stamp = settings.reports / "region" / STAMP
    return (
        stamp.exists()
        and stamp.read_text(encoding="ascii") == _made_from(settings, built_from)
        and all(edition.page.exists() for edition in editions(settings))
    )


def write_region_report(settings: Settings) -> list[Path]:
    """Write all editions, each replaced whole; gives their paths, the region's first.

    Raises FileNotFoundError where nothing is published.
    """
    # Drawing loads a JavaScript engine: only when a report is made.
    from pipeline.reports.region.sections import read_figures

    built_from = published_state(settings)
    if built_from is None:
        raise FileNotFoundError("there is no published warehouse to report on")
    stamp = settings.reports / "region" / STAMP
    stamp.unlink(missing_ok=True)
    written = []
    for edition in editions(settings):
        with opened(settings, edition.reader, edition.is_for_outside) as (connection, rows):
            figures = read_figures(connection, rows, settings.region, edition.reader)
        _write(edition.page, _html(settings, edition, figures))
        written.append(edition.page)
    stamp.write_text(_made_from(settings, built_from), encoding="ascii")
    return written


def _made_from(settings: Settings, built_from: str) -> str:
    """The warehouse, who sees whom, and what the pages are laid out by.

    The code is part of the warehouse's state.
    """
    region = settings.region
    seen = f"{region.las_see_each_other} {region.exact_marts_inside}"
    digest = hashlib.sha256(f"{built_from} {seen}".encode())
    for name in ("page.css", "page.j2"):
        digest.update((Path(__file__).with_name(name)).read_bytes())
    return digest.hexdigest()


def _html(settings: Settings, edition: Edition, figures: "Figures") -> str:
    from pipeline.reports.region.page import Page, render
    from pipeline.reports.region.sections import period_words, sections

    title, whom = _for_whom(settings, edition, figures)
    marking, how_exact = _how_exact(settings.region, edition)
    return render(
        Page(
            f"Homes for children: {title}",
            whom,
            figures.is_synthetic,
            tuple(figures.las.values()),
            period_words(figures),
            f"{figures.published_at.day} {figures.published_at:%B %Y}",
            figures.code_version,
            sections(figures),
            (how_exact, *HOW_TO_READ),
            marking,
        )
    )


def _for_whom(settings: Settings, edition: Edition, figures: "Figures") -> tuple[str, str]:
    """The title of an edition, and who it is for."""
    region = settings.region
    if figures.la_code is not None:
        own = figures.las[figures.la_code]
        others = "the other authorities" if figures.sees_others else "the region as a whole"
        whom = f"For {own}: its own figures, beside {others}."
        if not figures.sees_others and len(region.authorities) < LEAST_AUTHORITIES:
            whom = f"For {own}. The region has too few authorities to show it as a whole."
        return f"{own} in {region.name}", whom
    shown = "It compares the authorities by name." if figures.sees_others else ""
    if edition.is_for_outside:
        whom = "The shareable edition: it may be passed on."
    else:
        whom = "For the authorities of the region and their partners."
    return region.name, f"{whom} {shown}".strip()


def _how_exact(region: Region, edition: Edition) -> tuple[str, str]:
    """Who alone may read an edition, blank where anyone may; and how exact its figures are."""
    if edition.reader is not None and region.exact_marts_inside:
        return INSIDE_AN_LA, f"{OWN_EXACT} {ROUNDED}"
    if edition.reader is None and not edition.is_for_outside and is_inside_exact(region):
        return INSIDE, EXACT
    return "", ROUNDED


def _write(path: Path, html: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.next")
    beside.write_text(html, encoding="utf-8")
    beside.replace(path)
