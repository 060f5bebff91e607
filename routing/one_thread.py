"""One thread that owns what may never leave it: search objects that belong to the thread that made them."""

from __future__ import annotations

import asyncio
import os
import threading
import weakref
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")


class _Job:
    """A function to run and the promise of its result."""

    __slots__ = ("args", "fn", "future")

    def __init__(self, fn: Callable[..., Any], args: tuple[Any, ...]) -> None:
        self.future: Future[Any] = Future()
        self.fn = fn
        self.args = args

    def run(self) -> None:
        """Keep or break the promise; whatever was raised goes to the waiter, the thread lives on."""
        future, fn, args = self.future, self.fn, self.args
        if not future.set_running_or_notify_cancel():
            return
        try:
            result = fn(*args)
        except BaseException as error:
            future.set_exception(error)
        else:
            future.set_result(result)
        finally:
            # A traceback kept by the future must not keep the arguments or the future itself alive.
            del self, future, fn, args

    def cancel(self) -> None:
        """Nobody will run it."""
        self.future.cancel()


class _Answers:
    """Results on their way back to one event loop, which is woken once for all that are ready."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._ready: deque[tuple[asyncio.Future[Any], Any, BaseException | None]] = deque()
        self._told = False

    def give(self, future: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
        """Called in the thread. A loop that is closed waits for nothing."""
        self._ready.append((future, result, error))
        if not self._told:
            self._told = True  # before the loop runs: it takes this back first, and only then looks what is ready
            with suppress(RuntimeError):
                self.loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        self._told = False
        while self._ready:
            future, result, error = self._ready.popleft()
            if future.done():
                continue
            if error is None:
                future.set_result(result)
            else:
                # No coroutine can be told of a StopIteration.
                future.set_exception(RuntimeError(repr(error)) if isinstance(error, StopIteration) else error)


class _Asked:
    """A job of an event loop's: much lighter than a promise between threads, and so is the way back."""

    __slots__ = ("answers", "args", "fn", "future")

    def __init__(self, fn: Callable[..., Any], args: tuple[Any, ...], answers: _Answers) -> None:
        self.future: asyncio.Future[Any] = answers.loop.create_future()
        self.fn = fn
        self.args = args
        self.answers = answers

    def run(self) -> None:
        """As `_Job.run`."""
        future, fn, args, answers = self.future, self.fn, self.args, self.answers
        if future.cancelled():
            return
        try:
            result = fn(*args)
        except BaseException as error:
            answers.give(future, None, error)
        else:
            answers.give(future, result, None)
        finally:
            del self, future, fn, args

    def cancel(self) -> None:
        """Nobody will run it."""
        with suppress(RuntimeError):
            self.answers.loop.call_soon_threadsafe(self.future.cancel)


_Jobs = SimpleQueue[_Job | _Asked | None]


def _work(jobs: _Jobs) -> None:
    while (job := jobs.get()) is not None:
        job.run()
        del job


def _cancel_waiting(jobs: _Jobs) -> None:
    with suppress(Empty):
        while True:
            job = jobs.get_nowait()
            if job is not None:
                job.cancel()


class OneThread:
    """Runs functions one after the other in a single thread, started at first use and started anew after a fork.

    A waiter may be cancelled or interrupted at any time: a job not yet begun is skipped, one under way ends normally.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._guard = threading.Lock()
        self._jobs: _Jobs | None = None
        self._thread: threading.Thread | None = None
        self._answers: _Answers | None = None
        self._pid = 0
        self._closed = False

    def inside(self) -> bool:
        """Is the caller this very thread?"""
        return self._thread is threading.current_thread() and self._pid == os.getpid()

    def submit(self, fn: Callable[..., T], *args: Any) -> Future[T]:
        """The future result of `fn(*args)`; from inside the thread it is run at once. `CancelledError` once closed."""
        job = _Job(fn, args)
        if self.inside():
            job.run()
        else:
            with self._guard:
                self._running_jobs().put(job)
        return job.future

    def ask(self, fn: Callable[..., T], *args: Any) -> asyncio.Future[T]:
        """`submit` from an event loop: the result can be awaited there. `CancelledError` once closed."""
        loop = asyncio.get_running_loop()
        answers = self._answers
        if answers is None or answers.loop is not loop:
            answers = self._answers = _Answers(loop)
        job = _Asked(fn, args, answers)
        with self._guard:
            self._running_jobs().put(job)
        return job.future

    def call(self, fn: Callable[..., T], *args: Any) -> T:
        """`fn(*args)` run in the thread; waits for it. What `fn` raises is raised here."""
        if self.inside():
            return fn(*args)
        future = self.submit(fn, *args)
        try:
            return future.result()
        finally:
            future.cancel()
            del future

    def rest(self) -> None:
        """Finish all that was asked for and end the thread; the next job starts one anew. Not from inside."""
        with self._guard:
            thread, jobs = self._thread, self._jobs
            self._thread = self._jobs = None
        if jobs is not None and thread is not None and self._pid == os.getpid():
            jobs.put(None)
            thread.join()

    def close(self) -> None:
        """Finish the job under way, cancel those that wait, end the thread; safe to call twice."""
        with self._guard:
            self._closed = True
            thread, jobs = self._thread, self._jobs
            if jobs is not None:
                _cancel_waiting(jobs)
                jobs.put(None)
        if thread is not None and self._pid == os.getpid() and thread is not threading.current_thread():
            thread.join()

    def _running_jobs(self) -> _Jobs:
        if self._closed:
            raise CancelledError(f"{self._name} is closed")
        if self._jobs is None or self._pid != os.getpid():
            jobs: _Jobs = SimpleQueue()
            self._jobs, self._pid = jobs, os.getpid()
            self._thread = threading.Thread(target=_work, args=(jobs,), name=self._name, daemon=True)
            self._thread.start()
            weakref.finalize(self, jobs.put, None)
        return self._jobs
