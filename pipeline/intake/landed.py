"""What lies in an LA's landing folder, and a copy of a file that holds still while it is read."""

import errno
import hashlib
import os
import re
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.intake.declared import is_manifest
from pipeline.intake.read import Unreadable, no_access

# Left behind by office programs and operating systems; never a return.
NOT_SENT = re.compile(
    r"^(~\$.*|\..*|thumbs\.db|desktop\.ini|__macosx|.*\.tmp|.*\.part(ial)?)$", re.IGNORECASE
)
LATEST_NS = 2**63 - 1  # some file systems hold dates that no manifest could
LONGEST_NAME = 120  # bytes; some file systems take no more than 255, the rest is for our own


class Vanished(Exception):
    """A file was taken away between listing and reading: nothing was received of it."""


@dataclass(frozen=True)
class Landed:
    """A file that an LA dropped, or what lies there in place of one."""

    file: Path
    path: str  # below the landing folder, as it can be written down
    size: int  # bytes
    modified_ns: int
    kind: str  # file, link, or closed: it may not be looked into


def writable(text: str) -> str:
    """Text as it can be written down: what is no character is told by its number."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def was_sent(path: str) -> bool:
    """Whether a path below the landing folder is one that an officer meant to send."""
    parts = [p for p in path.split("/") if p not in (".", "..")]  # those are no hidden files
    return not any(map(is_manifest, parts[-1:])) and not any(map(NOT_SENT.match, parts))


def _modified_ns(seen: os.stat_result) -> int:
    return max(0, min(seen.st_mtime_ns, LATEST_NS))


def _landed(entry: os.DirEntry, path: str) -> Iterator[Landed]:
    """A file, or a link, which could lead anywhere on this machine; pipes and devices are none."""
    seen = entry.stat(follow_symlinks=False)
    if stat.S_ISLNK(seen.st_mode):
        kind = "link"
    elif stat.S_ISREG(seen.st_mode):
        kind = "file"
    else:
        return
    yield Landed(Path(entry.path), path, seen.st_size, _modified_ns(seen), kind)


def _walk(folder: Path, below: str) -> Iterator[Landed]:
    try:
        with os.scandir(folder) as found:
            entries = list(found)
    except FileNotFoundError:
        return
    except OSError:
        yield Landed(folder, below.rstrip("/"), 0, 0, "closed")
        return
    for entry in entries:
        path = below + writable(entry.name)
        if not was_sent(path):
            continue
        try:
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(Path(entry.path), path + "/")
            else:
                yield from _landed(entry, path)
        except FileNotFoundError:
            continue
        except OSError:
            yield Landed(Path(entry.path), path, 0, 0, "closed")


def landed_files(folder: Path) -> list[Landed]:
    """What an LA dropped, oldest first, so that the newest is received last."""
    if not folder.is_dir():
        return []
    return sorted(_walk(folder, ""), key=lambda f: (f.modified_ns, f.path))


def sha256(file: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def plain_name(name: str) -> str:
    """A file name that every file system takes: not longer, and of characters only."""
    whole = writable(name).replace("\n", " ")
    short = whole.encode()[-LONGEST_NAME:].decode("utf-8", "ignore")
    return re.sub(r'[<>:"/\\|?*\x00-\x1f]', "_", short)


def refused(landed: Landed) -> Unreadable | None:
    """Why what lies there cannot be opened as a file; None for a file."""
    match landed.kind:
        case "link":
            return Unreadable(
                "link",
                "This is a link to a file elsewhere, not a file.",
                "Put the file itself into the folder.",
            )
        case "closed":
            return no_access()
    return None


def copy_of(landed: Landed, into: Path) -> Path:
    """A copy of the file's bytes under a plain name; raises Vanished, or Unreadable."""
    copy = into / plain_name(landed.file.name)
    into.mkdir(parents=True, exist_ok=True)
    try:
        if not stat.S_ISREG(landed.file.lstat().st_mode):  # a pipe would make us wait
            raise Vanished
        with landed.file.open("rb") as source, copy.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
    except FileNotFoundError:
        raise Vanished from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):  # that is our own disk
            raise
        raise no_access() from error
    return copy


def require_still(landed: Landed, digest: str) -> None:
    """Raise Unreadable where the file is not what it was when its copy was made."""
    try:
        seen = landed.file.lstat()
        is_same = (seen.st_size, _modified_ns(seen)) == (landed.size, landed.modified_ns)
        if is_same and sha256(landed.file) == digest:
            return
    except FileNotFoundError:
        return  # taken away since; what was copied is whole
    except OSError as error:
        raise no_access() from error
    raise Unreadable(
        "being_written",
        "The file changed while it was being read: it is still being written.",
        "Nothing to do: the next run takes it as soon as it is whole.",
    )
