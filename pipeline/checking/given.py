"""Read the files and folders that somebody gave to be checked, as the pipeline would read them."""

import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipeline.intake.declared import Declaration, declarations
from pipeline.intake.landed import LATEST_NS, Landed, Vanished, landed_files, writable
from pipeline.intake.manifest import Entry
from pipeline.intake.parts import LookUp, Part, Reading, read_parts
from pipeline.intake.period import told_by_siblings, with_period
from pipeline.standards.load import Table


class CannotCheck(ValueError):
    """What was asked for cannot be done; the words say why, and hold no value of a file."""


@dataclass(frozen=True)
class Given:
    """One table of one file, or a file of which nothing could be used."""

    part: Part
    entry: Entry  # with its period
    file: Path  # where it lies, or the archive that it is in

    @property
    def table(self) -> Table | None:
        return self.part.table

    @property
    def is_usable(self) -> bool:
        return self.entry.status == "accepted"

    @property
    def is_903(self) -> bool:
        return self.entry.dataset == "ssda903"


@dataclass(frozen=True)
class _Place:
    """A file or folder as it was given: where it is, and what stands before paths below it."""

    landed: list[Landed]
    folder: Path
    prefix: str

    def look_up(self, la_code: str | None) -> LookUp:
        """What a manifest.yml beside the files says; without a code any authority may be named."""
        declared = declarations(self.folder)

        def found(path: str) -> Declaration | None:
            said = declared(path.removeprefix(self.prefix))
            return replace(said, la=None) if said and la_code is None else said

        return found


def _place(path: Path) -> _Place:
    """What lies at a path; raises CannotCheck where nothing does."""
    try:
        whole = path.resolve(strict=True)
    except OSError:
        raise CannotCheck(f"There is no file or folder {writable(str(path))}.") from None
    # The folder's name is part of each path, for it may tell the year, the quarter or the table.
    folder = whole if whole.is_dir() else whole.parent
    prefix = f"{writable(folder.name)}/"
    if whole.is_dir():
        landed = landed_files(whole)
    else:
        seen = whole.stat()
        modified = max(0, min(seen.st_mtime_ns, LATEST_NS))
        landed = [Landed(whole, writable(whole.name), seen.st_size, modified, "file")]
    landed = [replace(f, path=prefix + f.path) for f in sorted(landed, key=lambda f: f.path)]
    return _Place(landed, folder, prefix)


def _places(paths: Iterable[Path]) -> list[_Place]:
    """What lies at several paths, no two files under the same name."""
    places = [_place(path) for path in paths]
    named = [f.path for p in places for f in p.landed]
    if len(set(named)) == len(named):
        return places
    return [_numbered(place, number) for number, place in enumerate(places, start=1)]


def _numbered(place: _Place, number: int) -> _Place:
    """A place among others of the same name."""
    prefix = f"{place.prefix.rstrip('/')} ({number})/"
    landed = [replace(f, path=prefix + f.path.removeprefix(place.prefix)) for f in place.landed]
    return _Place(landed, place.folder, prefix)


def _blank(landed: Landed, la_code: str | None, now: datetime) -> Entry:
    return Entry(
        la_code=la_code or "",
        submission_id="",
        table_name="",
        dataset="",
        period="",
        period_source="",
        path=landed.path,
        sha256="",
        size=landed.size,
        modified_ns=landed.modified_ns,
        received_at=now,
        status="accepted",
    )


def read_given(
    database: duckdb.DuckDBPyConnection,
    paths: Iterable[Path],
    la_code: str | None,
    out: Path,
    room: Path,
    apart: Iterable[Path] = (),
) -> list[Given]:
    """The tables of all files, in the order of their paths; the same bytes count once.

    The database must know the macros of `pipeline.intake.clean`; nothing of the files stays in it.
    `room` is a folder for what may be thrown away; `out` takes the details of a fault nobody
    foresaw. What lies in it, or is or lies in one of `apart`, is no part of what is checked.
    Raises CannotCheck where there is nothing to read.
    """
    kept_apart = {out.resolve(), *(p.resolve() for p in apart)}
    now = datetime.now(UTC).replace(tzinfo=None)
    files: dict[str, Path] = {}
    seen: set[Path] = set()
    readings: list[tuple[Landed, Reading]] = []
    for place in _places(paths):
        names = (la_code,) if la_code else ()
        look_up = place.look_up(la_code)
        for landed in place.landed:
            if landed.file in seen or kept_apart & {landed.file, *landed.file.parents}:
                continue
            seen.add(landed.file)
            files[landed.path] = landed.file
            reading = Reading(
                out, room / str(len(seen)), look_up, names, now.date(), database=database
            )
            readings.append((landed, reading))

    def read(one: tuple[Landed, Reading]) -> list[Part]:
        landed, reading = one
        try:
            return read_parts(landed, _blank(landed, la_code, now), reading)
        except Vanished:
            return []

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        parts = [part for found in pool.map(read, readings) for part in found]
    if not parts:
        raise CannotCheck("There is no file to check: the folder holds none.")
    return _dated(_once(parts), files)


def _once(parts: list[Part]) -> list[Part]:
    """The parts, those that repeat the same bytes of another file as copies."""
    known: set[tuple[str, str]] = set()
    found = []
    for part in parts:
        entry = part.entry
        key = (entry.content, entry.table_name)
        if entry.content and entry.status == "accepted" and key in known:
            entry = replace(
                entry,
                status="duplicate",
                reason_code="duplicate",
                reason="The same file is there under another name; it was checked once.",
                how_to_fix="Nothing to do; one copy is enough.",
            )
            part = replace(part, entry=entry)
        known.add(key)
        found.append(part)
    return found


def _dated(parts: list[Part], files: Mapping[str, Path]) -> list[Given]:
    """The parts with their collection year or quarter, as far as content or place tell it."""
    siblings = told_by_siblings([p for p in parts if p.entry.status == "accepted"], [])
    given = []
    for part in parts:
        entry = part.entry
        if entry.status == "accepted":
            entry = with_period(part, siblings)
        if entry.reason_code == "period_unknown" and part.table:
            # Only where it lies decides: whoever checks it may not have put it there yet.
            entry = part.entry
        given.append(Given(part, entry, files[entry.path]))
    return given


@dataclass(frozen=True)
class Return:
    """The parts of one SSDA903 return, and how its collection year is known."""

    year: int
    told_by: str
    given: list[Given]
    left_out: list[Given]  # of another year
    blank: list[Given]  # tables that were sent without rows: there was nothing to report

    @property
    def is_xml(self) -> bool:
        return any(g.entry.file.lower().endswith(".xml") for g in self.given)


_SOURCES = {
    "content": "the dates in the files",
    "siblings": "the dates in the files",
    "place": "the names of files and folders",
    "declared": "manifest.yml",
}


def one_return(given: Iterable[Given], year: int | None) -> Return | None:
    """The tables of one collection year; None where no table of SSDA903 can be used.

    Raises CannotCheck where the year is not known, or there are several to choose from.
    """
    given = list(given)
    usable = [g for g in given if g.is_903 and g.is_usable]
    if not usable:
        return None
    years = sorted({g.entry.year for g in usable if g.entry.year})
    if year is None:
        if not years:
            raise CannotCheck(
                "Neither dates nor names tell the collection year: say it, such as --year 2026."
            )
        if len(years) > 1:
            raise CannotCheck(
                f"The files are of collection years {_and(years)}. Say which is to be checked, "
                f"such as --year {years[-1]}; give last year's return with --previous."
            )
    elif len(years) > 1 and year not in years:
        raise CannotCheck(f"The files are of collection years {_and(years)}, none is of {year}.")
    chosen = year or years[0]
    # Where all of them tell another year, the person knows better.
    of_year = [g for g in usable if chosen not in years or g.entry.year in (chosen, None)]
    told_by = "you, with --year" if year else _told_by(usable)
    return Return(
        chosen,
        told_by,
        [_as_of(g, chosen) for g in of_year],
        [g for g in usable if g not in of_year],
        _blank_beside(given, of_year),
    )


def _blank_beside(given: Iterable[Given], of_year: list[Given]) -> list[Given]:
    """Tables of the return that hold headings only, in the folders of those that hold rows."""
    folders = {Path(g.entry.file).parent for g in of_year}
    return [
        g
        for g in given
        if g.is_903 and g.entry.reason_code == "no_rows" and Path(g.entry.file).parent in folders
    ]


def _and(years: list[int]) -> str:
    return " and ".join(filter(None, (", ".join(map(str, years[:-1])), str(years[-1]))))


def _told_by(given: list[Given]) -> str:
    told = {g.entry.period_source for g in given}
    return next(words for source, words in _SOURCES.items() if source in told)


def _as_of(given: Given, year: int) -> Given:
    """A table as one of this year: it is stopped where the return had no such table then."""
    if given.entry.year == year:
        return given
    entry = with_period(replace(given.part, declared_period=str(year)), {})
    if given.entry.year:
        entry = replace(entry, note=f"{entry.note} Its dates tell {given.entry.year}.".strip())
    return replace(given, entry=entry)


def previous_return(given: Iterable[Given], checked: Return) -> Return:
    """Last year's return; raises CannotCheck where the files are no such thing."""
    given = list(given)
    found = [g for g in given if g.is_903 and g.is_usable]
    year = checked.year - 1
    if not found:
        reasons = "".join(f" {g.entry.file}: {g.entry.reason}" for g in given if g.entry.reason)
        raise CannotCheck(f"None of the files given as --previous is a table of SSDA903.{reasons}")
    if _contents(found) == _contents(checked.given):
        raise CannotCheck("The files given as --previous are those that are checked.")
    told = sorted({g.entry.year for g in found if g.entry.year})
    if told and year not in told:
        raise CannotCheck(
            f"The files given as --previous are of collection year {_and(told)}; the year before "
            f"{checked.year} is {year}."
        )
    previous = one_return(given, year)
    assert previous is not None  # there are tables that can be used
    return previous


def _contents(given: Iterable[Given]) -> set[tuple[str, str]]:
    return {(g.entry.content, g.entry.table_name) for g in given}
