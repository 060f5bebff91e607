"""How evidence weighs: every clause of CONTRACT §5 as one small history, and what holds for all histories."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accessibility.barriers import Measured
from accessibility.kinds import KINDS
from accessibility.standing import Evidence, Standing, standing

T0 = datetime(2026, 11, 24, 8, tzinfo=UTC)
KERB = KINDS["kerb_too_high"]  # permanent
CAR = KINDS["parked_vehicle"]  # 12 h
FLOOD = KINDS["flooded"]  # danger, 48 h
CLOSURE = KINDS["closure"]


def at(hours: float) -> datetime:
    return T0 + timedelta(hours=hours)


def said(kind: Any, hours: float, who: int, weight: Any = "unverified", **fields: Any) -> Evidence:
    if kind == "report":
        fields = {"severity": 2} | fields
    return Evidence(kind=kind, at=at(hours), reporter=UUID(int=who), weight=weight, **fields)


def report(hours: float, who: int, weight: str = "unverified", **fields: Any) -> Evidence:
    return said("report", hours, who, weight, **fields)


def sure(kind: str, hours: float, *people: int) -> list[Evidence]:
    """So many verified people speak."""
    return [said(kind, hours, who, "verified") for who in people]


def auth(kind: str, hours: float, **fields: Any) -> Evidence:
    """A moderator, crew or operator speaks."""
    return said(kind, hours, 99, "authority", **fields)


LONE = [report(0, 1)]
THREE = [report(0, 1), *sure("still_there", 1, 11, 12, 13)]  # confirmed at hour 1
MODERATED = [report(0, 1), auth("confirm", 1)]

HISTORIES: list[tuple[str, Any, list[Evidence], float, str]] = [
    # confirmed
    ("one unverified report is suspected", KERB, LONE, 0, "suspected"),
    ("any number of unverified reports stays suspected", KERB, [report(0, who) for who in range(50)], 1, "suspected"),
    ("one verified report is suspected", KERB, [report(0, 1, "verified")], 1, "suspected"),
    ("a moderator confirms at once", KERB, MODERATED, 1, "confirmed"),
    ("a crew's or operator's own report confirms at once", KERB, [report(0, 1, "authority")], 0, "confirmed"),
    ("an authority's still_there confirms at once", KERB, [*LONE, auth("still_there", 1)], 1, "confirmed"),
    ("three verified people confirm", KERB, THREE, 1, "confirmed"),
    ("verified reports count like votes", KERB, [report(0, who, "verified") for who in (1, 2, 3)], 0, "confirmed"),
    ("two verified people do not", KERB, [*LONE, *sure("still_there", 1, 11, 12)], 1, "suspected"),
    ("one person three times does not", KERB, [report(h, 1, "verified") for h in (0, 1, 2)], 3, "suspected"),
    ("net, not gross: three against one is two", KERB,
     [*LONE, *sure("gone", 1, 10), *sure("still_there", 2, 11, 12, 13)], 2, "suspected"),
    ("four against one is three", KERB,
     [*LONE, *sure("gone", 1, 10), *sure("still_there", 2, 11, 12, 13, 14)], 2, "confirmed"),
    ("a vote against that is taken back no longer counts", KERB,
     [*LONE, *sure("gone", 1, 10), *sure("still_there", 2, 11, 12, 13), *sure("unsure", 3, 10)], 3, "confirmed"),
    ("a changed vote counts once, as last cast", KERB,
     [*LONE, *sure("gone", 1, 13), *sure("still_there", 2, 11, 12, 13)], 2, "confirmed"),
    ("within 72 h, the edge included", KERB,
     [*LONE, *sure("still_there", 1, 11), *sure("still_there", 73, 12, 13)], 73, "confirmed"),
    ("not later than 72 h", KERB,
     [*LONE, *sure("still_there", 1, 11), *sure("still_there", 73.01, 12, 13)], 74, "suspected"),
    # cleared
    ("three verified gone clear", KERB, [*THREE, *sure("gone", 2, 21, 22, 23)], 2, "cleared"),
    ("two do not", KERB, [*THREE, *sure("gone", 2, 21, 22)], 2, "confirmed"),
    ("unverified gone never clears", KERB, [*THREE, *[said("gone", 2, who) for who in range(50, 99)]], 2, "confirmed"),
    ("votes before the last confirmation do not count", KERB,
     [*LONE, *sure("gone", 1, 21, 22), auth("confirm", 2), *sure("gone", 3, 23)], 3, "confirmed"),
    ("still_there after the confirmation weighs against gone", KERB,
     [*MODERATED, *sure("gone", 2, 21, 22), *sure("still_there", 2.5, 24), *sure("gone", 3, 23)], 3, "confirmed"),
    ("a confirmer who comes back and says gone counts", KERB, [*THREE, *sure("gone", 2, 11, 12, 13)], 2, "cleared"),
    ("a suspicion is cleared by three verified gone", KERB, [*LONE, *sure("gone", 2, 21, 22, 23)], 2, "cleared"),
    ("a crew's photo clears", KERB, [*MODERATED, auth("crew_photo", 2)], 2, "cleared"),
    ("a fresh verified report is no vote and does not hold it up", KERB,
     [report(0, 1, "verified"), auth("confirm", 1), auth("crew_photo", 2)], 2, "cleared"),
    ("not while a verified still_there is younger than 48 h", KERB,
     [*MODERATED, *sure("still_there", 2, 11), auth("crew_photo", 3)], 49.9, "confirmed"),
    ("then it clears by itself", KERB,
     [*MODERATED, *sure("still_there", 2, 11), auth("crew_photo", 3)], 50, "cleared"),
    ("unless somebody verified says still_there again", KERB,
     [*MODERATED, *sure("still_there", 2, 11), auth("crew_photo", 3),
      *sure("still_there", 4, 12)], 60, "confirmed"),
    ("an unverified still_there does not hold a crew's photo up", KERB,
     [*MODERATED, said("still_there", 2, 11), auth("crew_photo", 3)], 3, "cleared"),
    ("the only witness's callback 'fixed' clears, verified or not", KERB,
     [*MODERATED, said("callback_fixed", 5, 1)], 5, "cleared"),
    ("with other witnesses it is one verified gone", KERB, [*THREE, said("callback_fixed", 5, 1)], 5, "confirmed"),
    ("and together with two more it clears", KERB,
     [*THREE, *sure("gone", 4, 21, 22), said("callback_fixed", 5, 1)], 5, "cleared"),
    ("an unverified second reporter is a witness too", KERB,
     [*LONE, report(1, 2), said("callback_fixed", 5, 1)], 5, "suspected"),
    ("a second reporter who took it back is not", KERB,
     [*LONE, report(1, 2), said("unsure", 2, 2), said("callback_fixed", 5, 1)], 5, "cleared"),
    # after the end
    ("a later verified still_there makes it suspected again", KERB,
     [*MODERATED, said("callback_fixed", 5, 1), *sure("still_there", 6, 11)], 6, "suspected"),
    ("an unverified one does not", KERB,
     [*MODERATED, said("callback_fixed", 5, 1), said("still_there", 6, 11)], 6, "cleared"),
    ("votes of the time before do not confirm it again", KERB,
     [*LONE, *sure("still_there", 1, 11, 12), auth("crew_photo", 60), *sure("still_there", 61, 13)],
     61, "suspected"),
    ("a moderator refutes at once", KERB, [*THREE, auth("refute", 2)], 2, "refuted"),
    ("what is refuted stays so whatever verified people say", KERB,
     [*LONE, auth("refute", 2), *sure("still_there", 3, 11, 12, 13, 14)], 3, "refuted"),
    ("until a moderator confirms", KERB,
     [*LONE, auth("refute", 2), auth("confirm", 3)], 3, "confirmed"),
    # expired
    ("what is permanent never expires", KERB, LONE, 24 * 3650, "suspected"),
    ("a parked car is there for 12 h", CAR, LONE, 11.99, "suspected"),
    ("and then expires", CAR, LONE, 12, "expired"),
    ("seen again it stays 12 h longer", CAR, [*LONE, report(10, 2)], 21.9, "suspected"),
    ("a confirmed one is not kept by a stranger", CAR, [*MODERATED, said("still_there", 10, 7)], 13, "expired"),
    ("but by a verified person", CAR, [*MODERATED, *sure("still_there", 10, 7)], 13, "confirmed"),
    ("a named end wins over the lifetime", CAR, [report(0, 1, ends_at=at(100))], 99, "suspected"),
    ("and ends it", CAR, [report(0, 1, ends_at=at(100))], 100, "expired"),
    ("a stranger cannot shorten a named end", CAR,
     [report(0, 1, ends_at=at(100)), report(1, 2, ends_at=at(2))], 3, "suspected"),
    ("a verified person can", CAR,
     [report(0, 1, ends_at=at(100)), report(1, 2, "verified", ends_at=at(2))], 3, "expired"),
    ("seen after its named end it lives on", CAR,
     [report(0, 1, ends_at=at(5)), *sure("still_there", 6, 7)], 7, "suspected"),
    ("expired and seen again by a verified person it is suspected", CAR,
     [*LONE, *sure("still_there", 20, 7)], 20, "suspected"),
    ("the lifetime counts from a start in the future", CAR, [report(0, 1, starts_at=at(24))], 35.9, "suspected"),
    # closures
    ("an operator's closure is confirmed", CLOSURE, [auth("closed", 0)], 1, "confirmed"),
    ("it ends when it was said to", CLOSURE, [auth("closed", 0, ends_at=at(4))], 4, "expired"),
    ("no vote opens it", CLOSURE, [auth("closed", 0), *sure("gone", 1, *range(20, 30))], 2, "confirmed"),
    ("nor a callback", CLOSURE, [auth("closed", 0), said("callback_fixed", 1, 1)], 2, "confirmed"),
    ("the operator does", CLOSURE, [auth("closed", 0), auth("opened", 1)], 1, "cleared"),
    ("and may prolong it after its end", CLOSURE,
     [auth("closed", 0, ends_at=at(4)), auth("closed", 5, ends_at=at(9))], 6, "confirmed"),
    # withdrawn
    ("withdrawn by its only witness it is cleared", KERB, [*LONE, said("withdrawn", 1, 1)], 1, "cleared"),
    ("others keep it", KERB, [*LONE, report(1, 2), said("withdrawn", 2, 1)], 2, "suspected"),
    ("so does a moderator's confirmation", KERB, [*MODERATED, said("withdrawn", 2, 1)], 2, "confirmed"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "history", "hour", "expected"), [row[1:] for row in HISTORIES], ids=[row[0] for row in HISTORIES]
)
def test_history(kind: Any, history: list[Evidence], hour: float, expected: str) -> None:
    assert standing(history, at(hour), kind).value == expected


def flood(**fields: Any) -> Evidence:
    return report(0, 1, severity=4, blocks=True, **fields)


@pytest.mark.parametrize(
    ("history", "hour", "blocks"),
    [
        ([flood()], 0, True),
        ([flood()], 5.99, True),
        ([flood()], 6, False),
        ([report(0, 1, severity=4)], 0, False),  # not granted: limits, or the last way
        ([flood(), report(5, 2, severity=4, blocks=True)], 7, False),  # six hours once, not for ever
        ([flood(), auth("confirm", 1)], 1, False),  # then the confirmed effect rules
        ([flood(), auth("refute", 1)], 1, False),
    ],
)
def test_a_danger_blocks_six_hours_unconfirmed(history: list[Evidence], hour: float, blocks: bool) -> None:
    assert standing(history, at(hour), FLOOD).blocks is blocks


@pytest.mark.parametrize(
    ("history", "severity"),
    [
        ([report(0, 1, severity=2), report(1, 2, severity=4)], 4),
        ([report(0, 1, severity=2), report(1, 2, "verified", severity=1)], 1),  # verified words replace strangers'
        ([report(0, 1, severity=2), auth("confirm", 1), report(2, 3, severity=4)], 2),
        ([report(0, 1, severity=2), auth("confirm", 1), report(2, 3, "verified", severity=3)], 3),
    ],
)
def test_severity(history: list[Evidence], severity: int) -> None:
    assert standing(history, at(9), KERB).severity == severity


def test_a_stranger_cannot_measure_a_confirmed_barrier_away() -> None:
    harmless = Measured(kerb_m=0.01)
    three = [report(1, who, "verified") for who in (11, 12, 13)]
    for history in ([report(0, 1, measured=harmless), *three], [*three, report(2, 1, measured=harmless)]):
        assert standing(history, at(9), KERB).measured == Measured()
    vouched = [report(0, 1, measured=harmless), auth("confirm", 1)]
    assert standing(vouched, at(9), KERB).measured == harmless


def test_a_start_in_the_future_is_not_active_yet() -> None:
    history = [auth("closed", 0, starts_at=at(2), ends_at=at(4))]
    before, during = standing(history, at(1), CLOSURE), standing(history, at(2), CLOSURE)
    assert (before.value, before.active, before.next_check) == ("confirmed", False, at(2))
    assert (during.value, during.active, during.next_check) == ("confirmed", True, at(4))


def test_a_joiner_never_postpones_the_start() -> None:
    history = [report(0, 1, "verified"), report(1, 2, "verified", starts_at=at(50))]
    assert standing(history, at(2), KERB).active
    history = [report(0, 1, "verified", starts_at=at(50)), report(1, 2, "verified")]
    assert standing(history, at(2), KERB).active


def test_nothing_said_is_an_error() -> None:
    with pytest.raises(ValueError, match="without evidence"):
        standing([report(5, 1)], at(1), KERB)


# What holds for every history.

items = st.builds(
    lambda kind, hours, who, weight, severity, blocks, start, end: Evidence(
        kind=kind, at=at(hours), reporter=UUID(int=who), blocks=blocks and kind == "report",
        weight="authority" if kind in ("confirm", "refute", "crew_photo") else weight,
        severity=severity if kind == "report" else None,
        starts_at=at(hours + start) if start is not None else None,
        ends_at=at(hours + 20 + end) if end is not None else None,
    ),
    st.sampled_from(["report", "still_there", "gone", "unsure", "confirm", "refute", "crew_photo",
                     "callback_fixed", "withdrawn"]),
    st.integers(1, 120), st.integers(1, 8), st.sampled_from(["unverified", "unverified", "verified", "authority"]),
    st.integers(1, 4), st.booleans(), st.none() | st.integers(0, 9), st.none() | st.integers(0, 60),
)  # fmt: skip
histories = st.lists(items, max_size=14, unique_by=lambda one: one.at).map(lambda more: [report(0, 1), *more])
kinds = st.sampled_from([KERB, CAR, FLOOD])


@given(histories, kinds, st.integers(0, 200), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(history: list[Evidence], kind: Any, hour: int, chance: Any) -> None:
    mixed = history[:]
    chance.shuffle(mixed)
    assert standing(mixed, at(hour), kind) == standing(history, at(hour), kind)


@given(histories, kinds, st.integers(0, 200), st.floats(0, 0.999))
def test_nothing_changes_before_the_next_check(history: list[Evidence], kind: Any, hour: int, share: float) -> None:
    now = at(hour)
    known = [one for one in history if one.at <= now]
    found = standing(known, now, kind)
    end = found.next_check or now + timedelta(days=4000)
    assert end > now
    assert standing(known, now + share * (end - now), kind) == found
    if found.next_check is not None:
        assert standing(known, found.next_check, kind) != found


@given(histories, kinds, st.integers(0, 200))
def test_strangers_alone_never_confirm_and_never_clear_what_others_confirmed(
    history: list[Evidence], kind: Any, hour: int
) -> None:
    strangers = [
        one for one in history if one.weight == "unverified" and one.kind not in ("callback_fixed", "withdrawn")
    ]
    assert standing([report(0, 1), *strangers], at(hour), kind).value in ("suspected", "expired")
    trusted = [report(0, 100 + who, "verified", severity=3) for who in range(3)]
    result: Standing = standing([*trusted, *strangers], at(hour), KERB)
    assert (result.value, result.severity) == ("confirmed", 3)


@given(histories, kinds, st.integers(0, 200))
def test_the_block_before_confirmation_lasts_at_most_six_hours(history: list[Evidence], kind: Any, hour: int) -> None:
    granted = [one.at for one in history if one.blocks and one.at <= at(hour)]
    if standing(history, at(hour), kind).blocks:
        assert any(at(hour) - one < timedelta(hours=6) for one in granted)
