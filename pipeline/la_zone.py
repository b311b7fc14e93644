"""The steps of one LA's zone, run for many LAs: a fault of one never stops another."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pipeline.accounting import Checked, check_la
from pipeline.faults import WithheldFault, values_withheld
from pipeline.hub import code_version
from pipeline.intake.manifest import load_manifest, manifest_path
from pipeline.intake.receive import Received, receive
from pipeline.progress import tell
from pipeline.reference import Postcodes
from pipeline.reports.feedback import write_feedback
from pipeline.settings import Settings
from pipeline.sharing.pseudonym import Key, KeyFault, load_key, throw_away_key
from pipeline.sharing.quality import share_check_results, share_submissions
from pipeline.sharing.share import Shared, read_receipt, share_la, write_receipt
from pipeline.standards.validation import write_validation

T = TypeVar("T")


class HomeFault(RuntimeError):
    """The home holds the data of another kind of region; nothing was read."""


@dataclass(frozen=True)
class Done(Generic[T]):
    """What a step did for each LA, and for which LAs it failed, in words without values."""

    results: dict[str, T]
    faults: dict[str, str]


def each_la(
    settings: Settings, la_codes: Iterable[str], doing: str, work: Callable[[str], T]
) -> Done[T]:
    """Do `work` for each LA; one that fails keeps what it had."""
    results: dict[str, T] = {}
    faults: dict[str, str] = {}
    for code in la_codes:
        name = settings.region.authority(code).name
        try:
            with values_withheld(f"{doing} {name}", settings.la_zone(code)):
                results[code] = work(code)
        except WithheldFault as fault:
            faults[code] = str(fault)
            tell(str(fault))
    return Done(results, faults)


def claim_home(settings: Settings) -> None:
    """Refuse to mix synthetic and real data in one home; raises HomeFault."""
    marker = settings.home / "region.json"
    mine = {"region": settings.region.name, "synthetic": settings.region.synthetic}
    if marker.exists():
        theirs = json.loads(marker.read_text(encoding="utf-8"))
        if theirs["synthetic"] != mine["synthetic"]:
            kinds = ("real", "synthetic")
            raise HomeFault(
                f"{settings.home.name}/ holds {kinds[theirs['synthetic']]} data and this region is "
                f"{kinds[mine['synthetic']]}. Set COMMON_CORE_HOME to another folder."
            )
    marker.parent.mkdir(parents=True, exist_ok=True)
    marker.write_text(json.dumps(mine), encoding="utf-8")


def unclaimed_files(settings: Settings) -> int:
    """How many files lie in the landing folder but in no authority's folder."""
    if not settings.landing.is_dir():
        return 0
    folders = {a.folder for a in settings.region.authorities}
    return sum(
        1
        for f in settings.landing.rglob("*")
        if f.is_file()
        and f.relative_to(settings.landing).parts[0] not in folders
        and not f.name.startswith(".")
    )


def receive_las(settings: Settings, la_codes: Iterable[str]) -> Done[Received]:
    """Read what is new in the landing folders."""

    def work(code: str) -> Received:
        authority = settings.region.authority(code)
        received = receive(code, settings.landing / authority.folder, settings.la_zone(code))
        tell(
            f"{authority.name}: {received.files_seen} files, {received.files_read} read"
            if received.files_read
            else f"{authority.name}: {received.files_seen} files, nothing new, none read again"
        )
        return received

    claim_home(settings)
    return each_la(settings, la_codes, "Reading the files of", work)


def check_las(settings: Settings, la_codes: Iterable[str]) -> Done[Checked]:
    """Check what was read, account for every row, tell the hub the counts and the LA the rest."""

    def work(code: str) -> Checked:
        zone = settings.la_zone(code)
        if not manifest_path(zone).exists():
            return Checked(code, [], [])
        waiting = any(e.checked_by != e.read_by for e in load_manifest(zone))
        if not waiting:
            return Checked(code, load_manifest(zone), [])
        checked = check_la(code, zone)
        results = [(entry, outcome.results) for entry, outcome in checked.outcomes]
        share_check_results(settings.hub, code, results)
        for entry, outcome in checked.outcomes:
            write_validation(
                settings.hub,
                code,
                entry.submission_id,
                entry.table_name,
                entry.period,
                outcome.validation,
            )
        share_submissions(settings.hub, code, checked.entries)
        write_feedback(zone, checked.entries)
        tell(f"{settings.region.authority(code).name}: {len(results)} tables checked")
        return checked

    return each_la(settings, la_codes, "Checking the files of", work)


def key_of(settings: Settings) -> Key:
    """The key of the environment; the sample alone may do with a throw-away one.

    Raises KeyFault without a usable key.
    """
    try:
        return load_key()
    except KeyFault as fault:
        if settings.is_sample and str(fault).startswith("No key"):
            tell("No key is set: a throw-away key is used, for the synthetic sample only.")
            secret = throw_away_key(settings.home / "throw_away_key")
            return Key(secret.encode(), "throw-away")
        raise


def _made_from(la_zone: Path, key: Key) -> str:
    digest = hashlib.sha256(manifest_path(la_zone).read_bytes())
    digest.update(f"{key.mark}|{code_version()}".encode())
    return digest.hexdigest()[:16]


def share_las(
    settings: Settings, la_codes: Iterable[str], postcodes: Postcodes
) -> Done[Shared | None]:
    """Bring the hub up to date; an LA whose rows did not change is left alone (None)."""
    key = key_of(settings)

    def work(code: str) -> Shared | None:
        zone = settings.la_zone(code)
        if not manifest_path(zone).exists():
            return None
        made_from = _made_from(zone, key)
        if read_receipt(settings.hub, code) == made_from:
            return None
        shared = share_la(code, zone, settings.hub, key, postcodes)
        write_receipt(settings.hub, shared, made_from)
        name = settings.region.authority(code).name
        tell(f"{name}: {sum(shared.rows.values()):,} rows shared with the hub")
        return shared

    return each_la(settings, la_codes, "Sharing the rows of", work)
