"""ZIP archives: their members as files of our own naming, or why one cannot be taken."""

import re
import shutil
import stat
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from pipeline.intake.landed import NOT_SENT
from pipeline.intake.read.kind import ARCHIVES, kind
from pipeline.intake.read.sheet import Unreadable
from pipeline.intake.read.zipped import (
    BLOCK,
    DAMAGED,
    MOST_NAMES,
    count_names,
    require_ratio,
    require_sound,
)
from pipeline.progress import meter

MOST_MEMBERS = 1_000
LARGEST_MEMBER = 1_000_000_000  # bytes unpacked
LARGEST_TOTAL = 2_000_000_000  # bytes unpacked, archives inside included
DEEPEST = 1  # archives in an archive; none in those

_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")
_MISNAMED = {"workbook": ".xlsx", "locked": ".xlsx", "xml": ".xml", "json": ".json", "text": ".csv"}
_ENCRYPTED, _UTF_8 = 0x1, 0x800  # flags of an entry


@dataclass(frozen=True)
class Member:
    """A file in an archive: unpacked to `path`, or not, and why."""

    name: str  # its path in the archive, parts joined by `/`
    path: Path | None
    stop: Unreadable | None


@dataclass
class _Room:
    """What may still be unpacked, of an archive and of those inside it together."""

    total: int  # bytes when full
    bytes_left: int
    members_left: int
    made: int = 0  # files named so far


def _too_large(what: str) -> Unreadable:
    return Unreadable(
        "archive_too_large",
        f"The archive is too large to be unpacked: {what}.",
        "Send several smaller archives, or the files themselves.",
    )


def _damaged(what: str) -> Unreadable:
    return Unreadable(
        "archive_damaged",
        f"{what} cannot be unpacked: it is damaged, was cut off, or is packed in an unusual way.",
        "Pack the files anew as ZIP (in Windows: Send to, Compressed folder), or send them as "
        "they are.",
    )


def _encrypted() -> Unreadable:
    return Unreadable(
        "archive_encrypted",
        "This cannot be unpacked without a password.",
        "Pack the files anew without a password.",
    )


def _unsafe() -> Unreadable:
    return Unreadable(
        "archive_unsafe_path",
        "The archive would put this outside its own folder, or it is a link and no file.",
        "Pack the files anew, all in one folder.",
    )


def _nested() -> Unreadable:
    return Unreadable(
        "archive_nested",
        "This is an archive in an archive in an archive, which is not unpacked.",
        "Put its files into the outer archive, or send them as they are.",
    )


def _same_name() -> Unreadable:
    return Unreadable(
        "archive_same_name",
        "Two files in the archive have the same name; only the first was taken.",
        "Pack the files anew, each under a name of its own.",
    )


def _name(entry: zipfile.ZipInfo) -> str:
    """The path of an entry with `/` between its parts, in the letters that it was written in."""
    name = entry.filename
    if not entry.flag_bits & _UTF_8:
        try:  # many programs write UTF-8 without saying so
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = entry.filename
    return "".join(c for c in name.replace("\\", "/") if c.isprintable()) or "unnamed"


def _is_safe(name: str, entry: zipfile.ZipInfo) -> bool:
    """Whether an entry is a plain file below the folder that it is unpacked to."""
    is_rooted = PureWindowsPath(name).drive or name.startswith("/")
    mode = stat.S_IFMT(entry.external_attr >> 16)
    return not is_rooted and ".." not in name.split("/") and mode in (0, stat.S_IFREG)


def _wanted(entries: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """The files, without folders and without what programs leave behind."""
    return [
        e
        for e in entries
        if not _name(e).endswith("/")
        and not any(NOT_SENT.match(p) for p in _name(e).split("/") if p not in (".", ".."))
    ]


def _copied(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, room: _Room) -> None:
    """Unpack an entry, counting what really comes out; raises Unreadable or one of DAMAGED."""
    tell = meter("Unpacking", room.total)
    written = 0
    with archive.open(entry) as source, target.open("xb") as into:
        while block := source.read(BLOCK):
            written += len(block)
            room.bytes_left -= len(block)
            if written > LARGEST_MEMBER:
                raise _too_large(f"a file in it has more than {LARGEST_MEMBER // 1_000_000} MB")
            if room.bytes_left < 0:
                raise _too_large(f"its files have more than {LARGEST_TOTAL // 1_000_000} MB")
            require_ratio(written, entry.compress_size)
            into.write(block)
            tell(room.total - room.bytes_left)


def _taken(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, into: Path, room: _Room, depth: int
) -> list[Member]:
    """The member that an entry is, or those of an archive inside."""
    name = _name(entry)
    if not _is_safe(name, entry):
        return [Member(name, None, _unsafe())]
    if entry.flag_bits & _ENCRYPTED:
        return [Member(name, None, _encrypted())]
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return [Member(name, None, _damaged("This file"))]
    suffix = Path(name).suffix.lower()
    room.made += 1
    target = into / f"{room.made:05}{suffix if _SUFFIX.fullmatch(suffix) else ''}"
    try:
        _copied(archive, entry, target, room)
    except DAMAGED:
        target.unlink(missing_ok=True)
        return [Member(name, None, _damaged("This file"))]
    if kind(target) != "archive":
        return [Member(name, target, None)]
    if depth == DEEPEST:
        target.unlink()
        return [Member(name, None, _nested())]
    try:
        inner = _members(target, into, room, depth + 1)
    except Unreadable as stop:
        if stop.code in ("archive_bomb", "archive_too_large"):
            raise
        return [Member(name, None, stop)]
    finally:
        target.unlink()
    return [Member(f"{name}/{m.name}", m.path, m.stop) for m in inner]


def _members(path: Path, into: Path, room: _Room, depth: int) -> list[Member]:
    if count_names(path) > MOST_NAMES:
        raise _too_large(f"it lists more than {MOST_NAMES:,} files")
    try:
        with zipfile.ZipFile(path) as archive:
            require_sound(path, archive.infolist())
            entries = _wanted(archive.infolist())
            room.members_left -= len(entries)
            if room.members_left < 0:
                raise _too_large(f"it has more than {MOST_MEMBERS:,} files")
            if sum(e.file_size for e in entries) > room.bytes_left:
                raise _too_large(f"its files have more than {LARGEST_TOTAL // 1_000_000} MB")
            if not entries:
                raise Unreadable(
                    "archive_empty",
                    "There is no file in the archive.",
                    "If there was nothing to report, leave it; else pack the files anew.",
                )
            seen: Counter[str] = Counter()
            members: list[Member] = []
            for entry in entries:
                name = _name(entry)
                seen[name] += 1
                if seen[name] == 1:
                    members += _taken(archive, entry, into, room, depth)
                else:
                    members.append(Member(f"{name} ({seen[name]})", None, _same_name()))
            return members
    except DAMAGED as error:
        raise _damaged("The archive") from error


def is_archive(path: Path) -> bool:
    """Whether a file is to be unpacked: a ZIP archive by its content, or at least by its name.

    A workbook is none, though packed like one. Raises OSError where it cannot be opened.
    """
    return path.suffix.lower() in ARCHIVES or kind(path) == "archive"


def unpack(path: Path, into: Path) -> list[Member]:
    """Unpack an archive to a folder of its own, in the order of its list.

    Files on disk are named by us and keep the end of their name. Something readable that is only
    named as an archive is its one member. Raises Unreadable for the archive as a whole, OSError
    where it cannot be opened; `into` is the caller's to remove.
    """
    into.mkdir(parents=True, exist_ok=True)
    if suffix := _MISNAMED.get(kind(path)):
        copy = into / f"00001{suffix}"
        shutil.copyfile(path, copy)
        return [Member(f"{path.stem}{suffix}", copy, None)]
    return _members(path, into, _Room(LARGEST_TOTAL, LARGEST_TOTAL, MOST_MEMBERS), 0)
