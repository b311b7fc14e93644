"""dbt as a program that never looks outward: `common-core-dbt`.

Asked for its version, dbt looks for a newer one on the internet; dagster-dbt asks it every time.
Here that one question is answered from what is installed, all else goes to dbt.
"""

import sys
from importlib.metadata import version


def main() -> None:
    """Entry point of `common-core-dbt`."""
    if sys.argv[1:] == ["--version"]:
        print(f"installed: {version('dbt-core')}")
        return
    from dbt.cli.main import cli

    cli(prog_name="dbt")


if __name__ == "__main__":
    main()
