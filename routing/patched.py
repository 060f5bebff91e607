"""An array that differs from another in a few places: a question's own view of a map that many share."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]


class Patched:
    """Reads like `base` with `values` at the ascending places `at`; never copies the whole."""

    __slots__ = ("_known", "at", "base", "values")

    def __init__(self, base: Any, at: Places, values: NDArray[Any]) -> None:
        """`base`: an array or another `Patched`."""
        self.base, self.at, self.values = base, at, values
        self._known: dict[int, Any] = dict(zip(at.tolist(), values, strict=True))

    def __len__(self) -> int:
        return len(self.base)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, int | np.integer):
            return self._known[int(place)] if int(place) in self._known else self.base[place]
        found = self.base[place]
        if len(self.at):
            places = np.asarray(place)
            row = np.minimum(self.at.searchsorted(places), len(self.at) - 1)
            hit = self.at[row] == places
            found[hit] = self.values[row[hit]]
        return found

    def dense(self) -> NDArray[Any]:
        """The whole as an array of its own."""
        base = self.base.dense() if isinstance(self.base, Patched) else self.base.copy()
        base[self.at] = self.values
        return np.asarray(base)
