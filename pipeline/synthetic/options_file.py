"""Made-up options for new homes, in the shape that the business case reads."""

from collections.abc import Sequence

from pipeline.options import COLUMNS
from pipeline.synthetic.truth import Truth


def options_text(codes: Sequence[str], truth: Truth | None) -> str:
    """Options as CSV for authorities of these codes.

    Most are where the need is planted to be met worst, or in the first area where none is planted.
    """
    worst = truth.mix.worst_la if truth else codes[0]
    other = next((code for code in codes if code != worst), worst)
    rows = [
        ("Home of four", "residential", 4, worst, 650000, 90000, 720000, "2027-04-01", 9, 25),
        ("Two solo homes", "residential", 2, worst, 480000, 60000, 510000, "2027-09-01", 6, 25),
        ("Ten foster carers", "foster", 10, worst, 40000, 110000, 260000, "2026-10-01", 18, 10),
        ("Supported flats", "supported", 6, other, 300000, 70000, 240000, "2027-01-01", 6, 20),
    ]
    return "".join(",".join(map(str, row)) + "\n" for row in (COLUMNS, *rows))
