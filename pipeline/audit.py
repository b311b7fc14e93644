"""The audit: who erased, withdrew or began to share what, when and why. Counts only.

`<home>/audit.jsonl` has one JSON object a line; lines are added to its end and never changed. No
file name, no id and no value of a submission may stand in it.
"""

import getpass
import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True)
class Act:
    """One line of the audit; `at` is UTC. What an act is not about is empty, or zero."""

    at: str
    who: str  # the user of the operating system
    what: str
    why: str
    la_code: str = ""
    dataset: str = ""
    period: str = ""
    files: int = 0
    rows: int = 0


def audit_path(home: Path) -> Path:
    return home / "audit.jsonl"


def user() -> str:
    """Who does this: the user of the operating system."""
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):  # a service account may have no name
        return "unknown"


def record(
    home: Path,
    what: str,
    why: str,
    la_code: str = "",
    dataset: str = "",
    period: str = "",
    files: int = 0,
    rows: int = 0,
) -> None:
    """Add one line, on the disk when this returns. A line cut off by a kill is left as it is."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    act = Act(now, user(), what, why, la_code, dataset, period, files, rows)
    line = json.dumps(asdict(act), ensure_ascii=False) + "\n"
    path = audit_path(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    before = b"" if _ends_whole(path) else b"\n"
    with path.open("ab", buffering=0) as stream:  # one write, to the end
        stream.write(before + line.encode())
        os.fsync(stream.fileno())


def _ends_whole(path: Path) -> bool:
    if not path.exists() or path.stat().st_size == 0:
        return True
    with path.open("rb") as stream:
        stream.seek(-1, os.SEEK_END)
        return stream.read() == b"\n"


def read_audit(home: Path) -> list[Act]:
    """Every act, the oldest first; a line that a kill cut off is an act of nobody."""
    path = audit_path(home)
    if not path.exists():
        return []
    lines = path.read_bytes().split(b"\n")
    return [_act(line) for line in lines if line.strip()]


def _act(line: bytes) -> Act:
    try:
        return Act(**json.loads(line))
    except (ValueError, TypeError):
        return Act("", "", "unreadable", "the line was cut off when the run was killed")
