"""What a barrier does to routes on the map served, in one word a profile; the same tolls that routes are priced by."""

from __future__ import annotations

from typing import Literal

from accessibility.barriers import Barrier
from accessibility.profiles import built_in
from routing.overlay import toll
from routing.placing import BESIDE_THE_WAY
from routing.router import Router

Word = Literal["blocked", "penalised", "none", "unmatched"]
STRONGEST_FIRST: tuple[Word, ...] = ("blocked", "penalised", "none")


def effects(barrier: Barrier) -> dict[str, Word]:
    """By profile: what it does while it is in force to somebody whose way it lies on. Limits as the profile has them.

    A penalty at night only is `none`: routes are not asked for by night yet.
    """
    return {profile.id: _word(barrier, profile.id) for profile in built_in.values()}


def effect(barrier: Barrier, router: Router) -> Word:
    """The strongest of them, or `unmatched` for an open barrier that lies on nothing of this map."""
    if barrier.standing not in ("suspected", "confirmed") or barrier.hidden or barrier.kind in BESIDE_THE_WAY:
        return "none"
    if not _lies_on_map(barrier, router):
        return "unmatched"
    found = set(effects(barrier).values())
    return next(word for word in STRONGEST_FIRST if word in found)


def _word(barrier: Barrier, profile: str) -> Word:
    found = None if barrier.kind in BESIDE_THE_WAY else toll(barrier, built_in[profile])
    if found is None:
        return "none"
    return "blocked" if found.forbidden or found.violated else "penalised"


def _lies_on_map(barrier: Barrier, router: Router) -> bool:
    """As the routes have it where they know this very barrier; otherwise it is looked for."""
    overlay = router.state.overlay
    known = overlay.barriers.get(barrier.id)
    if known is not None and (known.geometry, known.level) == (barrier.geometry, barrier.level):
        return bool(overlay.parts[barrier.id])
    return bool(router.placer.place(barrier))
