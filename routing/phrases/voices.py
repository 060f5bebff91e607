"""One language in one set of units: a step in, its three texts out.

Every sentence is looked up and put together once; what is said again comes from tables whose size is bounded, so that a
step costs a few microseconds.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeVar

from routing.labels import NOTHING, Label
from routing.moves import Move
from routing.phrases import lengths, sentences
from routing.phrases.catalogue import Catalogue, catalogue
from routing.phrases.lengths import Length, Said, Units
from routing.phrases.sentences import Action, Ways
from routing.phrases.short import Brief, short
from routing.telling import Remark, Telling
from routing.turns import CARRIES_ON, TURNING_DEG, turn_kind

KEPT = 8192
"""Sentences of each sort that a voice remembers."""

_TURNS = frozenset(f"turn_{how}{side}" for how in ("", "slight_", "sharp_") for side in ("left", "right"))
_WALKS = _TURNS | {"depart", "continue"}
_GOES = _WALKS | {"surface_change", "slope_begin", "slope_end", "rest"}
_GOES_THEN = CARRIES_ON
_UNTURNED = _GOES | {"arrive", "lift", "escalator"}
_FLIGHTS = frozenset(("steps_up", "steps_down"))

Value = TypeVar("Value")


class Voice:
    """Says the steps of a leg. Belongs to one thread at a time."""

    def __init__(self, words: Catalogue, units: Units, step_m: float | None) -> None:
        """`step_m`: how long the person's steps are; without it, paces are told in metres."""
        self.words, self._gap = words, words.tongue.gap
        self._ways = Ways(units, lengths.METRIC, lengths.metric)
        if units == "imperial":
            self._ways = Ways(units, lengths.IMPERIAL, lengths.imperial)
        elif units == "steps" and step_m:
            self._ways = Ways(units, lengths.IN_PACES, lambda metres: lengths.paces(metres, step_m))
        self._measured = self._ways.measured
        self._actions: dict[Any, Said] = {}
        self._walks: dict[tuple[Length, bool, Label | None], Said] = {}
        self._remarks: dict[Remark, Said] = {}
        self._shorts: dict[tuple[str, int | None, Remark | None, Length | None], str] = {}

    def say(self, telling: Telling, before: Label) -> tuple[str, str, str]:
        """`text`, `spoken` and `short` of one step; `before` is what one walked on until here."""
        move = telling.move
        kind, gap = move.kind, self._gap
        length = self._measured(move.distance_m) if move.distance_m >= 1 else None
        text, spoken = self._walking(telling, before) if kind in _WALKS else self._doing(telling, before)
        if telling.remarks:
            text, spoken = self._with(text, spoken, telling.remarks)
        if length is not None and (kind in _GOES or kind in _GOES_THEN):
            more, heard = self._going(move, length)
            text, spoken = f"{text}{gap}{more}", f"{spoken}{gap}{heard}"
        if telling.ahead:
            text, spoken = self._with(text, spoken, telling.ahead)
        return text, spoken, self._short(move, telling.itself, length)

    def _walking(self, telling: Telling, before: Label) -> Said:
        """What depends on few values is found by few."""
        move = telling.move
        heading = None if move.heading_deg is None else round(move.heading_deg / 45) % 8
        key = (move.kind, move.label, before, heading, telling.near, telling.hour)
        said = self._actions.get(key)
        if said is None:
            kind, label, _, _, near, hour = key
            action = Action(kind, label, before, heading=heading, near=near, hour=hour)
            said = _remember(self._actions, key, sentences.action(self.words, action, self._ways))
        return said

    def _doing(self, telling: Telling, before: Label) -> Said:
        move = telling.move
        kind, degrees = move.kind, move.turn_deg
        turn = turn_kind(degrees) if abs(degrees) >= TURNING_DEG and kind not in _UNTURNED else ""
        kerb = None if move.kerb_m is None else round(move.kerb_m, 3)
        key = (
            kind, move.label, before, move.onto, turn, move.crossing, move.mapped, kerb, move.count, move.handrail,
            move.rising, move.level, move.barrier, None, telling.near, telling.hour, telling.itself,
        )  # fmt: skip
        said = self._actions.get(key)
        if said is None:
            said = _remember(self._actions, key, sentences.action(self.words, Action(*key), self._ways))
        return said

    def _going(self, move: Move, length: Length) -> Said:
        """How far one goes, and along what where the step leads onto something of its own."""
        then, along = move.kind in _GOES_THEN, None
        if then and move.onto is not NOTHING and move.kind not in ("kerb_up", "kerb_down"):
            along = move.onto if move.onto.name or move.onto.numbers else None
        key = (length, then, along)
        said = self._walks.get(key)
        if said is None:
            said = _remember(self._walks, key, sentences.walk(self.words, length, along, self._ways, then=then))
        return said

    def _with(self, text: str, spoken: str, remarks: tuple[Remark, ...]) -> tuple[str, str]:
        """The texts with more sentences."""
        for remark in remarks:
            said = self._remarks.get(remark)
            if said is None:
                said = _remember(self._remarks, remark, sentences.remark(self.words, remark, self._ways))
            text, spoken = f"{text}{self._gap}{said.text}", f"{spoken}{self._gap}{said.spoken}"
        return text, spoken

    def _short(self, move: Move, itself: Remark | None, length: Length | None) -> str:
        kind, count = move.kind, move.count
        if kind in _FLIGHTS and move.rising is None:
            kind, count = "steps", None
        key = (kind, count, itself, length)
        said = self._shorts.get(key)
        if said is None:
            said = _remember(self._shorts, key, short(self.words, Brief(*key), self._ways.scale))
        return said


def _remember(table: dict[Any, Value], key: Any, value: Value) -> Value:
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
