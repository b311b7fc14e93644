"""What `common-core check` prints: words and counts, no value of a file."""

import argparse
import csv
import re
import time
from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from pipeline.checking.check import Asked, Findings, NotRun, check
from pipeline.checking.given import CannotCheck, Given
from pipeline.faults import WithheldFault, values_withheld
from pipeline.progress import listen
from pipeline.reference import ReferenceFault
from pipeline.screen import shown_text
from pipeline.settings import DBT_PROJECT
from pipeline.standards.load import StandardFault

FINE, TO_MEND, CANNOT = 0, 1, 2
MOST_CODES = 12  # of rules that were not run, for one reason
COLOURS = {"stop": "red", "fix": "red", "warn": "yellow", "info": "dim"}

# What to give so that rules can be run that need it.
_NEEDS = {
    "_last": "give last year's return with --previous",
    "provider": "give Ofsted's lists with --providers",
    "postcode": "check without --no-postcodes",
    "authority's code": "give it with --la",
}


def run_check(arguments: argparse.Namespace, console: Console, errors: Console) -> int:
    """Check files and tell what was found; gives the exit code."""
    started = time.monotonic()

    def show(line: str) -> None:
        console.print(
            f"[dim]{time.monotonic() - started:6.1f} s[/]  {shown_text(line)}", highlight=False
        )

    listen(show)
    try:
        asked = _asked(arguments)
        with values_withheld(
            "The check", asked.out, f"the folder {asked.out.name}", (CannotCheck,)
        ):
            found = check(asked)
    except (CannotCheck, ReferenceFault) as fault:
        errors.print(shown_text(str(fault)), highlight=False)
        return CANNOT
    except (StandardFault, WithheldFault) as fault:  # ours, not the officer's
        errors.print(shown_text(str(fault)), highlight=False)
        return TO_MEND
    console.print()
    _tell(console, asked, found)
    return FINE if found.is_fine else TO_MEND


def _asked(arguments: argparse.Namespace) -> Asked:
    """The arguments, where they make sense together; raises CannotCheck."""
    if (arguments.accept is None) != (arguments.corrected is None):
        raise CannotCheck("Give both, --accept and --corrected, or none of them.")
    if arguments.accept and not arguments.providers:
        raise CannotCheck("Suggestions come from Ofsted's lists: give them with --providers, too.")
    if arguments.year and not 2000 <= arguments.year <= 2100:
        raise CannotCheck("Give the collection year by its end, such as 2026 for 2025/26.")
    for file in (*arguments.providers, arguments.accept):
        if file and not file.is_file():
            raise CannotCheck(f"There is no file {file}.")
    return Asked(
        paths=tuple(arguments.paths),
        out=arguments.out,
        previous=tuple(arguments.previous),
        la_code=_la_code(arguments.la) if arguments.la else None,
        year=arguments.year,
        providers=tuple(arguments.providers),
        with_postcodes=not arguments.no_postcodes,
        accepted=arguments.accept,
        corrected=arguments.corrected,
    )


def _la_code(said: str) -> str:
    """The ONS code of a council with social services, from its code or its name."""
    with (DBT_PROJECT / "seeds" / "english_authority.csv").open(encoding="utf-8") as lines:
        codes = {row["la_name"].casefold(): row["la_code"] for row in csv.DictReader(lines)}
    code = codes.get(said.strip().casefold(), said.strip().upper())
    if not re.fullmatch(r"E(06|08|09|10)\d{6}", code):
        raise CannotCheck(
            f"{said} is neither the name of an English authority nor its ONS code, such as "
            "E10000008 for Devon."
        )
    return code


def _tell(console: Console, asked: Asked, found: Findings) -> None:
    _tell_files(console, found)
    _tell_counts(console, found)
    _tell_not_run(console, found)
    _tell_suggestions(console, asked, found)
    where = ", ".join(f.name for f in found.written)
    console.print(f"Written to {asked.out}: {where}", markup=False, highlight=False)
    console.print("[yellow]These files name children: keep them where the return itself may be.[/]")


def _tell_files(console: Console, found: Findings) -> None:
    table = Table("file", "taken for", "of", "rows", "to know")
    for column in table.columns:
        column.overflow = "fold"
    table.columns[3].justify = "right"
    left_out = {id(g.part) for g in found.own.left_out} if found.own else set()
    of_return = {id(g.part): g for g in found.own.given} if found.own else {}
    for given in found.given:
        if id(given.part) in left_out:
            continue
        given = of_return.get(id(given.part), given)
        entry = given.entry
        taken_for = given.table.header_name if given.table else "-"
        cells = (entry.file, taken_for, entry.period, f"{entry.rows_read:,}", _why(given))
        table.add_row(*map(shown_text, cells))
    console.print(table)
    if left_out:
        tables = "1 table" if len(left_out) == 1 else f"{len(left_out)} tables"
        console.print(f"[yellow]Left out[/]: {tables} of other collection years.", highlight=False)
    if own := found.own:
        console.print(
            f"SSDA903 of collection year {own.year} (1 April {own.year - 1} to 31 March "
            f"{own.year}), told by {own.told_by}.",
            highlight=False,
        )
    if found.previous:
        files = len({g.entry.file for g in found.previous.given})
        rows = sum(g.entry.rows_read for g in found.previous.given)
        console.print(
            f"Compared with {found.previous.year}: {files} {'file' if files == 1 else 'files'}, "
            f"{rows:,} {'row' if rows == 1 else 'rows'}.",
            highlight=False,
        )
        for given in found.previous_given:
            if why := _why(given):
                file = shown_text(given.entry.file)
                console.print(f"  [yellow]{file}[/]: {shown_text(why)}", highlight=False)
    if found.providers:
        console.print(f"Ofsted's lists: {found.providers}.", highlight=False)


def _why(given: Given) -> str:
    entry = given.entry
    return " ".join(filter(None, (entry.reason, entry.how_to_fix, entry.note)))


def _tell_counts(console: Console, found: Findings) -> None:
    if not found.counts:
        console.print("[green]Nothing was found that must be mended.[/]")
        return
    table = Table("code", "severity", "how often", "what")
    table.columns[2].justify = "right"
    for each in found.counts:
        severity = f"[{COLOURS[each.severity]}]{each.severity}[/]"
        table.add_row(shown_text(each.code), severity, f"{each.count:,}", shown_text(each.message))
    console.print(table)


def _tell_not_run(console: Console, found: Findings) -> None:
    found_something = len({c.code for c in found.counts if not c.code.startswith("file.")})
    console.print(
        f"Rules and checks: {found.passed} found nothing, {found_something} found something, "
        f"{len(found.not_applicable)} not applicable, {len(found.errors)} could not be run.",
        highlight=False,
    )
    for why, codes in _by_reason(found.not_applicable).items():
        hints = [hint for needed, hint in _NEEDS.items() if needed in why]
        so = f" ({'; '.join(hints)})" if hints else ""
        console.print(f"[dim]not applicable[/], {why}{so}: {_few(codes)}", highlight=False)
    for why, codes in _by_reason(found.errors).items():
        console.print(f"[red]could not be run[/], {why}: {', '.join(codes)}", highlight=False)


def _by_reason(not_run: Iterable[NotRun]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in not_run:
        found.setdefault(each.why, []).append(each.code)
    return found


def _few(codes: list[str]) -> str:
    further = len(codes) - MOST_CODES
    return ", ".join(codes[:MOST_CODES]) + (f" and {further} more" if further > 0 else "")


def _tell_suggestions(console: Console, asked: Asked, found: Findings) -> None:
    if found.suggested is None:
        return
    certain, possible = (found.suggested.get(n, 0) for n in ("certain", "possible"))
    if found.corrected is None:
        console.print(
            f"Suggestions from Ofsted's lists: {certain:,} certain, {possible:,} possible. None is "
            "applied by itself: write yes in the column accept of those that are right, then "
            "check again with --accept and --corrected.",
            highlight=False,
        )
        return
    done = found.corrected
    console.print(
        f"Corrected copies of {done.files} files, {done.cells} cells changed, in "
        f"{shown_text(str(asked.corrected))}; changes.csv lists them. Check that folder next.",
        highlight=False,
    )
    for reasons in (found.not_accepted, done.refused):
        for why, count in reasons.items():
            console.print(f"[yellow]{count} accepted but not changed[/]: {why}", highlight=False)
