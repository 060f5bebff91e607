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


class Telling:
    """A move with what belongs to it."""

    def __init__(
        self,
        move: Move,
        near: Landmark | None = None,
        hour: int | None = None,
        itself: Remark | None = None,
        remarks: tuple[Remark, ...] = (),
        ahead: tuple[Remark, ...] = (),
    ) -> None:
        self.move = move
        self.near = near
        """Where it begins."""
        self.hour = hour
        """The turn on the face of a clock, 12 straight ahead; for those who cannot see where a way leads."""
        self.itself = itself
        """What this step is about, where its kind alone does not say: the new surface, the slope."""
        self.remarks = remarks
        """Said right after the action."""
        self.ahead = ahead
        """Said last: what comes when the move is done."""
