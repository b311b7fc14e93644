"""dbt's own documentation of the last build, as one page that opens from disk and calls nobody.

Every table and column with its description, its SQL, its tests and where it comes from. It holds
no row of data.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from pipeline.settings import DBT_PROJECT, Settings

# dbt's page can load a tracker from the internet; the browser is told to refuse all but itself.
SEALED = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
    'img-src data:; font-src data:"/>'
)
CHARSET = '<meta charset="utf-8">'


class DocsFault(RuntimeError):
    """The page could not be made; the one that was there stands."""


def render_dbt_docs(settings: Settings) -> Path:
    """Render `reports/dbt_docs/index.html` from the build file of the last run; gives its path.

    Raises DocsFault where nothing was built yet, or where dbt cannot read the build file.
    """
    if not settings.build_file.exists():
        raise DocsFault("Nothing is built yet: run `common-core run` first.")
    target = settings.home / "dbt" / "docs"
    _generate(settings, target)
    html = (target / "static_index.html").read_text(encoding="utf-8")
    page = settings.reports / "dbt_docs" / "index.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    beside = page.with_name(f".{page.name}.next")
    beside.write_text(sealed(html), encoding="utf-8")
    beside.replace(page)
    return page


def sealed(html: str) -> str:
    """The page with the order to load nothing from elsewhere, before anything in it is read.

    Raises DocsFault where the page is not as dbt 1.11 writes it.
    """
    if CHARSET not in html:
        raise DocsFault("dbt's page has changed, so it could not be kept from calling elsewhere.")
    return html.replace(CHARSET, CHARSET + SEALED, 1)


def _generate(settings: Settings, target: Path) -> None:
    """Have dbt write `static_index.html` to `target`, away from the files that Dagster reads."""
    place = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    place += ["--target-path", str(target), "--log-path", str(target / "logs")]
    parsed = settings.home / "dbt" / "partial_parse.msgpack"
    if parsed.exists():  # or else dbt reads the whole project again
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy(parsed, target)
    dbt = shutil.which("dbt", path=str(Path(sys.executable).parent)) or "dbt"
    # A process of its own, as in a run: the build file is free when it ends.
    ended = subprocess.run(  # noqa: S603  our own words
        [dbt, "--quiet", "docs", "generate", "--static", *place],
        env=os.environ | {"COMMON_CORE_BUILD": str(settings.build_file)},
        stdout=subprocess.DEVNULL,
        check=False,
    )
    if ended.returncode != 0:
        raise DocsFault(
            "dbt could not read the last build; if a run is going on, wait for it to end. "
            f"Its words are in {target.relative_to(settings.home).as_posix()}/logs/dbt.log."
        )
