"""Column headings: how the standard's are written in files, and how well a row fits a table."""

import difflib
import re
import unicodedata
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from pipeline.standards.load import Table

LEAST_FIELDS = 3  # no table has fewer
LONGEST = 300  # characters; a longer text is no heading
CLOSE = 0.8  # likeness of a heading to one that is missing, from 0 to 1

# What officers and templates put beside a heading; it says nothing about which column it is.
_ASIDE = (
    r"mandatory|required|compulsory|optional|conditional|text|free text|date|number|yes ?/ ?no|"
    r"y ?/ ?n|dd.?mm.?yy(?:yy)?|yyyy.?mm.?dd|£|gbp|please specify|select[^()]*|choose[^()]*|"
    r"drop.?down[^()]*|if applicable|if known|leave blank[^()]*|e\.? ?g\.?[^()]*|postcode"
)
_IN_BRACKETS = re.compile(rf"[\s*:-]*[(\[]\s*(?:{_ASIDE})\s*[)\]][\s*.:]*$", re.IGNORECASE)
_AT_END = re.compile(r"[\s*:_-]+(?:mandatory|required|optional|dd.mm.yyyy)[\s*.:]*$", re.IGNORECASE)
_NUMBERED = re.compile(r"^\W*(?:q|question)?\s*\d{1,3}\s*[.):]\s*", re.IGNORECASE)
_LETTER = re.compile(r"[a-z]")
_ANY_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")


def bare(heading: str) -> str:
    """What of a heading matters: letters and digits, in lower case."""
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKC", heading).lower())


# Of the standards' own headings, which every file is compared with; never of what is in a file.
_bare_of_standard = cache(bare)


def forms(heading: str) -> tuple[str, ...]:
    """A bare heading, then without its number and without remarks such as `(mandatory)`."""
    found = [bare(heading)]
    if not _LETTER.search(found[0]):  # a number, or a date: no remark stands beside it
        return (found[0],) if found[0] else ()
    for pattern in (_NUMBERED, _IN_BRACKETS, _AT_END, _IN_BRACKETS):
        heading = pattern.sub("", heading)
        found.append(bare(heading))
    return tuple(form for form in dict.fromkeys(found) if form)


def spellings(table: Table) -> Mapping[str, str]:
    """The field that each accepted heading means, by the bare heading.

    A heading of the standard is known without its remark in brackets, too, if no other is alike.
    """
    return _spellings(tuple((f.name, (f.header, *f.also)) for f in table.fields))


@cache
def _spellings(ways: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, str]:
    """The same from each field's name and the headings that it has in the standard."""
    known = {bare(heading): name for name, headings in ways for heading in headings}
    short: dict[str, set[str]] = {}
    for name, headings in ways:
        for heading in headings:
            short.setdefault(bare(_ANY_BRACKETS.sub("", heading)), set()).add(name)
    return {s: names.pop() for s, names in short.items() if len(names) == 1} | known


@dataclass(frozen=True)
class Heading:
    """What stands at the top of a column, and the bare forms in which it may be known."""

    text: str
    forms: tuple[str, ...]


def headings(cells: Iterable[str | None]) -> dict[int, Heading]:
    """A row of cells as headings by column, counted from 0."""
    found = {i: Heading(c, forms(c)) for i, c in enumerate(cells) if c and len(c) <= LONGEST}
    return {i: h for i, h in found.items() if h.forms}


def two_rows(above: list[str | None], below: list[str | None]) -> dict[int, Heading]:
    """Two rows of cells as headings: one may be split over both, or merged with others above."""
    found: dict[int, Heading] = {}
    last = ""
    for index, (upper, lower) in enumerate(zip(above, below, strict=True)):
        last = upper or last  # what is merged stands in the first of its cells
        readings = (lower, f"{last} {lower}") if lower else (upper or "",)
        ways = tuple(form for r in readings if len(r) <= LONGEST for form in forms(r))
        if ways:
            found[index] = Heading(readings[0], ways)
    return found


@dataclass(frozen=True)
class Match:
    """How a row of headings fits a table."""

    table: Table
    row: int
    score: float  # share of headings and fields together that agree
    columns: dict[str, int]  # field name -> column index
    again: dict[int, str]  # column index -> field name that another column is, too
    extra: dict[int, str]  # column index -> heading that is none of the table's

    @property
    def is_whole(self) -> bool:
        """Whether (almost) all of the table is there, whatever else is."""
        return len(self.columns) >= max(0.9 * len(self.table.expected), LEAST_FIELDS)


def match(
    row: int,
    row_headings: Mapping[int, Heading],
    table: Table,
    known: Mapping[str, str],
    is_records: bool = False,
) -> Match:
    """Fit a row's headings to a table with its `spellings`."""
    claims: dict[str, list[int]] = {}
    extra: dict[int, str] = {}
    exact: dict[str, int] = {}
    for index, heading in row_headings.items():
        name = next((known[form] for form in heading.forms if form in known), None)
        if name is None:
            extra[index] = heading.text
            continue
        claims.setdefault(name, []).append(index)
        if heading.forms[0] == _bare_of_standard(table.field(name).header):
            exact.setdefault(name, index)
    columns = {name: exact.get(name, indexes[0]) for name, indexes in claims.items()}
    again = {i: name for name, indexes in claims.items() for i in indexes if i != columns[name]}
    # All columns of a table should be there; of a record's fields only those that are filled.
    whole = len(columns) if is_records else len(columns.keys() | {f.name for f in table.expected})
    score = len(columns) / max(whole + len(extra), LEAST_FIELDS)
    return Match(table, row, round(score, 6), columns, again, extra)


def unread(tables: Iterable[Table], read: Container[str]) -> dict[str, str]:
    """The headings of fields that are not among those read, by each of their bare spellings."""
    return {
        spelling: f.header
        for table in tables
        for f in table.fields
        if f.name not in read
        for spelling in map(bare, (f.header, *f.also))
    }


def closest(heading: str, wanted: Mapping[str, str]) -> str | None:
    """Which of the headings that are `unread` a heading may be meant for."""
    near = difflib.get_close_matches(bare(heading), wanted, n=1, cutoff=CLOSE)
    return wanted[near[0]] if near else None


def column_letter(index: int) -> str:
    """The name that a spreadsheet gives a column, counted from 0: 0 is A, 26 is AA."""
    letters, number = "", index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
