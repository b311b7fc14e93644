"""SSDA903 as XML becomes what its CSV files would be, whatever stands in it besides."""

import pytest

from pipeline.intake.read import Unreadable, read_sheets
from pipeline.intake.read import xml as reader
from tests.authority import La, csv_bytes

HEADER = "<CHILDID>A1</CHILDID><SEX>M</SEX><DOB>02/03/2013</DOB><ETHNIC>BOTH</ETHNIC><UPN>UN1</UPN>"
EPISODE = "<EPISODE><DECOM>11/11/2025</DECOM><PL>U1</PL></EPISODE>"


def document(*children: str, declared: str = "utf-8") -> str:
    inside = "".join(f"<CHILD>{c}</CHILD>" for c in children)
    return f"<?xml version='1.0' encoding='{declared}'?>\n<EXPSSDA903>{inside}</EXPSSDA903>"


def child(header: str = "", beside: str = EPISODE) -> str:
    return f"<HEADER>{HEADER}{header}</HEADER>{beside}"


@pytest.fixture
def read(tmp_path, connection):
    """The rows of each sheet after the row of names: number and the values that are not blank."""

    def read_file(content: bytes | str, name: str = "return.xml") -> dict[str, list[tuple]]:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        found = {}
        for sheet in read_sheets(connection, path, "sheet"):
            rows = connection.execute(f"from {sheet.relation} order by row_number").fetchall()
            assert sheet.is_records
            assert rows[0][0] == 0
            found[sheet.name] = [
                (n, {k: v for k, v in zip(rows[0][1:], row, strict=True) if v is not None})
                for n, *row in rows[1:]
            ]
        return found

    return read_file


@pytest.fixture
def refusal(read):
    def refuse(content: bytes | str, name: str = "return.xml") -> str:
        with pytest.raises(Unreadable) as caught:
            read(content, name)
        assert caught.value.reason.endswith(".")
        assert caught.value.how_to_fix.endswith(".")
        assert "A1" not in f"{caught.value.reason}{caught.value.how_to_fix}{caught.value}"
        return caught.value.code

    return refuse


SHARED = {"CHILD": "A1", "DOB": "02/03/2013"}


@pytest.mark.parametrize(
    ("element", "sheet", "values"),
    [
        ("<AREVIEW><REVIEW>1</REVIEW></AREVIEW>", "Reviews", {"REVIEW": "1"}),
        ("<AMISSING><MISSING>M</MISSING></AMISSING>", "Missing", {"MISSING": "M"}),
        ("<OC2><SDQ_SCORE>7</SDQ_SCORE></OC2>", "OC2", {"SDQ_SCORE": "7"}),
        ("<PERMANENCE><PREV_PERM>P1</PREV_PERM></PERMANENCE>", "PrevPerm", {"PREV_PERM": "P1"}),
        ("<AD_PLACED><DATE_PLACED>1</DATE_PLACED></AD_PLACED>", "PlacedAdoption",
         {"DATE_PLACED": "1"}),
        ("<SWDETAILS><SW_ID>X1</SW_ID><SW_DECOM>1</SW_DECOM></SWDETAILS>", "SWEpisodes",
         {"SW_ID": "X1", "SW_DECOM": "1"}),
        ("<IN_TOUCH>YES</IN_TOUCH><ACCOM>B1</ACCOM>", "OC3", {"IN_TOUCH": "YES", "ACCOM": "B1"}),
        ("<DATE_INT>1</DATE_INT>", "AD1", {"DATE_INT": "1"}),
        ("<UASC>1</UASC><DUC>1</DUC>", "UASC", {"SEX": "M", "DUC": "1"}),
        ("<UASC>1</UASC>", "UASC", {"SEX": "M"}),
    ],
)  # fmt: skip
def test_each_part_of_a_header_becomes_its_table(read, element, sheet, values):
    found = read(document(child(element)))
    assert set(found) == {"Header", "Episodes", sheet}
    assert found[sheet] == [(1, {**SHARED, **values})]
    flag = {"UASC": "1"} if "<UASC>1" in element else {}
    assert found["Header"] == [(1, {**SHARED, "SEX": "M", "ETHNIC": "BOTH", "UPN": "UN1", **flag})]
    assert found["Episodes"] == [(1, {"CHILD": "A1", "DECOM": "11/11/2025", "PLACE": "U1"})]


def test_records_are_numbered_as_their_elements_come(read):
    reviews = "<AREVIEW><REVIEW>1</REVIEW></AREVIEW>" * 2
    found = read(document(child(beside=EPISODE * 3), child(reviews + "<IN_TOUCH>NO</IN_TOUCH>")))
    assert [n for n, _ in found["Episodes"]] == [1, 2, 3, 4]
    assert [n for n, _ in found["Reviews"]] == [1, 2]
    assert [n for n, _ in found["Header"]] == [1, 2]
    assert [n for n, _ in found["OC3"]] == [2]


def test_nothing_that_is_not_blank_is_lost(read):
    odd = (
        "<NEW>n</NEW><UASC>0</UASC><DUC>1</DUC><DOB>03/03/2013</DOB><FOO><BAR>b</BAR></FOO>stray"
        "<AREVIEW id='7'><REVIEW unit='d'>1</REVIEW><DEEP><ER>e</ER></DEEP></AREVIEW>"
    )
    found = read(document(child(odd)).replace("</EXPSSDA903>", "<YEAR>2026</YEAR></EXPSSDA903>"))
    header = found["Header"][0][1]
    assert header["NEW"] == "n"
    assert header["DOB 2"] == "03/03/2013"
    assert header["text"] == "stray"
    assert header["UASC"] == "0"  # which its DUC contradicts
    assert found["UASC"][0][1]["DUC"] == "1"
    assert found["FOO"] == [(1, {"CHILD": "A1", "BAR": "b"})]
    assert found["DEEP"] == [(1, {"CHILD": "A1", "ER": "e"})]
    assert found["Reviews"] == [(1, {**SHARED, "id": "7", "REVIEW": "1", "REVIEW unit": "d"})]
    assert found["YEAR"] == [(1, {"YEAR": "2026"})]


def test_the_flag_of_a_child_that_is_not_uasc_is_no_row(read):
    for flag, said in (("<UASC>0</UASC>", "0"), ("<UASC/>", None), ("", None)):
        found = read(document(child(flag)))
        assert set(found) == {"Header", "Episodes"}
        assert found["Header"][0][1].get("UASC") == said
    assert read(document(child("<UASC>9</UASC>")))["Header"][0][1]["UASC"] == "9"


def test_children_without_a_header_or_an_id_keep_their_rows(read):
    found = read(document(EPISODE, "<HEADER><SEX>F</SEX></HEADER>" + EPISODE))
    assert found["Episodes"] == [(n, {"DECOM": "11/11/2025", "PLACE": "U1"}) for n in (1, 2)]
    assert found["Header"] == [(2, {"SEX": "F"})]


def test_comments_spaces_and_name_spaces_do_not_matter(read):
    text = document(child(beside="<EPISODE><DECOM>\n 11/<!-- x -->11/2025 </DECOM></EPISODE>"))
    text = text.replace("<EXPSSDA903>", "<?pi x?><x:EXPSSDA903 xmlns:x='y' xmlns='z'>")
    found = read(text.replace("</EXPSSDA903>", "</x:EXPSSDA903>"))
    assert found["Episodes"] == [(1, {"CHILD": "A1", "DECOM": "11/11/2025"})]


def test_children_within_a_wrapper(read):
    text = document(child(), child()).replace("<EXPSSDA903>", "<EXPSSDA903><CHILDREN>", 1)
    found = read(text.replace("</EXPSSDA903>", "<X>1</X></CHILDREN></EXPSSDA903>"))
    assert len(found["Header"]) == 2
    assert found["X"] == [(1, {"X": "1"})]


@pytest.mark.parametrize(
    ("written", "declared"),
    [("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("cp1252", "windows-1252"), ("cp1252", "utf-8"),
     ("latin-1", "iso-8859-1")],
)  # fmt: skip
def test_every_encoding(read, written, declared):
    text = document(child("<AREVIEW><REVIEW>Zoë £</REVIEW></AREVIEW>"), declared=declared)
    assert read(text.encode(written))["Reviews"][0][1]["REVIEW"] == "Zoë £"


def test_a_batch_that_is_full_is_handed_over(read, monkeypatch):
    monkeypatch.setattr(reader, "BATCH", 100)
    monkeypatch.setattr(reader, "BLOCK", 64)
    late = "<AREVIEW><REVIEW>9</REVIEW><NEW>n</NEW></AREVIEW>"
    reviews = [f"<AREVIEW><REVIEW>{n}</REVIEW></AREVIEW>" for n in range(40)]
    found = read(document(*(child(r) for r in reviews), child(late)))
    assert [v["REVIEW"] for _, v in found["Reviews"]] == [*map(str, range(40)), "9"]
    assert [v.get("NEW") for _, v in found["Reviews"]] == [None] * 40 + ["n"]
    assert [n for n, _ in found["Header"]] == list(range(1, 42))


def test_xml_is_read_whatever_its_name_is(read):
    assert set(read(document(child()), "return.csv")) == {"Header", "Episodes"}


def test_a_file_of_nothing_has_no_sheets(read):
    assert read(" \n") == {}


BILLION = "".join(f"<!ENTITY a{n + 1} '" + f"&a{n};" * 10 + "'>" for n in range(9))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (document(child())[:-40], "broken_xml"),
        (document(child("<SEX>&undefined;</SEX>")), "broken_xml"),
        (document(child("<A></B>")), "broken_xml"),
        ("<?xml version='1.0'?>", "broken_xml"),
        ("<Message><Children><Child><CHILD>A1</CHILD></Child></Children></Message>",
         "not_an_ssda903_xml"),
        (document("<NAME>A1</NAME>"), "not_an_ssda903_xml"),
        (document(), "not_an_ssda903_xml"),
        ("A1,x", "not_an_ssda903_xml"),
        ("<html><body>A1</body></html>", "not_an_ssda903_xml"),
        (b"%PDF-1.7 A1", "not_an_ssda903_xml"),
        ("<!DOCTYPE EXPSSDA903><EXPSSDA903/>", "xml_doctype"),
        (f"<?xml version='1.0'?><!--{'x' * 20_000}--><!DOCTYPE a [<!ENTITY a0 'A1'>{BILLION}]>"
         f"<EXPSSDA903><CHILD><HEADER><SEX>&a9;</SEX></HEADER></CHILD></EXPSSDA903>",
         "xml_doctype"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "xml_doctype"),
    ],
)  # fmt: skip
def test_what_is_broken_or_something_else_is_refused(refusal, content, code):
    assert refusal(content) == code


def test_something_else_is_refused_before_it_fills_the_memory(refusal, monkeypatch):
    monkeypatch.setattr(reader, "BLOCK", 1_000)
    monkeypatch.setattr(reader, "FIRST_CHILD_WITHIN", 10_000)
    monkeypatch.setattr(reader, "LARGEST_CHILD", 10_000)
    many = "<X><Y>1</Y></X>" * 1_000
    assert refusal(f"<A>{many}") == "not_an_ssda903_xml"  # cut off, which is not got to
    assert refusal(document(child(), child(many))) == "too_large"
    monkeypatch.setattr(reader, "MOST_SHEETS", 20)
    kinds = "".join(f"<K{n}><Y>1</Y></K{n}>" for n in range(20))
    assert refusal(document(child(kinds))) == "not_an_ssda903_xml"


def test_deep_nesting_is_refused(refusal):
    assert refusal(document(child("<A>" * 5_000 + "</A>" * 5_000))) == "broken_xml"


def test_a_return_as_xml_is_received_as_its_csv_files_are(tmp_path):
    rows = {
        "header": [{"CHILD": "A1", "SEX": "M", "DOB": "02/03/2013", "ETHNIC": "BOTH",
                    "UPN": "UN1", "MOTHER": "", "MC_DOB": ""}],
        "episodes": [{"CHILD": "A1", "DECOM": "11/11/2025", "RNE": "S", "LS": "C2", "CIN": "N1",
                      "PLACE": "U1", "PLACE_PROVIDER": "PR1", "DEC": "", "REC": "",
                      "REASON_PLACE_CHANGE": "", "HOME_POST": "", "PL_POST": "", "URN": ""}],
        "reviews": [{"CHILD": "A1", "DOB": "02/03/2013", "REVIEW": "01/12/2025",
                     "REVIEW_CODE": "PN1"}],
    }  # fmt: skip
    as_csv, as_xml = La(tmp_path / "csv"), La(tmp_path / "xml")
    for name, sent in rows.items():
        as_csv.drop(f"2026/{name}.csv", csv_bytes(sent))
    episode = "<RNE>S</RNE><LS>C2</LS><CIN>N1</CIN><PLACE_PROVIDER>PR1</PLACE_PROVIDER></EPISODE>"
    review = "<AREVIEW><REVIEW>01/12/2025</REVIEW><REVIEW_CODE>PN1</REVIEW_CODE></AREVIEW>"
    text = document(child(review, EPISODE.replace("</EPISODE>", episode)))
    as_xml.drop("2026/return.xml", text)
    for la in (as_csv, as_xml):
        la.receive()
    assert {(e.table_name, e.status, e.period) for e in as_xml.entries()} == {
        (name, "accepted", "2026") for name in rows
    }
    for name, sent in rows.items():
        columns = ", ".join(sent[0]).lower()
        assert as_xml.raw(name, columns) == as_csv.raw(name, columns)
