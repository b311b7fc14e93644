"""Writes the report of the region and an edition for each LA, from the published warehouse.

`reports/region/index.html` is about the region, for everyone in it;
`reports/<code>/region_report.html` is for one LA: its own figures beside the region's. Either
shows LAs to each other only where `region.yml` says that they may.
"""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.publish import published_state
from pipeline.reports.editions import LEAST_AUTHORITIES
from pipeline.settings import Settings
from pipeline.warehouse import database

if TYPE_CHECKING:
    from pipeline.reports.region.sections import Figures

REPORT = "region_report.html"
STAMP = "made_from.txt"
HOW_TO_READ = (
    "Counts are to the nearest 5, and shares are worked out from those. Counts of 1 to 7 are too "
    "few to show, and so is a total that would tell one; a true zero is shown.",
    "Prices rest on at least 5 children; the lowest and the highest single price are never shown.",
    "Standing of an authority's data: fit; use with care: some rows could not be used, or answers "
    "break the standard; not fit: too many of them to rely on the figure. It follows from the "
    "checks of what the figures rest on. Nothing is left out of a figure for it.",
    "The text above a picture says what it shows; the figures behind it are below it, for reading "
    "aloud, copying and checking.",
    "An analyst finds every figure in the warehouse, with what it counts: see the documentation "
    "for analysts.",
)


def report_stands(settings: Settings, built_from: str) -> bool:
    """Whether the reports were made from this state of the warehouse, whole, and are all there."""
    stamp = settings.reports / "region" / STAMP
    pages = [settings.reports / "region" / "index.html", *_editions(settings).values()]
    return (
        stamp.exists()
        and stamp.read_text(encoding="ascii") == _made_from(settings, built_from)
        and all(p.exists() for p in pages)
    )


def write_region_report(settings: Settings) -> list[Path]:
    """Write all editions, each replaced whole; gives their paths, the region's first.

    Raises FileNotFoundError where nothing is published.
    """
    # Drawing loads a JavaScript engine: only when a report is made.
    from pipeline.reports.region.sections import read_figures

    built_from = published_state(settings.warehouse)
    if built_from is None:
        raise FileNotFoundError("there is no published warehouse to report on")
    stamp = settings.reports / "region" / STAMP
    stamp.unlink(missing_ok=True)
    pages: dict[str | None, Path] = {None: settings.reports / "region" / "index.html"}
    pages |= _editions(settings)
    for reader, path in pages.items():
        with database(settings.warehouse) as connection:
            figures = read_figures(connection, settings.region, reader)
        _write(path, _html(settings, figures))
    stamp.write_text(_made_from(settings, built_from), encoding="ascii")
    return list(pages.values())


def _editions(settings: Settings) -> dict[str, Path]:
    return {a.code: settings.reports / a.code / REPORT for a in settings.region.authorities}


def _made_from(settings: Settings, built_from: str) -> str:
    """The warehouse, who sees whom, and what the pages are laid out by.

    The code is part of the warehouse's state.
    """
    digest = hashlib.sha256(f"{built_from} {settings.region.las_see_each_other}".encode())
    for name in ("page.css", "page.j2"):
        digest.update((Path(__file__).with_name(name)).read_bytes())
    return digest.hexdigest()


def _html(settings: Settings, figures: "Figures") -> str:
    from pipeline.reports.region.page import Page, render
    from pipeline.reports.region.sections import period_words, sections

    if figures.la_code is None:
        title = settings.region.name
        shown = "It compares the authorities by name." if figures.sees_others else ""
        whom = f"For the authorities of the region and their partners. {shown}".strip()
    else:
        own = figures.las[figures.la_code]
        title = f"{own} in {settings.region.name}"
        others = "the other authorities" if figures.sees_others else "the region as a whole"
        whom = f"For {own}: its own figures, beside {others}."
        if not figures.sees_others and len(settings.region.authorities) < LEAST_AUTHORITIES:
            whom = f"For {own}. The region has too few authorities to show it as a whole."
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
            HOW_TO_READ,
        )
    )


def _write(path: Path, html: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.next")
    beside.write_text(html, encoding="utf-8")
    beside.replace(path)
