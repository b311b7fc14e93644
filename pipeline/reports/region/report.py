"""Writes the report of the region and an edition for each LA, from the published warehouse.

`reports/region/index.html` is the hub's: it compares all LAs. `reports/<code>/region_report.html`
is for one LA: its own figures and the region's, and those of others only where they may see them.
"""

import hashlib
from pathlib import Path

from pipeline.publish import published_state
from pipeline.settings import Settings

REPORT = "region_report.html"
STAMP = "made_from.txt"
HOW_TO_READ = (
    "Counts are to the nearest 5, and shares are worked out from those. Counts of 1 to 5 are too "
    "few to show, so a 5 stands for 6 or 7; a true zero is shown. Where all but a few are of a "
    "kind, that is withheld as well.",
    "Prices rest on at least 6 children; the lowest and the highest single price are never shown.",
    "Standing of an authority's data: fit; use with care: some rows could not be used, or answers "
    "break the standard; not fit: too many of them to rely on the figure. It is the worst of "
    "what the authority sent for the period. Nothing is left out of a figure for it.",
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
        and stamp.read_text(encoding="ascii") == _made_from(built_from)
        and all(p.exists() for p in pages)
    )


def write_region_report(settings: Settings, las_see_each_other: bool = False) -> list[Path]:
    """Write all editions, each replaced whole; gives their paths, the region's first.

    Raises FileNotFoundError where nothing is published.
    """
    # Drawing loads a JavaScript engine: only when a report is made.
    from pipeline.reports.region.sections import View, read_figures

    built_from = published_state(settings.warehouse)
    if built_from is None:
        raise FileNotFoundError("there is no published warehouse to report on")
    las = {a.code: a.name for a in settings.region.authorities}
    figures = read_figures(settings.warehouse, las)
    stamp = settings.reports / "region" / STAMP
    stamp.unlink(missing_ok=True)
    region = settings.reports / "region" / "index.html"
    _write(region, _html(settings, figures, View()))
    editions = _editions(settings)
    for code, path in editions.items():
        _write(path, _html(settings, figures, View(code, las_see_each_other)))
    stamp.write_text(_made_from(built_from), encoding="ascii")
    return [region, *editions.values()]


def _editions(settings: Settings) -> dict[str, Path]:
    return {a.code: settings.reports / a.code / REPORT for a in settings.region.authorities}


def _made_from(built_from: str) -> str:
    """The warehouse, and what the pages are laid out by; the code is part of the former."""
    digest = hashlib.sha256(built_from.encode())
    for name in ("page.css", "page.j2"):
        digest.update((Path(__file__).with_name(name)).read_bytes())
    return digest.hexdigest()


def _html(settings: Settings, figures: object, view: object) -> str:
    from pipeline.reports.region.page import Page, render
    from pipeline.reports.region.sections import may_see_region, period_words, sections, visible_las

    las = tuple(visible_las(figures, view).values())
    if view.la_code is None:
        title, whom = settings.region.name, "For the hub: it compares the authorities by name."
    else:
        own = figures.las[view.la_code]
        title = f"{own} in {settings.region.name}"
        others = "the other authorities" if view.sees_others else "the region as a whole"
        whom = f"For {own}: its own figures, beside {others}."
        if not may_see_region(figures, view):
            whom = f"For {own}. The region has too few authorities to show it as a whole."
    return render(
        Page(
            f"Homes for children: {title}",
            whom,
            figures.is_synthetic,
            las,
            period_words(figures),
            f"{figures.published_at.day} {figures.published_at:%B %Y}",
            figures.code_version,
            sections(figures, view),
            HOW_TO_READ,
        )
    )


def _write(path: Path, html: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.next")
    beside.write_text(html, encoding="utf-8")
    beside.replace(path)
