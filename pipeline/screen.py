"""Texts for the terminal."""

from rich.markup import escape


def shown_text(text: str) -> str:
    """Text of a file for the terminal: no colours of ours, and no commands to the terminal."""
    return escape("".join(c if c.isprintable() else repr(c)[1:-1] for c in text))
