"""Keyed pseudonyms: HMAC-SHA-256 over purpose, authority and normalised id, in whole columns.

The key comes from the environment and never stands in SQL, a log or a file of the hub.
"""

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

LEAST_BYTES = 32
BLOCK = 64  # bytes, of SHA-256


class KeyFault(ValueError):
    """There is no usable key; nothing is shared."""


@dataclass(frozen=True)
class Key:
    """The hub's secret key. Its version is recorded beside what was made with it.

    Raises KeyFault for a secret that is too short.
    """

    secret: bytes = field(repr=False)
    version: str

    def __post_init__(self) -> None:
        if len(self.secret) < LEAST_BYTES:
            raise KeyFault(
                f"The key is too short: it has {len(self.secret)} bytes, "
                f"it needs at least {LEAST_BYTES}."
            )

    def pseudonym(self, purpose: str, la_code: str, normal_id: str) -> str:
        """One pseudonym, 64 hexadecimal digits: the plain form of the SQL macro."""
        message = f"{purpose}|{la_code}|{normal_id}".encode()
        return hmac.new(self.secret, message, hashlib.sha256).hexdigest()

    @property
    def mark(self) -> str:
        """Tells two keys apart without telling either."""
        return self.pseudonym("mark of the key", "", self.version)[:16]


def load_key() -> Key:
    """The key of COMMON_CORE_KEY, with COMMON_CORE_KEY_VERSION; raises KeyFault without one."""
    secret = os.environ.get("COMMON_CORE_KEY", "").encode()
    if not secret:
        raise KeyFault(
            "No key: set COMMON_CORE_KEY to a secret text of at least 32 bytes. It must stay the "
            "same from run to run, and must be kept where only this service can read it."
        )
    return Key(secret, os.environ.get("COMMON_CORE_KEY_VERSION", "1"))


def throw_away_key(path: Path) -> str:
    """A key for the synthetic sample only, made on first use and kept so that re-runs agree."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.next")
        beside.touch(mode=0o600)
        beside.write_text(secrets.token_hex(LEAST_BYTES), encoding="ascii")
        beside.replace(path)
    return path.read_text(encoding="ascii")


def create_pseudonym_macro(connection: duckdb.DuckDBPyConnection, key: Key, la_code: str) -> None:
    """Make `pseudonym(purpose, normal_id)` known on a connection, for one authority.

    HMAC as RFC 2104 has it. The padded keys are values of a temporary table, not words of SQL.
    """
    secret = key.secret if len(key.secret) <= BLOCK else hashlib.sha256(key.secret).digest()
    padded = secret.ljust(BLOCK, b"\0")
    inner, outer = (bytes(b ^ pad for b in padded) for pad in (0x36, 0x5C))
    connection.execute(
        "create or replace temp table pads (inner_pad blob, outer_pad blob, la text)"
    )
    connection.execute("insert into pads values (?, ?, ?)", [inner, outer, la_code])
    connection.execute(
        """
        create or replace temp macro pseudonym(purpose, normal_id) as case
            when normal_id is not null then sha256(
                (select outer_pad from pads) || unhex(sha256(
                    (select inner_pad from pads)
                    || encode(purpose || '|' || (select la from pads) || '|' || normal_id)
                ))
            )
        end
        """
    )
