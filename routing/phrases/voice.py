"""One language in one set of units: a step in, its three texts out.

Every catalogue sentence is looked up and put together once; what is said again comes from tables whose size is bounded,
so that a step costs a few microseconds.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from routing.labels import Label
from routing.moves import Move
from routing.phrases import lengths, sentences
from routing.phrases.catalogue import Catalogue, catalogue
from routing.phrases.lengths import Length, Said, Units
from routing.phrases.sentences import Action
from routing.phrases.short import Brief, short
from routing.telling import Remark, Telling
from routing.turns import CARRIES_ON, TURNING_DEG, turn_kind

KEPT = 8192
"""Sentences of each sort that a voice remembers."""

WALKS = frozenset(("depart", "continue", "surface_change", "slope_begin", "slope_end"))
TURNS = frozenset(f"turn_{how}{side}" for how in ("", "slight_", "sharp_") for side in ("left", "right"))
_FLIGHTS = frozenset(("steps_up", "steps_down"))
_GOES = WALKS | TURNS
_UNTURNED = _GOES | {"arrive", "lift", "escalator"}

Key = TypeVar("Key")
Value = TypeVar("Value")


class Voice:
    """Says the steps of a leg. Belongs to one thread at a time."""

    def __init__(self, words: Catalogue, units: Units, step_m: float | None) -> None:
        """`step_m`: how long the person's steps are; without it, paces are told in metres."""
        self.words, self.units = words, units
        self._gap = words.tongue.gap
        self._measured: Callable[[float], Length] = lengths.metric
        if units == "imperial":
            self._measured = lengths.imperial
        elif units == "steps" and step_m:
            self._measured = lambda metres: lengths.paces(metres, step_m)
        self._actions: dict[Action, Said] = {}
        self._walks: dict[tuple[Length, bool, Label | None], Said] = {}
        self._remarks: dict[tuple[Remark, Length | None], Said] = {}
        self._shorts: dict[Brief, str] = {}

    def say(self, telling: Telling, before: Label) -> tuple[str, str, str]:
        """`text`, `spoken` and `short` of one step; `before` is what one walked on until here."""
        move = telling.move
        length = self._measured(move.distance_m) if move.distance_m >= 1 else None
        action = self._action(move, telling, before)
        text, spoken = action.text, action.spoken
        gap = self._gap
        for remark in telling.remarks:
            said = self._remark(remark)
            text, spoken = f"{text}{gap}{said.text}", f"{spoken}{gap}{said.spoken}"
        if length is not None and (move.kind in _GOES or move.kind in CARRIES_ON):
            said = self._walk(move, length)
            text, spoken = f"{text}{gap}{said.text}", f"{spoken}{gap}{said.spoken}"
        for remark in telling.ahead:
            said = self._remark(remark)
            text, spoken = f"{text}{gap}{said.text}", f"{spoken}{gap}{said.spoken}"
        return text, spoken, self._short(move, telling, length)

    def _action(self, move: Move, telling: Telling, before: Label) -> Said:
        kind = move.kind
        turn = turn_kind(move.turn_deg) if abs(move.turn_deg) >= TURNING_DEG and kind not in _UNTURNED else ""
        heading = None if move.heading_deg is None else round(move.heading_deg / 45) % 8
        kerb = None if move.kerb_m is None else round(move.kerb_m, 3)
        action = Action(
            kind, move.label, before, move.onto, turn, heading, move.crossing, move.mapped, kerb, move.count,
            move.handrail, move.rising, move.level, move.barrier, telling.near, telling.hour, telling.itself,
        )  # fmt: skip
        said = self._actions.get(action)
        if said is None:
            said = _remember(self._actions, action, sentences.action(self.words, action, self.units, self._measured))
        return said

    def _walk(self, move: Move, length: Length) -> Said:
        """How far one goes, and along what where the step leads onto something of its own."""
        then = move.kind not in _GOES
        along = None
        if then and move.kind not in ("kerb_up", "kerb_down") and (move.onto.name or move.onto.numbers):
            along = move.onto
        key = (length, then, along)
        said = self._walks.get(key)
        if said is None:
            said = _remember(self._walks, key, sentences.walk(self.words, length, along, then=then))
        return said

    def _remark(self, remark: Remark) -> Said:
        length = None if remark.metres is None else self._measured(remark.metres)
        key = (remark._replace(metres=None), length)
        said = self._remarks.get(key)
        if said is None:
            said = _remember(self._remarks, key, sentences.remark(self.words, remark, length))
        return said

    def _short(self, move: Move, telling: Telling, length: Length | None) -> str:
        kind, count = move.kind, move.count
        if kind in _FLIGHTS and move.rising is None:
            kind, count = "steps", None
        brief = Brief(kind, count, telling.itself, length)
        said = self._shorts.get(brief)
        if said is None:
            said = _remember(self._shorts, brief, short(self.words, brief))
        return said


def _remember(table: dict[Key, Value], key: Key, value: Value) -> Value:
    """Keep it; a full table begins anew."""
    if len(table) >= KEPT:
        table.clear()
    table[key] = value
    return value


@lru_cache(maxsize=64)
def voice(language: str = "en", units: Units = "metric", step_m: float | None = None) -> Voice:
    """The voice of a language; raises `KeyError` for one that we do not speak."""
    return Voice(catalogue(language), units, step_m if units == "steps" else None)


PLAIN = voice()
"""English and metres."""
