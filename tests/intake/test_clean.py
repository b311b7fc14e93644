"""How officers and spreadsheets write things, and what is read of it."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.intake.clean import conformed_sql, create_macros, typed_sql
from pipeline.standards.load import load_standards
from pipeline.warehouse import sql_name, workspace

DAYS = [date(1990, 1, 1) + timedelta(days=n) for n in range(60 * 365 + 15)]
STYLES = (
    *("%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y", "%d %m %Y"),
    *("%d-%b-%y", "%d-%b-%Y", "%d %b %y", "%d %b %Y", "%d %B %Y"),
    *("%Y-%m-%d", "%Y/%m/%d", "%Y-%m-%dT00:00:00Z", "%Y-%m-%d 09:30:00", "%d/%m/%Y 14:05"),
)
ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "Err:502")
quick = settings(max_examples=60, deadline=None)
# Letters, spaces of all kinds and what Excel makes of numbers, rather than mostly exotic signs.
WRITTEN = st.text() | st.text("aAbZ019 .+E-/\u00a0\u200b", max_size=12)


@pytest.fixture(scope="module")
def say_all():
    """The values of SQL over a text `t`, for each of some texts."""
    with workspace() as connection:
        create_macros(connection)

        def say(sql: str, texts: list[str | None]) -> list:
            query = f"select {sql} from (select unnest(?::varchar[]) as t)"
            return [row[0] for row in connection.execute(query, [texts]).fetchall()]

        yield say


@pytest.fixture(scope="module")
def say(say_all: Callable) -> Callable:
    """The value of SQL over one text `t`."""
    return lambda sql, text: say_all(sql, [text])[0]


def reader(table: str, field: str, year: int | None = None) -> str:
    """SQL for what a field of a table reads from a text `t` as it was sent."""
    return typed_sql(load_standards()[table].field(field), "clean_text(t)", year)


@pytest.mark.parametrize(
    ("sent", "cleaned"),
    [
        ("  Yes\u00a0 ", "Yes"),
        ("\ufeffA1", "A1"),
        ("A\u200b1\u200d", "A1"),
        ("Don\u2019t know", "Don't know"),
        ("\u201cquoted\u201d", '"quoted"'),
        ("5\u201310", "5-10"),
        ("Yes\u2011must", "Yes-must"),
        ("two\r\nlines\tand a tab\x0b", "two lines and a tab"),
        ("1899-12-31 01:01:00", "1:1"),
        ("1899-12-30 02:01:00", "2:1"),
        ("1899-12-31 10:00:00", "10:0"),
        (" \u00a0\u200b\t", None),
        ("", None),
        (None, None),
    ],
)
def test_text_is_cleaned(say, sent, cleaned):
    assert say("clean_text(t)", sent) == cleaned


@quick
@given(WRITTEN)
def test_cleaning_twice_is_cleaning_once(say, text):
    once = say("clean_text(t)", text)
    assert say("clean_text(t)", once) == once


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("140892.0", "140892"),
        ("00123", "00123"),
        ("00123.00", "00123"),
        (" ab12 ", "AB12"),
        ("12.50", "12.50"),
        ("1.23E+11", None),
        ("1e+05", None),
        ("1E23", "1E23"),  # an id that merely looks like a number
        *((error, None) for error in ERRORS),
        *((word, None) for word in ("null", "None", "n/a", "NaN", "NA", "tbc", "Unknown", "-")),
        *((word, None) for word in ("?", "'-", '="#N/A"', "not\u00a0known", "(null)", "...")),
        *((word, word) for word in ("NULL1", "NA-1", "UNKNOWN 7", "#N/A1", "N", "0", "\u05d0")),
    ],
)
def test_ids(say, sent, read):
    assert say("normal_id(clean_text(t))", sent) == read


@pytest.mark.parametrize("sent", ERRORS)
def test_a_failed_formula_is_no_answer_in_free_text(say, sent):
    assert say("read_text(clean_text(t))", f" {sent.lower()} ") is None
    assert say("read_text(clean_text(t))", f"{sent} again") == f"{sent} again"


@quick
@given(WRITTEN)
def test_an_id_read_twice_is_the_same_id(say, text):
    once = say("normal_id(clean_text(t))", text)
    assert say("normal_id(clean_text(t))", once) == once


@quick
@given(st.from_regex(r"[0-9]{1,15}", fullmatch=True), st.sampled_from(["{}", " {} ", "{}.0"]))
def test_a_number_as_id_keeps_every_digit_however_excel_writes_it(say, digits, style):
    assert say("normal_id(clean_text(t))", style.format(digits)) == digits


def misread(say_all: Callable, written: dict[str, date | None]) -> list:
    """A few of the texts that are read as another day than they should; None is no day."""
    read = say_all("read_date(t)", list(written))
    pairs = zip(written.items(), read, strict=True)
    return [(text, got) for (text, day), got in pairs if got != day][:5]


@pytest.mark.parametrize("style", STYLES)
def test_every_day_is_read_in_every_style(say_all, style):
    assert misread(say_all, {d.strftime(style): d for d in DAYS}) == []


def test_every_day_is_read_as_excel_counts_days_and_without_zeros(say_all):
    numbers = {d: (d - date(1899, 12, 30)).days for d in DAYS}
    for tail in ("", ".0", ".5"):
        assert misread(say_all, {f"{n}{tail}": d for d, n in numbers.items()}) == []
    assert misread(say_all, {f"{d.day}/{d.month}/{d.year}": d for d in DAYS}) == []


@pytest.mark.parametrize("style", ["%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y", "%m.%d.%Y"])
def test_the_month_never_comes_first(say_all, style):
    swapped = {
        d.strftime(style): d.replace(month=d.day, day=d.month) if d.day <= 12 else None
        for d in DAYS
    }
    assert misread(say_all, swapped) == []


@pytest.mark.parametrize("style", ["30-Mar-24", "30 MAR 24", "30-mar-2024", "30 March 2024"])
def test_months_by_name(say, style):
    assert say("read_date(clean_text(t))", style) == date(2024, 3, 30)


def test_september_as_windows_shortens_it(say):
    assert say("read_date(clean_text(t))", "03-Sept-24") == date(2024, 9, 3)
    assert say("read_date(clean_text(t))", "3 September 2024") == date(2024, 9, 3)


@pytest.mark.parametrize(
    "text", ["31/02/2024", "2024-02-30", "24", "2024", "spring", "01/13/2024", "1/1/0024",
             "00/01/2024", "2024-01-01 or so", "123456", "-45000", "01/01/2101", "Mar-24"],
)  # fmt: skip
def test_what_is_no_day_is_not_made_one(say, text):
    assert say("read_date(clean_text(t))", text) is None


@pytest.mark.parametrize(
    ("sent", "read"),
    [("2", 2), ("2.0", 2), ("1,234", 1234), ("-1", -1), ("007", 7),
     ("2.5", None), ("1,5", None), ("1e3", None), ("1_000", None), ("0x1F", None), ("NA", None),
     ("two", None), ("99999999999999999999", None)],
)  # fmt: skip
def test_whole_numbers(say, sent, read):
    assert say("read_integer(clean_text(t))", sent) == read


@pytest.mark.parametrize(
    ("sent", "read"),
    [("£1,234.50", "1234.50"), ("£ 1234.5", "1234.50"), ("1234.50 GBP", "1234.50"),
     ("\u00a3\u00a01,234,567", "1234567.00"), ("-£5", "-5.00"), ("1234.5600000001", "1234.56"),
     ("1.234,56", None), ("1,23", None), ("1,2345", None), ("12,34,567", None),
     ("about 900", None), ("900 per week", None), ("€900", None), ("1e3", None),
     ("12345678901", None)],
)  # fmt: skip
def test_money(say, sent, read):
    assert say("read_money(clean_text(t))", sent) == (Decimal(read) if read else None)


@quick
@given(st.integers(-99_999_999_99, 99_999_999_99))
def test_money_reads_back_from_every_way_to_write_it(say_all, pence):
    amount = Decimal(pence) / 100
    texts = [f"{amount:.2f}", f"{amount:,.2f}", f"£{amount:,.2f}", f" {amount:.2f}\u00a0"]
    assert say_all("read_money(clean_text(t))", texts) == [amount] * 4


AREA = st.from_regex(r"[A-Z]{1,2}[0-9][A-Z0-9]?", fullmatch=True)
UNIT = st.from_regex(r"[0-9][A-Z]{2}", fullmatch=True)


@quick
@given(AREA, UNIT)
def test_a_postcode_is_read_however_it_is_spaced(say_all, area, unit):
    whole = [f"{area} {unit}", f"{area}{unit}", f" {area}  {unit} ".lower(), f"{area}-{unit}"]
    texts = [*whole, f"{area} {unit[0]}", area.lower()]
    assert say_all("read_postcode(clean_text(t))", texts) == [
        *[f"{area} {unit}"] * len(whole),
        f"{area} {unit[0]}",
        area,
    ]
    assert say_all("read_outward(clean_text(t))", [f" {area.lower()} "]) == [area]


@quick
@given(WRITTEN)
def test_a_postcode_read_twice_is_the_same(say, text):
    once = say("read_postcode(clean_text(t))", text)
    assert say("read_postcode(clean_text(t))", once) == once


@pytest.mark.parametrize("text", ["Taunton", "TA1 4A", "T 4AB", "TA1 4AB and TA2 7AB", "NONE", "1"])
def test_what_is_no_postcode_is_not_made_one(say, text):
    assert say("read_postcode(clean_text(t))", text) is None


@pytest.mark.parametrize(
    ("sent", "first_half"),
    [("PL1 5", "PL1"), ("tq1 3", "TQ1"), ("N1 9", "N1"), ("PL1-5", "PL1"), ("PL1  5", "PL1"),
     ("PL1 5A", "PL1"), ("PL1 5AB", "PL1"), ("pl15ab", "PL1"), ("PL15A", "PL1"),
     ("PL15 9AB", "PL15"), ("PL159", "PL15"), ("N195", "N19"), ("PL 1 5", "PL1"), ("PL 15", "PL15"),
     ("W1A", "W1A"), ("W1A 1", "W1A"), ("W1A1AA", "W1A"), ("SE1P 4", "SE1P"), ("SE1P4", "SE1P"),
     ("PL15", "PL15"), ("GL71", "GL71"), ("JE2 3XP", "JE2"), ("GY1 1", "GY1"), ("im9", "IM9"),
     ("BFPO 61", "BF1"), ("bfpo 4000", "BF1"), ("GIR 0AA", None), ("Plymouth", None),
     ("PL1 55", None), ("PL1 5AB, PL2 1AA", None), ("PL1 or PL2", None), ("N/A", None)],
)  # fmt: skip
def test_the_first_half_of_a_postcode_whatever_stands_behind_it(say, sent, first_half):
    assert say("read_outward(clean_text(t))", sent) == first_half


@quick
@given(AREA, UNIT)
def test_no_sector_becomes_another_district(say_all, area, unit):
    texts = [f"{area} {unit[:n]}" for n in (1, 2, 3)]
    texts += [text.lower().replace(" ", "-") for text in texts] + [f"{area}{unit}"]
    assert say_all("read_outward(clean_text(t))", texts) == [area] * len(texts)


@pytest.mark.parametrize("version", ["rcc_v2", "nps_2026_04", "nps_2026_06", "nps_records"])
def test_no_siblings_are_none_and_not_unknown(say_all, version):
    table = load_standards()[version]
    of_siblings = [f for f in table.fields if f.type == "integer"]
    assert of_siblings
    assert all("sibling" in f.name for f in of_siblings)
    for field in of_siblings:
        texts = ["NA", "N/A", "n/a ", "None", "Not applicable", "0", "2", "3 (two brothers)", "?"]
        assert say_all(reader(version, field.name), texts) == [0, 0, 0, 0, 0, 0, 2, None, None]


@pytest.mark.parametrize("version", ["nps_2026_04", "nps_2026_06", "nps_records"])
@pytest.mark.parametrize(
    ("sent", "read"),
    [("High", "Risk Present"), ("Low risk", "Risk Present"), ("HIGH-RISK", "Risk Present"),
     ("low_risk", "Risk Present"), ("Medium", "Risk Present"), (" medium  risk", "Risk Present"),
     ("Yes", "Risk Present"), ("No", "No known risk"), ("no risk", "No known risk"),
     ("Severe", None), ("High/Low", None)],
)  # fmt: skip
def test_a_risk_with_a_level_is_a_risk(say, version, sent, read):
    for field in (f for f in load_standards()[version].fields if "No known risk" in f.options):
        assert say(reader(version, field.name), sent) == read, field.name


@pytest.mark.parametrize(
    ("sent", "read"),
    [("High", "High risk"), ("low - risk", "Low risk"), ("Medium", "High risk"),
     ("RiskPresent", "High risk"), ("no", "No known risk"), ("Severe", None)],
)  # fmt: skip
def test_a_level_that_the_2025_standard_lacks_is_not_taken_for_low(say, sent, read):
    for field in (f for f in load_standards()["rcc_v2"].fields if "No known risk" in f.options):
        assert say(reader("rcc_v2", field.name), sent) == read, field.name


@pytest.mark.parametrize(
    ("sent", "read"),
    [("SC123456", "SC123456"), ("sc 123456", "SC123456"), ("2500123.0", "2500123"),
     ("XXXXXXX", "XXXXXXX"), ("ABC", None), ("1234", None), ("SC12345678901", None)],
)  # fmt: skip
def test_ofsted_numbers(say, sent, read):
    assert say("read_urn(clean_text(t))", sent) == read


@pytest.mark.parametrize("table", load_standards().values(), ids=lambda t: t.name)
def test_every_spelling_of_every_option_is_read(say_all, table):
    for field in table.fields:
        labels = {s: label for label, others in field.options.items() for s in (label, *others)}
        for sent in (str, str.upper, lambda s: f" {s}\u00a0", lambda s: s.replace(" ", "_")):
            read = say_all(reader(table.name, field.name), [sent(s) for s in labels])
            assert read == list(labels.values()), field.name


@pytest.mark.parametrize("year", [2024, 2026])
def test_every_code_of_a_year_is_read(say_all, year):
    for table in load_standards().values():
        for field in (f for f in table.fields if f.type == "code"):
            codes = list(field.values_in(year))
            read = say_all(reader(table.name, field.name, year), [f" {c.lower()} " for c in codes])
            assert read == codes, f"{table.name}.{field.name}"


def test_a_code_is_of_its_collection_year(say):
    assert say(reader("header", "sex", 2024), "1.0") == "1"
    assert say(reader("header", "sex", 2025), "1") is None
    assert say(reader("header", "sex", 2025), "m") == "M"
    assert say(reader("header", "sex", 2024), "M") is None


@pytest.mark.parametrize(
    ("sent", "read"),
    [("ESOL", "ESOL"), ("bsl, esol", "ESOL; BSL"), ("Makaton;ESOL;", "ESOL; Makaton"),
     ("ESOL / BSL", "ESOL; BSL"), ("ESOL|BSL", "ESOL; BSL"), ("ESOL, ESOL", "ESOL"),
     ("N/A", "None"), ("ESOL, None", "ESOL; None"),
     ("ESOL, Klingon", None), (";", None), ("", None)],
)  # fmt: skip
def test_several_options_in_one_cell(say, sent, read):
    field = "specific_communication_and_language_requirements"
    assert say(reader("nps_2026_06", field), sent) == read


@pytest.mark.parametrize(
    ("sent", "read"),
    [("Y", True), ("yes", True), ("TRUE", True), ("1", True), ("n", False), ("No.", False),
     ("0", False), ("maybe", None), ("", None)],
)  # fmt: skip
def test_yes_and_no(say, sent, read):
    assert say(reader("nps_2026_06", "adaptation_to_the_home"), sent) is read


def test_a_time_that_excel_made_of_a_ratio_is_the_ratio(say_all):
    sent = ["1899-12-31 01:01:00", "01:01:00", "1:1", "01:01", "1899-12-31 02:01:00"]
    assert say_all(reader("rcc_v2", "min_ratio"), sent) == ["1:1"] * 4 + ["2:1"]


def test_the_conformed_relation_has_text_and_value_of_each_field(connection):
    table = load_standards()["episodes"]
    sent = {"child": " 140892.0", "decom": "31/02/2024", "home_post": "ta14ab"}
    texts = ", ".join(
        f"{'null' if f.name not in sent else repr(sent[f.name])}::varchar as {sql_name(f.name)}"
        for f in table.fields
    )
    raw = f"(select 7 as row_number, 'f' as file, '' as sheet, 's' as submission_id, {texts})"
    found = connection.execute(conformed_sql(table, 2024, raw)).df().to_dict("records")[0]
    assert list(found) == ["row_number", "file", "sheet", "submission_id"] + [
        name for f in table.fields for name in (f"{f.name}__text", f.name)
    ]
    assert (found["child__text"], found["child"]) == ("140892.0", "140892")
    assert found["decom__text"] == "31/02/2024"
    assert pd.isna(found["decom"])
    assert found["home_post"] == "TA1 4AB"
