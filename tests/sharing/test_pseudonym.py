"""Pseudonyms: HMAC as Python's own hmac has it, and no key, no pseudonym."""

import hashlib
import hmac
import stat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.sharing.pseudonym import (
    Key,
    KeyFault,
    create_pseudonym_macro,
    load_key,
    throw_away_key,
)
from pipeline.warehouse import workspace

SECRETS = [b"k" * 32, b"\x00\xff" * 32, "schlüssel".encode() * 7, b"long" * 33]


def by_sql(key: Key, la_code: str, purpose: str, ids: list[str | None]) -> list[str | None]:
    with workspace() as connection:
        create_pseudonym_macro(connection, key, la_code)
        return [
            row[0]
            for row in connection.execute(
                "select pseudonym(?, normal_id) from (select unnest(?::varchar[]) as normal_id)",
                [purpose, ids],
            ).fetchall()
        ]


@pytest.mark.parametrize("secret", SECRETS, ids=len)
def test_sql_and_python_make_the_same_pseudonym(secret):
    key = Key(secret, "1")
    ids = ["A1", "00123", "Zoë-\u4e2d\u6587-\U0001f600", "", "a|b", "x" * 500]
    wanted = [
        hmac.new(secret, f"child_id|E06000066|{i}".encode(), hashlib.sha256).hexdigest()
        for i in ids
    ]
    assert by_sql(key, "E06000066", "child_id", ids) == wanted
    assert [key.pseudonym("child_id", "E06000066", i) for i in ids] == wanted


@settings(max_examples=25, deadline=None)
@given(st.binary(min_size=32, max_size=150), st.lists(st.text(), min_size=1, max_size=20))
def test_whatever_the_key_and_the_ids(secret, ids):
    key = Key(secret, "1")
    assert by_sql(key, "E1", "p", ids) == [key.pseudonym("p", "E1", i) for i in ids]


def test_no_id_has_no_pseudonym():
    assert by_sql(Key(SECRETS[0], "1"), "E1", "child_id", [None]) == [None]


def test_key_purpose_and_authority_each_make_another_pseudonym():
    key, other = Key(SECRETS[0], "1"), Key(SECRETS[1], "1")
    made = {
        *by_sql(key, "E1", "child_id", ["A1"]),
        *by_sql(other, "E1", "child_id", ["A1"]),
        *by_sql(key, "E2", "child_id", ["A1"]),
        *by_sql(key, "E1", "header", ["A1"]),
    }
    assert len(made) == 4
    assert all(len(p) == 64 for p in made)


def test_the_key_does_not_show():
    key = Key(b"a very secret key of enough bytes", "7")
    assert "secret" not in repr(key)
    assert key.mark != Key(b"another secret key of enough bytes", "7").mark
    assert key.mark == Key(b"a very secret key of enough bytes", "7").mark


@pytest.mark.parametrize("secret", [None, "", "s3cret", "x" * 31])
def test_without_a_key_of_32_bytes_there_is_none(monkeypatch, secret):
    monkeypatch.delenv("COMMON_CORE_KEY", raising=False)
    if secret is not None:
        monkeypatch.setenv("COMMON_CORE_KEY", secret)
    with pytest.raises(KeyFault) as caught:
        load_key()
    assert "at least 32" in str(caught.value)
    assert not secret or secret not in str(caught.value)


def test_a_key_of_the_environment(monkeypatch):
    monkeypatch.setenv("COMMON_CORE_KEY", "ü" * 16)  # 32 bytes
    monkeypatch.delenv("COMMON_CORE_KEY_VERSION", raising=False)
    assert load_key() == Key(("ü" * 16).encode(), "1")
    monkeypatch.setenv("COMMON_CORE_KEY_VERSION", "2027")
    assert load_key().version == "2027"


def test_no_key_is_made_of_too_few_bytes():
    with pytest.raises(KeyFault):
        Key(b"", "throw-away")


def test_a_throw_away_key_is_made_once_and_for_its_owner_alone(tmp_path):
    path = tmp_path / "home" / "throw_away_key"
    secret = throw_away_key(path)
    assert throw_away_key(path) == secret
    assert throw_away_key(tmp_path / "another") != secret
    assert len(secret) == 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["throw_away_key"]
