"""Tell the person at the terminal what goes on. Words and counts only, never a value."""

from collections.abc import Callable

_listeners: list[Callable[[str], None]] = []


def listen(listener: Callable[[str], None]) -> None:
    """Have every line of progress sent to `listener`."""
    _listeners.append(listener)


def tell(line: str) -> None:
    """Say one line to whoever listens; nobody does in the Dagster UI, which has its own events."""
    for listener in _listeners:
        listener(line)
