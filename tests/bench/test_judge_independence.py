"""The judge shares nothing with what it judges."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import bench.judge

FOLDER = Path(bench.judge.__file__).parent
OTHERS = {"numpy", "osmium", "scipy", "shapely"}


def _imported(source: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where they lead"
            names.add(node.module or "")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            assert name not in ("__import__", "import_module", "exec", "eval"), name
    return names


def test_the_judge_imports_nothing_of_ours() -> None:
    files = sorted(FOLDER.rglob("*.py"))
    assert len(files) > 10
    for file in files:
        for name in _imported(file.read_text(encoding="utf-8")):
            top = name.split(".")[0]
            own = name == "bench.judge" or name.startswith("bench.judge.")
            assert own or top in OTHERS or top in sys.stdlib_module_names, f"{file.name} imports {name}"


def test_the_check_would_notice() -> None:
    assert _imported("from accessibility.tags import KEYS\nimport routing.graph as g") == {
        "accessibility.tags",
        "routing.graph",
    }
