"""What happens at one node of the map: which arms meet freely, and what stands between the others.

A street that only meets its like stays one graph node. Where walkway meets carriageway, each sector between two
carriageway arms becomes a node of its own, joined to the carriageway by one kerb event; so crossing a street costs two.
A gate stands between every pair of arms; a lift between every pair of levels (CONTRACT §3, ENGINE 10 and 12).
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import combinations
from typing import NamedTuple

from accessibility.tags import Acting


class Arm(NamedTuple):
    """One end of a street at this node, seen from the node."""

    carriageway: bool
    crossing: bool
    """The way itself is a mapped crossing."""
    kerb_elsewhere: bool
    """The crossing way, or a node further along it, already says what the kerb is on this side."""
    bearing: float
    """Degrees clockwise from north, away from the node."""
    level: float | None


class Gap(NamedTuple):
    """What stands between two groups of arms; fields as in `PassageFacts`."""

    first: int
    second: int
    kerb_events: int
    mapped_crossing: bool | None
    barrier_applies: bool
    lift_applies: bool


class Junction(NamedTuple):
    """`group[i]` is the group of arm i; arms of one group meet freely; `gaps` join the groups."""

    group: list[int]
    gaps: list[Gap]


def junction(arms: list[Arm], acting: Acting) -> Junction:
    """Split a node into groups and gaps; `acting` says which of the node's own facts mean something.

    With none of them and one kind of arm the node stays whole.
    """
    roads = sorted(arm.bearing for arm in arms if arm.carriageway)
    mixed = bool(roads) and len(roads) < len(arms)
    levels = {arm.level for arm in arms} if acting.lift else set()
    kerbs = acting.kerb and any(arm.crossing for arm in arms)
    if not (acting.barrier or mixed or len(levels) > 1 or kerbs):
        return junction_of_one(len(arms))
    keys = [_key(number, arm, roads if mixed else [], acting) for number, arm in enumerate(arms)]
    index = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    members: list[list[Arm]] = [[] for _ in index]
    for key, arm in zip(keys, arms, strict=True):
        members[index[key]].append(arm)
    sides = [_Side(number, members[number][0], key.sector) for number, key in enumerate(index)]
    found = (_gap(one, other, acting) for one, other in combinations(sides, 2))
    return Junction([index[key] for key in keys], [gap for gap in found if gap is not None])


def junction_of_one(arms: int) -> Junction:
    """A node at which all arms meet freely."""
    return Junction([0] * arms, [])


class _Key(NamedTuple):
    """Arms with equal keys meet freely."""

    carriageway: bool
    sector: int
    """Which side of the carriageway; −1 where there is no telling sides apart."""
    crossing: bool
    kerb_elsewhere: bool
    level: float | None
    number: int


class _Side(NamedTuple):
    """One group: its number, an arm that stands for all, and its sector."""

    number: int
    arm: Arm
    sector: int


def _key(number: int, arm: Arm, roads: list[float], acting: Acting) -> _Key:
    mixed = bool(roads)
    return _Key(
        arm.carriageway,
        -1 if arm.carriageway or not mixed else _sector(arm.bearing, roads),
        arm.crossing and (mixed or acting.kerb),
        arm.kerb_elsewhere and mixed,
        arm.level if acting.lift else None,
        number if acting.barrier or (acting.kerb and arm.crossing) else -1,
    )


def _sector(bearing: float, roads: list[float]) -> int:
    """The sector between two carriageway arms; beside a single one everything is the same side."""
    return bisect_right(roads, bearing) % len(roads)


def _gap(one: _Side, other: _Side, acting: Acting) -> Gap | None:
    """What stands between two groups; `None` where one gets from one to the other by way of the carriageway only."""
    a, b = one.arm, other.arm
    lift = acting.lift and a.level != b.level
    events, mapped = 0, None
    if a.carriageway != b.carriageway:
        events, mapped = _steps_off(b if a.carriageway else a, acting)
    elif not a.carriageway and one.sector != other.sector:
        if not (acting.barrier or lift):
            return None
        near, far = _steps_off(a, acting), _steps_off(b, acting)
        events, mapped = near[0] + far[0], near[1] or far[1]
    elif acting.kerb and not a.carriageway and (a.crossing or b.crossing):
        events = 1
    return Gap(one.number, other.number, events, mapped, acting.barrier, lift)


def _steps_off(walkway: Arm, acting: Acting) -> tuple[int, bool]:
    """Kerb events between a walkway and the carriageway, and whether a crossing is mapped there."""
    return 1 if acting.kerb or not walkway.kerb_elsewhere else 0, acting.crossing or walkway.crossing
