"""Columns that differ from others in a few places, or are reckoned where somebody looks: a question's own view of a map
that many share, without a copy of the map."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]
Column = Any
"""An array, or something that reads like one: `column[places]`, and `dense(column)` for all of it."""

NOWHERE: Places = np.zeros(0, np.int64)


def dense(column: Column) -> NDArray[Any]:
    """All of a column as an array; an array is itself."""
    return column if isinstance(column, np.ndarray) else np.asarray(column.dense())


class _Whole:
    """What numpy takes for the array it reads like."""

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.asarray(dense(self), dtype)


class Patched(_Whole):
    """Reads like `base` with `values` at the ascending places `at`; never copies the whole."""

    def __init__(self, base: Column, at: Places, values: NDArray[Any]) -> None:
        self.base, self.at, self.values = base, at, values

    def __len__(self) -> int:
        return len(self.base)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, int | np.integer):
            known = self._known.get(int(place))
            return self.base[place] if known is None else known
        found = self.base[place]
        if len(self.at):
            row, hit = _found(self.at, np.asarray(place))
            if hit.any():
                found[hit] = self.values[row[hit]]
        return found

    @cached_property
    def _known(self) -> dict[int, Any]:
        return dict(zip(self.at.tolist(), self.values, strict=True))

    def dense(self) -> NDArray[Any]:
        """The whole as an array of its own."""
        out = np.array(dense(self.base))
        out[self.at] = self.values
        return out


class Added(_Whole):
    """Reads like `base` with `more` added at the ascending places `at`."""

    def __init__(self, base: Column, at: Places, more: NDArray[np.float64]) -> None:
        self.base, self.at, self.more = base, at, more

    def __len__(self) -> int:
        return len(self.base)

    def __getitem__(self, place: Any) -> Any:
        found = self.base[place]
        if not len(self.at):
            return found
        row, hit = _found(self.at, np.asarray(place))
        return found + np.where(hit, self.more[row], 0.0)

    def dense(self) -> NDArray[Any]:
        """The whole as an array of its own."""
        out = np.array(dense(self.base))
        out[self.at] += self.more
        return out

    def instead(self, at: Places, more: NDArray[np.float64]) -> Added:
        """With something else added at these ascending places."""
        stays = ~np.isin(self.at, at)
        places = np.concatenate([self.at[stays], at])
        order = places.argsort(kind="stable")
        return Added(self.base, places[order], np.concatenate([self.more[stays], more])[order])


class Later(_Whole):
    """A column that is made when somebody looks at it."""

    def __init__(self, make: Callable[[], Column]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> Column:
        return self._make()

    def __len__(self) -> int:
        return len(self._made)

    def __getitem__(self, place: Any) -> Any:
        return self._made[place]

    def dense(self) -> NDArray[Any]:
        return dense(self._made)


class Asked(_Whole):
    """A column that is reckoned anew for the places that somebody looks at: nothing of it is kept."""

    def __init__(self, length: int, reckon: Callable[[Places | None], NDArray[Any]]) -> None:
        """`reckon`: the values at these places, or all of them."""
        self._length, self._reckon = length, reckon

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, int | np.integer):
            return self._reckon(np.array([place]))[0]
        return self._reckon(np.asarray(place))

    def dense(self) -> NDArray[Any]:
        return self._reckon(None)


class Taken(_Whole):
    """Some places of a column, looked up when they are asked for."""

    def __init__(self, column: Column, at: Any) -> None:
        self._column, self._at = column, np.asarray(at)

    def __len__(self) -> int:
        return len(self._at)

    def __getitem__(self, place: Any) -> Any:
        return self._column[self._at[place]]

    def dense(self) -> NDArray[Any]:
        return np.asarray(self._column[self._at])


Wanted = NDArray[np.uint32] | Patched | Asked
"""Weights as somebody wants them."""


def _found(at: Places, places: Any) -> tuple[Any, Any]:
    """For each place its row in `at`, and whether it is there at all."""
    row = np.minimum(at.searchsorted(places), len(at) - 1)
    return row, at[row] == places
