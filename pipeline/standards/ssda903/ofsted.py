"""Ofsted's lists of providers, as councils get them: what rules about URNs are checked against.

There are three: children's homes, social care providers, and since 2024 the two together, with
supported accommodation on a sheet of its own. A sheet is told by its headings, so each may be a
workbook or the CSV file of one sheet.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.intake.headings import bare
from pipeline.intake.read import Sheet
from pipeline.reference import ReferenceFault, list_sheets
from pipeline.standards.ssda903.tables import PROVIDER
from pipeline.warehouse import sql_text

HEADER_WITHIN = 20  # rows; titles may stand above the headings

# What the lists call each column, over the years.
HEADINGS = {
    "urn": ("URN",),
    "la_name": ("Local authority", "Provider local authority"),
    "place_codes": ("Placement code", "Provider code"),
    "provider_codes": ("Placement provider code", "Provider placement code"),
    "reg_end": ("Deregistration date", "Closed date"),
    "postcode": ("Setting address postcode", "Setting postcode"),
}
NEEDED = ("urn", "place_codes", "provider_codes", "postcode")
READ_AS = {
    "urn": "normal_id(replace({}, ' ', ''))",
    "la_name": "{}",
    "place_codes": "regexp_extract_all(upper({}), '[A-Z0-9]+')",
    "provider_codes": "regexp_extract_all(upper({}), '[A-Z0-9]+')",
    "reg_end": "read_date({})",
    "postcode": "nullif(bare_postcode({}), '')",
}
SUPPORTED = "SA providers"  # the sheet of supported accommodation, which leaves out its codes
SUPPORTED_PLACE, SUPPORTED_PROVIDER = "['K3']", "['PR4']"

HOW_TO_FIX = "Take the list as Ofsted gives it to councils, with its sheets and headings unchanged."


@dataclass(frozen=True)
class ProvidersRead:
    """What was read of Ofsted's lists."""

    urns: int
    repeated: int  # URNs with several entries, such as several premises
    closed: int  # registrations that have ended

    def __str__(self) -> str:
        words = f"{self.urns:,} URNs, {self.closed:,} of them closed"
        if self.repeated:
            words += f"; {self.repeated:,} have several entries"
        return words


@dataclass(frozen=True)
class _Listed:
    """A sheet with URNs: where its headings stand, and which column is which."""

    sheet: Sheet
    header_row: int
    columns: dict[str, int]
    is_supported: bool

    @property
    def has_codes(self) -> bool:
        """Whether it says what a home is used for; a sheet of addresses does not."""
        return self.is_supported or bool({"place_codes", "provider_codes"} & self.columns.keys())

    @property
    def said(self) -> set[str]:
        """What it says of each provider."""
        return self.columns.keys() | (
            {"place_codes", "provider_codes"} if self.is_supported else set()
        )


def _listed(connection: duckdb.DuckDBPyConnection, sheet: Sheet, file: Path) -> _Listed | None:
    """A sheet with a column of URNs; None for any other, such as its notes."""
    rows = connection.execute(
        f"select * from {sheet.relation} order by row_number limit {HEADER_WITHIN}"
    ).fetchall()
    for number, *cells in rows:
        at: dict[str, int] = {}
        for index, cell in enumerate(cells):
            at.setdefault(bare(cell or ""), index)
        columns = {
            name: at[known[0]]
            for name, headings in HEADINGS.items()
            if (known := [bare(h) for h in headings if bare(h) in at])
        }
        if "urn" in columns:
            is_supported = bare(SUPPORTED) in bare(sheet.name or file.stem)
            return _Listed(sheet, number, columns, is_supported)
    return None


def _entries_sql(listed: _Listed, file: Path) -> str:
    """The rows of a sheet; null where it does not say something."""
    said = {
        name: sql.format(f"clean_text(c{listed.columns[name]})")
        for name, sql in READ_AS.items()
        if name in listed.columns
    }
    if listed.is_supported:
        said = {"provider_codes": SUPPORTED_PROVIDER} | said | {"place_codes": SUPPORTED_PLACE}
    parts = ", ".join(f"{sql} as {name}" for name, sql in said.items())
    return (
        f"select {parts}, {sql_text(file.name)} as source from {listed.sheet.relation} "
        f"where row_number > {listed.header_row}"
    )


def _require_list(file: Path, found: list[_Listed]) -> None:
    """Raise ReferenceFault unless a file has all that a list must say."""
    coded = [f for f in found if f.has_codes] or found
    anywhere = {name for f in found for name in f.said}
    lacking = {n for f in coded for n in NEEDED if n not in f.said}
    lacking -= {"postcode"} & anywhere  # it may stand on a sheet of addresses
    if lacking or not found:
        missing = [HEADINGS[n][0] for n in NEEDED if n in lacking or not found]
        raise ReferenceFault(
            f"{file.name} is not one of Ofsted's lists of providers: the "
            f"{'column' if len(missing) == 1 else 'columns'} {', '.join(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} missing. {HOW_TO_FIX}"
        )


def _read_list(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Add the entries of one file to `listed_provider`."""
    sheets = list_sheets(connection, file, "ofsted")
    found = [known for sheet in sheets if (known := _listed(connection, sheet, file))]
    _require_list(file, found)
    for listed in found:
        into = "listed_provider" if listed.has_codes else "listed_address"
        wanted = "*" if listed.has_codes else "urn, postcode"
        connection.execute(
            f"insert into {into} by name select {wanted} from ({_entries_sql(listed, file)}) "
            "where urn is not null"
        )
    for sheet in sheets:
        connection.execute(f"drop table {sheet.relation}")


# A provider may be listed with several premises: each stays, the same one told twice does not.
_EACH_ENTRY = """
with
address as (
    select
        urn,
        min(postcode) as postcode
    from listed_address
    group by urn
)

select
    listed_provider.urn,
    listed_provider.la_name,
    nullif(array_to_string(list_sort(list_distinct(place_codes)), ','), '') as place_codes,
    nullif(array_to_string(list_sort(list_distinct(provider_codes)), ','), '') as provider_codes,
    listed_provider.reg_end,
    coalesce(listed_provider.postcode, address.postcode) as postcode,
    null::varchar as la_code,
    min(listed_provider.source) as source
from listed_provider
left join address on listed_provider.urn = address.urn
group by all
"""


def load_ofsted(connection: duckdb.DuckDBPyConnection, files: Iterable[Path]) -> ProvidersRead:
    """Fill the session's `provider` with the entries of the lists, and note that it was given.

    The macros of `pipeline.intake.clean` must be known. The authority of a postcode is looked up
    by `pipeline.standards.ssda903.feed.derive`, later. Raises ReferenceFault for a file that is
    none of Ofsted's lists.
    """
    connection.execute(
        "create or replace temp table listed_provider (urn varchar, la_name varchar, "
        "place_codes varchar[], provider_codes varchar[], reg_end date, postcode varchar, "
        "source varchar);"
        "create or replace temp table listed_address (urn varchar, postcode varchar)"
    )
    for file in files:
        _read_list(connection, file)
    connection.execute(
        f"create or replace table provider as select {', '.join(PROVIDER)} from ({_EACH_ENTRY})"
    )
    connection.execute("insert into delivered values ('provider')")
    urns, repeated, closed = connection.execute(
        "select count(*), count(*) filter (entries > 1), count(*) filter (entries = ended) "
        "from (select urn, count(*) as entries, count(reg_end) as ended from provider group by urn)"
    ).fetchall()[0]
    connection.execute("drop table listed_provider")
    connection.execute("drop table listed_address")
    return ProvidersRead(urns, repeated, closed)
