"""SSDA903 as XML: cut off, hostile, of another kind, or with answers out of place."""

from tests.faults.case import BIRTHS, NAME, Content, End, Fault, as_bytes, stopped

XML = "2026/ssda903.xml"
HEADER = (
    f"<HEADER><CHILDID>{{m}}1</CHILDID><SEX>M</SEX><DOB>{BIRTHS[0]}</DOB><ETHNIC>WBRI</ETHNIC>"
    "<UPN>UN1</UPN></HEADER>"
)
EPISODE = (
    "<EPISODE><DECOM>01/05/2025</DECOM><RNE>S</RNE><LS>C2</LS><CIN>N1</CIN><PL>U1</PL>"
    "<PLACE_PROVIDER>PR1</PLACE_PROVIDER></EPISODE>"
)
REVIEW = "<AREVIEW><REVIEW>01/05/2025</REVIEW><REVIEW_CODE>PN1</REVIEW_CODE></AREVIEW>"
START = '<?xml version="1.0" encoding="UTF-8"?>'
READS_A_FILE = "<!DOCTYPE SSDA903 [<!ENTITY secret SYSTEM 'file:///etc/passwd'>]>"
FROM_OUTSIDE = "<!DOCTYPE SSDA903 SYSTEM 'http://127.0.0.1:9/ssda903.dtd'>"
LAUGHS = (
    "<!DOCTYPE SSDA903 [<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    + "]>"
)
QUADRATIC = f"<!DOCTYPE SSDA903 [<!ENTITY long '{'ha' * 50_000}'>]>"


def document(*children: str, start: str = START) -> str:
    """A return of children, each a header and records."""
    inner = "".join(f"<CHILD>{c}</CHILD>" for c in children)
    return f"{start}<SSDA903>{inner}</SSDA903>"


GOOD = document(HEADER + EPISODE + REVIEW)
HEADER_KEPT = End("", "header", 1, 1, file=XML)
EPISODE_KEPT = End("", "episodes", 1, 1, file=XML)
REVIEW_KEPT = End("", "reviews", 1, 1, file=XML)
ALL_KEPT = (HEADER_KEPT, EPISODE_KEPT, REVIEW_KEPT)


def taken(
    name: str,
    content: Content,
    *ends: End,
    checks: str = "",
    says: tuple[str, ...] = (),
    short: bool = False,
) -> Fault:
    """A return that is taken, table by table."""
    return Fault(name, {XML: content}, ends or ALL_KEPT, frozenset(checks.split()), says,
                 short=short)  # fmt: skip


def refused(name: str, content: Content, code: str, *says: str, short: bool = False) -> Fault:
    """A return that is not taken at all."""
    return stopped(name, content, code, *says, path=XML, short=short)


FAULTS = (
    refused("xml_of_no_bytes", b"", "empty"),
    refused("xml_cut_off", GOOD[:-60], "broken_xml", "cut off", short=True),
    refused("xml_with_crossed_tags", GOOD.replace("</EPISODE></CHILD>", "</CHILD></EPISODE>")
            .replace("</AREVIEW></CHILD>", "</CHILD></AREVIEW>"), "broken_xml"),
    refused("xml_with_a_bare_ampersand", GOOD.replace("WBRI", "W & I"), "broken_xml"),
    refused("xml_with_null_bytes", GOOD.replace("WBRI", "W\x00RI"), "not_an_ssda903_xml"),
    refused("xml_with_control_characters", GOOD.replace("WBRI", "W\x07RI"), "broken_xml"),
    refused("xml_with_an_attribute_twice", GOOD.replace("<EPISODE>", "<EPISODE a='1' a='2'>"),
            "broken_xml"),
    refused("xml_with_two_roots", GOOD + "<SSDA903/>", "broken_xml"),
    refused("xml_with_another_encoding_than_it_says",
            lambda m: GOOD.replace("{m}", m).replace("UTF-8", "UTF-16").encode(), "broken_xml"),
    refused("xml_that_reads_a_file",
            document(HEADER.replace("UN1", "&secret;"), start=START + READS_A_FILE), "xml_doctype",
            short=True),
    refused("xml_that_asks_the_network", document(HEADER, start=START + FROM_OUTSIDE),
            "xml_doctype"),
    refused("billion_laughs", document(HEADER.replace("UN1", "&a9;"), start=START + LAUGHS),
            "xml_doctype", "DOCTYPE", short=True),
    refused("quadratic_blow_up",
            document(HEADER.replace("UN1", "&long;" * 50_000), start=START + QUADRATIC),
            "xml_doctype"),
    refused("billion_laughs_in_utf16",
            as_bytes("\ufeff" + document(HEADER.replace("UN1", "&a9;"), start=LAUGHS),
                     "utf-16-le"), "xml_doctype"),
    refused("xml_too_deep", START + "<SSDA903>" + "<a>" * 5_000 + "</a>" * 5_000 + "</SSDA903>",
            "broken_xml"),
    refused("xml_of_another_kind", START + f"<letter><to>hub</to><from>{NAME}</from></letter>",
            "not_an_ssda903_xml", "SSDA903"),
    refused("xml_without_children", START + "<SSDA903></SSDA903>", "not_an_ssda903_xml"),
    refused("xml_of_a_picture", START + "<svg xmlns='http://www.w3.org/2000/svg'><g/></svg>",
            "not_an_ssda903_xml"),
    refused("xml_of_empty_children", document("", "<HEADER/>"), "empty"),
    taken("xml_as_it_should_be", GOOD),
    taken("xml_in_utf16", as_bytes("\ufeff" + GOOD.replace("UTF-8", "UTF-16"), "utf-16-le")),
    taken("xml_with_windows_bytes",
          lambda m: GOOD.replace("{m}", m).replace("UN1", "£").encode("cp1252")),
    taken("xml_with_mark", as_bytes("\ufeff" + GOOD, "utf-8")),
    taken("xml_with_cdata", GOOD.replace("WBRI", "<![CDATA[WBRI]]>")),
    taken("xml_with_comments", GOOD.replace("<SEX>", f"<!-- {NAME} --><?do not?><SEX>")),
    taken("xml_with_a_namespace", GOOD.replace("<SSDA903>", "<SSDA903 xmlns='urn:dfe'>")),
    taken("xml_in_lower_case_values", GOOD.replace("WBRI", "wbri")),
    taken("xml_that_includes_a_file",
          GOOD.replace("<UPN>UN1</UPN>",
                       "<UPN>UN1</UPN><xi:include xmlns:xi='http://www.w3.org/2001/XInclude' "
                       "href='file:///etc/passwd' parse='text'/>")),
    taken("xml_episode_without_start", document(HEADER + EPISODE + EPISODE
          .replace("<DECOM>01/05/2025</DECOM>", "")), HEADER_KEPT,
          End("", "episodes", 2, 1, 1, file=XML), checks="stop:episodes.decom.missing"),
    taken("xml_with_an_unknown_record",
          document(HEADER + EPISODE + REVIEW + "<PET><NAME>Rex</NAME><AGE>3</AGE></PET>"),
          *ALL_KEPT, End("not_recognised", "", file=XML), says=("PET",)),
    taken("xml_child_without_header", document(HEADER + EPISODE,
          EPISODE.replace("01/05/2025", "02/05/2025")), HEADER_KEPT,
          End("", "episodes", 2, 1, 1, file=XML), checks="stop:episodes.child.missing"),
    taken("xml_child_twice", document(HEADER + EPISODE, HEADER + REVIEW),
          End("", "header", 2, 1, 0, 1, XML), EPISODE_KEPT, REVIEW_KEPT,
          checks="warn:header.repeated"),
    taken("xml_with_an_answer_twice",
          document(HEADER.replace("<SEX>M</SEX>", "<SEX>M</SEX><SEX>F</SEX>") + EPISODE),
          HEADER_KEPT, EPISODE_KEPT),
)  # fmt: skip
