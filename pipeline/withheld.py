"""What a published row does not show, and why: the words of column `withheld`.

Marts write them in SQL, by `dbt_project/macros/suppress.sql`; the forecast's tables here.
"""

from collections.abc import Iterable

TOO_FEW = "too few"
TO_KEEP_ANOTHER_UNKNOWN = "withheld so that another small number stays unknown"


def withheld_text(names: Iterable[str], why: str) -> str:
    """Figures that a row does not show, all for the same reason."""
    return "; ".join(f"{name}: {why}" for name in names)


def withheld_words(text: str) -> dict[str, str]:
    """The figures that a row does not show, each with its word."""
    named = (part.partition(": ") for part in text.split("; ") if part)
    return {name: why for name, _, why in named}
