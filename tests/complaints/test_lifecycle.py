"""The transition table: every legal row, every illegal pair, and who may do what."""

from __future__ import annotations

import itertools

import pytest

from accessibility.complaints.lifecycle import (
    ANSWERS,
    CLOSED,
    NOT_YET,
    OPEN,
    STATES,
    STEPS,
    TABLE,
    after,
    allowed,
    path_after,
)
from accessibility.refusals import Refused

ROLES = [
    "reporter",
    "moderator",
    "dispatcher",
    "unit",
    "crew",
    "callback",
    "appeals",
    "intake",
    "operator",
    "admin",
    "system",
]

# The first loop and its side ways, as the contract tells it: (state, step, role, states passed through)
LEGAL = [
    ("submitted", "accept", "moderator", ("accepted",)),
    ("submitted", "accept", "system", ("accepted",)),
    ("submitted", "accept", "intake", ("accepted",)),
    ("submitted", "accept", "admin", ("accepted",)),
    ("submitted", "reject", "moderator", ("rejected",)),
    ("accepted", "dispatch", "dispatcher", ("dispatched",)),
    ("accepted", "dispatch", "admin", ("dispatched",)),
    ("dispatched", "respond", "unit", ("responded",)),
    ("responded", "start", "unit", ("in_progress",)),
    ("responded", "start", "crew", ("in_progress",)),
    ("in_progress", "claim_fixed", "crew", ("fixed_claimed", "callback")),
    ("in_progress", "claim_fixed", "unit", ("fixed_claimed", "callback")),
    ("callback", "fixed", "reporter", ("resolved",)),
    ("callback", "partly", "reporter", ("partly_fixed", "in_progress")),
    ("callback", "not_fixed", "reporter", ("reopened", "dispatched")),
    ("resolved", "not_fixed", "reporter", ("reopened", "dispatched")),
    ("submitted", "withdraw", "reporter", ("withdrawn",)),
    ("callback", "withdraw", "reporter", ("withdrawn",)),
]


@pytest.mark.parametrize(("state", "step", "role", "path"), LEGAL)
def test_legal(state: str, step: str, role: str, path: tuple[str, ...]) -> None:
    assert path_after(state, step, role, "P2") == path
    assert after(state, step, role) == path[-1]


def test_everything_that_is_not_a_row_is_refused() -> None:
    legal = {
        (state, row.step, role) for row in TABLE for state in row.states for role in row.roles if row.only_class is None
    }
    refused = 0
    for state, step, role in itertools.product(STATES, sorted(STEPS | ANSWERS), ROLES):
        if (state, step, role) in legal or role in ("admin", "intake") or step in ("hide", "unhide"):
            continue
        with pytest.raises(Refused) as caught:
            after(state, step, role)
        assert caught.value.code in ("illegal_step", "forbidden")
        refused += 1
    assert refused > 1500


def test_an_illegal_step_says_what_is_allowed_and_the_version() -> None:
    with pytest.raises(Refused) as caught:
        path_after("submitted", "dispatch", "dispatcher", "P2", version=4)
    assert caught.value.code == "illegal_step"
    assert caught.value.details == {"allowed": [], "version": 4}
    with pytest.raises(Refused) as caught:
        path_after("responded", "claim_fixed", "crew", "P2", version=9)
    assert caught.value.details == {"allowed": ["start"], "version": 9}


def test_a_role_that_never_takes_a_step_is_forbidden_whatever_the_state() -> None:
    for role, step in [("unit", "fixed"), ("crew", "accept"), ("reporter", "resolved_by_me"), ("admin", "fixed")]:
        with pytest.raises(Refused) as caught:
            after("callback", step, role)
        assert caught.value.code == ("invalid_field" if step == "resolved_by_me" else "forbidden")


def test_only_danger_to_life_skips_the_first_contact() -> None:
    assert after("dispatched", "start", "crew", "P0") == "in_progress"
    assert "start" in allowed("dispatched", "unit", "P0")
    with pytest.raises(Refused):
        after("dispatched", "start", "crew", "P1")
    assert allowed("dispatched", "unit", "P1") == ["respond"]


@pytest.mark.parametrize("step", sorted(NOT_YET))
def test_steps_not_built_yet_say_so(step: str) -> None:
    with pytest.raises(Refused) as caught:
        after("dispatched", step, "unit")
    assert (caught.value.code, caught.value.field) == ("not_yet_supported", "step")


def test_the_contracts_steps_are_all_known() -> None:
    contract = """accept reject merge unmerge dispatch dispute decide_dispute coordinate answer_call respond start
        request_suspend approve_suspend resume claim_fixed check_evidence answer_for_reporter request_not_feasible
        approve_not_feasible reopen appeal decide_appeal withdraw hide unhide"""
    assert set(contract.split()) == STEPS | NOT_YET
    assert not STEPS & NOT_YET


def test_a_flag_is_set_once_and_the_state_stays() -> None:
    for state in STATES:
        assert path_after(state, "hide", "moderator", "P2") == (state,)
        with pytest.raises(Refused):
            path_after(state, "unhide", "moderator", "P2")
        assert path_after(state, "unhide", "moderator", "P2", flags=frozenset({"hidden"})) == (state,)


def test_a_closed_complaint_moves_only_by_the_residents_no() -> None:
    for state, role in itertools.product(sorted(CLOSED), ROLES):
        assert set(allowed(state, role, "P2")) <= {"hide"}
    assert set(OPEN) | CLOSED == set(STATES)
