"""What every test may ask for: the bundled map, the shared real maps, an app over ASGI."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import httpx
    from litestar import Litestar

    from routing.graph import StreetGraph
    from routing.router import Router

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "samples" / "helsinki-centre.osm.pbf"
SHARED = Path(os.environ.get("SHARED_DATA") or ROOT.parent / "shared" / "data")

_skipped: list[str] = []

# Fixtures import what they need when they are used: a test of one module does not wait for all the others.


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the shared real data; without it the test is skipped (with CI=true and the data there, never)."""
    if not (SHARED / "osm").is_dir():
        pytest.skip("no shared data: put it in ../shared/data or name it in $SHARED_DATA")
    return SHARED


@pytest.fixture(scope="session")
def sample_map(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled map, built once per test run and saved."""
    from routing import storage
    from routing.build import build
    from routing.elements import read_osm_file

    folder = tmp_path_factory.mktemp("sample") / "map"
    storage.save(build(read_osm_file(SAMPLE)), folder)
    return folder


@pytest.fixture(scope="session")
def sample_graph(sample_map: Path) -> StreetGraph:
    from routing import storage

    return storage.load(sample_map)


@pytest.fixture(scope="module")
def router(sample_graph: StreetGraph) -> Iterator[Router]:
    """A router of the bundled map, with nothing reported on it."""
    from routing.router import Router

    found = Router(sample_graph)
    yield found
    found.close()


@pytest.fixture(scope="session")
def app(sample_graph: StreetGraph) -> Litestar:
    """The real app over the bundled map."""
    from api.app import create_app
    from api.settings import Settings
    from routing.router import Router

    return create_app(Settings(), lambda: Router(sample_graph))


@pytest.fixture
async def app_client(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the real app; the lifespan runs in the test's own loop. An exception of the app is a failure."""
    from tests.support.serving import served

    async with served(app) as client:
        yield client


def pytest_sessionstart() -> None:
    """What was compiled before its source was changed would be tested in its place."""
    compiled = {path: path.with_name(path.name.partition(".")[0] + ".py") for path in (ROOT / "routing").rglob("*.so")}
    stale = [
        source.name
        for path, source in compiled.items()
        if source.is_file() and source.stat().st_mtime > path.stat().st_mtime
    ]
    if stale:
        pytest.exit(f"compiled before they were changed: {', '.join(sorted(stale))}; run `make .venv/.fast`", 3)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Notes the tests on real maps that were skipped."""
    outcome = yield
    report = outcome.get_result()
    needs_map = item.get_closest_marker("real_map") or "shared_data" in getattr(item, "fixturenames", ())
    if report.skipped and needs_map:
        _skipped.append(item.nodeid)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """With CI=true, a skipped test on a real map that is there fails the run."""
    if os.environ.get("CI") == "true" and SHARED.is_dir() and _skipped and exitstatus == 0:
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if os.environ.get("CI") == "true" and SHARED.is_dir() and _skipped:
        terminalreporter.section("tests on real maps were skipped although the maps are there")
        for name in _skipped:
            terminalreporter.line(name)
