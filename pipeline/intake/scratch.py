"""Room inside an LA's zone for what may be thrown away."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def scratch(la_zone: Path) -> Iterator[Path]:
    """A folder for one step; what a killed run left in it is gone before, all of it after."""
    folder = la_zone / "scratch"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
