"""Unpack the archives that LAs send."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

from pipeline.intake.read import Unreadable

ARCHIVES = (".zip",)


@dataclass(frozen=True)
class Member:
    """A file of an archive: where its bytes lie now, or why they could not be taken."""

    name: str
    path: Path | None
    stop: Unreadable | None


def unpack(path: Path, into: Path) -> list[Member]:
    """The files of an archive, below `into`; raises Unreadable for an archive as a whole."""
    members = []
    into.mkdir(parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(path) as archive:
            for number, info in enumerate(i for i in archive.infolist() if not i.is_dir()):
                place = into / f"{number}{Path(info.filename).suffix}"
                place.write_bytes(archive.read(info))
                members.append(Member(info.filename, place, None))
    except (zipfile.BadZipFile, RuntimeError) as error:
        raise Unreadable(
            "broken_archive",
            "The archive cannot be opened: it is damaged, or protected by a password.",
            "Pack it again without a password, or send the files as they are.",
        ) from error
    return members
