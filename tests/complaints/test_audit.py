"""The hash chain: canonical JSON as RFC 8785 says, and every kind of tampering found."""

from __future__ import annotations

import json
import struct
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from accessibility.complaints.audit import START, AuditRow, canonical, commit, first_bad, moment, row_hash

# RFC 8785, appendix B: IEEE 754 bits and what ECMAScript prints.
NUMBERS = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("c340000000000000", "-9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]


@pytest.mark.parametrize(("bits", "text"), NUMBERS)
def test_numbers_of_rfc_8785(bits: str, text: str) -> None:
    assert canonical(struct.unpack(">d", bytes.fromhex(bits))[0]) == text


def test_the_example_of_rfc_8785() -> None:
    value = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    assert canonical(value) == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_keys_go_by_utf_16_code_units() -> None:
    value = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}
    assert list(json.loads(canonical(value))) == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, "\ud800"])
def test_what_json_cannot_say_is_an_error(value: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        canonical(value)


leaves = st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
json_values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=12
)


@given(json_values)
def test_canonical_json_is_json_and_reads_back(value: object) -> None:
    back = json.loads(canonical(value), parse_int=float)
    assert back == value
    assert canonical(back) == canonical(value)


def chain(length: int) -> list[AuditRow]:
    rows: list[AuditRow] = []
    for seq in range(1, length + 1):
        row = AuditRow(
            city_id=1, seq=seq, case_id=UUID(int=seq), at=datetime(2026, 11, 24, 8, tzinfo=UTC), actor_pseudonym="p",
            role="moderator", action="accept", from_state="submitted", to_state="accepted", payload='{"version":2}',
            commitment=commit(b"salt", "note"), prev_hash=rows[-1].hash if rows else START, hash=b"",
        )  # fmt: skip
        rows.append(structs.replace(row, hash=row_hash(row)))
    return rows


def test_a_whole_chain_holds() -> None:
    assert first_bad(chain(20)) is None
    assert first_bad([]) is None
    rows = chain(20)
    assert first_bad(rows[10:], previous=rows[9].hash, seq=10) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"case_id": UUID(int=99)}, {"at": datetime(2026, 11, 24, 9, tzinfo=UTC)}, {"actor_pseudonym": "q"},
        {"role": "admin"}, {"action": "reject"}, {"from_state": None}, {"to_state": "rejected"},
        {"payload": '{"version":3}'}, {"commitment": None}, {"prev_hash": bytes(32)}, {"hash": bytes(32)},
        {"city_id": 2},
    ],
)  # fmt: skip
def test_any_change_is_found_where_it_was_made(changed: dict[str, object]) -> None:
    rows = chain(9)
    rows[4] = structs.replace(rows[4], **changed)
    assert first_bad(rows) == 5


def test_a_change_with_its_own_hash_made_new_is_found_at_the_next_row() -> None:
    rows = chain(9)
    forged = structs.replace(rows[4], action="reject")
    rows[4] = structs.replace(forged, hash=row_hash(forged))
    assert first_bad(rows) == 6


def test_a_row_taken_out_or_put_in_is_found() -> None:
    rows = chain(9)
    assert first_bad(rows[:3] + rows[4:]) == 4
    assert first_bad(rows[:4] + rows[3:]) == 5
    assert first_bad([rows[1], rows[0]]) == 1


def test_a_moment_reads_the_same_in_every_zone() -> None:
    at = datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert moment(at) == moment(at.astimezone(timezone(timedelta(hours=8)))) == "2026-11-24T08:00:00.000000Z"
