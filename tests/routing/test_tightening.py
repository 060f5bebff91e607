"""A lent metric, tightened where it matters, answers like one made for the question (ENGINE 5)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.engine import BLOCKED, Engine, order
from routing.patched import Patched
from routing.tightening import ROUNDS, Scratch, tightened
from tests.routing.test_engine import grid

SIDE = 7
NODES, ARCS = grid(SIDE)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    tail, head = np.array(ARCS, np.int32).T
    lat, lon = (np.arange(NODES, dtype=float) // SIDE, np.arange(NODES, dtype=float) % SIDE)
    found = Engine(order(NODES, tail, head, lat, lon), tail, head)
    yield found
    found.close()


WEIGHTS = st.lists(st.integers(1, 50), min_size=len(ARCS), max_size=len(ARCS))
CHANGES = st.dictionaries(st.integers(0, len(ARCS) - 1), st.one_of(st.just(BLOCKED), st.integers(0, 200)), max_size=60)
NODE = st.integers(0, NODES - 1)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_every_question_gets_the_answer_of_its_own_weights(engine: Engine, data: st.DataObject) -> None:
    """Dearer arcs, cheaper arcs, another lender in between; patches and whole arrays."""
    lent = np.array(data.draw(WEIGHTS), np.uint32)
    scratch = engine.call(Scratch, engine, lent)
    for _ in range(5):
        if data.draw(st.booleans()):
            lent = lent.copy()
            lent[data.draw(st.integers(0, len(ARCS) - 1))] = data.draw(st.integers(1, 50))
        changes = data.draw(CHANGES)
        at = np.array(sorted(changes), np.int64)
        values = np.array([changes[arc] for arc in at.tolist()], np.uint32)
        patch = Patched(lent, at, values)
        wanted = patch if data.draw(st.booleans()) else patch.dense()
        lower = at[values < lent[at]]
        ends = ([(data.draw(NODE), 3)], [(data.draw(NODE), 0)])
        fresh = engine.query(engine.customise(patch.dense()), *ends)
        found = engine.call(scratch.query, lent, wanted, lower, *ends)
        assert (None if found is None else found.cost) == (None if fresh is None else fresh.cost)
        if found is not None:
            assert int(patch.dense()[found.arcs].astype(np.int64).sum()) + 3 == found.cost
        if data.draw(st.booleans()):
            metric = engine.call(scratch.holding, lent, wanted, lower)
            assert metric.weights.tolist() == patch.dense().tolist()


def test_more_traps_than_rounds_are_passed_too(engine: Engine) -> None:
    """Every arc but those of a long way round is dearer than lent: one by one would take for ever."""
    lent = np.full(len(ARCS), 1, np.uint32)
    wanted = np.full(len(ARCS), 1000, np.uint32)
    wanted[::7] = 1
    assert len(ARCS) > 4 * ROUNDS
    scratch = engine.call(Scratch, engine, lent)
    found = engine.call(scratch.query, lent, wanted, np.zeros(0, np.int64), [(0, 0)], [(NODES - 1, 0)])
    fresh = engine.query(engine.customise(wanted), [(0, 0)], [(NODES - 1, 0)])
    assert found is not None
    assert fresh is not None
    assert found.cost == fresh.cost
    assert lent.tolist() == [1] * len(ARCS)


def test_sums_beyond_32_bits_stay_exact(engine: Engine) -> None:
    lent = np.full(len(ARCS), 1, np.uint32)
    wanted = np.full(len(ARCS), BLOCKED - 1, np.uint32)
    scratch = engine.call(Scratch, engine, lent)
    found = engine.call(scratch.query, lent, wanted, np.zeros(0, np.int64), [(0, 0)], [(NODES - 1, 0)])
    assert found is not None
    assert found.cost == 2 * (SIDE - 1) * (BLOCKED - 1)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_metric_bent_for_a_question_answers_it_and_is_then_as_before(engine: Engine, data: st.DataObject) -> None:
    lent = np.array(data.draw(WEIGHTS), np.uint32)
    metric, straight = engine.customise(lent), engine.customise(lent)
    for _ in range(4):
        changes = data.draw(CHANGES)
        at = np.array(sorted(changes), np.int64)
        patch = Patched(lent, at, np.array([changes[arc] for arc in at.tolist()], np.uint32))
        wanted = patch if data.draw(st.booleans()) else patch.dense()
        lower = at[patch.values < lent[at]]
        ends = ([(data.draw(NODE), 3)], [(data.draw(NODE), 0)])
        fresh = engine.query(engine.customise(patch.dense()), *ends)
        found = engine.call(tightened, engine, metric, wanted, lower, *ends)
        assert (None if found is None else found.cost) == (None if fresh is None else fresh.cost)
        if found is not None:
            assert int(patch.dense()[found.arcs].astype(np.int64).sum()) + 3 == found.cost
        before, after = engine.query(straight, *ends), engine.query(metric, *ends)
        assert (None if before is None else before.cost) == (None if after is None else after.cost)
        assert metric.weights.tolist() == lent.tolist()


def test_a_metric_is_straight_again_after_a_failure(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong in between: others search it too."""
    lent = np.full(len(ARCS), 5, np.uint32)
    metric = engine.customise(lent)
    ends = ([(0, 0)], [(NODES - 1, 0)])
    usual = engine.query(metric, *ends)
    assert usual is not None
    wanted = lent.copy()
    wanted[usual.arcs] = 1000
    query, asked = Engine.query, []

    def failing(self: Engine, *args: object) -> object:
        asked.append(1)
        if len(asked) == 2:
            raise RuntimeError("in between")
        return query(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(Engine, "query", failing)
    with pytest.raises(RuntimeError):
        engine.call(tightened, engine, metric, wanted, np.zeros(0, np.int64), *ends)
    monkeypatch.undo()
    again = engine.query(metric, *ends)
    assert again is not None
    assert again.cost == usual.cost


def test_sums_beyond_32_bits_stay_exact_while_bent(engine: Engine) -> None:
    metric = engine.customise(np.full(len(ARCS), 1, np.uint32))
    wanted = np.full(len(ARCS), 1, np.uint32)
    wanted[np.array([tail == 0 for tail, _ in ARCS])] = BLOCKED - 1
    wanted[np.array([head == NODES - 1 for _, head in ARCS])] = BLOCKED - 1
    found = engine.call(tightened, engine, metric, wanted, np.zeros(0, np.int64), [(0, 0)], [(NODES - 1, 0)])
    assert found is not None
    assert found.cost == 2 * (BLOCKED - 1) + 2 * (SIDE - 1) - 2
