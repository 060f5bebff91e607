"""Who takes a connection: real sockets, several doors on one of them."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest

from api.accepting import Connections, Door, Held


class Guest(asyncio.Protocol):
    """Counts itself in and out, as uvicorn's protocols do, and greets."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._connections.add(self)
        assert isinstance(transport, asyncio.Transport)
        transport.write(b"in")

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.discard(self)


class House:
    """One listening socket with several doors."""

    def __init__(self, doors: int) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.held = Held(doors)
        self.rooms = [Connections(self.held, number) for number in range(doors)]
        self.ends = [self.listening.dup() for _ in range(doors)]  # as each process has its own after a fork
        self.doors = [Door(end, room, partial(Guest, room)) for end, room in zip(self.ends, self.rooms, strict=True)]
        self.guests: list[asyncio.StreamWriter] = []

    async def come(self, count: int) -> None:
        """So many come at once and are let in."""
        address = self.listening.getsockname()
        streams = await asyncio.gather(*(asyncio.open_connection(*address) for _ in range(count)))
        async with asyncio.timeout(10):
            for reader, _ in streams:
                assert await reader.readexactly(2) == b"in"
        self.guests += [writer for _, writer in streams]

    async def go(self, count: int) -> None:
        before = self.inside()
        for guest in [self.guests.pop() for _ in range(count)]:
            guest.close()
            await guest.wait_closed()
        await self.until(sum(before) - count)

    async def until(self, count: int) -> None:
        async with asyncio.timeout(10):
            while sum(self.inside()) > count:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    def inside(self) -> list[int]:
        return [len(room) for room in self.rooms]


@asynccontextmanager
async def house(doors: int) -> AsyncIterator[House]:
    made = House(doors)
    try:
        yield made
    finally:
        for door in made.doors:
            door.close()
            await door.wait_closed()
        await made.go(len(made.guests))
        for end in (*made.ends, made.listening):
            end.close()


async def test_a_burst_that_stays_is_shared_evenly() -> None:
    async with house(2) as shared:
        for door in shared.doors:
            door.open()
        await shared.come(16)
        assert sum(shared.inside()) == 16
        assert min(shared.inside()) >= 6
        await shared.go(5)
        await shared.come(5)
        assert min(shared.inside()) >= 6


async def test_of_few_each_counts() -> None:
    async with house(2) as shared:
        for door in shared.doors:
            door.open()
        for expected in ([1, 1], [2, 2], [3, 3]):
            await shared.come(2)
            assert shared.inside() == expected


async def test_who_comes_for_one_question_at_a_time_is_not_kept_waiting() -> None:
    """A thousand come and go; if each were left to the other door first, it would take seconds."""
    async with house(2) as shared:
        for door in shared.doors:
            door.open()
        for _ in range(125):
            await shared.come(8)
            await shared.go(8)
        assert shared.inside() == [0, 0]
        assert not shared.rooms[0].crowded()


async def test_one_door_takes_everybody() -> None:
    async with house(1) as alone:
        alone.doors[0].open()
        await alone.come(20)
        assert alone.inside() == [20]


async def test_nobody_waits_for_a_door_that_is_closed() -> None:
    async with house(3) as shared:
        first, second, _ = shared.doors
        first.open()
        second.open()
        await shared.come(2)
        assert shared.inside() == [1, 1, 0], "the third never opened"
        second.close()
        assert not shared.rooms[0].crowded()
        await shared.come(4)
        assert shared.inside() == [5, 1, 0]
        await shared.go(6)
        assert not shared.rooms[0].crowded(), "what is closed says nothing more, whoever leaves it"


async def test_a_door_that_sleeps_is_waited_for_but_not_for_long() -> None:
    """A worker busy with something long holds fewest and takes none."""
    async with house(2) as shared:
        shared.rooms[1].show()
        shared.doors[0].open()
        await shared.come(6)
        assert shared.inside() == [6, 0]


async def test_who_left_before_being_let_in_is_not_counted() -> None:
    async with house(2) as shared:
        for _ in range(3):
            early = socket.create_connection(shared.listening.getsockname())
            early.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            early.close()
        for door in shared.doors:
            door.open()
        await shared.come(8)
        await shared.until(8)
        await shared.go(8)
        assert not shared.rooms[0].crowded()
        assert not shared.rooms[1].crowded()


async def test_a_process_without_files_left_waits_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    async with house(1) as alone:
        alone.doors[0].open()
        full = [True]
        accept = socket.socket.accept

        def refuse(self: socket.socket) -> tuple[socket.socket, object]:
            if full.pop() if full else False:
                raise OSError(24, "Too many open files")
            return accept(self)

        monkeypatch.setattr(socket.socket, "accept", refuse)
        await alone.come(3)
        assert alone.inside() == [3]
        assert not full


def test_one_at_a_time_is_moved_and_only_where_that_evens_out() -> None:
    held = Held(2)
    room = Connections(held, 0)
    room.show()
    for guest in range(4):
        room.add(guest)
    assert not room.one_too_many(), "nobody else is there"
    held.write(1, 3)
    assert not room.one_too_many(), "one more is no reason: it would only go to and fro"
    held.write(1, 2)
    assert room.one_too_many()
    assert not room.one_too_many(), "not two at once"
    time.sleep(0.03)
    assert room.one_too_many()


def test_forks_see_each_other_s_numbers() -> None:
    held = Held(2)
    held.write(0, 3)
    child = os.fork()
    if child == 0:
        held.write(1, 2)
        os._exit(0 if not held.fewer_elsewhere(1) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert held.fewer_elsewhere(0)
    held.leave(1)
    assert not held.fewer_elsewhere(0)
