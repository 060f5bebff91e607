"""A way that was found, with all it was found by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from routing.path import Pieces
from routing.people import Person
from routing.snap import Snap
from routing.timing import Departure, Legs


@dataclass(frozen=True)
class Found:
    """Between these spots, by this person's weights, from this moment on."""

    status: Literal["ok", "least_bad"]
    person: Person
    departure: Departure
    spots: list[Snap]
    legs: Legs

    @property
    def seconds(self) -> float:
        """How long it takes."""
        duration = self.person.weighing.duration_s
        return sum(float(duration[found.arc] @ found.share) for found in map(Pieces.of, self.legs))
