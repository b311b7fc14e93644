"""The SQL of a model, rendered without dbt, to be run on thousands of made-up regions."""

from collections.abc import Mapping

import yaml
from jinja2 import Environment

from pipeline.settings import DBT_PROJECT

# What the secondary rule comes down to; without it totals stand beside what they tell.
SWITCHED_OFF = "{% macro tells_a_part(total, bounds, is_cap=false) %}false{% endmacro %}"


def render(
    template: str, secondary: bool = True, settings: Mapping[str, object] | None = None
) -> str:
    """SQL of a template with the project's macros; `ref` gives the bare name of a table.

    `settings` stand in for variables of dbt_project.yml.
    """
    macros = "".join(
        path.read_text(encoding="utf-8")
        for path in sorted((DBT_PROJECT / "macros").glob("*.sql"))
        if path.stem != "generate_schema_name"  # dbt's own hook
    )
    environment = Environment(extensions=["jinja2.ext.do"])  # noqa: S701 - it makes SQL, not HTML
    text = macros + ("" if secondary else SWITCHED_OFF) + template
    project = yaml.safe_load((DBT_PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    variables = project["vars"] | dict(settings or {})
    given = {"ref": lambda name: name, "config": lambda **_: "", "var": variables.__getitem__}
    return environment.from_string(text).render(given).strip()


def model(path: str, secondary: bool = True, settings: Mapping[str, object] | None = None) -> str:
    """SQL of a model of the dbt project, by its path below `models/`."""
    return render((DBT_PROJECT / "models" / path).read_text(encoding="utf-8"), secondary, settings)
