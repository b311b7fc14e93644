"""Tell the person at the terminal what goes on. Words and counts only, never a value."""

from collections.abc import Callable
from time import monotonic

EVERY = 3.0  # seconds between two lines about one file

_listeners: list[Callable[[str], None]] = []


def listen(listener: Callable[[str], None]) -> None:
    """Have every line of progress sent to `listener`."""
    _listeners.append(listener)


def tell(line: str) -> None:
    """Say one line to whoever listens; nobody does in the Dagster UI, which has its own events."""
    for listener in _listeners:
        listener(line)


def meter(doing: str, total: int) -> Callable[[int], None]:
    """What tells how far something long has come, every few seconds: of `total` bytes so many."""
    next_at = monotonic() + EVERY

    def told(done: int) -> None:
        nonlocal next_at
        if monotonic() >= next_at:
            next_at = monotonic() + EVERY
            percent = 100 * done // max(total, 1)
            tell(f"  {doing}: {done / 1e6:,.0f} of {total / 1e6:,.0f} MB ({percent}%)")

    return told


def steps(doing: str, total: int) -> Callable[[], None]:
    """What tells, once called for each of `total` steps, how far something has come."""
    next_at, done = monotonic() + EVERY, 0

    def told() -> None:
        nonlocal next_at, done
        done += 1
        if monotonic() >= next_at:
            next_at = monotonic() + EVERY
            tell(f"  {doing}: {done} of {total}")

    return told
