"""Where things are and which key is used: the one place that reads the environment."""

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
EXPECTATIONS = PROJECT / "expectations"
DBT_PROJECT = PROJECT / "dbt_project"
SAMPLE = PROJECT / "data" / "sample"


@dataclass(frozen=True)
class Settings:
    """Paths of one installation. `home` holds all generated data, `landing` what the LAs drop."""

    home: Path
    landing: Path
    region_file: Path
    providers_file: Path

    @property
    def hub(self) -> Path:
        """Pseudonymised Parquet: all that the hub may see."""
        return self.home / "hub"

    @property
    def warehouse(self) -> Path:
        """The published DuckDB file that analysts open read-only."""
        return self.home / "warehouse" / "common_core.duckdb"

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

    def la_zone(self, la_code: str) -> Path:
        """The identifiable zone of one LA; nothing below it may be copied out of it."""
        return self.home / "la" / la_code


def load_settings() -> Settings:
    """Settings from COMMON_CORE_HOME, _LANDING, _REGION and _PROVIDERS, each with a default."""
    home = Path(os.environ.get("COMMON_CORE_HOME", PROJECT / "data")).resolve()
    return Settings(
        home=home,
        landing=Path(os.environ.get("COMMON_CORE_LANDING", home / "landing")).resolve(),
        region_file=Path(os.environ.get("COMMON_CORE_REGION", PROJECT / "region.yml")).resolve(),
        providers_file=Path(
            os.environ.get("COMMON_CORE_PROVIDERS", home / "reference" / "ofsted_providers.csv")
        ).resolve(),
    )
