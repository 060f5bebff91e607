"""Ramp runs against every chain written out, on random small graphs."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.graph import lowest_joined
from routing.runs import RUN_CAP_M, runs


def graph(edges: list[tuple[int, int, float, float]], passages: list[tuple[int, int]] = ()):  # type: ignore[assignment]
    """Edges as (tail, head, metres, grade along); passages as (tail, head)."""
    tail = np.array([e[0] for e in edges] + [p[0] for p in passages], np.int32)
    head = np.array([e[1] for e in edges] + [p[1] for p in passages], np.int32)
    length = np.array([e[2] for e in edges] + [0.0] * len(passages))
    grade = np.full(2 * len(tail), np.nan)
    for number, edge in enumerate(edges):
        grade[2 * number], grade[2 * number + 1] = edge[3], -edge[3]

    def arcs() -> tuple[np.ndarray, np.ndarray]:
        return np.column_stack([tail, head]).ravel(), np.column_stack([head, tail]).ravel()

    short = length == 0
    found = SimpleNamespace(
        edge_count=len(tail), first_passage=len(edges), edge_tail=tail, edge_head=head, edge_length_m=length, arcs=arcs,
        joined=lowest_joined(max([*tail, *head], default=-1) + 1, tail[short], head[short]),
    )  # fmt: skip
    return found, grade


def chains(found, grade: np.ndarray, above: float) -> dict[int, list[list[int]]]:
    """Every chain of steep arcs by the arcs in it: no arc twice, no turning round on the spot."""
    tail, head = found.arcs()
    steep = [arc for arc in range(len(tail)) if not math.isnan(grade[arc]) and grade[arc] > above]
    out: dict[int, list[list[int]]] = {arc: [] for arc in steep}

    def grow(chain: list[int]) -> None:
        for arc in chain:
            out[arc].append(chain)
        for arc in steep:
            if arc not in chain and tail[arc] == head[chain[-1]] and arc ^ 1 != chain[-1]:
                grow([*chain, arc])

    for arc in steep:
        grow([arc])
    return out


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 4),
            st.integers(0, 4),
            st.sampled_from([1.0, 2.0, 5.0, 9.0]),
            st.sampled_from([0.0, 0.05, 0.07, 0.08]),
        ),
        min_size=1,
        max_size=5,
    ).map(lambda edges: [e for e in edges if e[0] < e[1]])
)
def test_the_longest_chain_through_every_arc(edges: list[tuple[int, int, float, float]]) -> None:
    """Uphill along every edge: no circles, so every chain can be written out."""
    if not edges:
        return
    found, grade = graph(edges)
    length, steepest = runs(found, grade, 0.06)
    metres = found.edge_length_m
    written = chains(found, grade, 0.06)
    for arc in range(2 * found.edge_count):
        if arc not in written:
            assert math.isnan(length[arc])
            continue
        longest = max(sum(metres[a >> 1] for a in chain) for chain in written[arc])
        assert length[arc] == pytest.approx(min(RUN_CAP_M, longest))
        if longest < RUN_CAP_M:
            best = [chain for chain in written[arc] if sum(metres[a >> 1] for a in chain) == longest]
            assert steepest[arc] in {max(grade[a] for a in chain) for chain in best}


def test_a_passage_does_not_part_a_run() -> None:
    found, grade = graph([(0, 1, 5.0, 0.08), (2, 3, 5.0, 0.08)], [(1, 2)])
    assert runs(found, grade, 0.06)[0][[0, 2]].tolist() == [10.0, 10.0]


def test_downhill_is_no_run_uphill_against_it_is() -> None:
    found, grade = graph([(0, 1, 5.0, -0.08), (1, 2, 4.0, -0.08)])
    length, _ = runs(found, grade, 0.06)
    assert np.isnan(length[[0, 2]]).all()
    assert length[[1, 3]].tolist() == [9.0, 9.0]


def test_there_and_back_is_no_chain() -> None:
    """A short ramp to a point from which the same ramp leads down again."""
    found, grade = graph([(0, 1, 5.0, 0.08)])
    assert runs(found, grade, 0.06)[0].tolist()[0] == 5.0


def test_a_circle_uphill_is_no_ramp() -> None:
    found, grade = graph([(0, 1, 3.0, 0.08), (1, 2, 3.0, 0.08), (2, 0, 3.0, 0.08)])
    assert runs(found, grade, 0.06)[0][[0, 2, 4]].tolist() == [RUN_CAP_M] * 3


def test_a_long_chain_is_looked_at_only_so_far() -> None:
    found, grade = graph([(i, i + 1, 2.0, 0.08) for i in range(400)])
    length, _ = runs(found, grade, 0.06)
    assert (length[0::2] == RUN_CAP_M).all()


def test_of_two_long_branches_the_longer_decides() -> None:
    found, grade = graph([(0, 1, 4.0, 0.07), (1, 2, 3.0, 0.08), (1, 3, 6.0, 0.07)])
    length, steepest = runs(found, grade, 0.06)
    assert (length[0], steepest[0]) == (10.0, 0.07)
    assert (length[2], steepest[2]) == (7.0, 0.08)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=20))
def test_joined_nodes_answer_to_the_lowest(pairs: list[tuple[int, int]]) -> None:
    tail, head = (np.array([pair[end] for pair in pairs], np.int32) for end in (0, 1))
    groups = [{node} for node in range(10)]
    for a, b in pairs:
        both = groups[a] | groups[b]
        for node in both:
            groups[node] = both
    assert lowest_joined(10, tail, head).tolist() == [min(groups[node]) for node in range(10)]
