"""The SQL of a model, rendered without dbt, to be run on thousands of made-up regions."""

from collections.abc import Mapping
from functools import cache

import yaml
from jinja2 import Environment, Template

from pipeline.settings import DBT_PROJECT

# What the secondary rule comes down to; without it totals stand beside what they tell.
SWITCHED_OFF = "{% macro tells_a_part(total, bounds, is_cap=false) %}false{% endmacro %}"


ENVIRONMENT = Environment(extensions=["jinja2.ext.do"])  # noqa: S701 - it makes SQL, not HTML


@cache
def macros(secondary: bool) -> Template:
    """The project's macros, compiled once: that takes longer than most of the SQL runs."""
    text = "".join(
        path.read_text(encoding="utf-8")
        for path in sorted((DBT_PROJECT / "macros").glob("*.sql"))
        if path.stem != "generate_schema_name"  # dbt's own hook
    )
    return ENVIRONMENT.from_string(text + ("" if secondary else SWITCHED_OFF))


@cache
def variables() -> dict[str, object]:
    """The variables of dbt_project.yml."""
    return yaml.safe_load((DBT_PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]


def render(
    template: str,
    secondary: bool = True,
    settings: Mapping[str, object] | None = None,
    edition: str = "build",
) -> str:
    """SQL of a template with the project's macros; `ref` gives the bare name of a table.

    `settings` stand in for variables of dbt_project.yml, `edition` for dbt's target.
    """
    values = variables() | dict(settings or {})
    given = {
        "ref": lambda name: name,
        "config": lambda **_: "",
        "var": values.__getitem__,
        "target": {"name": edition},
    }
    named = vars(macros(secondary).make_module(given))
    return ENVIRONMENT.from_string(template).render(given | named).strip()


def model(
    path: str,
    secondary: bool = True,
    settings: Mapping[str, object] | None = None,
    edition: str = "build",
) -> str:
    """SQL of a model of the dbt project, by its path below `models/`."""
    text = (DBT_PROJECT / "models" / path).read_text(encoding="utf-8")
    return render(text, secondary, settings, edition)
