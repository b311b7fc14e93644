"""Which collection year or quarter a table is of: declared, else dates, siblings, and names."""

from collections.abc import Iterable
from dataclasses import replace

from pipeline.intake.manifest import Entry, noted, quarantine
from pipeline.intake.parts import Part
from pipeline.intake.place import place_quarter, place_year

LEAST_SHARE = 0.5  # of a placement return's rows that must fall into one quarter

SentTogether = tuple[str, int | None]


def sent_together(file: str) -> SentTogether:
    """Files of one folder that name one year belong together: one tells the others' year."""
    return file.rpartition("/")[0], place_year(file)


def told_by_siblings(
    parts: Iterable[Part], known: Iterable[Entry]
) -> dict[SentTogether, tuple[int, bool]]:
    """The collection year of each delivery by its dated tables, and whether its episodes told it.

    Episodes tell before all others, and what was received later before what came earlier.
    """
    dated = [
        (e.table_name == "episodes", e.file, e.year)
        for e in known
        if e.status == "accepted" and e.period_source == "content" and e.year
    ]
    dated += [
        (p.entry.table_name == "episodes", p.entry.file, p.year_told)
        for p in parts
        if p.year_told is not None
    ]
    last = sorted(dated, key=lambda d: d[0])  # stable: the order received stays
    return {sent_together(file): (year, is_episodes) for is_episodes, file, year in last}


def waiting(before: list[Entry], arrived: set[SentTogether]) -> set[str]:
    """Files without dates whose delivery got its first neighbour: it may tell their year."""
    told = told_by_siblings([], before)
    return {
        e.path
        for e in before
        if (e.reason_code == "period_unknown" or (e.year and e.period_source == "place"))
        and sent_together(e.file) in arrived.difference(told)
    }


def _with_year(part: Part, siblings: dict[SentTogether, tuple[int, bool]]) -> Entry:
    entry = part.entry
    named = place_year(entry.file)
    year, by_episodes = siblings.get(sent_together(entry.file), (None, False))
    if part.year_told is not None and (entry.table_name == "episodes" or not by_episodes):
        year = part.year_told
    if year is None and named is None:
        return quarantine(
            entry,
            "period_unknown",
            "Neither the rows nor the name of the file or folder tell the collection year.",
            "Put the file into a folder named for the collection year, such as 2026.",
        )
    if year is None:
        return replace(entry, period=str(named), period_source="place")
    source = "content" if part.year_told is not None else "siblings"
    entry = replace(entry, period=str(year), period_source=source)
    if named is not None and named != year:
        note = f"Named {named}, but the dates are of collection year {year}: read as {year}."
        return noted(entry, note)
    return entry


def _with_quarter(part: Part) -> Entry:
    entry = part.entry
    named = place_quarter(entry.file)
    if part.quarters_told and part.quarters_told[0][1] >= LEAST_SHARE:
        quarter = part.quarters_told[0][0]
        entry = replace(entry, period=quarter, period_source="content")
        if named not in (None, quarter):
            note = f"Named {named}, but most placements are of {quarter}: read as {quarter}."
            return noted(entry, note)
        return entry
    if named:
        return replace(entry, period=named, period_source="place")
    candidates = ", ".join(q for q, _ in part.quarters_told[:4])
    return quarantine(
        entry,
        "period_unknown",
        "The dates tell no quarter"
        + (f": they spread over {candidates}." if candidates else ": there are none."),
        "Put the file into a folder named for the quarter, such as 2025Q4.",
    )


def _with_declared(entry: Entry, period: str, is_yearly: bool) -> Entry:
    """What the officer declares overrides everything, if it is of the return's kind."""
    if ("Q" in period.upper()) == is_yearly:
        wanted = "a collection year, such as 2026" if is_yearly else "a quarter, such as 2025Q4"
        return quarantine(
            entry,
            "manifest_faulty",
            f"The manifest.yml declares {period}, but this return is of {wanted}.",
            "Correct the period in the manifest.yml.",
        )
    return replace(entry, period=period.upper(), period_source="declared")


def with_period(part: Part, siblings: dict[SentTogether, tuple[int, bool]]) -> Entry:
    """The entry of a part with its period, or quarantined because there is none for it."""
    entry = part.entry
    if part.table is None or entry.status == "quarantined":
        return entry
    is_yearly = part.table.dataset == "ssda903"
    if part.declared_period:
        entry = _with_declared(entry, part.declared_period, is_yearly)
    else:
        entry = _with_year(part, siblings) if is_yearly else _with_quarter(part)
    if entry.status == "accepted" and is_yearly:
        first = part.table.from_year
        if entry.year and first and entry.year < first:
            return quarantine(
                entry,
                "table_of_other_year",
                f"The return has no {part.table.header_name} table in {entry.year}.",
                f"Send it from collection year {first} on.",
            )
    return entry
