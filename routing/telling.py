"""What is told of a step beside the move itself: codes and values, no words yet."""

from __future__ import annotations

from typing import NamedTuple

from accessibility.facts import Surface
from routing.landmarks import Landmark
from routing.moves import Move


class Remark(NamedTuple):
    """One more sentence, by its code (`routing.phrases.remarks`); values where the sentence has any."""

    code: str
    surface: Surface | None = None
    rising: int | None = None
    """±1: up or down."""
    percent: int | None = None
    """The steepest grade; `None` = only the direction is known."""
    measured: bool = True
    """Said on site, not read off a model of the ground."""
    metres: float | None = None


class Telling(NamedTuple):
    """A move with what belongs to it."""

    move: Move
    near: Landmark | None = None
    """Where it begins."""
    hour: int | None = None
    """The turn on the face of a clock, 12 straight ahead; for those who cannot see where a way leads."""
    itself: Remark | None = None
    """What this step is about, where its kind alone does not say: the new surface, the slope."""
    remarks: tuple[Remark, ...] = ()
    """Said right after the action."""
    ahead: tuple[Remark, ...] = ()
    """Said last: what comes when the move is done."""
