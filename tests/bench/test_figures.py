"""Percentiles, and what counts as worse than the recorded run."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.figures import at, percentile, quotient, ratios, worse


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([5.0], 0.5, 5.0),
        ([1.0, 2.0], 0.5, 1.0),
        ([3.0, 1.0, 2.0], 0.5, 2.0),
        (list(range(1, 101)), 0.99, 99),
        (list(range(1, 101)), 1.0, 100),
        (list(range(1, 51)), 0.99, 50),
        ([7.0, 8.0], 0.0, 7.0),
    ],
)
def test_a_percentile_is_one_of_the_values(values: list[float], share: float, expected: float) -> None:
    assert percentile(values, share) == expected


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=200), st.floats(0.01, 1.0))
def test_at_least_that_share_lies_at_or_below_a_percentile(values: list[float], share: float) -> None:
    found = percentile(values, share)
    assert sum(value <= found for value in values) >= share * len(values) - 1e-6
    assert sum(value < found for value in values) < share * len(values) + 1e-6


def test_compared_are_ratios_growths_and_shares_wherever_they_stand() -> None:
    figures = {
        "http": {"connections_16": {"ratio_p99": 2.0, "requests": 9}},
        "x4": {"growth_answer": 1.5, "share_b": 1},
    }
    assert dict(ratios(figures)) == {"http/connections_16/ratio_p99": 2.0, "x4/growth_answer": 1.5, "x4/share_b": 1.0}
    assert at(figures, "http/connections_16/ratio_p99") == 2.0
    assert at(figures, "http/connections_16/ratio_p99/deeper") is None
    assert at(figures, "nothing/here") is None


@pytest.mark.parametrize(
    ("name", "before", "now", "told"),
    [
        ("ratio_speed", 3.0, 2.6, False),  # 1.15 times worse
        ("ratio_speed", 3.0, 2.4, True),  # 1.25 times worse
        ("ratio_speed", 3.0, 9.0, False),
        ("growth_answer", 2.0, 2.3, False),
        ("growth_answer", 2.0, 2.5, True),
        ("growth_answer", 2.0, 0.5, False),
        ("share_memory", 0.3, 0.4, True),
        ("median_ms", 1.0, 50.0, False),  # an absolute figure says more of the machine
        ("ratio_speed", 3.0, 0.0, True),
        ("ratio_speed", 0.0, 0.0, False),
    ],
)
def test_a_ratio_more_than_a_fifth_worse_is_told(name: str, before: float, now: float, told: bool) -> None:
    lines = worse({"part": {name: now}}, {"part": {name: before}})
    assert bool(lines) == told
    assert not lines or f"part/{name}" in lines[0]


def test_what_either_run_lacks_is_not_compared() -> None:
    assert worse({"new": {"ratio_a": 0.1}}, {"old": {"ratio_a": 9.0}}) == []


def test_a_quotient_is_short_and_never_fails() -> None:
    assert quotient(10, 3) == 3.33
    assert quotient(1, 0) == math.inf
