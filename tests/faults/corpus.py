"""The corpus: every case of bad input, and how to drop it and see how it ended."""

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.intake.manifest import Entry, load_manifest
from pipeline.warehouse import from_parquet, workspace
from tests.faults import (
    archives,
    declared,
    delimited,
    names_and_places,
    records,
    values,
    workbooks,
    xml_files,
)
from tests.faults.case import End, Fault, content_of

FAMILIES: dict[str, tuple[Fault, ...]] = {
    "delimited": delimited.FAULTS,
    "workbooks": workbooks.FAULTS,
    "records": records.FAULTS,
    "xml_files": xml_files.FAULTS,
    "archives": archives.FAULTS,
    "values": values.FAULTS,
    "declared": declared.FAULTS,
    "names_and_places": names_and_places.FAULTS,
}
FAULTS = tuple(fault for family in FAMILIES.values() for fault in family)
FIRST_DROP = 1_790_000_000  # seconds: September 2026


@dataclass(frozen=True)
class Found:
    """A line of the officer's feedback."""

    check_id: str
    severity: str
    submission_id: str
    table_name: str
    message: str
    how_to_fix: str


def drop(faults: Iterable[Fault], landing: Path) -> None:
    """Write the files of cases, each into its folder, each file newer than the one before."""
    moment = FIRST_DROP
    for fault in faults:
        folder = landing / fault.folder
        for name, content in fault.files.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content_of(content, fault.mark))
            moment += 1
            os.utime(file, (moment, moment))
        if fault.act:
            fault.act(folder)


@dataclass(frozen=True)
class Outcome:
    """How the files of an LA ended: its manifest, and the lines of its feedback."""

    entries: list[Entry]
    found: list[Found]

    def entries_of(self, fault: Fault) -> list[Entry]:
        return [e for e in self.entries if e.file.startswith(f"{fault.folder}/")]

    def found_of(self, fault: Fault) -> list[Found]:
        known = {(e.submission_id, e.table_name) for e in self.entries_of(fault)}
        return [f for f in self.found if (f.submission_id, f.table_name) in known]


def outcome_of(zone: Path) -> Outcome:
    """What the zone of an LA says of its files."""
    files = sorted(zone.glob("failures/*/*.parquet"))
    if not files:
        return Outcome(load_manifest(zone), [])
    with workspace() as connection:
        rows = connection.execute(
            "select check_id, severity, submission_id, coalesce(table_name, ''), message, "
            f"how_to_fix from {from_parquet(files)}"
        ).fetchall()
    return Outcome(load_manifest(zone), [Found(*row) for row in rows])


def _matches(end: End, entry: Entry, folder: str) -> bool:
    wanted = {
        "rows_read": end.read,
        "rows_kept": end.kept,
        "rows_quarantined": end.quarantined,
        "rows_superseded": end.superseded,
        "period": end.period,
    }
    return (entry.file, entry.reason_code, entry.table_name) == (
        f"{folder}/{end.file}",
        end.code,
        end.table or entry.table_name,
    ) and all(getattr(entry, n) == v for n, v in wanted.items() if v is not None)


def _told(entry: Entry) -> str:
    rows = (entry.rows_read, entry.rows_kept, entry.rows_quarantined, entry.rows_superseded)
    file = entry.file.partition("/")[2]
    return f"{entry.reason_code or 'accepted'} {entry.table_name} {rows} of {file!r}"


def differences(fault: Fault, outcome: Outcome) -> list[str]:
    """Where a case ended otherwise than it should have."""
    entries = outcome.entries_of(fault)
    found = outcome.found_of(fault)
    wrong = []
    left = list(entries)
    for end in fault.ends:
        fitting = [e for e in left if _matches(end, e, fault.folder)]
        if fitting:
            left.remove(fitting[0])
        else:
            wrong.append(f"no entry is as expected: {end}")
    wrong += [f"not expected: {_told(e)}" for e in left]
    # DfE's rules look at whole returns: what a lone file lacks fails many of them.
    checks = {
        f"{f.severity}:{f.check_id}"
        for f in found
        if f.severity != "info" and not f.check_id.startswith(("file.", "alarm.", "dfe."))
    }
    wrong += [f"must fail and did not: {c}" for c in sorted(fault.checks - checks)]
    wrong += [f"failed and must not: {c}" for c in sorted(checks - fault.checks)]
    words = " ".join(
        [f"{f.message} {f.how_to_fix}" for f in found]
        + [f"{e.reason} {e.how_to_fix}" for e in entries]
    )
    wrong += [f"not said: {w!r}" for w in fault.says if w.lower() not in words.lower()]
    return wrong


def table_of(faults: Iterable[Fault], outcome: Outcome) -> str:
    """Every case with its end and its messages as a Markdown table, to be read by a person."""
    lines = ["| case | ended as | said |", "|---|---|---|"]
    for fault in faults:
        ends = "<br>".join(_told(e) for e in outcome.entries_of(fault)) or "nothing received"
        lines_said = Counter(
            f"{f.severity} {f.check_id}: {f.message} → {f.how_to_fix}"
            for f in outcome.found_of(fault)
        )
        said = "<br>".join(f"{n} of {line}" for line, n in lines_said.items())
        lines.append(f"| {fault.name} | {ends} | {said} |".replace("\n", " "))
    return "\n".join(lines) + "\n"
