"""The house rules, held by reading the code: who may import whom, what is documented, what is spelled where."""

from __future__ import annotations

import ast
import importlib
import re
import shutil
import subprocess
import sys
import sysconfig
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from accessibility.profiles import Limits, Options, Prefer
from accessibility.tags.keys import KEY_PREFIXES, KEYS
from api.errors import COMMAND_LINE, PROBLEMS
from api.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
PACKAGES = ("accessibility", "routing", "api")
MAY_IMPORT = {"accessibility": {"accessibility"}, "routing": {"routing", "accessibility"}, "api": {*PACKAGES, "web"}}
LINES_WANTED, LINES_MAX = 300, 360
TABLES = {"accessibility/profiles.py"}
"""Data written as code, where a cut would only scatter a table."""
SOURCES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _imports(path: Path) -> Iterator[str]:
    """Top-level names of everything a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{_name(path)} imports relatively"
            yield (node.module or "").partition(".")[0]


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_imports_go_one_way(path: Path) -> None:
    package = _name(path).partition("/")[0]
    assert set(_imports(path)) & {*PACKAGES, "web", "tests", "bench"} <= MAY_IMPORT[package]


def test_map_readers_are_imported_by_the_elements_alone() -> None:
    users = {_name(path) for path in SOURCES if {"osmium", "osmnx"} & set(_imports(path))}
    assert users
    assert all(name.startswith("routing/elements") for name in users), users


def test_the_database_driver_is_imported_where_it_belongs() -> None:
    allowed = {"accessibility/complaints/migrate.py"}
    allowed |= {f"api/{name}.py" for name in ("app", "live", "embedded", "auth", "limits")}
    users = {_name(path) for path in SOURCES if "asyncpg" in _imports(path)}
    assert {name for name in users if not name.startswith("accessibility/complaints/store/")} <= allowed


def test_web_frameworks_stay_at_the_rim() -> None:
    rim = {"litestar", "uvicorn", "prometheus_client", "structlog", "jinja2", "rich"}
    assert not {_name(path) for path in SOURCES if not _name(path).startswith("api/") and rim & set(_imports(path))}


def test_files_are_named_by_what_they_are() -> None:
    assert not [_name(path) for path in SOURCES if path.stem in {"utils", "helpers", "service", "models", "common"}]


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_files_are_small(path: Path) -> None:
    lines = len(path.read_text().splitlines())
    if _name(path) in TABLES:
        return
    assert lines <= LINES_MAX
    if lines > LINES_WANTED:
        warnings.warn(f"{_name(path)} has {lines} lines", stacklevel=1)


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_files_say_what_they_are_for(path: Path) -> None:
    source = path.read_text()
    assert not source.strip() or ast.get_docstring(ast.parse(source))


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_no_bare_except_and_nothing_left_to_do(path: Path) -> None:
    source = path.read_text()
    handlers = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ExceptHandler)]
    assert all(node.type is not None for node in handlers)
    assert "TODO" not in source
    assert "FIXME" not in source


def _spelled_keys(path: Path) -> Iterator[str]:
    """Map keys a file reads: `tags.get("key")`, `tags["key"]`, `"key" in tags`, for anything called tags."""

    def are_tags(node: ast.expr) -> bool:
        return (isinstance(node, ast.Name) and node.id == "tags") or (
            isinstance(node, ast.Attribute) and node.attr == "tags"
        )

    for node in ast.walk(ast.parse(path.read_text())):
        key: ast.expr | None = None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and are_tags(node.func.value):
            key = node.args[0] if node.func.attr == "get" and node.args else None
        elif isinstance(node, ast.Subscript) and are_tags(node.value):
            key = node.slice
        elif isinstance(node, ast.Compare) and any(are_tags(other) for other in node.comparators):
            key = node.left
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield key.value


def test_map_keys_are_spelled_in_the_tags_alone() -> None:
    elsewhere = {
        _name(path): found
        for path in SOURCES
        if not _name(path).startswith("accessibility/tags") and (found := sorted(set(_spelled_keys(path))))
    }
    assert not elsewhere


def test_every_map_key_that_is_read_is_kept() -> None:
    read = {key for path in SOURCES if _name(path).startswith("accessibility/tags") for key in _spelled_keys(path)}
    assert read, "the test finds no key at all"
    assert not {key for key in read if key not in KEYS and not key.startswith(KEY_PREFIXES)}


def test_every_field_of_a_profile_is_in_a_spec() -> None:
    """A knob without a spec that moves a route is a lie."""
    text = "".join(path.read_text() for path in (ROOT / "tests" / "specs").glob("*.py"))
    knobs = [*Limits.__struct_fields__, *Options.__struct_fields__, *Prefer.__struct_fields__, "speed_mps", "unknown"]
    assert [knob for knob in knobs if not re.search(rf"\b{knob}\b", text)] == []


def _refused_codes() -> dict[str, str]:
    """Code → a file that refuses with it."""
    found = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refused":
                code = node.args[0]
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    found[code.value] = _name(path)
    return found


def test_every_refusal_has_a_row_in_the_table_of_errors() -> None:
    assert {code: where for code, where in _refused_codes().items() if code not in {*PROBLEMS, *COMMAND_LINE}} == {}


def test_every_error_code_is_documented_with_its_status() -> None:
    text = (ROOT / "docs" / "errors.md").read_text()
    assert [code for code, problem in PROBLEMS.items() if f"| `{code}` | {problem.status} |" not in text] == []
    assert [code for code in COMMAND_LINE if f"| `{code}` |" not in text] == []


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "settings.md").read_text()
    assert [name for name in Settings.__struct_fields__ if f"| `{PREFIX}{name.upper()}` |" not in text] == []


@pytest.mark.parametrize(
    "command", [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]], ids=" ".join
)
def test_linters_are_content(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


COMPILED = re.findall(r'"([a-z_/]+)"', (ROOT / "setup.py").read_text().partition("COMPILED")[2].partition('"""')[0])


@pytest.mark.parametrize("name", COMPILED)
def test_what_is_compiled_holds_nothing_that_compiling_breaks(name: str) -> None:
    """A Struct loses its hash, a cached property its cache, and an object cannot be referred to weakly."""
    source = (ROOT / "routing" / f"{name}.py").read_text()
    for broken in (r"\(Struct\b", r"\bcached_property\b", r"\bWeak|\bweakref\b"):
        assert not re.search(broken, source), broken


@pytest.mark.skipif(
    shutil.which("cc") is None or not (Path(sysconfig.get_paths()["include"]) / "Python.h").is_file(),
    reason="no C compiler, or no headers of Python, on this machine: nothing is compiled",
)
def test_what_setup_names_is_compiled_where_it_can_be() -> None:
    assert len(COMPILED) > 10
    plain = [
        name
        for name in COMPILED
        if not (importlib.import_module(f"routing.{name.replace('/', '.')}").__file__ or "").endswith(".so")
    ]
    assert not plain
