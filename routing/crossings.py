"""What a crossing of a road offers to somebody who does not see it: lights that sound, an island, an edge to feel."""

from __future__ import annotations

from collections.abc import Iterator

from accessibility.facts import Crossing, PassageFacts, WayFacts, WayRole
from accessibility.profiles import Profile
from accessibility.verdict.passage_rules import SIGNAL_WAIT_S
from routing.moves import Move
from routing.stretches import Passed, Trace
from routing.summary import known_kerb_m
from routing.telling import Remark, Telling

LOW_M = 0.03
"""An edge that is no higher than this is not surely felt by a cane (DIN 32984)."""

Offers = list[PassageFacts | WayFacts]


def with_crossing(trace: Trace, move: Move) -> tuple[Remark, ...]:
    """The remarks on the crossing, the kerb up or the kerb down of a move."""
    passed = list(_passed(trace, move))
    facts: Offers = [*(one.facts for one in passed), *_crossed(trace, move)]
    said = []
    if move.crossing is Crossing.SIGNALS and move.kind in ("cross_road", "change_side"):
        said.append(Remark(_signal(facts)))
    if _any(facts, "island") and move.kind in ("cross_road", "change_side"):
        said.append(Remark("island"))
    heights = [height for height in (known_kerb_m(one.facts) for one in passed) if height is not None]
    low = bool(heights) and min(heights) <= LOW_M
    if _any(facts, "tactile"):
        said.append(Remark("tactile"))
    elif low:
        said.append(Remark("low_kerb_not_tactile" if _any(facts, "tactile", said=False) else "low_kerb"))
    return tuple(said)


def waiting(trace: Trace, profile: Profile, move: Move) -> Telling | None:
    """The wait for the lights as a step of its own: for a cane always, for wheels where a button is to be pressed."""
    if move.crossing is not Crossing.SIGNALS or not (profile.heeds.cane or profile.heeds.wheels):
        return None
    passed = list(_passed(trace, move))
    facts: Offers = [*(one.facts for one in passed), *_crossed(trace, move)]
    button = _any(facts, "button")
    if not (button or profile.heeds.cane):
        return None
    lights = sum(1 for one in passed if one.facts.mapped_crossing is not None and one.facts.signals)
    seconds = min(move.duration_s, SIGNAL_WAIT_S * lights)
    wait = Move("crossing_wait", move.first, move.first, move.label, 0.0, seconds, move.turn_deg, way_id=move.way_id)
    if button:
        return Telling(wait, itself=Remark("button"), remarks=(Remark("wait"),))
    return Telling(wait)


def _passed(trace: Trace, move: Move) -> Iterator[Passed]:
    """What is passed on this crossing."""
    for passed in trace.passages():
        if move.first <= passed.vertex <= move.last and passed.facts.kerb_events:
            yield passed


def _crossed(trace: Trace, move: Move) -> Iterator[WayFacts]:
    """Crossing ways under this move."""
    for stretch in trace.stretches:
        if stretch.facts.role is WayRole.CROSSING and move.first <= stretch.first and stretch.last <= move.last:
            yield stretch.facts


def _any(facts: Offers, name: str, *, said: bool = True) -> bool:
    return any(getattr(one, name) is said for one in facts)


def _signal(facts: Offers) -> str:
    """What is known of the lights for ears and hands."""
    sound, vibration = _any(facts, "sound"), _any(facts, "vibration")
    if sound or vibration:
        return "sound_and_vibration" if sound and vibration else "sound" if sound else "vibration"
    return "silent" if _any(facts, "sound", said=False) else "perhaps_silent"
