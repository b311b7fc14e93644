"""Keep values out of exceptions: what goes wrong in an LA's zone is told without its words."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pipeline.reference import ReferenceFault
from pipeline.region import RegionFault
from pipeline.sharing.pseudonym import KeyFault
from pipeline.standards.load import StandardFault

# Our own words, about settings and standards: they hold no value of a file.
SPEAKABLE = (KeyFault, RegionFault, ReferenceFault, StandardFault)


class WithheldFault(RuntimeError):
    """Something failed on identifiable data: what and where, without the words of the error."""


@contextmanager
def values_withheld(
    doing: str,
    la_zone: Path,
    known_as: str = "the LA zone",
    speakable: tuple[type[Exception], ...] = (),
) -> Iterator[None]:
    """Raise WithheldFault for any error but our own, its full text kept in the LA zone.

    Errors of DuckDB and pandas quote the cells they fail on; Dagster would store them. `speakable`
    are further errors of our own, `known_as` what to call the folder that the text is kept in.
    """
    try:
        yield
    except (*SPEAKABLE, *speakable):
        raise
    except Exception as error:
        raise WithheldFault(_kept_aside(doing, la_zone, known_as, error)) from None


def _kept_aside(doing: str, la_zone: Path, known_as: str, error: Exception) -> str:
    now = datetime.now(UTC)
    kept = la_zone / "faults" / f"{now:%Y%m%dT%H%M%S%f}.txt"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    ours = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if "pipeline" in Path(frame.filename).parts
    ]
    where = f" in {Path(ours[-1].filename).name}, line {ours[-1].lineno}" if ours else ""
    return (
        f"{doing} failed: {type(error).__name__}{where}. Its words are withheld, for they may "
        f"hold values; they are in {known_as}, in faults/{kept.name}."
    )
