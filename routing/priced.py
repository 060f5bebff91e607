"""What a way costs a person, apart from what it was found by: harm first, then seconds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from routing.attach import Prices, Weights
from routing.costs import HARM_SHIFT, POINT_STEPS, UNITS_PER_S, Scale, Strict
from routing.path import Piece, Pieces, whole
from routing.people import Person
from routing.preferences import basis


class Price(NamedTuple):
    """Points of harm, none within the limits; and seconds of effort."""

    points: float
    seconds: float


def price(person: Person, scale: Scale, legs: Sequence[Sequence[Piece]]) -> Price:
    """Of a way, by the limits and costs that `scale` rests on, as its own search adds them up."""
    scale = basis(scale)
    view = person.view(scale)
    units = np.concatenate([_units(view.prices, view.weights_inside, pieces) for pieces in legs] or [np.zeros(0)])
    if isinstance(scale, Strict):
        return Price(0.0, float(units.sum()) / UNITS_PER_S)
    points, seconds = np.divmod(units, 1 << HARM_SHIFT)
    return Price(float(points.sum()) / POINT_STEPS, float(seconds.sum()))


def _units(prices: Prices, inside: Weights, pieces: Sequence[Piece]) -> np.ndarray:
    found = Pieces.of(pieces)
    units = np.asarray(inside[found.arc], np.float64)
    for row in (~whole(found)).nonzero()[0].tolist():
        units[row] = prices.of(found[row])
    return units
