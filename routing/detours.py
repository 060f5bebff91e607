"""Pieces that lead somewhere and straight back: taken out of a way, and joined where nothing was."""

from __future__ import annotations

from collections.abc import Iterable

from routing.path import Piece

_NOTHING = 1e-9


def joined(pieces: Iterable[Piece]) -> list[Piece]:
    """The same way, pieces that follow each other on one arc made one."""
    out: list[Piece] = []
    for piece in pieces:
        if out and out[-1].arc == piece.arc and abs(out[-1].end - piece.start) <= _NOTHING:
            out[-1] = Piece(piece.arc, out[-1].start, piece.end)
        else:
            out.append(piece)
    return out


def straightened(pieces: Iterable[Piece]) -> list[Piece]:
    """The way without what is walked there and straight back again."""
    out: list[Piece] = []
    for piece in pieces:
        left = piece
        while out and left.share > _NOTHING and _turns_back(out[-1], left):
            before = out.pop()
            both = min(before.share, left.share)
            left = Piece(left.arc, left.start + both, left.end)
            if before.share - both > _NOTHING:
                out.append(Piece(before.arc, before.start, before.end - both))
        if left.share > _NOTHING:
            out.append(left)
    return joined(out)


def _turns_back(before: Piece, piece: Piece) -> bool:
    return before.arc == piece.arc ^ 1 and abs(before.end - (1 - piece.start)) <= _NOTHING
