"""A patch reads like the whole array it stands for."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from routing.patched import Patched

NUMBERS = st.lists(st.integers(0, 1000), min_size=1, max_size=30)


@given(NUMBERS, st.data())
def test_a_patch_of_a_patch_reads_like_the_array(numbers: list[int], data: st.DataObject) -> None:
    whole = np.array(numbers, np.uint32)
    found: Patched | np.ndarray = whole.copy()
    base = found
    for _ in range(2):
        places = np.array(sorted(data.draw(st.sets(st.integers(0, len(numbers) - 1)))), np.int64)
        values = np.array([data.draw(st.integers(0, 1000)) for _ in places], np.uint32)
        whole[places] = values
        found = Patched(found, places, values)
    asked = data.draw(st.lists(st.integers(0, len(numbers) - 1), max_size=40))
    assert found[np.array(asked, np.int64)].tolist() == whole[asked].tolist()
    assert [int(found[place]) for place in asked] == whole[asked].tolist()
    assert found.dense().tolist() == whole.tolist()
    assert base.tolist() == numbers
