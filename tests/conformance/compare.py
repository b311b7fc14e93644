"""Compare our rules with the peer's on dirty returns: `make conformance`.

For each collection year and seed two returns are made: a dirty one, and one with more mistakes but
none on which many of the peer's rules stop. Both sides read the files by themselves. Rows are
compared by what they say, so that of two rows that say the same either may fail. Prints for every
rule how many rows fail on both sides, only on ours, only on theirs, and on how many returns the
peer's rule stopped. Exits with 1 where that is not explained in `docs/ssda903-divergences.md`.
"""

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from pathlib import Path

from pipeline.checking.check import FAILURES_CSV, Asked, check
from pipeline.settings import PROJECT
from pipeline.standards.ssda903.tables import LAST
from tests.conformance.returns import Mistakes, Returns, clean_returns, with_mistakes, write

PEER = PROJECT / ".venv-peer" / "bin" / "python"
DIVERGENCES = PROJECT / "docs" / "ssda903-divergences.md"
WAYS = ("ours only", "theirs only", "stops")
KINDS = {
    "dirty": Mistakes(0.01, 0.05),
    "readable": Mistakes(0.04, 0.12, is_readable=True),
}
# Collection year and seed; earlier years for the rules that were replaced since.
RUNS = (*((2026, seed) for seed in range(1, 6)), (2023, 6), (2024, 7), (2025, 8), (2027, 9))
NO_CHILD, ONE_DAY = "rows without a child", "children with two rows of a day"
DAYS = {  # by which a child's rows are put in order
    "Episodes": "DECOM",
    "SWEpisodes": "SW_DECOM",
    "Missing": "MIS_START",
    "PlacedAdoption": "DATE_PLACED",
    "DoLo": "DOLO_START",
}
EXAMPLES = 3

Rows = Counter[tuple[str, tuple[str, ...]]]  # DfE's table and what the row says


@dataclass(frozen=True)
class Made:
    """One return on disk."""

    year: int
    kind: str
    returns: Returns
    folder: Path

    @cached_property
    def of_one_day(self) -> set[str]:
        """Children with two rows that begin on one day, so that their order is a choice."""
        days = Counter(
            (number, name, row["CHILD"], row[day])
            for number, part in enumerate((self.returns.this, self.returns.last))
            for name, day in DAYS.items()
            for row in part.get(name, ())
        )
        return {child for (_, _, child, _), count in days.items() if count > 1}

    def says(self, table: str, row: int) -> tuple[str, tuple[str, ...]]:
        of = self.returns.last if table.endswith(LAST) else self.returns.this
        rows = of[table.removesuffix(LAST)]
        if row >= len(rows):  # one of the peer's rules numbers the rows of another table
            return table, (f"row {row}, which is not there",)
        return table, tuple(rows[row].values())


@dataclass
class Seen:
    """What was found of one rule, over all returns."""

    both: int = 0
    counts: Counter[str] = field(default_factory=Counter)  # by WAYS
    unexplained: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Explained:
    """One row of the document: for which rules which difference is expected, and where."""

    rules: tuple[str, ...]  # codes, or any
    ways: tuple[str, ...]  # of WAYS; none where the comparison cannot show it
    on: tuple[str, ...]  # any, a kind of return, collection years, NO_CHILD, ONE_DAY

    def covers(self, code: str, way: str, made: Made, child: str | None = None) -> bool:
        where = {"any", NO_CHILD} if child == "" else {"any", made.kind, str(made.year)}
        where |= {ONE_DAY} if child in made.of_one_day else set()
        rules = {"any", code}.intersection(self.rules)
        return bool(rules) and way in self.ways and bool(where.intersection(self.on))


def read_explained(file: Path = DIVERGENCES) -> list[Explained]:
    """The document's tables that begin `| rule | seen | on |`. Raises ValueError on an odd word."""
    explained = []
    is_table = False
    for line in file.read_text(encoding="utf-8").splitlines():
        cells = [c.strip() for c in line.strip().strip("|").split("|")]
        if cells[:3] == ["rule", "seen", "on"]:
            is_table = True
        elif not line.startswith("|"):
            is_table = False
        elif is_table and cells[0].strip("-"):
            rules, ways, on = (
                tuple(p.strip() for p in c.split(",") if p.strip()) for c in cells[:3]
            )
            for word in (*ways, *on):
                if word not in (*WAYS, *KINDS, "any", NO_CHILD, ONE_DAY) and not word.isdigit():
                    raise ValueError(f"{file.name}: {word!r} in the row of {cells[0]}")
            explained.append(Explained(rules, ways, on))
    return explained


def _make(year: int, seed: int, kind: str, children: int, into: Path) -> Made:
    folder = into / f"{year}-{seed}-{kind}"
    returns = with_mistakes(clean_returns(children, year, seed), seed, KINDS[kind])
    write(returns, folder)
    return Made(year, kind, returns, folder)


def _start_peer(made: Made) -> subprocess.Popen:
    runner = Path(__file__).with_name("peer.py")
    return subprocess.Popen(
        [str(PEER), str(runner), str(made.folder), str(made.year), made.returns.la_code,
         str(made.folder / "peer.json")]
    )  # fmt: skip


def _theirs(made: Made) -> dict[str, Rows | str]:
    found = json.loads((made.folder / "peer.json").read_text())
    return {
        code: said
        if isinstance(said, str)
        else Counter(made.says(t, row) for t, rows in said.items() for row in rows)
        for code, said in found.items()
    }


def _ours(made: Made) -> tuple[dict[str, Rows], list[str]]:
    """The failing rows by rule, and what could not be run."""
    out = made.folder / "ours"
    found = check(
        Asked(
            paths=(made.folder / "this",),
            out=out,
            previous=(made.folder / "last",),
            la_code=made.returns.la_code,
            year=made.year,
            providers=tuple(sorted(made.folder.glob("*.xlsx"))),
        )
    )
    rows = {rule.code: Counter() for rule in found.rules}
    with (out / FAILURES_CSV).open(encoding="utf-8-sig", newline="") as file:
        for line in csv.DictReader(file):
            if line["code"] in rows:
                rows[line["code"]][made.says(line["table"], int(line["row"]))] += 1
    return rows, [f"{e.code} of ours could not be run: {e.why}" for e in found.errors]


def _told(made: Made, table: str, said: tuple[str, ...]) -> str:
    if len(said) == 1:
        return f"{table} {said[0]}"
    headings = made.returns.this[table.removesuffix(LAST)][0]
    return f"{table} " + " ".join(f"{h}={v}" for h, v in zip(headings, said, strict=True) if v)


def _add(
    made: Made,
    ours: dict[str, Rows],
    theirs: dict[str, Rows | str],
    explained: list[Explained],
    seen: dict[str, Seen],
) -> None:
    """Add what one return shows of every rule."""
    for code in ours.keys() & theirs.keys():
        rule, mine, other = seen.setdefault(code, Seen()), ours[code], theirs[code]
        of_rule = [e for e in explained if {"any", code}.intersection(e.rules)]
        if isinstance(other, str):
            rule.counts["stops"] += 1
            if not any(e.covers(code, "stops", made) for e in of_rule):
                rule.unexplained.append(f"{made.folder.name}, {code} stops: {other}")
            continue
        rule.both += (mine & other).total()
        for way, rows in (("ours only", mine - other), ("theirs only", other - mine)):
            rule.counts[way] += rows.total()
            odd = [
                _told(made, table, said)
                for table, said in rows
                if not any(e.covers(code, way, made, said[0]) for e in of_rule)
            ]
            rule.unexplained += [
                f"{made.folder.name}, {code} {way}: {line}" for line in odd[:EXAMPLES]
            ]


def _not_seen(seen: dict[str, Seen], explained: list[Explained]) -> list[str]:
    """What the document lists for a rule and these returns do not show."""
    return sorted(
        {
            f"{code} {way}"
            for e in explained
            if e.on != (ONE_DAY,)
            for code in e.rules
            for way in e.ways
            if code in seen and not seen[code].counts[way]
        }
    )


def _tell(seen: dict[str, Seen], faults: list[str]) -> int:
    """Print the table, then what is not explained; gives the exit code."""
    print(f"{'rule':10}{'same':>8}{'ours only':>11}{'theirs only':>13}{'stops':>7}")
    for code, rule in sorted(seen.items()):
        numbers = "".join(f"{rule.counts[w]:>{n}}" for w, n in zip(WAYS, (11, 13, 7), strict=True))
        print(f"{code:10}{rule.both:>8}{numbers}{'  not explained' if rule.unexplained else ''}")
    for rule in seen.values():
        faults += rule.unexplained
    for fault in faults:
        print(fault)
    same = sum(not r.counts.total() for r in seen.values())
    silent = sorted(c for c, r in seen.items() if not r.both and not r.counts.total())
    apart = sum(bool(r.unexplained) for r in seen.values())
    print(
        f"{len(seen)} rules: {same} the same, {len(seen) - same - apart} differ as explained in "
        f"{DIVERGENCES.name}, {apart} otherwise. Found by neither: {', '.join(silent) or 'none'}."
    )
    return int(bool(faults))


def main() -> int:
    reads = argparse.ArgumentParser(description="Compare our rules with the peer's.")
    reads.add_argument("--children", type=int, default=2000, help="in each return")
    reads.add_argument("--keep", type=Path, help="a folder to keep the returns in, to look at")
    reads.add_argument("--year", type=int, help="of this collection year only")
    asked = reads.parse_args()
    if not PEER.exists():
        sys.exit("The peer is not installed: run `make conformance`.")
    explained = read_explained()
    seen: dict[str, Seen] = {}
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as temporary:
        for (year, seed), kind in product(RUNS, KINDS):
            if asked.year not in (None, year):
                continue
            made = _make(year, seed, kind, asked.children, asked.keep or Path(temporary))
            with _start_peer(made) as peer:
                ours, wrong = _ours(made)
            if peer.returncode:
                sys.exit(f"The peer could not read {made.folder.name}.")
            theirs = _theirs(made)
            faults += wrong
            faults += [f"{c} is on one side only in {year}" for c in ours.keys() ^ theirs.keys()]
            _add(made, ours, theirs, explained, seen)
            print(f"{made.folder.name}: compared", file=sys.stderr)
    code = _tell(seen, faults)
    if asked.year is None and (not_seen := _not_seen(seen, explained)):
        print(f"Explained, but not seen here: {', '.join(not_seen)}.")
    return code


if __name__ == "__main__":
    sys.exit(main())
