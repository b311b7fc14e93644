"""Cells that hold what they must not: ids, dates, codes, numbers and postcodes gone wrong."""

from collections.abc import Mapping

from tests.faults.case import BIRTHS, HEAD, HERE, POSTCODE, End, Fault, kept

EPISODE = {
    "CHILD": "{m}1", "DECOM": "01/05/2025", "RNE": "S", "LS": "C2", "CIN": "N1", "PLACE": "U1",
    "PLACE_PROVIDER": "PR1", "DEC": "", "REC": "", "REASON_PLACE_CHANGE": "",
    "HOME_POST": POSTCODE, "PL_POST": POSTCODE, "URN": "SC123456",
}  # fmt: skip
CHILD = {"CHILD": "{m}1", "SEX": "M", "DOB": BIRTHS[0], "ETHNIC": "WBRI", "UPN": "UN1",
         "MOTHER": "", "MC_DOB": ""}  # fmt: skip
SDQ = {"CHILD": "{m}1", "DOB": BIRTHS[0], "SDQ_SCORE": "12", "SDQ_REASON": "", "CONVICTED": "0",
       "HEALTH_CHECK": "", "IMMUNISATIONS": "1", "TEETH_CHECK": "1", "HEALTH_ASSESSMENT": "1",
       "SUBSTANCE_MISUSE": "0", "INTERVENTION_RECEIVED": "",
       "INTERVENTION_OFFERED": ""}  # fmt: skip


def csv_of(*rows: Mapping[str, str]) -> str:
    """Rows as CSV; a cell with a comma or a quotation mark is quoted."""

    def line(cells: list[str]) -> str:
        quoted = [f'"{c.replace(chr(34), chr(34) * 2)}"' if set(c) & set(',"') else c
                  for c in cells]  # fmt: skip
        return ",".join(quoted) + "\r\n"

    return line(list(rows[0])) + "".join(line(list(r.values())) for r in rows)


def reviewed(*days: str) -> str:
    """A review a day."""
    return HEAD + "".join(
        f"{{m}}{n},{BIRTHS[0]},{day},PN1\r\n" for n, day in enumerate(days, start=1)
    )


def called(*ids: str) -> str:
    """A review for each way to write a child's id, each on a day of its own."""
    return HEAD + "".join(
        f"{child},{BIRTHS[0]},{n:02}/05/2025,PN1\r\n" for n, child in enumerate(ids, start=1)
    )


def episode(name: str, checks: str = "", *says: str, **cells: str) -> Fault:
    """An episode with a fault that is kept."""
    return kept(name, csv_of(EPISODE | cells), 1, checks, *says,
                path="2026/episodes.csv", table="episodes")  # fmt: skip


def child(name: str, checks: str = "", *says: str, **cells: str) -> Fault:
    """A row of Header with a fault that is kept."""
    return kept(name, csv_of(CHILD | cells), 1, checks, *says,
                path="2026/header.csv", table="header")  # fmt: skip


def health(name: str, checks: str = "", *says: str, **cells: str) -> Fault:
    """A row of OC2 with a fault that is kept."""
    return kept(name, csv_of(SDQ | cells), 1, checks, *says,
                path="2026/oc2.csv", table="oc2")  # fmt: skip


NO_CHILD = "stop:reviews.child.missing"
NOT_A_CHILD = "stop:reviews.child.type"
NO_DAY = "stop:reviews.review.type"

FAULTS = (
    # Ids
    kept("id_turned_to_float", called("990017101.0", "990017102.00"), 2),
    kept("id_in_scientific_notation", called("9.90017E+08", "{m}2", "9E+11"), 1, NOT_A_CHILD,
         "leading zeros", quarantined=2, short=True),
    kept("id_with_and_without_zeros", called("000990017", "990017"), 2),
    kept("id_of_forty_characters", called("{m}" + "7" * 31), 1),
    kept("id_turned_to_a_date", called("Jan-12", "{m}2"), 2),
    kept("id_blank", called("", "{m}2"), 1, NO_CHILD, quarantined=1),
    kept("id_of_spaces", called("   ", "{m}2"), 1, NO_CHILD, quarantined=1),
    kept("id_of_invisible_characters", called("\u200b\ufeff\u00ad", "{m}2"), 1, NO_CHILD,
         quarantined=1),
    kept("id_with_invisible_characters", called("\u200b{m}1\u00a0", "\u202e{m}2\u202c"), 2),
    kept("id_as_an_error_of_excel", called("#N/A", "#REF!", "{m}3"), 1, NOT_A_CHILD,
         quarantined=2),
    kept("id_spelt_two_ways", HEAD + f"{{m}}a1,{BIRTHS[0]},01/05/2025,PN1\r\n"
         f" {{m}}A1 ,{BIRTHS[0]},01/05/2025,PN2\r\n", 1, "warn:reviews.repeated", superseded=1,
         short=True),
    kept("id_with_emoji", called("{m}\U0001f600"), 1),
    kept("id_from_right_to_left", called("{m}\u05d0\u05d1"), 1),
    kept("id_with_a_name", called("Canaryname {m}"), 1),
    # What a spreadsheet or a database might run
    kept("formulas_in_text",
         called("=1+1{m}", "+44{m}", "-{m}", "@SUM(A1){m}", "=HYPERLINK('http://127.0.0.1'){m}"), 5,
         short=True),
    kept("commands_of_a_database",
         called("'; drop table reviews; -- {m}", "{m}' or '1'='1", "{m}) union select 1 --"), 3),
    kept("commands_of_a_shell", called("$(touch x){m}", "`{m}`", "{m} && exit", "%s%n{m}", "{{{m}}}"
         ), 5),
    kept("tags_of_html", called("<script>alert(1)</script>{m}", "&lt;{m}&amp;"), 2),
    # Dates
    kept("dates_in_six_styles",
         reviewed("01/05/2025", "2025-05-02", "03-May-25", "4 May 2025", "05.05.2025", "45783"), 6),
    kept("dates_in_further_styles",
         reviewed("6-5-2025", "2025/05/07", "8 Sept 2025", "09/05/25", "2025-05-10T00:00:00",
                  "11/05/2025 00:00"), 6),
    kept("date_of_the_us", reviewed("05/31/2025", "01/05/2025"), 1, NO_DAY, "dd/mm/yyyy",
         quarantined=1),
    kept("date_that_never_was", reviewed("31/02/2026", "31/04/2025", "03/05/2025"), 1, NO_DAY,
         quarantined=2),
    kept("day_29_february_of_a_leap_year", reviewed("29/02/2024").replace("2025", "2024"), 1,
         path="2024/reviews.csv"),
    kept("day_29_february_of_another_year", reviewed("29/02/2026", "28/02/2026"), 1, NO_DAY,
         quarantined=1),
    child("birth_on_29_february", DOB="29/02/2012"),
    child("birth_on_29_february_of_another_year", "fix:header.dob.type", "dd/mm/yyyy",
          DOB="29/02/2013"),
    kept("date_of_zeros", reviewed("00/00/0000", "02/05/2025", "0"), 1, NO_DAY, quarantined=2),
    kept("date_of_1900", reviewed("01/01/1900", "02/05/2025", "03/05/2025"), 3,
         "fix:reviews.review.range"),
    kept("date_of_9999", reviewed("31/12/9999", "02/05/2025", "03/05/2025"), 2, NO_DAY,
         quarantined=1),
    kept("date_in_the_future", reviewed("01/05/2095", "02/05/2025", "03/05/2025"), 3,
         "fix:reviews.review.range"),
    child("birth_in_the_future", "fix:header.dob.range", DOB="01/01/2095"),
    child("birth_in_1900", "fix:header.dob.range", DOB="01/01/1900"),
    kept("dates_in_words", reviewed("next Tuesday", "not known", "02/05/2025"), 1, NO_DAY,
         "dd/mm/yyyy", quarantined=2),
    kept("date_with_two_days_in_it", reviewed("01/05/2025 - 03/05/2025", "02/05/2025"), 1, NO_DAY,
         quarantined=1),
    kept("date_with_an_ordinal", reviewed("1st May 2025", "02/05/2025"), 2),
    kept("date_in_arabic_digits", reviewed("\u0660\u0661/\u0660\u0665/2025", "02/05/2025"), 1,
         NO_DAY, quarantined=1),
    kept("date_that_is_only_a_time", reviewed("00:00:00", "02/05/2025"), 1, NO_DAY, quarantined=1),
    kept("date_of_days_as_hashes", reviewed("########", "02/05/2025"), 1, NO_DAY, quarantined=1),
    kept("date_of_unix", reviewed("1746057600", "02/05/2025"), 1, NO_DAY, quarantined=1),
    Fault("every_row_stopped", {HERE: reviewed("soon", "later")},
          (End("every_row_stopped", "reviews", 2, 0, 2),), frozenset({NO_DAY}), ("Every row",)),
    # Episodes
    episode("episode_ends_before_it_begins", "fix:episodes.ends_before_it_begins", "both dates",
            DEC="30/04/2025", REC="E8"),
    episode("episode_ends_without_reason", "fix:episodes.ended_without_reason", DEC="30/06/2025"),
    episode("postcode_cut_off", "fix:episodes.home_post.type", "full postcode", HOME_POST="TA1 4C"),
    episode("postcode_in_words", "fix:episodes.pl_post.type", PL_POST="not known"),
    episode("postcode_in_lower_case_without_space", HOME_POST="ta14cn"),
    episode("postcode_with_o_for_zero", "fix:episodes.home_post.type", HOME_POST="TAO 4CN"),
    episode("code_in_lower_case", LS="c2", PLACE=" u1 "),
    episode("code_of_an_older_year", "fix:episodes.place.option", "this collection year",
            PLACE="P2"),
    episode("provider_number_in_words", "warn:episodes.urn.type", URN="Happy House"),
    kept("episode_twice_the_same", csv_of(EPISODE, EPISODE), 1, "warn:episodes.repeated",
         path="2026/episodes.csv", table="episodes", superseded=1),
    kept("episode_twice_with_other_answers", csv_of(EPISODE, EPISODE | {"PLACE": "R1"}), 1,
         "warn:episodes.repeated", path="2026/episodes.csv", table="episodes", superseded=1),
    # Codes and numbers
    child("sex_in_codes_of_2024", "fix:header.sex.option", "M, F or U", SEX="1"),
    child("sex_in_words", "fix:header.sex.option", SEX="male"),
    child("code_that_is_no_code", "fix:header.ethnic.option", ETHNIC="WHITE"),
    health("code_turned_to_float", CONVICTED="0.0", TEETH_CHECK="1.0"),
    health("number_as_text_with_spaces", SDQ_SCORE=" 12 "),
    health("text_for_a_number", "fix:oc2.sdq_score.type", SDQ_SCORE="twelve"),
    health("number_in_percent", "fix:oc2.sdq_score.type", SDQ_SCORE="50%"),
    health("number_with_a_half", "fix:oc2.sdq_score.type", SDQ_SCORE="12.5"),
    health("number_below_zero", "fix:oc2.sdq_score.range", SDQ_SCORE="-1"),
    health("number_too_great", "fix:oc2.sdq_score.range", SDQ_SCORE="41"),
    health("number_of_thirty_digits", "fix:oc2.sdq_score.type", SDQ_SCORE="9" * 30),
    health("number_not_a_number", "fix:oc2.sdq_score.type", SDQ_SCORE="NaN"),
    health("number_turned_to_a_time", "fix:oc2.sdq_score.type", SDQ_SCORE="12:00"),
)  # fmt: skip
