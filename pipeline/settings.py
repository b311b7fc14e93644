"""Where things are and which key is used: the one place that reads the environment."""

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path

from pipeline.region import Region, load_region

PROJECT = Path(__file__).resolve().parent.parent
EXPECTATIONS = PROJECT / "expectations"
DBT_PROJECT = PROJECT / "dbt_project"
SAMPLE = PROJECT / "data" / "sample"


class SettingFault(ValueError):
    """A setting cannot be used; the message says which one and how to mend it."""


@dataclass(frozen=True)
class Settings:
    """Paths of one installation. `home` holds all generated data, `landing` what the LAs drop."""

    home: Path
    region: Region
    landing: Path
    providers_file: Path
    as_of: dt.date | None = None  # the forecast is made as of this day; None: of all that is known

    @property
    def is_sample(self) -> bool:
        """Whether only the sample of the repository is read: nobody in it exists."""
        return self.region.synthetic and self.landing == (SAMPLE / "landing").resolve()

    @property
    def hub(self) -> Path:
        """Pseudonymised Parquet: all that the hub may see."""
        return self.home / "hub"

    @property
    def warehouse(self) -> Path:
        """The published DuckDB file for inside, that the hub's analysts open read-only.

        Not named for its schema: DuckDB calls a file `common_core.duckdb` the catalogue
        `common_core`, and then takes `common_core.child` to be ambiguous.
        """
        return self.home / "warehouse" / "common_core_warehouse.duckdb"

    @property
    def shareable(self) -> Path:
        """The published DuckDB file for outside: no row of a child, small numbers withheld.

        Exports, and whatever else leaves the hub, come from it and from no other.
        """
        return self.home / "warehouse" / "common_core_shareable.duckdb"

    @property
    def build_file(self) -> Path:
        """The DuckDB file that dbt builds in; thrown away and made anew on every run."""
        return self.home / "warehouse" / "build" / "common_core_build.duckdb"

    @property
    def reports(self) -> Path:
        return self.home / "reports"

    @property
    def reference(self) -> Path:
        return self.home / "reference"

    @property
    def dagster_home(self) -> Path:
        return self.home / "dagster"

    @property
    def ofsted_lists(self) -> tuple[Path, ...]:
        """Ofsted's lists for DfE's rules about URNs: all files of the folder `ofsted_lists`."""
        folder = self.providers_file.parent / "ofsted_lists"
        return tuple(sorted(f for f in folder.glob("[!.~]*") if f.is_file()))

    @property
    def options_file(self) -> Path:
        """Options for new homes, that the business case values: written by an analyst."""
        return self._written("options")

    @property
    def scenarios_file(self) -> Path:
        """What-ifs that the forecast answers: written by an analyst."""
        return self._written("scenarios")

    @property
    def budget_file(self) -> Path:
        """Budgets, beside which forecast spend is put: written by an analyst."""
        return self._written("budget")

    def _written(self, name: str) -> Path:
        """A table beside Ofsted's list: CSV, or a workbook where there is only that."""
        as_csv = self.providers_file.parent / f"{name}.csv"
        workbook = as_csv.with_suffix(".xlsx")
        return workbook if workbook.exists() and not as_csv.exists() else as_csv

    def la_zone(self, la_code: str) -> Path:
        """The identifiable zone of one LA; nothing below it may be copied out of it."""
        return self.home / "la" / la_code

    def feedback(self, la_code: str) -> Path:
        """Where one LA's feedback is: this folder, too, belongs to its LA zone."""
        return self.reports / la_code


def home_folder() -> Path:
    """Where all generated data is, whether or not it is there yet."""
    return Path(os.environ.get("COMMON_CORE_HOME", PROJECT / "data")).resolve()


def user_cache() -> Path:
    """Where a person's programs keep what they can make again; nothing that is sent goes there."""
    if local := os.environ.get("LOCALAPPDATA"):  # Windows
        return Path(local) / "common-core"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "common-core"


def day_of_forecast(text: str) -> dt.date | None:
    """The day as of which the forecast is made, from text such as 2025-03-31; None of blank text.

    Raises SettingFault for what is no date, and for a day that is not over yet.
    """
    if not text.strip():
        return None
    asked = f"The day as of which the forecast is made (--as-of, COMMON_CORE_AS_OF) is “{text}”"
    try:
        day = dt.datetime.strptime(text.strip(), "%Y-%m-%d").date()
    except ValueError:
        raise SettingFault(f"{asked}: give a date such as 2025-03-31.") from None
    if day > dt.date.today():
        raise SettingFault(f"{asked}: give a day that has been, or none for all that is known.")
    return day


def load_settings() -> Settings:
    """Settings from COMMON_CORE_HOME, _REGION, _LANDING, _PROVIDERS and _AS_OF, all with a default.

    A synthetic region reads the sample of the repository where it is not told otherwise; a real
    one reads `landing/` and `reference/` of its home. Raises RegionFault for a faulty region and
    SettingFault for a faulty day.
    """
    region_file = Path(os.environ.get("COMMON_CORE_REGION", PROJECT / "region.yml")).resolve()
    region = load_region(region_file)
    home = home_folder()
    source = SAMPLE if region.synthetic else home
    providers = source / "reference" / "ofsted_providers.csv"
    return Settings(
        home=home,
        region=region,
        landing=Path(os.environ.get("COMMON_CORE_LANDING", source / "landing")).resolve(),
        providers_file=Path(os.environ.get("COMMON_CORE_PROVIDERS", providers)).resolve(),
        as_of=day_of_forecast(os.environ.get("COMMON_CORE_AS_OF", "")),
    )
