"""What the place of a file tells: the year, quarter, table or authority that its path names.

Only what is named clearly counts. A date is when a file was made, not what it is about; a number
glued to a word that we do not know (`a2019-x`) is part of that word.
"""

import re
from collections.abc import Iterable
from functools import cache

from pipeline.region import Authority
from pipeline.standards.load import Table, load_standards

_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_GAP = "[-_. ]?"
_YEAR_END = re.compile(
    rf"(?<!\d)(?:31{_GAP}(?:0?3|mar|march){_GAP}(?P<after>20\d\d)"
    rf"|(?P<before>20\d\d){_GAP}0?3{_GAP}31)(?!\d)"
)
_DATES = re.compile(
    r"(?<!\d)(?:"
    rf"20\d\d([-_. ])(?:0?[1-9]|1[0-2])\1\d{{1,2}}"  # 2024-04-01
    r"|\d{1,2}([-_. ])(?:0?[1-9]|1[0-2])\2(?:20)?\d\d"  # 01-04-2024
    r"|20\d\d(?:0[1-9]|1[0-2])[0-3]\d"  # 20240401
    rf"|(?:\d{{1,2}}{_GAP})?{_MONTH}{_GAP}20\d\d"  # 1 April 2024, Apr2024
    rf"|20\d\d{_GAP}{_MONTH}"
    r"|(?:0[1-9]|1[0-2])[-_. ]20\d\d"  # 04-2024
    r")(?!\d)"
    rf"|(?<![a-z]){_MONTH}{_GAP}20\d\d(?!\d)"
)
_YEAR_AND_MONTH = re.compile(r"(?<!\d)20\d\d[-_.](?:0[1-9]|1[0-2])(?!\d)")
_QUARTER = re.compile(
    r"(?<!\d)(?P<year>20\d\d)[-_ ]?(?:q|qtr|quarter)[-_ ]?(?P<quarter>[1-4])(?!\d)"
    r"|(?<![a-z])(?:q|qtr|quarter)[-_ ]?(?P<first>[1-4])[-_ ]?(?P<then>20\d\d)(?![-/]?\d)"
)
_SPAN = re.compile(
    r"(?<!\d)(?P<start>20\d\d)(?:[-_ ]?|[-_ ]?to[-_ ]?)(?P<end>20\d\d|\d\d)(?!\d)"
    r"|(?<![a-z])fy[-_ ]?(?P<short>(?!20\d\d)\d\d)[-_ ]?(?P<short_end>\d\d)(?!\d)"
)
_SINGLE = re.compile(r"(?<!\d)(?P<year>20\d\d)(?!\d)|(?<![a-z])fy[-_ ]?(?P<short>\d\d)(?!\d)")
_FINANCIAL = re.compile(r"(?<![a-z])fy(?![a-z])")

# Words that may stand beside a year or an authority's name, for they belong to a return.
_OF_RETURNS = frozenset(
    {"ssda", "cla", "lac", "nps", "rcc", "placement", "placements", "standard", "search"}
    | {"searches", "spreadsheet", "adoption", "permanence", "fy", "cy", "year", "yr", "q", "qtr"}
    | {"quarter", "collection", "return", "returns", "extract", "extracts", "export", "data"}
    | {"file", "report", "final", "draft", "corrected", "correction", "resubmission", "copy"}
    | {"new", "version", "v"}
)
_OF_AUTHORITIES = frozenset(
    {"council", "county", "city", "borough", "unitary", "metropolitan", "authority", "la", "cc"}
    | {"the", "and", "s", "children", "childrens", "services", "social"}
)


@cache
def _words_of_tables() -> frozenset[str]:
    names = (n for t in load_standards().values() for n in t.file_names)
    return frozenset(w for n in names for w in re.findall("[a-z]+", n))


def _stands_free(text: str, found: re.Match[str]) -> bool:
    """Whether what was found is not glued to a word that we do not know."""
    before = re.search("[a-z]*$", text[: found.start()])[0]
    after = re.match("[a-z]*", text[found.end() :])[0]
    is_version = before == "v"
    return not is_version and {before, after} <= {""} | _OF_RETURNS | _words_of_tables()


def _take(pattern: re.Pattern[str], text: str) -> tuple[list[re.Match[str]], str]:
    """What stands free in a text, and the text without anything that the pattern finds."""
    found = [m for m in pattern.finditer(text) if _stands_free(text, m)]
    return found, pattern.sub(lambda m: "#" * len(m[0]), text)


def _spans(text: str) -> tuple[set[int], str]:
    """The collection years that spans such as `2024-25` name, and the text without them."""
    years = set()
    for m in _SPAN.finditer(text):
        start, end = int(m["start"] or m["short"]), int(m["end"] or m["short_end"])
        if (start + 1) % 100 == end % 100 and (end < 100 or end == start + 1):
            if _stands_free(text, m):
                years.add(2000 + end % 100)
            text = text[: m.start()] + "#" * len(m[0]) + text[m.end() :]
    return years, text


def _years(text: str) -> set[int]:
    ends, text = _take(_YEAR_END, text)
    years = {int(m["after"] or m["before"]) for m in ends}
    _, text = _take(_DATES, text)
    _, text = _take(_QUARTER, text)
    spans, text = _spans(text)
    _, text = _take(_YEAR_AND_MONTH, text)
    singles, _ = _take(_SINGLE, text)
    return years | spans | {int(m["year"] or f"20{m['short']}") for m in singles}


def place_year(path: str) -> int | None:
    """The collection year that a path names: `2024-25`, `FY25` and `2025` are all 2025.

    The name of the file goes before those of its folders; a name with several years names none.
    Of dates only 31 March, the last day of a collection year, names one.
    """
    for part in reversed(path.lower().split("/")):
        years = _years(part)
        if len(years) == 1:
            return years.pop()
    return None


def place_quarter(path: str) -> str | None:
    """The calendar quarter that a path names, such as `2025Q4`.

    `Q3 2025-26` and `FY25 Q3` name none: a quarter of a financial year is another one.
    """
    for part in reversed(path.lower().split("/")):
        _, text = _take(_DATES, part)
        spans, text = _spans(text)
        if spans or _FINANCIAL.search(text):
            continue
        found, _ = _take(_QUARTER, text)
        quarters = {f"{m['year'] or m['then']}Q{m['quarter'] or m['first']}" for m in found}
        if len(quarters) == 1:
            return quarters.pop()
    return None


def _words(text: str) -> list[str]:
    """The words and numbers of a name: `SSDA903_SWEpisodes` is ssda, 903, sw, episodes."""
    text = re.sub("['\u2019]", "", text).replace("&", " and ")
    text = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text)
    return re.findall(r"[^\W\d_]+|\d+", text.lower())


def _spells(words: list[str], start: int, wanted: str) -> int:
    """The number of words from `start` on that spell `wanted` together; 0 if they do not."""
    said = ""
    for count, word in enumerate(words[start:], start=1):
        said += word
        if said == wanted:
            return count
        if not wanted.startswith(said):
            return 0
    return 0


def named_tables(path: str, tables: Iterable[Table]) -> frozenset[str]:
    """The tables that a path names, the file before its folders: `SWEpisodes.csv` is one only."""
    names = {"".join(_words(n)): t.name for t in tables for n in t.file_names}
    for part in reversed(path.split("/")):
        words, at, found = _words(part), 0, set()
        while at < len(words):
            spelt = {n: c for n in names if (c := _spells(words, at, n))}
            if spelt:
                longest = max(spelt, key=len)
                found.add(names[longest])
                at += spelt[longest]
            else:
                at += 1
        if found:
            return frozenset(found)
    return frozenset()


def named_authority(path: str, authorities: Iterable[Authority]) -> Authority | None:
    """The one authority that a path clearly names, by its code or by its name; else None.

    A name counts where it stands alone or among words of a return: `Cornwall_episodes_2026.csv`
    names Cornwall; `North Devon`, `Devon Lodge` and `placed in Devon` name no authority.
    """
    authorities = tuple(authorities)
    neutral = _OF_RETURNS | _OF_AUTHORITIES | _words_of_tables()
    found: dict[str, Authority] = {}
    for part in path.split("/"):
        words = _words(part)
        for a in authorities:
            by_code = rf"(?<![a-z0-9]){a.code.lower()}(?![a-z0-9])"
            names = {"".join(_words(n)) for n in (a.name, a.folder, *a.also)}
            if re.search(by_code, part.lower()) or any(
                _is_alone(words, at, count, neutral)
                for at in range(len(words))
                for n in names
                if (count := _spells(words, at, n))
            ):
                found[a.code] = a
    return next(iter(found.values())) if len(found) == 1 else None


def _is_alone(words: list[str], at: int, count: int, neutral: frozenset[str]) -> bool:
    """Whether the words beside some words of a name are numbers or words of any return."""
    beside = words[max(at - 1, 0) : at] + words[at + count : at + count + 1]
    return all(w.isdigit() or w in neutral for w in beside)
