"""An authority with nobody in care in one quarter, which once closed publication for all."""

from tests.measures.test_18th_birthday import episode
from tests.small_region import Tools, bring_to_hub, rows, small_region, stops


def header(child: str) -> dict[str, str]:
    return {"CHILD": child, "SEX": "M", "DOB": "01/01/2015", "ETHNIC": "WBRI", "UPN": "UN1",
            "MOTHER": "", "MC_DOB": ""}  # fmt: skip


def test_a_quarter_with_nobody_in_it_is_a_row_of_noughts(tools: Tools, tmp_path):
    """Two children in spring, none from July to September, one from October on."""
    episodes = [
        episode("A1", "10/04/2025", dec="20/05/2025", rec="E4A"),
        episode("A2", "11/04/2025", dec="20/06/2025", rec="E4A"),
        episode("A3", "02/10/2025"),
    ]
    files = {"2026/episodes.csv": episodes, "2026/header.csv": [header(c) for c in
                                                                ("A1", "A2", "A3")]}  # fmt: skip
    settings = small_region(tmp_path, {"E06000066": files})
    bring_to_hub(settings, tools.postcodes)
    assert stops(settings, tools) == []
    found = rows(
        settings,
        "select quarter, entrants, leavers, children_at_quarter_end from "
        "staging.int_placement_count where la_code is not null and period = 'quarter' "
        "and breakdown = 'total' order by quarter",
    )
    assert found == [("2025Q2", 2, 2, 0), ("2025Q3", 0, 0, 0), ("2025Q4", 1, 0, 1),
                     ("2026Q1", 0, 0, 1)]  # fmt: skip
