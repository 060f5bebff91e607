"""The audit log's hash chain: what a row's hash covers, and whether a chain holds. Pure.

hash = SHA-256(previous hash ‖ the row in canonical JSON, RFC 8785). No person is in it: actors are pseudonyms, free
text is a commitment SHA-256(salt ‖ text) whose salt lies beside the text; erasing both leaves the chain whole.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

START = bytes(32)  # what the first row calls the previous hash


class AuditRow(Struct, frozen=True):
    """One thing that happened to one case. `payload` is canonical JSON already."""

    city_id: int
    seq: int
    case_id: UUID
    at: datetime
    actor_pseudonym: str
    role: str
    action: str
    from_state: str | None
    to_state: str | None
    payload: str
    commitment: bytes | None
    prev_hash: bytes
    hash: bytes


def canonical(value: Any) -> str:
    """JSON in the one form of RFC 8785: keys by UTF-16 code units, numbers as ECMAScript prints them."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, int):
        if abs(value) > 2**53 - 1:
            raise ValueError("integers beyond 2^53 are not exact in JSON")
        return str(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{_string(key)}:{canonical(value[key])}" for key in keys) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(canonical, value)) + "]"
    raise TypeError(f"not JSON: {type(value).__name__}")


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _string(text: str) -> str:
    text.encode("utf-8")  # lone surrogates are no text
    return '"' + "".join(_ESCAPES.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in text) + '"'


def _number(value: float) -> str:
    """Shortest digits that read back (Python's repr has them), laid out as ECMAScript's Number::toString."""
    if not math.isfinite(value):
        raise ValueError("JSON has no infinity and no NaN")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = f"{abs(value)!r}".partition("e")
    whole, _, part = mantissa.partition(".")
    digits = (whole + part).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + part) - len(digits))  # decimal point after so many digits
    digits = digits.rstrip("0")
    if 0 < point <= 21:
        body = digits.ljust(point, "0") if len(digits) <= point else f"{digits[:point]}.{digits[point:]}"
    elif -6 < point <= 0:
        body = f"0.{'0' * -point}{digits}"
    else:
        tail = f".{digits[1:]}" if len(digits) > 1 else ""
        body = f"{digits[0]}{tail}e{point - 1:+d}"
    return sign + body


def moment(at: datetime) -> str:
    """A time as the log writes it: UTC, always six decimals."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def commit(salt: bytes, text: str) -> bytes:
    """A promise about a text that says nothing about it once the salt is gone."""
    return hashlib.sha256(salt + text.encode()).digest()


def row_hash(row: AuditRow) -> bytes:
    """SHA-256 of the previous hash and everything else in the row."""
    content = {
        "city_id": row.city_id, "seq": row.seq, "case_id": str(row.case_id), "at": moment(row.at),
        "actor_pseudonym": row.actor_pseudonym, "role": row.role, "action": row.action, "from": row.from_state,
        "to": row.to_state, "payload": row.payload, "commitment": row.commitment.hex() if row.commitment else None,
    }  # fmt: skip
    return hashlib.sha256(row.prev_hash + canonical(content).encode()).digest()


def first_bad(rows: Iterable[AuditRow], previous: bytes = START, seq: int = 0) -> int | None:
    """Number of the first row that does not follow from the one before; None when the chain holds.

    `previous` and `seq`: where the rows go on from. A chain whose head was never published only shows clumsy edits.
    """
    for row in rows:
        seq += 1
        if row.seq != seq or row.prev_hash != previous or row.hash != row_hash(row):
            return seq
        previous = row.hash
    return None
