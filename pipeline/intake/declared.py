"""What a `manifest.yml` says of the files beside it: it overrides what is recognised."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import yaml

from pipeline.intake.read import Unreadable

MANIFESTS = ("manifest.yml", "manifest.yaml")


@dataclass(frozen=True)
class Declaration:
    """What an LA declares of one file; None where it says nothing."""

    table: str | None = None
    period: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    la: str | None = None
    ignore: bool = False

    @property
    def fingerprint(self) -> str:
        """Changes when anything that is declared changes."""
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()[:16]


def declarations(folder: Path) -> Callable[[str], Declaration | None]:
    """A lookup by path below the landing folder; it raises Unreadable for a faulty manifest."""

    @cache
    def manifest(place: Path) -> dict[str, Declaration]:
        for name in MANIFESTS:
            if (place / name).is_file():
                try:
                    raw = yaml.safe_load((place / name).read_text(encoding="utf-8"))
                    return {k: Declaration(**v) for k, v in raw["files"].items()}
                except (yaml.YAMLError, UnicodeDecodeError, TypeError, KeyError) as error:
                    raise Unreadable(
                        "manifest_faulty",
                        "The manifest.yml beside the file cannot be used.",
                        "Mend it, or take it away.",
                    ) from error
        return {}

    def look_up(path: str) -> Declaration | None:
        place, parts = folder, path.split("/")
        while len(parts) > 1 and (place / parts[0]).is_dir():
            place /= parts.pop(0)
        return manifest(place).get("/".join(parts))

    return look_up
