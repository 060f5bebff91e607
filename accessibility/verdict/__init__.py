"""What facts mean to a person: ordered, named rules as rows, the same for a million places and for one."""

from accessibility.verdict.columns import Columns, columns
from accessibility.verdict.judge import Finding, Part, explain, judge_passages, judge_ways, unknowns
from accessibility.verdict.ranks import Ranks
from accessibility.verdict.rules import Kind, Verdict
from accessibility.verdict.runs import RAMP_TABLE, judge_runs, longest_run_m
from accessibility.verdict.view import grades

__all__ = [
    "RAMP_TABLE",
    "Columns",
    "Finding",
    "Kind",
    "Part",
    "Ranks",
    "Verdict",
    "columns",
    "explain",
    "grades",
    "judge_passages",
    "judge_runs",
    "judge_ways",
    "longest_run_m",
    "unknowns",
]
