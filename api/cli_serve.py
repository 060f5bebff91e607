"""`stepfree serve`: load the map, open the port, say where it is, answer until told to stop."""

from __future__ import annotations

import gc
import importlib
import json
import os
import shlex
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from accessibility.refusals import Refused
from api.accepting import Held
from api.database import Database, opened, wait_for
from api.logs import start_logs
from api.progress import shown
from api.settings import Settings, checked_for_host, from_environment, set_without_effect
from api.supervisor import SHARED_METERS, supervise

BACKLOG = 2048
KEEP_ALIVE_S = 30
GRACE_S = 10

_log = structlog.get_logger("stepfree")


def run(map_path: Path, data: Path, *, host: str, port: int, workers: int, database_url: str | None = None) -> int:
    """Serve until SIGTERM or SIGINT, whenever they come; either is a good end."""
    settings = checked_for_host(from_environment(os.environ), host)
    start_logs(settings.log_level)
    for name in set_without_effect(settings):
        _log.warning("setting_without_effect_yet", setting=name)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return _run(settings, map_path, data, host=host, port=port, workers=workers, database_url=database_url)
    except KeyboardInterrupt:
        return 0


def _run(
    settings: Settings, map_path: Path, data: Path, *, host: str, port: int, workers: int, database_url: str | None
) -> int:
    listening = _listening(host, port)
    url = _url(host, listening)
    router = _loaded(settings, map_path, data)
    with opened(data, database_url, workers=workers) as (database, revive):
        if workers == 1:
            gc.collect()
            gc.freeze()
            _serve(settings, router, database, listening, url, Held(1), greet=True, revive=revive)
            return 0
        held = Held(workers)

        def work(socket_: socket.socket, number: int, first: bool) -> None:
            held.leave(number)  # the one before may have died with a number that others would wait for
            wait_for(database)
            _serve(settings, router, database, socket_, url, held, number, greet=first and number == 0)

        with _shared_meters(data):
            # Once for all, and shared; not earlier, since the meters are told of their folder when they are imported.
            importlib.import_module("api.app")
            return supervise(work, listening, workers, revive)


def _loaded(settings: Settings, map_path: Path, data: Path) -> Any:
    """The router with all that routes ask for, the example of the greeting among it; no thread is left behind."""
    from api.example import example_question
    from api.map_files import open_map
    from routing.router import Router

    with shown() as progress:
        graph = open_map(map_path, data, progress)
    router = Router(graph, kept_bytes=settings.limits_memory_mb * 2**20)
    if settings.timezone is not None:
        router.keep_time(settings.timezone)
    example_question(router)
    router.warm(datetime.now(UTC) + timedelta(seconds=settings.clock_offset_s))
    return router


def _serve(
    settings: Settings,
    router: Any,
    database: Database,
    listening: socket.socket,
    url: str,
    held: Held,
    number: int = 0,
    *,
    greet: bool,
    revive: Callable[[], bool] | None = None,
) -> None:
    """One process that answers; returns when it is asked to stop and what it had begun is done."""
    import uvicorn

    from api.app import create_app
    from api.example import example_question
    from api.web_server import WebServer

    if greet:
        _greet(url, example_question(router))
    app = create_app(settings, lambda: router, database=database, revive=revive)
    config = uvicorn.Config(
        app,
        http="httptools",
        loop="uvloop",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACE_S,
    )
    # uvicorn raises the signal that stopped it once more when it is done: that one ends nothing.
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: None)
    WebServer(app, config, held, number).run(sockets=[listening])


def _greet(url: str, question: dict[str, object]) -> None:
    """The first thing a newcomer reads: where it is, and one line that works when pasted."""
    body = shlex.quote(json.dumps(question))
    print(f"stepfree answers on {url}", flush=True)
    print(f"Try:  curl -s {url}/v1/routes -H 'Content-Type: application/json' -d {body}", flush=True)


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[
            0
        ]
        listening = socket.socket(family, kind)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError as error:
        raise Refused("argument_invalid", f"Cannot listen on {host} port {port}: {error.strerror}.") from error
    return listening


def _url(host: str, listening: socket.socket) -> str:
    shown_host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown_host}:{listening.getsockname()[1]}"


@contextmanager
def _shared_meters(data: Path) -> Iterator[None]:
    """A folder in which the workers count together, so that any of them can answer `/metrics` for all."""
    folder = data / "meters" / str(os.getpid())
    for left in folder.parent.glob("*"):
        if not Path("/proc", left.name).exists():
            shutil.rmtree(left, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[SHARED_METERS] = str(folder)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)
