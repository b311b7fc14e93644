"""What may leave the LA zone: for each table the hub's columns, and nothing else.

The `share` of each field in `expectations/` says how it is shared. Nothing is shared by default.
"""

from dataclasses import dataclass

from pipeline.intake.clean import key_sql
from pipeline.standards.load import Field, Table

SQL_TYPES = {
    "integer": "bigint",
    "money": "decimal(12, 2)",
    "date": "date",
    "boolean": "boolean",
}

# Computed in the LA zone from exact values, before these are degraded.
DERIVED = {
    "episodes": (
        ("age_at_start", "integer"),
        ("turned_18_date", "date"),
        ("distance_miles", "decimal(7, 1)"),
        ("placement_la_code", "varchar"),
        ("is_out_of_authority", "boolean"),
    ),
    "placements": (
        ("referral_key", "varchar"),
        ("age_at_referral", "integer"),
        ("days_referral_to_placement", "integer"),
        ("turned_18_date", "date"),
        ("placement_la_code", "varchar"),
        ("is_out_of_authority", "boolean"),
    ),
}


@dataclass(frozen=True)
class HubColumn:
    """A column of a hub table: its name, its DuckDB type and the SQL over conformed columns."""

    name: str
    sql_type: str
    sql: str


def hub_column(table: Table, field: Field) -> HubColumn | None:
    """How one field is shared; None where it is not."""
    name = field.name
    match field.share:
        case "keep":
            return HubColumn(name, SQL_TYPES.get(field.type, "varchar"), name)
        case "pseudonym":
            shared = "child_id" if name == table.child else f"{name}_key"
            return HubColumn(shared, "varchar", f"pseudonym('{shared}', {name})")
        case "month":
            return HubColumn(f"{name}_month", "date", f"date_trunc('month', {name})::date")
        case "cap_3":
            # Not least(): DuckDB's ignores a null, and would make three of none. Fewer than none
            # is a slip, and tells nothing.
            capped = f"case when {name} > 3 then 3 when {name} >= 0 then {name} end"
            return HubColumn(name, "bigint", capped)
        case "presence":
            return HubColumn(f"has_{name}", "boolean", f"{name}__text is not null")
        case "district":
            # A return asks for sectors, `GL71` among them; the others for districts, or for all.
            asks_sector = table.dataset == "placements" and field.type == "postcode"
            district = "sector_district" if asks_sector else "postcode_district"
            return HubColumn(f"{name}_district", "varchar", f"{district}({name})")
        case "area":
            return HubColumn(f"{name}_area", "varchar", f"area_code({name})")
        case _:
            return None


def hub_columns(table: Table) -> list[HubColumn]:
    """The columns of a table's hub Parquet, in order; the first four identify the row."""
    identity = [
        HubColumn("la_code", "varchar", "la_code"),
        HubColumn("period", "varchar", "period"),
        HubColumn("submission_id", "varchar", "submission_id"),
        HubColumn("record_id", "varchar", f"pseudonym('{table.name}', {key_sql(table)})"),
    ]
    shared = [c for f in table.fields if (c := hub_column(table, f))]
    derived = [
        HubColumn(name, sql_type, name)
        for name, sql_type in DERIVED.get(table.name, DERIVED.get(table.dataset, ()))
    ]
    return identity + shared + derived
