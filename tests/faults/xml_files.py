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
FAULTS: tuple[Fault, ...] = ()
