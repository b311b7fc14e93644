"""What can be wrong with a ZIP file before anything in it is used: bombs, lies about sizes."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from pipeline.intake.read.sheet import Unreadable

# Text shrinks to a twentieth, a table of one repeated value to a hundredth; more is made to harm.
HIGHEST_RATIO = 250
SMALL = 10_000_000  # bytes; what unpacks to no more may shrink as it likes
MOST_NAMES = 20_000
BLOCK = 1_000_000
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    ValueError,
    EOFError,
)


def bomb() -> Unreadable:
    return Unreadable(
        "archive_bomb",
        "The file unpacks to far more than any return holds, as harmful files do.",
        "Make it anew in the system that it comes from, and send it again.",
    )


def count_names(path: Path) -> int:
    """How many entries a ZIP file lists, counted before its list is loaded."""
    found, rest = 0, b""
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            data = rest + block
            found += data.count(b"PK\x01\x02")
            rest = data[-3:]
    return found


def require_sound(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    """Raise Unreadable where entries share bytes, or unpack to far more than they take."""
    end = 0
    for entry in sorted(entries, key=lambda e: e.header_offset):
        if entry.header_offset < end:
            raise bomb()
        end = entry.header_offset + entry.compress_size
    if end > path.stat().st_size:
        raise bomb()
    for entry in entries:
        require_ratio(entry.file_size, entry.compress_size)


def require_ratio(unpacked: int, packed: int) -> None:
    """Raise Unreadable where so many bytes cannot have come of so few by honest means."""
    if unpacked > SMALL and unpacked > HIGHEST_RATIO * max(packed, 1):
        raise bomb()


def inflated(stream: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content of an entry in blocks, by its bytes and not by the size that it claims.

    Raises Unreadable where it is more than claimed, and one of DAMAGED where it is broken.
    """
    stream.seek(entry.header_offset)
    header = stream.read(30)
    if len(header) < 30 or not header.startswith(b"PK\x03\x04"):
        raise zipfile.BadZipFile
    skipped = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    stream.seek(skipped, 1)
    left, claimed = entry.compress_size, entry.file_size
    unpack = zlib.decompressobj(-15) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    if unpack is None and entry.compress_type != zipfile.ZIP_STORED:
        raise NotImplementedError
    while left and (packed := stream.read(min(left, 64_000))):
        left -= len(packed)
        while packed:
            block = unpack.decompress(packed, BLOCK) if unpack else packed
            packed = unpack.unconsumed_tail if unpack else b""
            claimed -= len(block)
            if claimed < 0:
                raise bomb()
            if block:
                yield block
            if unpack and unpack.eof:
                return


def last_name(name: str) -> str:
    """The file name at the end of a path in a ZIP file."""
    return re.split(r"[/\\]", name)[-1]
