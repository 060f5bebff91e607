"""Whose weights stay in memory: the built-in people, and those whose limits are asked for, in so many bytes."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator

import numpy as np
from msgspec import msgpack
from msgspec.structs import replace

from accessibility.profiles import Limits, Profile, built_in
from accessibility.refusals import Refused
from routing.costs import Harm, Scale, Weigher
from routing.engine import Engine
from routing.people import Person
from routing.preferences import basis
from routing.timing import Departure

KEPT_BYTES = 160 * 2**20
LATER_KEPT = 12
"""So many views of another moment are kept beside those of now: with the next report nobody asks for them any more."""
OFTEN = 12
"""Asked for so often (a question asks three times), a set of limits gets a metric of its own."""
COUNTED_EVERY = 8
"""Memory is counted whenever so many have come."""
NEW_PER_S = 25
"""So many metrics are made in a second for limits that nobody can lend one to; beyond that: come again."""
MOVED_AT_WILL = (
    "incline_up_max",
    "incline_up_short_max",
    "incline_down_max",
    "kerb_max_m",
    "width_min_m",
    "cross_slope_max",
)
"""Limits that people set themselves; a lender without them serves everybody who keeps the others."""


class Regulars:
    """People by their limits. Belongs to the engine thread."""

    def __init__(
        self,
        weigher: Weigher,
        engine: Engine,
        max_bytes: int,
        clock: Callable[[], float] = time.monotonic,
        lent: Callable[[Person, Scale], None] = lambda person, scale: None,
    ) -> None:
        """`lent` is told whose metric is lent for which scale."""
        self._lent = lent
        self._weigher, self._engine, self._max_bytes, self._clock = weigher, engine, max_bytes, clock
        self._kept: OrderedDict[Hashable, Person] = OrderedDict()
        self._count = 0
        self._tokens, self._counted_at = float(NEW_PER_S), clock()

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def nbytes(self) -> int:
        """About what all of them take."""
        return sum(person.nbytes for person in self._kept.values())

    def person(self, profile: Profile, departure: Departure) -> Person:
        """The weights of this set of limits at a departure.

        Who sets out now shares one person; another day's is kept beside it only where something differs then. Raises
        `Refused("overloaded")` where more new limits come than can be weighed.
        """
        key = msgpack.encode(profile)
        person = self._found(key) or self._met(key, Person(self._weigher.weigh(profile), self._engine, self._lender))
        if not departure.now and not person.sees(departure.overlay, departure.closings):
            base, then = person.base, (key, departure.closings.edges, frozenset(departure.overlay.barriers))
            person = self._found(then) or self._met(then, Person(base, self._engine, self._lender))
        person.asked += 1
        if person.asked == OFTEN and self._spend():
            person.settle()
        person.bring_up(departure.overlay, departure.closings)
        return person

    def _found(self, key: Hashable) -> Person | None:
        person = self._kept.get(key)
        if person is not None:
            self._kept.move_to_end(key)
        return person

    def _met(self, key: Hashable, person: Person) -> Person:
        """Keep one more; those not asked for longest go where the room is wanted, the built-in ones stay."""
        self._kept[key] = person
        self._count += 1
        for other in [other for other in self._kept if _is_of_later(other)][:-LATER_KEPT]:
            self._kept.pop(other).let_go()
        if self._count % COUNTED_EVERY:
            return person
        room = self._max_bytes - self.nbytes
        for other in list(self._kept):
            if room >= 0:
                break
            if other != key and (_is_of_later(other) or not _is_built_in(self._kept[other].base.profile)):
                room += self._kept[other].nbytes
                self._kept.pop(other).let_go()
        return person

    def _lender(self, person: Person, scale: Scale) -> Person | None:
        """Somebody of the same manner with a metric and looser limits, the nearest; `None`: one's own is made."""
        if isinstance(basis(scale), Harm) or person.has(scale):
            return None
        profile = person.base.profile
        if _is_built_in(profile):
            return None
        lenders = [other for other in self._of_manner(person) if other is not person and _looser(other, person)]
        # A wish is lent by the loosest alone: the others would have to borrow it themselves.
        if lenders and basis(scale) is scale:
            return self._lending(max(lenders, key=lambda other: other.broken), scale)
        loose = self._loose(profile)
        if loose is not None and _looser(loose, person):
            return self._lending(loose, scale)
        if not self._spend():
            raise Refused("overloaded", "More new limits came than can be weighed now.", retry_after_s=1)
        return None

    def _lending(self, lender: Person, scale: Scale) -> Person:
        self._lent(lender, scale)
        return lender

    def _of_manner(self, person: Person) -> Iterator[Person]:
        manner = _manner(person.base.profile)
        for other in self._kept.values():
            if other.settled and _manner(other.base.profile) == manner:
                yield other

    def _loose(self, profile: Profile) -> Person | None:
        """The lender for everybody of this manner who sets their own numbers."""
        usual = built_in[profile.id]
        lifted = replace(usual.limits, **dict.fromkeys(MOVED_AT_WILL))
        loose = replace(profile, limits=lifted, speed_mps=usual.speed_mps)
        key = msgpack.encode(loose)
        person = self._found(key)
        if person is None:
            if not self._spend():
                return None
            person = self._met(key, Person(self._weigher.weigh(loose), self._engine))
        return person

    def _spend(self) -> bool:
        """Whether one more metric may be made now."""
        now = self._clock()
        self._tokens = min(NEW_PER_S, self._tokens + (now - self._counted_at) * NEW_PER_S)
        self._counted_at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


def _is_of_later(key: Hashable) -> bool:
    """Whether this is a view of another moment than now."""
    return isinstance(key, tuple)


def _is_built_in(profile: Profile) -> bool:
    return profile == built_in[profile.id]


def _manner(profile: Profile) -> Profile:
    """All but the limits, and the speed, which changes no way."""
    return replace(profile, limits=Limits(), speed_mps=built_in[profile.id].speed_mps)


def _looser(one: Person, other: Person) -> bool:
    """Whether nothing breaks a limit of one that does not break one of the other."""
    if one.broken > other.broken:
        return False
    return not bool(np.any(one.base.violated & ~other.base.violated))
