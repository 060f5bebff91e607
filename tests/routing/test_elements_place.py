"""Boxes that people write, and what is refused before any server is asked."""

from __future__ import annotations

import pytest

from accessibility.refusals import Refused
from routing.elements import download, parse_bbox


def test_a_box_is_read() -> None:
    assert parse_bbox("24.9, 60.1,25.0 ,60.2") == (24.9, 60.1, 25.0, 60.2)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "bbox_invalid"),
        ("1,2,3", "bbox_invalid"),
        ("1,2,3,4,5", "bbox_invalid"),
        ("a,b,c,d", "bbox_invalid"),
        ("nan,60.1,25,60.2", "bbox_invalid"),
        ("24.9,60.1,inf,60.2", "bbox_invalid"),
        ("25,60.1,24.9,60.2", "bbox_invalid"),
        ("24.9,60.2,25,60.1", "bbox_invalid"),
        ("24.9,60.1,24.9,60.2", "bbox_invalid"),
        ("24.9,60.1,24.90000000001,60.2", "bbox_invalid"),
        ("-181,60.1,25,60.2", "bbox_invalid"),
        ("24.9,60.1,25,90.2", "bbox_invalid"),
        ("60.1,24.9,60.2,25,0", "bbox_invalid"),
        ("24,60,26,61", "area_too_large"),
        ("-180,-90,180,90", "area_too_large"),
    ],
)
def test_a_box_that_is_none_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_bbox(text)
    assert caught.value.code == code
    if text.count(",") == 3 and "a" not in text.replace("nan", ""):
        west, south, east, north = map(float, text.split(","))
        with pytest.raises(Refused) as again:
            download(bbox=(west, south, east, north))
        assert again.value.code == code
