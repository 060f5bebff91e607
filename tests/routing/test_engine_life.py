"""Threads, cancellations, leaks, forks: whatever callers do, the engine can be updated and answers right afterwards."""

from __future__ import annotations

import asyncio
import gc
import os
import random
import threading
import time
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pytest
from routingkit_cch import CCHQuery

from routing.dijkstra import dijkstra
from routing.engine import BLOCKED, Engine, EngineFault, order
from routing.metrics import seam

SIDE = 30


@dataclass
class City:
    engine: Engine
    tail: np.ndarray
    head: np.ndarray
    weights: np.ndarray


@pytest.fixture
def city():
    """A grid engine, its arcs, and weights to begin with."""
    at = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    pairs = np.concatenate([np.c_[at[:, :-1].ravel(), at[:, 1:].ravel()], np.c_[at[:-1].ravel(), at[1:].ravel()]])
    tail = np.concatenate([pairs[:, 0], pairs[:, 1]]).astype(np.int32)
    head = np.concatenate([pairs[:, 1], pairs[:, 0]]).astype(np.int32)
    row, column = np.divmod(np.arange(at.size), SIDE)
    engine = Engine(order(at.size, tail, head, row * 1e-3, column * 1e-3), tail, head)
    yield City(engine, tail, head, np.random.default_rng(5).integers(1, 1000, tail.size))
    engine.close()


def assert_answers_right(city, metric) -> None:
    engine, rng = city.engine, random.Random(1)
    weights = np.where(metric.weights < BLOCKED, metric.weights.astype(float), np.inf)
    for _ in range(20):
        a, b = rng.randrange(engine.n_nodes), rng.randrange(engine.n_nodes)
        path = engine.query(metric, [(a, 0)], [(b, 0)])
        expected = dijkstra(city.tail, city.head, weights, [(a, 0)], [(b, 0)])
        assert (path and path.cost) == (expected and expected.cost)


def library_metric_refills(metric) -> bool:
    """Does the library itself still accept new weights on this very metric (no query was leaked on it)?"""
    try:
        with seam("reset"):
            metric.now.raw.reset(metric.weights.tolist())
    except EngineFault:
        return False
    return True


@contextmanager
def query_leaked_on(raw):
    """A thread of its own makes a query on the library's metric and sits on it."""
    made, drop = threading.Event(), threading.Event()

    def sit() -> None:
        query = CCHQuery(raw)
        made.set()
        drop.wait(10)
        del query

    thread = threading.Thread(target=sit)
    thread.start()
    assert made.wait(10)
    yield
    drop.set()
    thread.join()


def test_many_threads_and_cancelled_waiters_leak_no_query(city):
    engine = city.engine
    metric = engine.customise(city.weights)

    def ask(seed: int) -> int:
        rng, done = random.Random(seed), 0
        for _ in range(60):
            ends = [(rng.randrange(engine.n_nodes), 0)], [(rng.randrange(engine.n_nodes), 0)]
            future = engine.submit(engine.query, metric, *ends)
            if rng.random() < 0.4:
                future.cancel()
            elif rng.random() < 0.5:
                done += future.result().cost >= 0
        return done

    with ThreadPoolExecutor(16) as crowd:
        assert sum(crowd.map(ask, range(16))) > 100
    assert_answers_right(city, metric)
    assert library_metric_refills(metric)
    engine.update(metric, np.array([3, 5]), np.array([BLOCKED, 7]))
    assert_answers_right(city, metric)
    many = np.arange(400)
    engine.update(metric, many, np.full(400, 11))
    assert_answers_right(city, metric)


async def test_async_waiters_cancelled_midway_leak_no_query(city):
    engine = city.engine
    metric = engine.customise(city.weights)

    async def ask(seed: int) -> None:
        rng = random.Random(seed)
        ends = [(rng.randrange(engine.n_nodes), 0)], [(rng.randrange(engine.n_nodes), 0)]
        await asyncio.wait_for(engine.ask(engine.query, metric, *ends), rng.choice([0.0, 1e-5, 60.0]))

    answers = await asyncio.gather(*(ask(i) for i in range(200)), return_exceptions=True)
    assert any(isinstance(answer, TimeoutError) for answer in answers)
    assert any(answer is None for answer in answers)
    assert await asyncio.to_thread(library_metric_refills, metric)
    await asyncio.to_thread(assert_answers_right, city, metric)


def test_a_panic_inside_a_search_leaves_no_query_behind(city):
    engine = city.engine
    metric = engine.customise(city.weights)
    kept = []
    for _ in range(3):
        with pytest.raises(EngineFault) as caught:
            engine.call(engine._search, metric, [(10**6, 0)], [(0, 0)])
        kept.append(caught)
    assert library_metric_refills(metric)
    assert_answers_right(city, metric)
    assert len(kept) == 3


def test_a_metric_with_a_leaked_query_is_made_anew(city):
    engine = city.engine
    metric = engine.customise(city.weights)
    with query_leaked_on(metric.now.raw):
        assert not library_metric_refills(metric)
        engine.update(metric, np.array([1]), np.array([BLOCKED]))
        assert metric.weights[1] == BLOCKED
        assert_answers_right(city, metric)
        assert library_metric_refills(metric)


def test_a_spare_with_a_leaked_query_is_dropped(city):
    engine = city.engine
    metric = engine.customise(city.weights)
    raw = metric.now.raw
    with query_leaked_on(raw):
        del metric
        fresh = engine.customise(city.weights + 1)
        assert fresh.now.raw is not raw
        assert_answers_right(city, fresh)


def test_a_forgotten_metric_is_refilled_not_made_anew(city):
    engine = city.engine
    metric = engine.customise(city.weights)
    raw = metric.now.raw
    del metric
    gc.collect()
    again = engine.customise(city.weights * 2)
    assert again.now.raw is raw
    assert_answers_right(city, again)


def test_updates_while_serving_never_show_a_mixture(city):
    engine = city.engine
    metric = engine.customise(np.full(city.tail.size, 10))
    all_arcs = np.arange(city.tail.size)
    stop = threading.Event()

    def update() -> None:
        value = 10
        while not stop.is_set():
            value = 30 - value
            engine.update(metric, all_arcs, np.full(city.tail.size, value))

    changer = threading.Thread(target=update)
    changer.start()
    try:
        seen = {engine.query(metric, [(0, 0)], [(SIDE * SIDE - 1, 0)]).cost for _ in range(1500)}
    finally:
        stop.set()
        changer.join()
    steps = 2 * (SIDE - 1)
    assert seen == {10 * steps, 20 * steps}


def test_updates_from_two_threads_on_one_metric_all_arrive(city):
    engine = city.engine
    metric = engine.customise(city.weights)

    def change(part: int) -> None:
        few, many = np.arange(part * 800, part * 800 + 5), np.arange(part * 800 + 5, part * 800 + 405)
        for value in range(1, 15):
            engine.update(metric, few, np.full(few.size, value + part))
            engine.update(metric, many, np.full(many.size, value + part))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(change, range(4)))
    for part in range(4):
        assert set(metric.weights[part * 800 : part * 800 + 405].tolist()) == {14 + part}
    assert_answers_right(city, metric)


def test_nested_calls_run_directly_and_may_customise_and_update(city):
    engine = city.engine

    def inside() -> int:
        spare = engine.customise(city.weights)
        engine.update(spare, np.arange(300), np.full(300, BLOCKED))
        engine.update(spare, np.array([7]), np.array([1]))
        assert threading.current_thread().name == "stepfree-engine"
        return engine.call(lambda: engine.query(spare, [(0, 0)], [(SIDE * SIDE - 1, 0)]).cost)

    expected = city.weights.copy()
    expected[:300] = BLOCKED
    expected[7] = 1
    assert engine.call(inside) == engine.query(engine.customise(expected), [(0, 0)], [(SIDE * SIDE - 1, 0)]).cost


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_what_a_job_raises_reaches_the_waiter_and_the_thread_lives_on(city, error):
    engine = city.engine

    def bad() -> None:
        raise error("from the job")

    with pytest.raises(error, match="from the job"):
        engine.call(bad)
    assert engine.call(lambda: 5) == 5


@pytest.mark.parametrize("error", [ValueError, EngineFault, BaseException])
async def test_what_a_job_raises_reaches_who_awaits_it(city, error):
    def bad() -> None:
        raise error("from the job")

    with pytest.raises(error, match="from the job"):
        await city.engine.ask(bad)
    with pytest.raises(RuntimeError, match="StopIteration"):
        await city.engine.ask(next, iter(()))
    assert await city.engine.ask(lambda: 5) == 5


async def test_answers_come_to_whoever_asked_and_who_gave_up_gets_none(city):
    """Many at once: several answers come back in one waking of the loop."""
    engine, begun = city.engine, []

    def square(number: int) -> int:
        begun.append(number)
        return number * number

    asked = [engine.ask(square, number) for number in range(500)]
    for one in asked[400:]:
        one.cancel()
    assert await asyncio.gather(*asked[:400]) == [number * number for number in range(400)]
    assert await engine.ask(lambda: 1) == 1
    assert all(one.cancelled() for one in asked[400:])
    assert begun[:400] == list(range(400))


def test_a_loop_that_ended_while_its_job_ran_harms_nobody(city):
    engine = city.engine
    started, go = threading.Event(), threading.Event()

    def slow() -> None:
        started.set()
        go.wait(10)

    async def leave() -> None:
        engine.ask(slow)
        assert await asyncio.to_thread(started.wait, 10)

    async def stay() -> int:
        return await engine.ask(lambda: 7)

    asyncio.run(leave())
    go.set()
    assert asyncio.run(stay()) == 7
    assert engine.call(lambda: 8) == 8


async def test_close_cancels_what_is_awaited(city):
    engine = city.engine
    started, go = threading.Event(), threading.Event()

    def slow() -> bool:
        started.set()
        return go.wait(10)

    first, second = engine.ask(slow), engine.ask(lambda: 1)
    assert await asyncio.to_thread(started.wait, 10)
    closing = asyncio.create_task(asyncio.to_thread(engine.close))
    await asyncio.sleep(0.02)
    go.set()
    await closing
    assert await first is True
    with pytest.raises(asyncio.CancelledError):
        await second
    with pytest.raises(EngineFault):
        engine.ask(lambda: 1)


def test_close_cancels_what_waits_and_ends_the_thread(city):
    engine = city.engine
    started, go = threading.Event(), threading.Event()

    def slow() -> bool:
        started.set()
        return go.wait(10)

    first, second = engine.submit(slow), engine.submit(lambda: 1)
    assert started.wait(10)
    closer = threading.Thread(target=engine.close)
    closer.start()
    time.sleep(0.02)
    go.set()
    closer.join(10)
    assert first.result(1) is True
    with pytest.raises(CancelledError):
        second.result(1)
    assert not closer.is_alive()


def test_a_forked_child_has_its_own_engine_thread(city):
    engine = city.engine
    metric = engine.customise(city.weights)
    before = engine.query(metric, [(0, 0)], [(899, 0)]).cost
    child = os.fork()
    if child == 0:
        try:
            same = engine.query(metric, [(0, 0)], [(899, 0)]).cost == before
            engine.update(metric, np.array([0]), np.array([BLOCKED]))
            same = same and engine.query(metric, [(0, 0)], [(1, 0)]) is not None
        except BaseException:
            os._exit(1)
        os._exit(0 if same else 2)
    for _ in range(200):
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            break
        time.sleep(0.05)
    else:
        os.kill(child, 9)
        os.waitpid(child, 0)
        pytest.fail("the child hangs")
    assert os.waitstatus_to_exitcode(status) == 0
    assert_answers_right(city, metric)
