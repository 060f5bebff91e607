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
    beside: int = 0
    """−1 or +1: a sidewalk to the left or right of a carriageway that runs this way; 0: a way of its own."""
    attached: bool = False
    """A carriageway whose sidewalks are alike and not told apart."""
    kerb_m: float | None = None
    """Height of the kerb where an attached sidewalk ends here."""


class Gap(NamedTuple):
    """What stands between two groups of arms; fields as in `PassageFacts`."""

    first: int
    second: int
    kerb_events: int
    mapped_crossing: bool | None
    barrier_applies: bool
    lift_applies: bool
    crossing_arm: int | None = None
    """Number of the arm that is a mapped crossing, if one is entered or left here."""
    kerb_height_m: float | None = None


class Junction(NamedTuple):
    """`group[i]` is the group of arm i; arms of one group meet freely; `gaps` join the groups."""

    group: list[int]
    gaps: list[Gap]


def junction(arms: list[Arm], acting: Acting) -> Junction:
    """Split a node into groups and gaps; `acting` says which of the node's own facts mean something.

    With none of them and one kind of arm the node stays whole.
    """
    roads = sorted({arm.bearing for arm in arms if arm.carriageway or arm.beside})
    mixed = bool(roads) and not all(arm.carriageway for arm in arms)
    levels = {arm.level for arm in arms} if acting.lift else set()
    kerbs = acting.kerb and any(arm.crossing for arm in arms)
    if not (acting.barrier or mixed or len(levels) > 1 or kerbs):
        return junction_of_one(len(arms))
    keys = [_key(number, arm, roads if mixed else [], acting) for number, arm in enumerate(arms)]
    index = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    first = {key: keys.index(key) for key in index}
    sides = [_Side(number, first[key], arms[first[key]], key.sector) for key, number in index.items()]
    street = _Street(any(arm.carriageway for arm in arms), acting.crossing or len(roads) > 2)
    found = (_gap(one, other, acting, street) for one, other in combinations(sides, 2))
    return Junction([index[key] for key in keys], [gap for gap in found if gap is not None])


def junction_of_one(arms: int) -> Junction:
    """A node at which all arms meet freely."""
    return Junction([0] * arms, [])


class _Key(NamedTuple):
    """Arms with equal keys meet freely."""

    carriageway: bool
    attached: bool
    sector: int
    """Which side of the carriageway; −1 where there is no telling sides apart."""
    crossing: bool
    kerb_elsewhere: bool
    level: float | None
    number: int


class _Side(NamedTuple):
    """One group: its number, the number of an arm that stands for all, that arm, and its sector."""

    number: int
    arm_number: int
    arm: Arm
    sector: int


class _Street(NamedTuple):
    """Whether there is a carriageway to step onto, and whether one may cross here from sidewalk to sidewalk."""

    to_step_on: bool
    to_cross: bool


def _key(number: int, arm: Arm, roads: list[float], acting: Acting) -> _Key:
    mixed = bool(roads)
    return _Key(
        arm.carriageway,
        arm.attached and mixed,
        -1 if arm.carriageway or not mixed else _sector(arm, roads),
        arm.crossing and (mixed or acting.kerb),
        arm.kerb_elsewhere and mixed,
        arm.level if acting.lift else None,
        number if acting.barrier or (acting.kerb and arm.crossing) else -1,
    )


BESIDE_DEG = 0.01
"""So far beside its carriageway a sidewalk leaves the node: enough to tell the sides apart."""


def _sector(arm: Arm, roads: list[float]) -> int:
    """The sector between two carriageway arms; beside a single one everything is the same side."""
    return bisect_right(roads, arm.bearing + arm.beside * BESIDE_DEG) % len(roads)


def _gap(one: _Side, other: _Side, acting: Acting, street: _Street) -> Gap | None:
    """What stands between two groups; `None` where there is no going straight from one to the other."""
    a, b = one.arm, other.arm
    lift = acting.lift and a.level != b.level
    events, mapped = 0, None
    crossing = next((side.arm_number for side in (one, other) if side.arm.crossing), None)
    if a.carriageway != b.carriageway:
        walk, road = (b, a) if a.carriageway else (a, b)
        if not (walk.beside and road.attached):  # one and the same sidewalk, told apart by side on one street only
            events, mapped = _steps_off(walk, acting)
    elif not a.carriageway and one.sector != other.sector:
        if not (acting.barrier or lift or (street.to_cross and not street.to_step_on)):
            return None  # by way of the carriageway, or not here
        near, far = _steps_off(a, acting), _steps_off(b, acting)
        events, mapped = near[0] + far[0], near[1] or far[1]
    elif acting.kerb and not a.carriageway and (a.crossing or b.crossing):
        events = 1
    heights = [arm.kerb_m for arm in (a, b) if arm.beside and arm.kerb_m is not None]
    height = max(heights) if events and heights else None
    return Gap(one.number, other.number, events, mapped, acting.barrier, lift, crossing, height)


def _steps_off(walkway: Arm, acting: Acting) -> tuple[int, bool]:
    """Kerb events between a walkway and the carriageway, and whether a crossing is mapped there."""
    return 1 if acting.kerb or not walkway.kerb_elsewhere else 0, acting.crossing or walkway.crossing
