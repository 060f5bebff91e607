"""What happens at one node of the map: which arms meet freely, and what stands between the others.

A street that only meets its like stays one graph node. Where walkway meets carriageway, each sector between two
carriageway arms becomes a node of its own, joined to the carriageway by one kerb event; so crossing a street costs two.
A street walked side by side has no carriageway to step on: its sidewalks meet across it where one may cross.
A kerb stands between a crossing and all that meets it, a gate between every pair of arms, a lift between every pair of
storeys (CONTRACT §3, ENGINE 10 and 12).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Sequence
from itertools import combinations
from typing import NamedTuple

from accessibility.tags import Acting

GROUND = 0.0
"""The storey of ways outside that do not say theirs, where the map numbers storeys from 0."""


class Arm(NamedTuple):
    """One end of a street at this node, seen from the node."""

    carriageway: bool
    crossing: bool
    """The way itself is a mapped crossing."""
    bearing: float
    """Degrees clockwise from north, away from the node."""
    way: int
    """OSM way."""
    own_kerb: bool = False
    """The crossing way says its kerb itself."""
    kerb_node_ahead: bool = False
    """Further along this crossing, before it reaches a carriageway, a node says the kerb."""
    kerb_elsewhere: bool = False
    """The kerb on this side of the carriageway is met further along the crossing."""
    levels: tuple[float, ...] = ()
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
    kerb_events: int = 0
    mapped_crossing: bool | None = None
    barrier_applies: bool = False
    lift_applies: bool = False
    speaker: int | None = None
    """The arm of a crossing way that fills in what the node leaves unsaid."""
    kerb_m: float | None = None
    """What a sidewalk that ends here says about its kerb."""


class Junction(NamedTuple):
    """`group[i]` is the group of arm i; arms of one group meet freely; `gaps` join the groups."""

    group: list[int]
    gaps: list[Gap]


def junction(arms: Sequence[Arm], acting: Acting, levels: tuple[float, ...] = ()) -> Junction:
    """Split a node into groups and gaps.

    `acting`: which of the node's own facts mean something; `levels`: where a lift at this node stops, if it is said.
    """
    roads = sorted({arm.bearing for arm in arms if arm.carriageway or arm.beside})
    mixed = bool(roads) and not all(arm.carriageway for arm in arms)
    storeys = storeys_of(arms, levels) if acting.lift else [None] * len(arms)
    crossings = acting.kerb or mixed or any(_kerb_here(arm) for arm in arms)
    if not (acting.barrier or mixed or len(set(storeys)) > 1 or (crossings and any(arm.crossing for arm in arms))):
        return Junction([0] * len(arms), [])
    sides = [
        _Side(
            carriageway=arm.carriageway,
            attached=mixed and arm.attached,
            sector=_sector(arm, roads) if mixed and not arm.carriageway else -1,
            storey=storeys[number],
            number=number if acting.barrier or (arm.crossing and crossings) else -1,
        )
        for number, arm in enumerate(arms)
    ]
    index = {side: group for group, side in enumerate(dict.fromkeys(sides))}
    group = [index[side] for side in sides]
    first = [group.index(number) for number in range(len(index))]
    across = not any(arm.carriageway for arm in arms) and (acting.crossing or len(roads) > 2)
    found = (_gap(arms, sides, one, other, acting, across) for one, other in combinations(first, 2))
    gaps = [gap._replace(first=group[gap.first], second=group[gap.second]) for gap in found if gap is not None]
    return Junction(group, gaps)


class _Side(NamedTuple):
    """Where an arm belongs; arms of equal sides meet freely."""

    carriageway: bool
    attached: bool
    sector: int
    """Which side of the carriageway; −1 where there is no telling sides apart."""
    storey: Hashable
    number: int
    """The arm itself where it stands alone, else −1."""


def storeys_of(arms: Sequence[Arm], levels: tuple[float, ...]) -> list[Hashable]:
    """On which storey each arm leaves a lift that stops at `levels`.

    An arm that does not say is on the ground where anything here is numbered 0. Where no arm says, each way has a
    storey of its own: a lift leads somewhere, and a way that runs on past it stays on its level.
    """
    known = [_stop(arm.levels, levels) for arm in arms]
    if all(level is None for level in known):
        return [("way", arm.way) for arm in arms]
    ground = GROUND if GROUND in known or GROUND in levels else None
    return [ground if level is None else level for level in known]


def _stop(arm: tuple[float, ...], lift: tuple[float, ...]) -> float | None:
    """The level at which a way that may touch several meets the lift."""
    return next((level for level in arm if level in lift), arm[0] if arm else None)


BESIDE_DEG = 0.01
"""So far beside its carriageway a sidewalk leaves the node: enough to tell the sides apart."""


def _sector(arm: Arm, roads: list[float]) -> int:
    """The sector between two carriageway arms; beside a single one everything is the same side."""
    return bisect_right(roads, arm.bearing + arm.beside * BESIDE_DEG) % len(roads)


def _kerb_here(arm: Arm) -> bool:
    """Whether the kerb that a crossing way speaks of is met where the way begins."""
    return arm.own_kerb and not arm.kerb_node_ahead


def _gap(arms: Sequence[Arm], sides: list[_Side], one: int, other: int, acting: Acting, across: bool) -> Gap | None:
    """What stands between two arms; `None` where one gets from one to the other by way of the carriageway only.

    `across`: there is no carriageway to step on, and one may cross from sidewalk to sidewalk.
    """
    a, b = arms[one], arms[other]
    lift = sides[one].storey != sides[other].storey
    speaker = one if a.crossing else other if b.crossing else None
    kerbs = [arm.kerb_m for arm in (a, b) if arm.beside and arm.kerb_m is not None]
    gap = Gap(one, other, 0, None, acting.barrier, lift, speaker, max(kerbs, default=None))
    if a.carriageway != b.carriageway:
        walkway, road = (b, a) if a.carriageway else (a, b)
        if walkway.beside and road.attached:
            return gap  # one and the same sidewalk, told apart by side on one of the two streets only
        return gap._replace(
            kerb_events=_steps_off(walkway, acting), mapped_crossing=acting.crossing or walkway.crossing
        )
    if not a.carriageway and sides[one].sector != sides[other].sector:
        if not (acting.barrier or lift or across):
            return None
        events = _steps_off(a, acting) + _steps_off(b, acting)
        return gap._replace(kerb_events=events, mapped_crossing=acting.crossing or a.crossing or b.crossing)
    meets = a.crossing or b.crossing
    leaves = a.crossing != b.crossing and _kerb_here(a if a.crossing else b)
    return gap._replace(kerb_events=int(not a.carriageway and ((acting.kerb and meets) or leaves)))


def _steps_off(walkway: Arm, acting: Acting) -> int:
    """Kerb events between a walkway and the carriageway at this node."""
    return 1 if acting.kerb or not walkway.kerb_elsewhere else 0
