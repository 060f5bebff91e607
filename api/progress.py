"""A progress bar for work that reports its stage and how much of it is done."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def shown() -> Iterator[Callable[[str, float], None]]:
    """Gives a function to call with (stage, share done 0–1); one line per stage on standard error, none in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _stage, _share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:12}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        tasks: dict[str, TaskID] = {}

        def report(stage: str, share: float) -> None:
            for other, task in tasks.items():
                if other != stage:
                    bar.update(task, completed=1.0)
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=1.0)
            bar.update(tasks[stage], completed=share)

        yield report
        for task in tasks.values():
            bar.update(task, completed=1.0)
