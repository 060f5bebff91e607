"""Facts as struct of arrays: one column per field, so that a rule is one expression for every row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, get_args

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Columns:
    """One array per field of the facts, `n` rows long.

    Numbers are float64 with NaN for `None`; enums int16 codes (position in the enum) with −1; booleans int8 with −1;
    texts and tuples a boolean "was said".
    """

    n: int
    kind: type[Struct] | None
    by_name: dict[str, NDArray[Any]]

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.by_name[name]

    def __contains__(self, name: str) -> bool:
        return name in self.by_name

    def __len__(self) -> int:
        return self.n


def columns(facts: Sequence[Struct]) -> Columns:
    """The columns of interned facts, all of one Struct type; row i is `facts[i]`."""
    if not facts:
        return Columns(0, None, {})
    kind = type(facts[0])
    by_name = {name: _column([getattr(row, name) for row in facts], hint) for name, hint in _shape(kind)}
    return Columns(len(facts), kind, by_name)


@cache
def _shape(kind: type[Struct]) -> tuple[tuple[str, Any], ...]:
    """(name, type without None) of every field."""
    out = []
    for field in msgspec.structs.fields(kind):
        choices = [choice for choice in get_args(field.type) if choice is not type(None)]
        out.append((field.name, choices[0] if choices and type(None) in get_args(field.type) else field.type))
    return tuple(out)


def _column(values: list[Any], hint: Any) -> NDArray[Any]:
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        code: dict[Any, int] = {None: -1, **codes(hint)}
        return np.fromiter((code[value] for value in values), np.int16, len(values))
    if hint is bool:
        return np.fromiter((-1 if value is None else value for value in values), np.int8, len(values))
    if hint in (float, int):
        return np.fromiter((np.nan if value is None else value for value in values), np.float64, len(values))
    return np.fromiter((bool(value) for value in values), np.bool_, len(values))


@cache
def codes(kind: type[StrEnum]) -> dict[StrEnum, int]:
    """Position of every member in its enum: the code in the column."""
    return {member: position for position, member in enumerate(kind)}
