"""Which submissions an LA has withdrawn: a list that only grows, in its zone."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from pipeline.audit import user
from pipeline.intake.manifest import Entry, quarantine

# Content, table and period: what a submission is, whatever its file is called.
Withdrawn = tuple[str, str, str]

SENT_AGAIN = "The same bytes were received under another name."
STAYS_WITHDRAWN = "The same content was withdrawn, and stays so under another name."


class CannotWithdraw(ValueError):
    """There is no such submission, or nothing of it is in use; the message says which."""


@dataclass(frozen=True)
class Withdrawal:
    """One line of the list: a submission withdrawn, or its withdrawal taken back (`undo`)."""

    submission_id: str
    content_sha256: str
    table_name: str
    period: str
    undo: bool
    who: str
    at: str  # UTC
    why: str

    @property
    def what(self) -> Withdrawn:
        return self.content_sha256, self.table_name, self.period


def withdrawals_path(la_zone: Path) -> Path:
    return la_zone / "withdrawn.jsonl"


def withdrawn(la_zone: Path) -> set[Withdrawn]:
    """What is withdrawn now. A last line that a crash cut off was never withdrawn."""
    path = withdrawals_path(la_zone)
    found: set[Withdrawn] = set()
    if not path.exists():
        return found
    for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
        if not line:
            continue
        entry = Withdrawal(**json.loads(line))
        (found.discard if entry.undo else found.add)(entry.what)
    return found


def record_withdrawal(
    la_zone: Path,
    entries: Iterable[Entry],
    why: str,
    undo: bool = False,
    now: datetime | None = None,
) -> None:
    """Add entries to the list, all or none of them, for good: it outlives their files."""
    at = (now or datetime.now(UTC)).isoformat(timespec="seconds")
    lines = [
        json.dumps(
            asdict(
                Withdrawal(
                    e.submission_id, e.content, e.table_name, e.period, undo, user(), at, why
                )
            )
        )
        for e in entries
    ]
    path = withdrawals_path(la_zone)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    whole = before[: before.rfind("\n") + 1] + "".join(f"{line}\n" for line in lines)
    beside = path.with_name(f".{path.name}.next")
    with beside.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(whole)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(path)


def to_withdraw(
    entries: Iterable[Entry], submission_id: str | None, file: str | None, undo: bool = False
) -> list[Entry]:
    """The entries meant: one submission, or all tables of a file. Raises CannotWithdraw."""
    entries = list(entries)
    named = [
        e
        for e in entries
        if (submission_id and e.submission_id == submission_id)
        or (file and file in (e.file, e.path))
    ]
    if not named:
        raise CannotWithdraw(
            "There is no such submission: `common-core history --la <LA>` lists them."
        )
    meant = {(e.content, e.table_name, e.period) for e in named}
    found = [
        e
        for e in entries
        if (e.content, e.table_name, e.period) in meant
        and (e.has_rows or (e.status == "quarantined" and e.reason_code == "withdrawn"))
    ]
    if undo:
        found = [e for e in found if e.reason_code == "withdrawn"]
    if not found:
        raise CannotWithdraw(
            "It is not withdrawn." if undo else "None of its rows were taken: nothing to withdraw."
        )
    return found


def as_withdrawn(entry: Entry, found: set[Withdrawn]) -> Entry:
    """The entry as the list of withdrawals has it; to be checked anew if that changed it."""
    is_told = entry.reason_code == "withdrawn"
    is_withdrawn = (entry.content, entry.table_name, entry.period) in found
    can_be = is_told or entry.has_rows or entry.status == "duplicate"
    if entry.ended or not can_be or is_told == is_withdrawn:
        return entry
    entry = replace(entry, checked_by="")
    if entry.status == "duplicate":
        code, reason = ("duplicate", SENT_AGAIN) if is_told else ("withdrawn", STAYS_WITHDRAWN)
        return replace(entry, reason_code=code, reason=reason)
    if is_told:
        return replace(entry, status="accepted", reason_code="", reason="", how_to_fix="")
    return quarantine(
        entry,
        "withdrawn",
        "This submission was withdrawn.",
        "Nothing to do; send a corrected file, or ask the hub to take the withdrawal back.",
    )
