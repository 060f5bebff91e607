"""The states of a complaint and who may move it: the transition table of COMPLAINTS §2, row by row.

Pure. Steps of the contract that are not built yet are listed in NOT_YET and have no row; they are never pretended.
"""

from __future__ import annotations

from msgspec import Struct

from accessibility.refusals import Refused

STATES = (
    "submitted", "accepted", "rejected", "merged", "dispatched", "disputed", "coordinating", "responded", "in_progress",
    "suspended", "fixed_claimed", "callback", "partly_fixed", "resolved", "reopened", "not_feasible", "withdrawn",
)  # fmt: skip
CLOSED = frozenset({"rejected", "merged", "resolved", "not_feasible", "withdrawn"})
OPEN = tuple(state for state in STATES if state not in CLOSED)

# Who acts. A key of role `admin` may do what moderators and dispatchers may; nobody may answer for the resident.
ACTS_AS = {
    "admin": frozenset({"admin", "moderator", "dispatcher"}),
    "intake": frozenset({"intake", "moderator"}),
}


class Row(Struct, frozen=True):
    """In one of `states` one of `roles` may take `step`; the complaint passes through `path` and stays at its end."""

    states: tuple[str, ...]
    step: str
    roles: tuple[str, ...]
    path: tuple[str, ...]
    only_class: str | None = None


SAME = ("=",)  # the state stays: a flag changes

# fmt: off
TABLE = (
    #   states                  step            roles                    passes through
    Row(("submitted",),         "accept",       ("moderator", "system"), ("accepted",)),
    Row(("submitted",),         "reject",       ("moderator",),          ("rejected",)),
    Row(("accepted",),          "dispatch",     ("dispatcher",),         ("dispatched",)),
    Row(("dispatched",),        "respond",      ("unit",),               ("responded",)),
    Row(("responded",),         "start",        ("unit", "crew"),        ("in_progress",)),
    Row(("dispatched",),        "start",        ("unit", "crew"),        ("in_progress",), only_class="P0"),
    Row(("in_progress",),       "claim_fixed",  ("unit", "crew"),        ("fixed_claimed", "callback")),
    # The resident's answers come through the callback, not as steps of staff.
    Row(("callback",),          "fixed",        ("reporter",),           ("resolved",)),
    Row(("callback",),          "partly",       ("reporter",),           ("partly_fixed", "in_progress")),
    Row(("callback", "resolved"), "not_fixed",  ("reporter",),           ("reopened", "dispatched")),
    Row(OPEN,                   "withdraw",     ("reporter",),           ("withdrawn",)),
    Row(STATES,                 "hide",         ("moderator",),          SAME),
    Row(STATES,                 "unhide",       ("moderator",),          SAME),
)
# fmt: on

ANSWERS = frozenset({"fixed", "partly", "not_fixed"})
STEPS = frozenset(row.step for row in TABLE) - ANSWERS
NOT_YET = frozenset({
    "merge", "unmerge", "dispute", "decide_dispute", "coordinate", "answer_call", "request_suspend", "approve_suspend",
    "resume", "check_evidence", "answer_for_reporter", "request_not_feasible", "approve_not_feasible", "reopen",
    "appeal", "decide_appeal",
})  # fmt: skip

FLAG = {"hide": ("hidden", True), "unhide": ("hidden", False)}


def acts_as(role: str) -> frozenset[str]:
    """The roles of the table a key's role may act in."""
    return ACTS_AS.get(role, frozenset({role}))


def _fits(row: Row, state: str, urgency: str, flags: frozenset[str]) -> bool:
    if state not in row.states or (row.only_class is not None and row.only_class != urgency):
        return False
    flag, wanted = FLAG.get(row.step, (None, False))
    return flag is None or (flag in flags) is not wanted


def allowed(state: str, role: str, urgency: str, flags: frozenset[str] = frozenset()) -> list[str]:
    """The steps this role may take now, in the order of the table; callback answers are not steps."""
    roles = acts_as(role)
    fitting = [row.step for row in TABLE if _fits(row, state, urgency, flags) and roles & set(row.roles)]
    return [step for step in dict.fromkeys(fitting) if step not in ANSWERS]


def path_after(
    state: str, step: str, role: str, urgency: str, *, flags: frozenset[str] = frozenset(), version: int | None = None
) -> tuple[str, ...]:
    """The states passed through, the last one stays.

    Raises Refused: `not_yet_supported`, `invalid_field` (no such step), `forbidden` (never this role's step) or
    `illegal_step` with `allowed` and `version`.
    """
    if step in NOT_YET:
        raise Refused("not_yet_supported", f"the step {step} is not offered by this server yet", field="step")
    rows = [row for row in TABLE if row.step == step]
    if not rows:
        raise Refused("invalid_field", f"there is no step {step}", field="step")
    if not any(acts_as(role) & set(row.roles) for row in rows):
        raise Refused("forbidden", f"{step} is not a step of the role {role}")
    for row in rows:
        if _fits(row, state, urgency, flags) and acts_as(role) & set(row.roles):
            return (state,) if row.path == SAME else row.path
    raise Refused(
        "illegal_step", f"{step} cannot be taken while the complaint is {state}",
        allowed=allowed(state, role, urgency, flags), version=version,
    )  # fmt: skip


def after(state: str, step: str, role: str, urgency: str = "P2") -> str:
    """The state that stays after a step; raises Refused as `path_after` does."""
    return path_after(state, step, role, urgency)[-1]
