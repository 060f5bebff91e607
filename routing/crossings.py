"""What a crossing of a road offers to somebody who does not see it: lights that sound, an island, an edge to feel."""

from __future__ import annotations

from collections.abc import Sequence

from accessibility.facts import Crossing, PassageFacts, WayFacts, WayRole
from accessibility.profiles import Profile
from routing.moves import Move
from routing.stretches import Passed, Trace
from routing.summary import known_kerb_m
from routing.telling import Remark, Telling

LOW_M = 0.03
"""An edge that is no higher than this is not surely felt by a cane (DIN 32984)."""

KERB_CODES = frozenset(("low_kerb", "low_kerb_not_tactile"))
"""Remarks that say enough of the kerb."""

SIGNAL_CODES = frozenset(("sound_and_vibration", "sound", "vibration", "silent", "perhaps_silent"))
"""Remarks on the lights: they belong to the wait for them."""

Offers = list[PassageFacts | WayFacts]


class Crossings:
    """Those of one leg."""

    def __init__(self, trace: Trace) -> None:
        self._passed = [
            passed
            for passed in trace.passages()
            if passed.facts.kerb_events or passed.facts.mapped_crossing is not None
        ]
        self._ways = [stretch for stretch in trace.stretches if stretch.facts.role is WayRole.CROSSING]

    def remarks(self, move: Move) -> tuple[Remark, ...]:
        """What is worth knowing of the crossing, the kerb up or the kerb down of a move."""
        passed = self._on(move)
        facts = self._offers(move, passed)
        said = []
        crosses = move.kind in ("cross_road", "change_side")
        if crosses and move.crossing is Crossing.SIGNALS:
            said.append(Remark(_signal(facts)))
        if crosses and _any(facts, "island"):
            said.append(Remark("island"))
        heights = [height for height in (known_kerb_m(one.facts) for one in passed) if height is not None]
        if _any(facts, "tactile"):
            said.append(Remark("tactile"))
        elif heights and min(heights) <= LOW_M:
            said.append(Remark("low_kerb_not_tactile" if _any(facts, "tactile", said=False) else "low_kerb"))
        return tuple(said)

    def wait(self, profile: Profile, move: Move) -> Telling | None:
        """The wait for the lights as a step of its own: for a cane always, for wheels where a button is pressed."""
        heeds = profile.heeds
        if move.crossing is not Crossing.SIGNALS or not (heeds.cane or heeds.wheels):
            return None
        passed = self._on(move)
        button = _any(self._offers(move, passed), "button")
        if not (button or heeds.cane):
            return None
        seconds = min(move.duration_s, sum(one.duration_s for one in passed if one.facts.signals))
        wait = Move(
            "crossing_wait", move.first, move.first, move.label, 0.0, seconds, move.turn_deg, way_id=move.way_id
        )
        return Telling(wait, itself=Remark("button"), remarks=(Remark("wait"),)) if button else Telling(wait)

    def _on(self, move: Move) -> list[Passed]:
        return [passed for passed in self._passed if move.first <= passed.vertex <= move.last]

    def _offers(self, move: Move, passed: Sequence[Passed]) -> Offers:
        """All that is said of it: at its ends and along it."""
        ways = [one.facts for one in self._ways if move.first <= one.first and one.last <= move.last]
        return [*(one.facts for one in passed), *ways]


def _any(facts: Offers, name: str, *, said: bool = True) -> bool:
    return any(getattr(one, name) is said for one in facts)


def _signal(facts: Offers) -> str:
    """What is known of the lights for ears and hands."""
    sound, vibration = _any(facts, "sound"), _any(facts, "vibration")
    if sound or vibration:
        return "sound_and_vibration" if sound and vibration else "sound" if sound else "vibration"
    return "silent" if _any(facts, "sound", said=False) else "perhaps_silent"
