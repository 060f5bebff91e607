"""Slow work beside the event loop: it runs, it is bounded, and a place is free again when a job has ended."""

from __future__ import annotations

import asyncio
import threading

import pytest

from accessibility.refusals import Refused
from api.bounded import Bounded


async def test_what_a_job_returns_or_raises_comes_back() -> None:
    bounded = Bounded(1, 1)
    assert await bounded.run(divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        await bounded.run(divmod, 7, 0)


async def test_too_many_are_refused_and_places_come_free_again() -> None:
    bounded, go = Bounded(2, 1), threading.Event()
    jobs = [asyncio.create_task(bounded.run(go.wait, 30)) for _ in range(3)]
    await asyncio.sleep(0.05)
    with pytest.raises(Refused, match="JSON") as refusal:
        await bounded.run(go.wait, 30)
    assert refusal.value.code == "overloaded"
    go.set()
    assert await asyncio.gather(*jobs) == [True, True, True]
    for _ in range(20):
        assert await bounded.run(go.wait, 30) is True


async def test_who_stops_waiting_gives_up_a_place_only_when_the_job_ends() -> None:
    bounded, go, began = Bounded(1, 0), threading.Event(), threading.Event()

    def job() -> bool:
        began.set()
        return go.wait(30)

    given_up = asyncio.create_task(bounded.run(job))
    await asyncio.to_thread(began.wait, 30)
    given_up.cancel()
    await asyncio.wait([given_up])
    with pytest.raises(Refused):
        await bounded.run(job)
    go.set()
    async with asyncio.timeout(30):
        while True:
            try:
                assert await bounded.run(job)
                break
            except Refused:
                await asyncio.sleep(0.01)
