"""Clean and cast text: the one place that knows how officers and spreadsheets write things.

Everything here is SQL over whole columns. `create_macros` must have run on the connection.
"""

import duckdb

from pipeline.standards.load import Field, Table
from pipeline.warehouse import sql_name, sql_text

# Two-digit years first: %Y would read 24 as the year 24, while %y refuses 2024.
DATE_FORMATS = (
    "%d/%m/%y",
    "%d-%b-%y",
    "%d %b %y",
    "%d/%m/%Y",
    "%Y-%m-%d",
    "%d-%m-%Y",
    "%d.%m.%Y",
    "%d %m %Y",
    "%d-%b-%Y",
    "%d %b %Y",
    "%d %B %Y",
    "%d-%B-%Y",
    "%d/%b/%Y",
    "%d%b%Y",
    "%Y/%m/%d",
)

_TYPOGRAPHIC = "“”„‘’‚`´‐‑–—−"  # noqa: RUF001  these are the characters to replace
_PLAIN = "\"\"\"'''''-----"

# A cell of printable ASCII, its words one space apart, is clean already.
_PLAIN_TEXT = "[!-_a-~]+( [!-_a-~]+)*"
PLAIN_BYTES = bytes(range(ord(" "), ord("~") + 1)).replace(b"`", b"")
_INVISIBLE = (
    r"\x{0000}-\x{0008}\x{000E}-\x{001F}\x{007F}\x{00AD}\x{061C}\x{200B}-\x{200F}"
    r"\x{202A}-\x{202E}\x{2060}-\x{2064}\x{2066}-\x{2069}\x{FEFF}"
)
_WIDE = r"\s\x0B\x85\xA0\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}"

_MACROS = r"""
-- Most texts are plain already: the quick look spares them the rest.
create or replace macro is_plain(t) as
    regexp_full_match(t, 'PLAIN_TEXT') and not starts_with(t, '1899-');

-- No-break and other wide spaces become a space, invisible characters vanish, curly quotes and
-- dashes become plain. Excel keeps a time as a moment of the last day of 1899: 1:1 is 01:01.
create or replace macro clean_text(t) as case when is_plain(t) then t else
    nullif(trim(regexp_replace(regexp_replace(regexp_replace(
    translate(t, TYPOGRAPHIC, PLAIN),
    '[INVISIBLE]', '', 'g'), '[WIDE]+', ' ', 'g'),
    '^1899-12-3[01] 0?(\d+):0?(\d+):00$', '\1:\2')), '') end;

-- Whether anything is left of a text once it is cleaned.
create or replace macro has_text(t) as regexp_matches(t, '[^INVISIBLEWIDE]');

-- What a spreadsheet shows where a formula failed.
create or replace macro is_formula_error(t) as regexp_full_match(upper(t),
    '#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)|ERR:\d{3}');

-- A failed formula is no answer, as in a workbook, where its cell is blank.
create or replace macro read_text(t) as case when not is_formula_error(t) then t end;

-- Ids are text: upper case, without the .0 that Excel adds and the apostrophe or ="…" that keep
-- it from doing so; leading zeros stay. An id that Excel turned into 1.23E+11 has lost its digits
-- and is no id.
create or replace macro bare_id(t) as
    trim(regexp_replace(upper(t), '^(=\s*"([^"'']*)"|''+([^''"=]*))$', '\2\3'));

-- What programs and people write where they have no id; taken as one, it would make one child of
-- many. An id has a letter or a digit.
create or replace macro stands_for_no_id(t) as is_formula_error(t)
    or t in ('NULL', '(NULL)', 'NONE', 'NA', 'N/A', 'NAN', 'TBA', 'TBC', 'UNKNOWN', 'NOT KNOWN')
    or not regexp_matches(t, '[\p{L}\p{N}]');

-- The usual ids are as they should be. A lambda works out once what stands several times.
create or replace macro is_usual_id(t) as regexp_full_match(t, '[A-Z]{0,6}\d+');

create or replace macro normal_id(t) as case when is_usual_id(t) then t else
    list_transform([bare_id(t)], lambda bare: case
        when not regexp_full_match(bare, '-?\d+([.,]\d+)?E\+\d+|-?\d+[.,]\d+E-?\d+')
            and not stands_for_no_id(bare)
            then nullif(regexp_replace(bare, '^(\d+)\.0+$', '\1'), '')
    end)[1]
end;

-- What remains of an option when case, spaces and joiners do not matter.
create or replace macro squeezed(t) as regexp_replace(lower(t), '[\s_.,;-]', '', 'g');

-- Commas stand between thousands or nowhere: `1,23` and `2.5` children are not guessed at.
create or replace macro read_integer(t) as case
    when regexp_full_match(t, '-?(\d{1,15}|\d{1,3}(,\d{3}){1,4})(\.0+)?')
        then regexp_replace(replace(t, ',', ''), '\.0+$', '')::bigint
end;

-- One amount, with pounds before it or after it; two amounts in one cell are not run together.
create or replace macro bare_money(t) as
    regexp_replace(regexp_replace(t, '^(-?)\s*(£|GBP)\s*|\s*(£|GBP)$', '\1'), '\s*GBP$', '');

create or replace macro read_money(t) as case
    when regexp_full_match(bare_money(t), '-?(\d{1,9}|\d{1,3}(,\d{3}){1,2})(\.\d+)?')
        then try_cast(replace(bare_money(t), ',', '') as decimal(12, 2))
end;

create or replace macro sane_date(d) as
    list_filter([d], lambda day: year(day) between 1900 and 2100)[1];

create or replace macro read_odd_date(t) as sane_date(case
    when regexp_full_match(t, '[2-6]\d{4}(\.\d+)?') -- Excel's day number, 1954 to 2091
        then date '1899-12-30' + try_cast(split_part(t, '.', 1) as integer)
    when regexp_full_match(t, '(19|20|21)\d{6}(\.0+|[T ]\d{1,2}:\d{2}.*)?') -- 20240401
        then try_strptime(left(t, 8), '%Y%m%d')::date
    when regexp_full_match(t, '\d{1,2}\W\w+\W\d') then null -- 1/4/2 was cut off
    else try_strptime(
        regexp_replace(regexp_replace(regexp_replace(t,
            '[T ]\d{1,2}:\d{2}.*$', ''), '(?i)\bsept\b', 'Sep'), '(?i)^(\d+)(st|nd|rd|th)\b', '\1'),
        DATE_FORMATS
    )::date
end);

-- The day comes before the month, always: 04/13/2024 is no date. Of a moment the day counts.
create or replace macro read_date(t) as case
    when regexp_full_match(t, '\d{1,2}/\d{1,2}/(19|20)\d{2}') -- nearly always
        then try_strptime(t, '%d/%m/%Y')::date
    else read_odd_date(t)
end;

create or replace macro bare_postcode(t) as regexp_replace(upper(t), '[^A-Z0-9]', '', 'g');

-- The same with one space for whatever stands between its parts.
create or replace macro spaced_postcode(t) as
    trim(regexp_replace(upper(t), '[^A-Z0-9]+', ' ', 'g'));

create or replace macro is_whole_postcode(t) as
    regexp_full_match(bare_postcode(t), '[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}');

-- The first half of a postcode, whatever of the second half stands behind it: `PL1 5` and
-- `PL1 5AB` are in PL1. Two digits without a space are left as they are: PL15 may be meant.
create or replace macro read_outward(t) as case
    when regexp_full_match(spaced_postcode(t), '[A-Z]{1,2} ?\d[A-Z\d]? \d[A-Z]{0,2}')
        then bare_postcode(regexp_replace(spaced_postcode(t), ' \d[A-Z]{0,2}$', ''))
    when regexp_full_match(bare_postcode(t), '[A-Z]{1,2}\d[A-Z\d]?') then bare_postcode(t)
    when is_whole_postcode(t) then regexp_replace(bare_postcode(t), '\d[A-Z]{2}$', '')
    when regexp_full_match(upper(t), '[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]|[A-Z]{1,2}\d[A-Z\d]\d')
        then regexp_replace(upper(t), '\d[A-Z]?$', '')
    when regexp_full_match(spaced_postcode(t), 'BFPO ?\d{1,4}') then 'BF1' -- all forces' post
end;

-- A whole postcode as `TA1 4AB`, a sector as `TA1 4`, a district as `TA1`.
create or replace macro read_postcode(t) as case
    when is_whole_postcode(t)
        then regexp_replace(bare_postcode(t), '^(.+)(\d[A-Z]{2})$', '\1 \2')
    when regexp_full_match(spaced_postcode(t), '[A-Z]{1,2}\d[A-Z\d]? \d')
        then spaced_postcode(t)
    when regexp_full_match(bare_postcode(t), '[A-Z]{1,2}\d[A-Z\d]?') then bare_postcode(t)
end;

-- Ofsted's numbers: SC and digits, or digits; XXXXXXX is SSDA903's for a home that has none.
create or replace macro read_urn(t) as list_filter(
    [normal_id(replace(t, ' ', ''))], lambda urn: regexp_full_match(urn, '(SC)?\d{5,8}|X{7}')
)[1];

create or replace macro has_option(options, label) as
    coalesce(list_contains(string_split(options, '; '), label), false);
"""

_READERS = {
    "id": "normal_id({0})",
    "text": "{0}",
    "integer": "read_integer({0})",
    "money": "read_money({0})",
    "date": "read_date({0})",
    "postcode": "read_postcode({0})",
    "outward_postcode": "read_outward({0})",
    "urn": "read_urn({0})",
}

_SQL_TYPES = {
    "integer": "bigint",
    "money": "decimal(12, 2)",
    "date": "date",
    "boolean": "boolean",
}

BOOLEAN = {"Yes": ("Y", "True", "1"), "No": ("N", "False", "0")}


def create_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the cleaning macros known on a connection."""
    formats = "[" + ", ".join(sql_text(f) for f in DATE_FORMATS) + "]"
    macros = _MACROS
    for name, meaning in {
        "DATE_FORMATS": formats,
        "TYPOGRAPHIC": sql_text(_TYPOGRAPHIC),
        "PLAIN_TEXT": _PLAIN_TEXT,
        "PLAIN": sql_text(_PLAIN),
        "INVISIBLE": _INVISIBLE,
        "WIDE": _WIDE,
    }.items():
        macros = macros.replace(name, meaning)
    connection.execute(macros)


def squeeze(text: str) -> str:
    """The Python twin of the macro `squeezed`, for the spellings that the standard lists."""
    return "".join(c for c in text.lower() if not c.isspace() and c not in "_.,;-")


def _option_map(options: dict[str, tuple[str, ...]]) -> str:
    spellings = {squeeze(s): label for label, others in options.items() for s in (label, *others)}
    keys = ", ".join(sql_text(k) for k in spellings)
    labels = ", ".join(sql_text(v) for v in spellings.values())
    return f"map([{keys}], [{labels}])"


def typed_sql(field: Field, text: str, year: int | None) -> str:
    """The typed value of a field from the SQL of its cleaned text; null where it cannot be read.

    `year` chooses the code list of a collection year; None takes all of them.
    """
    if reader := _READERS.get(field.type):
        read = reader.format(text)
        if field.zero:
            words = ", ".join(sql_text(word) for word in sorted({squeeze(z) for z in field.zero}))
            return f"case when squeezed({text}) in ({words}) then 0 else {read} end"
        return read
    if field.type == "boolean":
        return f"({_option_map(BOOLEAN)}[squeezed({text})] = 'Yes')"
    if field.type == "code":
        codes = _option_map(dict.fromkeys(field.values_in(year), ()))
        return f"{codes}[squeezed(regexp_replace({text}, '^(\\d+)\\.0$', '\\1'))]"
    options = _option_map(field.options)
    if field.type == "category":
        return f"{options}[squeezed({text})]"
    # A value with one unknown part is not read at all, so that no part is lost in silence.
    order = "[" + ", ".join(sql_text(label) for label in field.options) + "]"
    parts = (
        f"list_transform(list_filter(string_split_regex({text}, '[,;/|]'), "
        f"lambda p: squeezed(p) <> ''), lambda p: {options}[squeezed(p)])"
    )
    return (
        f"case when {options}[squeezed({text})] is not null then {options}[squeezed({text})] "
        f"when len(list_filter({parts}, lambda p: p is null)) = 0 then nullif(array_to_string("
        f"list_filter({order}, lambda o: list_contains({parts}, o)), '; '), '') end"
    )


def _cleaned_sql(field: Field) -> str:
    """The cleaned text of a field; in any other than free text a failed formula is told of."""
    text = f"clean_text({sql_name(field.name)})"
    return f"read_text({text})" if field.type == "text" else text


def key_sql(table: Table) -> str:
    """What makes a conformed row the same row; of a value that cannot be read, its text."""
    parts = ", ".join(
        f"coalesce({sql_name(k)}::varchar, {sql_name(k + '__text')}, '')" for k in table.key
    )
    return f"concat_ws('|', {parts})"


def conformed_sql(table: Table, year: int | None, relation: str) -> str:
    """The conformed relation over raw rows: `<field>__text` (cleaned) and `<field>` (typed)."""
    texts = ", ".join(f"{_cleaned_sql(f)} as {sql_name(f.name + '__text')}" for f in table.fields)
    values = ", ".join(
        f"{sql_name(f.name + '__text')}, "
        f"({typed_sql(f, sql_name(f.name + '__text'), year)})::{_SQL_TYPES.get(f.type, 'varchar')}"
        f" as {sql_name(f.name)}"
        for f in table.fields
    )
    return (
        f"with cleaned as (select row_number, file, sheet, submission_id, {texts} from {relation}) "
        f"select row_number, file, sheet, submission_id, {values} from cleaned"
    )
