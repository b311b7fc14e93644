"""Whatever a cell holds: reading it never fails, is the same when done twice, and changes no value.

Examples go to DuckDB in batches: one query over many texts, rather than one for each.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline.intake.clean import create_macros
from pipeline.intake.headings import forms, match, spellings, two_rows
from pipeline.intake.place import named_authority, named_tables, place_quarter, place_year
from pipeline.region import Authority
from pipeline.standards.load import load_standards
from pipeline.warehouse import workspace

batches = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

# Any character but half of one, which no file can hold: NUL, marks that turn the writing round,
# accents of their own, signs beyond the first 65,536, and what officers and spreadsheets write.
ANY = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
MARKS = st.text(
    "\x00\x1f\x7f\u00ad\u0301\u061c\u200b\u200f\u202e\u2066\u2069\ufeff\U0001f600\U0001d538 ",
    max_size=8,
)
LIKELY = st.text("aAbZeE0159 .,+-/:£'\"=\u00a0\u200b\u2019\u2013\t\n", max_size=14)
SHAPES = st.sampled_from(
    ["{}.0", "{}E+05", "'{}", '="{}"', "1899-12-31 {}:01:00", "{}/04/2024", "£{}", "TA1 {}AB",
     "2024-04-{}T00:00:00", "{}st April 2024", "SC{}", "{},000", "{} GBP", "-{}"]
)  # fmt: skip
SHAPED = st.builds(
    lambda shape, text: shape.format(text), SHAPES, st.text("0123456789 .", max_size=7)
)
LONG = st.builds(lambda text, times: text * times, st.text(min_size=1, max_size=5), st.just(5_000))
BATCH = st.lists(ANY | MARKS | LIKELY | SHAPED, min_size=1, max_size=200)

READERS = {
    "text": "read_text(t)",
    "id": "normal_id(t)",
    "integer": "read_integer(t)",
    "money": "read_money(t)",
    "date": "read_date(t)",
    "postcode": "read_postcode(t)",
    "outward": "read_outward(t)",
    "urn": "read_urn(t)",
}


@pytest.fixture(scope="module")
def read():
    """What is read, as text, of each of some texts as a reader's kind."""
    with workspace() as connection:
        create_macros(connection)

        def values(kind: str, texts: list[str]) -> list[str | None]:
            rows = "select unnest($1::varchar[]) as t, generate_subscripts($1, 1) as n"
            return connection.execute(
                f"select coalesce(list({READERS[kind]}::varchar order by n), []) "
                f"from (select clean_text(t) as t, n from ({rows}))",
                [texts],
            ).fetchall()[0][0]

        yield values


@pytest.mark.parametrize("kind", READERS)
@batches
@given(BATCH)
@example(["a" * 2_000_000, "1" * 100_000, "\x00" * 1000, ""])
@example(["9" * 30 + ".0", "-0", "0.0", "00.00", "''''1", '\'="1"', "31/12/9999", "60000"])
def test_nothing_raises_and_what_was_read_reads_the_same(read, kind, texts):
    once = read(kind, texts)
    assert len(once) == len(texts)
    assert read(kind, once) == once


@settings(batches, max_examples=5)
@given(st.lists(LONG, min_size=1, max_size=5))
def test_long_texts_are_read_as_others(read, texts):
    for kind in READERS:
        assert len(read(kind, texts)) == len(texts)


@batches
@given(BATCH)
def test_a_text_loses_no_letter_and_no_digit(read, texts):
    def letters(text: str | None) -> str:
        return "".join(c for c in text or "" if c.isalnum())

    sent = [t for t in texts if not t.startswith("1899")]  # a ratio that Excel took for a time
    assert [letters(t) for t in read("text", sent)] == [letters(t) for t in sent]


WORDS = st.text(st.characters(categories=("Lu", "Ll", "Nd", "Mn"), max_codepoint=0x2FF), min_size=1)


@batches
@given(st.lists(WORDS, min_size=1, max_size=100))
@example(["Hernandez", "Nana", "NULL", "None", "NA", "nan", "N/A", "Null", "true", "-"])
def test_a_word_stays_as_it_is(read, words):
    assert read("text", words) == words
    assert read("text", [f"\u00a0 {w}\u200b\r\n" for w in words]) == words


NO_IDS = ("NULL", "NONE", "NA", "NAN", "TBA", "TBC", "UNKNOWN")
IDS = st.from_regex(r"[A-Z0-9]{1,20}(-[A-Z0-9]{1,5})?", fullmatch=True).filter(
    lambda i: i not in NO_IDS
)
NUMBERS = st.from_regex(r"[0-9]{1,20}", fullmatch=True)


@batches
@given(st.lists(IDS, min_size=1, max_size=150), st.lists(NUMBERS, min_size=1, max_size=50))
@example(["000123", "20240401", "1E23", "NANA", "0", "2024-04", "A1"], ["000123", "0"])
def test_an_id_keeps_every_digit_and_letter(read, ids, numbers):
    for style in ("{}", " {} ", "{}\u200b", "'{}", '="{}"'):
        assert read("id", [style.format(i) for i in ids]) == ids
    assert read("id", [i.lower() for i in ids]) == ids
    for style in ("{}.0", "{}.00", " {}.0"):
        assert read("id", [style.format(n) for n in numbers]) == numbers


@batches
@given(st.lists(st.integers(1, 999), min_size=1, max_size=50), st.integers(3, 20))
def test_an_id_that_lost_digits_is_no_id(read, heads, power):
    for style in ("{0}E+{1:02}", "{0}.23E+{1:02}", "{0}.5e+{1:02}", "{0},23E+{1:02}"):
        written = [style.format(h, power) for h in heads]
        assert set(read("id", written)) == {None}


DATES = st.dates(date(1900, 1, 1), date(2100, 12, 31))
FULL = (
    *("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %m %Y", "%Y-%m-%d", "%Y/%m/%d", "%Y%m%d"),
    *("%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%d-%B-%Y", "%d/%b/%Y", "%d%b%Y", "%Y%m%d.0"),
    *("%Y-%m-%dT00:00:00", "%Y-%m-%dT00:00:00.000Z", "%Y-%m-%d 09:30:00", "%d/%m/%Y 14:05"),
    *("%d/%m/%Y 12:00:00 AM", "%Y-%m-%d 00:00:00.0", "%Y%m%d 10:15"),
)
SHORT = ("%d/%m/%y", "%d-%b-%y", "%d %b %y")


def ordinal(day: date) -> str:
    ends = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}
    return f"{day.day}{ends.get(day.day, 'th')} {day:%B %Y}"


@batches
@given(st.lists(DATES, min_size=1, max_size=60))
@example([date(2024, 2, 29), date(2000, 2, 29), date(1900, 1, 1), date(2100, 12, 31)])
def test_a_date_is_that_date_in_every_way_to_write_it(read, days):
    wanted = [d.isoformat() for d in days]
    plain: list[Callable[[date], str]] = [
        ordinal,
        lambda d: f"{d.day}/{d.month}/{d.year}",
        lambda d: f"{d.day} {d:%b} {d.year}".upper(),
        lambda d: f"\u00a0{d:%d/%m/%Y}\u200b",
    ]
    ways = [*((lambda d, s=s: f"{d:{s}}") for s in FULL), *plain]
    assert read("date", [way(d) for way in ways for d in days]) == wanted * len(ways)
    recent = [d for d in days if 1970 <= d.year <= 2060]
    found = read("date", [f"{d:{style}}" for style in SHORT for d in recent] or [""])
    assert found == ([d.isoformat() for d in recent] * len(SHORT) or [None])


@batches
@given(
    st.lists(
        st.tuples(st.integers(13, 31), st.integers(1, 12), st.integers(1900, 2100)), min_size=1
    )
)
def test_the_month_is_never_taken_from_the_first_place(read, parts):
    ways = ("{1:02}/{0:02}/{2}", "{1}/{0}/{2}", "{1:02}-{0:02}-{2}", "{1:02}.{0:02}.{2}")
    assert {*read("date", [way.format(*p) for way in ways for p in parts])} == {None}


@batches
@given(st.lists(st.integers(1900, 2100), min_size=1, max_size=50))
def test_29_february_is_of_leap_years_only(read, years):
    leap = [y % 4 == 0 and (y % 100 != 0 or y % 400 == 0) for y in years]
    ways = ("29/02/{}", "{}-02-29", "{}0229", "29 Feb {}", "29th February {}")
    found = read("date", [way.format(y) for way in ways for y in years])
    assert [f is not None for f in found] == leap * len(ways)


AREAS = st.from_regex(r"[A-Z]{1,2}[0-9][A-Z0-9]?", fullmatch=True)
UNITS = st.from_regex(r"[0-9][A-Z]{2}", fullmatch=True)


@batches
@given(st.lists(st.tuples(AREAS, UNITS), min_size=1, max_size=80))
def test_a_postcode_is_that_postcode_in_any_case_and_spacing(read, parts):
    wanted = [f"{a} {u}" for a, u in parts]
    ways = ("{} {}", "{}{}", " {}  {} ", "{}\u00a0{}", "{}-{}", "{}\n{}")
    written = [way.format(a, u) for way in ways for a, u in parts]
    assert read("postcode", written) == wanted * len(ways)
    assert read("postcode", [w.lower() for w in written]) == wanted * len(ways)
    districts = [a for a, _ in parts]
    assert read("outward", [f" {a.lower()} " for a in districts]) == districts


@batches
@given(st.lists(st.integers(-(10**11) + 1, 10**11 - 1), min_size=1, max_size=80))
def test_an_amount_is_that_amount_in_every_way_to_write_it(read, pence):
    amounts = [Decimal(p) / 100 for p in pence]
    wanted = [f"{a:.2f}" for a in amounts]
    for style in (
        "{:.2f}",
        "{:,.2f}",
        "£{:,.2f}",
        "£ {:.2f}",
        "{:.2f} GBP",
        " {:.2f}\u00a0",
        "{:.3f}",
    ):
        assert read("money", [style.format(a) for a in amounts]) == wanted
    several = [f"{abs(a):.2f} {abs(a):.2f}" for a in amounts]
    assert set(read("money", several)) == {None}


@batches
@given(st.lists(st.integers(-(10**14), 10**14), min_size=1, max_size=80))
def test_a_whole_number_is_that_number(read, numbers):
    for style in ("{}", "{:,}", "{}.0", " {} ", "{}.00"):
        written = [style.format(n) for n in numbers]
        assert read("integer", written) == [str(n) for n in numbers]
    assert set(read("integer", [f"{n}.5" for n in numbers])) == {None}


@batches
@given(st.lists(st.from_regex(r"(SC)?[0-9]{5,8}", fullmatch=True), min_size=1, max_size=80))
def test_an_ofsted_number_is_that_number(read, numbers):
    ways = (str, str.lower, " {} ".format, lambda n: n.replace("SC", "SC "))
    assert read("urn", [way(n) for way in ways for n in numbers]) == numbers * len(ways)


TABLES = load_standards()


@batches
@given(st.lists(ANY | LIKELY | SHAPED, min_size=1, max_size=12))
def test_no_heading_and_no_path_raises(cells):
    table = TABLES["episodes"]
    found = match(1, two_rows([*cells], [*reversed(cells)]), table, spellings(table))
    assert 0 <= found.score <= 1
    assert all(form for c in cells for form in forms(c))
    path = "/".join(cells)
    assert place_year(path) is None or 2000 <= place_year(path) <= 2099
    assert place_quarter(path) is None or len(place_quarter(path)) == 6
    assert named_tables(path, TABLES.values()) <= TABLES.keys()
    assert named_authority(path, [Authority("E10000008", "Devon", "devon")]) is None


@batches
@given(st.integers(2010, 2098), st.sampled_from(["{}", "{}-{}", "{}_{}", "FY{}-{}", "903-{}-{}"]))
def test_a_collection_year_is_named_by_its_end(year, style):
    folder = style.format(year - 1, f"{year % 100:02}")
    assert place_year(f"{folder}/x.csv") == (year - 1 if style == "{}" else year)
    assert place_year(f"a{year}-x/x.csv") is None
    assert place_year(f"{year}0401/x.csv") is None
