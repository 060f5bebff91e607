"""Whose weights stay in memory: the built-in people, and those whose limits are asked for, in so many bytes.

Limits that lie between the same values of the map are one rank: whoever comes with them searches the metric of the
first who has one. Who is alone with a rank borrows from somebody with looser limits. Own numbers stay one's own.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from weakref import WeakKeyDictionary, WeakSet, WeakValueDictionary

from msgspec import msgpack
from msgspec.structs import replace

from accessibility.profiles import Profile, built_in
from accessibility.refusals import Refused
from routing.costs import Breaks, Harm, Scale, Strict
from routing.engine import Engine
from routing.people import Person
from routing.preferences import basis
from routing.timing import Departure
from routing.weigher import Weigher

KEPT_BYTES = 128 * 2**20
LATER_KEPT = 12
"""So many views of another moment are kept beside those of now: with the next report nobody asks for them any more."""
OFTEN = 12
"""Asked for so often (a question asks three times), a rank gets a metric of its own."""
COUNTED_EVERY = 8
"""Memory is counted when so many came or made a metric, or before what came since could take all that was free …"""
TAKES_METRICS = 3
"""… if each took as much as so many metrics."""
MAKING_SHARE = 0.5
"""So much of a worker's time goes at most into metrics for limits of people's own; beyond that: come again …"""
MAKING_BURST_S = 1.0
"""… once so much was saved up and is spent."""
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
        self._weigher, self._engine, self._max_bytes = weigher, engine, max_bytes
        self._kept: OrderedDict[Hashable, Person] = OrderedDict()
        self._later: OrderedDict[Hashable, Person] = OrderedDict()
        """People at another moment than now."""
        self._own: WeakValueDictionary[int, Person] = WeakValueDictionary()
        """Of each rank (by the id of its breaks) somebody with a strict metric of their own."""
        self._harming: WeakSet[Person] = WeakSet()
        """Those with a metric of harm."""
        self._asked: WeakKeyDictionary[Breaks, int] = WeakKeyDictionary()
        self._last: tuple[Profile | None, bytes] = (None, b"")
        self._uncounted, self._count_after = 0, COUNTED_EVERY
        self._budget = Budget(lambda: engine.making_s, clock)

    def __len__(self) -> int:
        return len(self._kept) + len(self._later)

    @property
    def nbytes(self) -> int:
        """About what all of them take, but for the built-in ones, who stay."""
        there = [person for person in self._kept.values() if not is_built_in(person.base.profile)]
        there += self._later.values()
        ranks = {id(breaks): breaks.nbytes for breaks in (person.base.breaks for person in there)}
        return sum(ranks.values()) + sum(person.nbytes for person in there)

    def person(self, profile: Profile, departure: Departure) -> Person:
        """The weights of this set of limits at a departure.

        Who sets out now shares one person; another day's is kept beside it only where something differs then. Raises
        `Refused("overloaded")` where more new limits come than can be weighed.
        """
        key = self._key(profile)
        person = _found(self._kept, key) or self._met(
            self._kept, key, Person(self._weigher.weigh(profile), self._engine, self._lender)
        )
        if not departure.now and not person.sees(departure.overlay, departure.closings):
            base, then = person.base, (key, departure.closings.edges, frozenset(departure.overlay.barriers))
            person = _found(self._later, then) or self._met(self._later, then, Person(base, self._engine, self._lender))
            while len(self._later) > LATER_KEPT:
                self._later.popitem(last=False)[1].let_go()
        self._count_in(person)
        person.bring_up(departure.overlay, departure.closings)
        if self._uncounted >= self._count_after:
            self._make_room(person)
        return person

    def _key(self, profile: Profile) -> bytes:
        """A question asks for the same profile again and again."""
        if profile is not self._last[0]:
            self._last = profile, msgpack.encode(profile)
        return self._last[1]

    def _count_in(self, person: Person) -> None:
        """A rank that is asked for often gets a metric of its own."""
        breaks = person.base.breaks
        self._asked[breaks] = asked = self._asked.get(breaks, 0) + 1
        if asked >= OFTEN and id(breaks) not in self._own and self._budget.spend():
            person.settle()
            self._own[id(breaks)] = person

    def _met(self, among: OrderedDict[Hashable, Person], key: Hashable, person: Person) -> Person:
        among[key] = person
        self._uncounted += 1
        return person

    def _make_room(self, mine: Person) -> None:
        """Those not asked for longest go where the room is wanted; the built-in ones stay."""
        room = self._max_bytes - self.nbytes
        for among in (self._later, self._kept):
            for key, other in list(among.items()):
                if room >= 0:
                    break
                stays = among is self._kept and is_built_in(other.base.profile)
                if other is not mine and not stays:
                    room += other.nbytes
                    among.pop(key).let_go()
        self._uncounted = 0
        self._count_after = max(COUNTED_EVERY, room // (TAKES_METRICS * self._engine.metric_bytes))

    def _lender(self, person: Person, scale: Scale) -> Person | None:
        """Whose metric is borrowed; `None`: one's own is made."""
        lender = None if person.has(scale) else self._who_lends(person, scale)
        if lender is None:
            self._makes(person, scale)
        else:
            self._lent(lender, scale)
        return lender

    def _who_lends(self, person: Person, scale: Scale) -> Person | None:
        """Somebody of the same rank with a metric, or of the same manner with looser limits, the nearest."""
        own_wish, keeps_own = basis(scale) is not scale, is_built_in(person.base.profile)
        if isinstance(basis(scale), Harm):
            return None if own_wish or keeps_own else self._milder(person)
        # A wish is lent by the loosest alone: the others would have to borrow it themselves.
        twin = None if own_wish else self._twin(person)
        if twin is not None or keeps_own:
            return twin
        breaks = person.base.breaks
        if not own_wish:
            looser = [other for other in self._of_manner(person) if other.base.breaks.within(breaks)]
            if looser:
                return max(looser, key=lambda other: other.base.breaks.count)
        loose = self._loose(person)
        return loose if loose is not None and loose.base.breaks.within(breaks) else None

    def _makes(self, person: Person, scale: Scale) -> None:
        """This person makes a metric, if there is time."""
        known = person.has(scale) or is_built_in(person.base.profile)
        if not known and not self._budget.spend():
            raise Refused("overloaded", "More new limits came than can be weighed now.", retry_after_s=1)
        self._uncounted += 1
        if isinstance(scale, Strict):
            self._own[id(person.base.breaks)] = person
        elif isinstance(scale, Harm):
            self._harming.add(person)

    def _twin(self, person: Person) -> Person | None:
        """Somebody else of this rank with a metric."""
        found = self._own.get(id(person.base.breaks))
        return found if found is not None and found is not person and found.settled else None

    def _of_manner(self, person: Person) -> Iterator[Person]:
        for other in self._own.values():
            if other is not person and other.base.units is person.base.units and other.settled:
                yield other

    def _milder(self, person: Person) -> Person | None:
        """Of those with a metric of harm the nearest to whom no arc does more harm than to this person."""
        base = person.base
        among = [other for other in self._harming if other.base.units is base.units and other.has(Harm())]
        for other in sorted(among, key=lambda other: -other.base.breaks.count):
            if other.base.breaks.within(base.breaks) and other.base.harm.nowhere_above(base.harm):
                return other
        return None

    def _loose(self, person: Person) -> Person | None:
        """The lender for everybody of this manner who sets their own numbers; made when a second one comes."""
        profile = person.base.profile
        usual = built_in[profile.id]
        lifted = replace(usual.limits, **dict.fromkeys(MOVED_AT_WILL))
        loose = replace(profile, limits=lifted, speed_mps=usual.speed_mps)
        key = msgpack.encode(loose)
        found = _found(self._kept, key)
        if found is None:
            if next(self._of_manner(person), None) is None or not self._budget.spend():
                return None
            found = self._met(self._kept, key, Person(self._weigher.weigh(loose), self._engine))
            self._own.setdefault(id(found.base.breaks), found)
        return found


class Budget:
    """Time for what may be put off: a share of all time, saved up to some extent."""

    def __init__(self, price_s: Callable[[], float], clock: Callable[[], float]) -> None:
        """`price_s`: how long it takes each time."""
        self._price_s, self._clock = price_s, clock
        self._left_s, self._at = MAKING_BURST_S, clock()

    def spend(self) -> bool:
        """Take the time for one more; whether there was any."""
        now, price = self._clock(), self._price_s()
        self._left_s = min(max(MAKING_BURST_S, 2 * price), self._left_s + (now - self._at) * MAKING_SHARE)
        self._at = now
        if self._left_s <= 0:
            return False
        self._left_s -= price
        return True


def is_built_in(profile: Profile) -> bool:
    return profile == built_in[profile.id]


def _found(among: OrderedDict[Hashable, Person], key: Hashable) -> Person | None:
    person = among.get(key)
    if person is not None:
        among.move_to_end(key)
    return person
