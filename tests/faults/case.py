"""A case of bad input as data: what is dropped, and how it must end."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

# A text has the case's mark for `{m}`; a function is given the mark.
Content = str | bytes | Callable[[str], str | bytes]

# What must never leave the LA zone: every child id, name, birth date, postcode and path below has
# one of these in it.
MARK = "CNY"
NAME = "Canaryname"
FOLDER = "cnycorpus"
POSTCODE = "TA1 4CN"
BIRTHS = ("17/02/2012", "18/02/2012", "19/02/2012")

HEAD = "CHILD,DOB,REVIEW,REVIEW_CODE\r\n"
ROW1 = f"{{m}}1,{BIRTHS[0]},01/05/2025,PN1\r\n"
ROW2 = f"{{m}}2,{BIRTHS[1]},02/05/2025,PN1\r\n"
ROW3 = f"{{m}}3,{BIRTHS[2]},03/05/2025,PN1\r\n"
REVIEWS = HEAD + ROW1 + ROW2 + ROW3
HERE = "2026/reviews.csv"


@dataclass(frozen=True)
class End:
    """How a file, or one table of it, must end in the manifest; None is not looked at."""

    code: str = ""  # reason code; empty where the file is accepted
    table: str = ""
    read: int | None = None
    kept: int | None = None
    quarantined: int | None = None
    superseded: int | None = None
    file: str = HERE  # below the case's folder; `return.zip/reviews.csv` inside an archive
    period: str | None = None


@dataclass(frozen=True)
class Fault:
    """A case: files dropped into a folder of its own, or what `act` does there.

    `checks` are all rows' checks that must fail, as `severity:check.id`; `says` are words that the
    officer must read in the messages. A case is also in the short form if it is `short`.
    """

    name: str
    files: Mapping[str, Content]
    ends: tuple[End, ...]
    checks: frozenset[str] = frozenset()
    says: tuple[str, ...] = ()
    act: Callable[[Path], None] | None = None
    short: bool = False

    @property
    def mark(self) -> str:
        """What all child ids of the case begin with."""
        return mark_of(self.name)

    @property
    def folder(self) -> str:
        """Where the case lies below the LA's landing folder."""
        return f"{FOLDER}/{self.name}"


def mark_of(name: str) -> str:
    """The mark of a case: letters and digits, alike in every run."""
    return MARK + hashlib.sha256(name.encode()).hexdigest()[:6].upper()


def content_of(content: Content, mark: str) -> bytes:
    """The bytes of a file of a case."""
    if callable(content):
        content = content(mark)
    return content.replace("{m}", mark).encode() if isinstance(content, str) else content


def stopped(
    name: str,
    content: Content,
    code: str,
    *says: str,
    path: str = HERE,
    read: int | None = None,
    short: bool = False,
) -> Fault:
    """A file that ends in quarantine as a whole, for `code`."""
    end = End(code, file=path, read=read, kept=0, quarantined=read, superseded=0)
    return Fault(name, {path: content}, (end,), says=says, short=short)


def kept(
    name: str,
    content: Content,
    rows: int = 3,
    checks: str = "",
    *says: str,
    path: str = HERE,
    table: str = "reviews",
    quarantined: int = 0,
    superseded: int = 0,
    short: bool = False,
) -> Fault:
    """A file of a table that is taken: `rows` of it are kept, and just these checks fail."""
    read = rows + quarantined + superseded
    end = End("", table, read, rows, quarantined, superseded, path)
    return Fault(name, {path: content}, (end,), frozenset(checks.split()), says, short=short)


def as_bytes(text: str, encoding: str) -> Callable[[str], bytes]:
    """A text with `{m}` in another encoding than UTF-8."""
    return lambda mark: text.replace("{m}", mark).encode(encoding)
