"""`python -m bench.judge --osm FILE --answers answers.ndjson`: counts, then the first examples explained."""

from __future__ import annotations

import argparse
import json
import sys
import time
from itertools import islice
from pathlib import Path

from bench.judge.osm import load
from bench.judge.report import KINDS, Tally, judge_answers


def main(arguments: list[str] | None = None) -> int:
    """Exit status 1 when anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m bench.judge", description=__doc__)
    parser.add_argument("--osm", required=True, type=Path, help="the raw map the answers were made on")
    parser.add_argument("--answers", required=True, type=Path, help="one {request, status_code, answer} per line")
    parser.add_argument("--examples", type=int, default=5, help="how many of each kind to explain")
    parser.add_argument("--json", action="store_true", help="counts as JSON")
    asked = parser.parse_args(arguments)
    began = time.perf_counter()
    with asked.answers.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines if line.strip()]
    tally = judge_answers(load(asked.osm), records)
    if asked.json:
        print(json.dumps({"answers": tally.answers, **tally.counts(), "not_searched": tally.not_searched}))
    else:
        _print(tally, len(records), time.perf_counter() - began, asked.examples)
    return int(bool(tally.complaints))


def _print(tally: Tally, answers: int, seconds: float, examples: int) -> None:
    print(f"{answers} answers judged in {seconds:.0f} s")
    for name, count in sorted(tally.answers.items()):
        print(f"  {count:6d}  {name}")
    if tally.not_searched:
        print(f"  {tally.not_searched:6d}  least_bad with reported barriers or avoid: no claim about better paths")
    for kind, count in tally.counts().items():
        print(f"{count:6d}  {KINDS[kind]}")
        for complaint in islice((c for c in tally.complaints if c.kind == kind), examples):
            print(f"          line {complaint.line}: {complaint.text}")


if __name__ == "__main__":
    sys.exit(main())
