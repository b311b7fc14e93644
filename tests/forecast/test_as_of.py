"""The day as of which the forecast is made: asked for, checked, and told to dbt."""

import dataclasses
import datetime as dt

import pytest

from pipeline.hub import hub_state, open_build
from pipeline.region import Authority, Region
from pipeline.settings import SettingFault, Settings, day_of_forecast, load_settings
from pipeline.warehouse import database

DAY = dt.date(2025, 3, 31)


@pytest.fixture
def settings(tmp_path) -> Settings:
    """Settings of a home that has nothing yet."""
    region = Region("Test", True, "E1", (Authority("E1", "Somewhere", "somewhere"),))
    return Settings(tmp_path / "home", region, tmp_path / "landing", tmp_path / "providers.csv")


@pytest.mark.parametrize("text", ["", "  "])
def test_without_a_day_all_that_is_known_counts(text):
    assert day_of_forecast(text) is None


@pytest.mark.parametrize("text", ["31/03/2025", "2025-02-30", "2025-03", "yesterday", "20250331"])
def test_what_is_no_date_is_told_with_how_to_write_one(text):
    with pytest.raises(SettingFault, match="give a date such as 2025-03-31"):
        day_of_forecast(text)


def test_a_day_to_come_is_no_day_to_forecast_as_of():
    today = dt.date.today()
    assert day_of_forecast(today.isoformat()) == today
    with pytest.raises(SettingFault, match="give a day that has been"):
        day_of_forecast((today + dt.timedelta(days=2)).isoformat())


def test_the_environment_tells_the_day(monkeypatch):
    monkeypatch.delenv("COMMON_CORE_AS_OF", raising=False)
    assert load_settings().as_of is None
    monkeypatch.setenv("COMMON_CORE_AS_OF", "2025-03-31")
    assert load_settings().as_of == DAY


def test_the_command_line_tells_a_faulty_day_without_a_traceback(tmp_path, command_line):
    ran = command_line(tmp_path, "run", "--as-of", "31/03/2025")
    assert ran.code == 1
    assert "“31/03/2025”: give a date such as 2025-03-31." in " ".join(ran.said.split())
    assert "Traceback" not in ran.said


@pytest.mark.parametrize("as_of", [None, DAY])
def test_dbt_is_told_the_day(settings, as_of):
    open_build(dataclasses.replace(settings, as_of=as_of))
    with database(settings.build_file) as connection:
        assert connection.execute("from hub.forecast_setting").fetchall() == [(as_of,)]


def test_another_day_makes_the_warehouse_anew(settings):
    usual, past, again = (
        hub_state(dataclasses.replace(settings, as_of=as_of)) for as_of in (None, DAY, None)
    )
    assert usual == again != past
