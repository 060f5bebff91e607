"""The picture as PNG: of one size, drawn with our own font, in a process that may fail."""

from __future__ import annotations

import asyncio
import struct
import zlib
from dataclasses import replace

import httpx
import numpy as np
import pytest
from litestar import Litestar

from accessibility.refusals import Refused
from api import picture_png
from api.bounded import Bounded
from api.picture_png import drawable, png_of
from api.running import keep
from tests.api.test_routes import QUERY, problem_of
from tests.support.serving import served

PNG = {"Accept": "image/png"}
FRAME = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40">{}</svg>'


def pixels(png: bytes) -> np.ndarray:
    """RGBA of a PNG without interlace [height, width, 4]; its checksums are looked at."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, data, head = 8, b"", (0, 0)
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        kind, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        assert struct.unpack(">I", png[at + 8 + size : at + 12 + size])[0] == zlib.crc32(kind + body)
        if kind == b"IHDR":
            head = struct.unpack(">II", body[:8])
            assert body[8:10] == b"\x08\x06", "eight bits, RGBA"
        data += body if kind == b"IDAT" else b""
        at += 12 + size
    width, height = head
    rows = np.frombuffer(zlib.decompress(data), np.uint8).reshape(height, 1 + 4 * width)
    out = np.zeros((height, width, 4), np.uint8)
    above = np.zeros(4 * width, np.int64)
    for number, row in enumerate(rows):
        above = _unfiltered(int(row[0]), row[1:].astype(np.int64), above)
        out[number] = above.reshape(width, 4)
    return out


def _unfiltered(kind: int, row: np.ndarray, above: np.ndarray) -> np.ndarray:
    if kind == 0:
        return row
    if kind == 2:
        return (row + above) % 256
    out = row.copy()
    for i in range(len(row)):
        left, up, corner = (out[i - 4], above[i], above[i - 4]) if i >= 4 else (0, above[i], 0)
        if kind == 1:
            guess = left
        elif kind == 3:
            guess = (left + up) // 2
        else:
            flat = left + up - corner
            guess = min((left, up, corner), key=lambda one: abs(flat - one))
        out[i] = (row[i] + guess) % 256
    return out


async def test_a_real_route_as_png(app_client: httpx.AsyncClient) -> None:
    answer = await app_client.post("/v1/routes", json=QUERY, headers=PNG)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert struct.unpack(">II", answer.content[16:24]) == (1024, 768)
    assert len(answer.content) < 1_500_000
    image = pixels(answer.content)
    blue = (np.abs(image[:, :, :3].astype(int) - [0x14, 0x50, 0xA8]) < 8).all(axis=2)
    assert blue.sum() > 2000, "the way is not on it"
    strip = image[745:766, 15:300, :3]
    assert (strip.sum(axis=2) < 300).sum() > 100, "nobody is named as who made the map"


@pytest.mark.parametrize("words", ["abc 123", "Ålandsvägen", "Ωμέγα", "Улица", "שלום", "مرحبا"])
def test_words_are_drawn_on_a_machine_without_fonts(words: str) -> None:
    assert drawable(words)
    text = f'<text x="5" y="28" font-size="24" font-family="DejaVu Sans">{words}</text>'
    png, empty = png_of(FRAME.format(text)), png_of(FRAME.format(""))
    assert png is not None
    assert empty is not None
    box = png_of(FRAME.format(text.replace(words, "\u4e00" * len(words))))
    assert pixels(png)[:, :, 3].any()
    assert not pixels(empty)[:, :, 3].any()
    assert png != box


@pytest.mark.parametrize(("one", "other"), [("清华路", "长安街"), ("なら", "おと"), ("㐀", "龥"), ("（", "！")])
def test_chinese_and_kana_are_drawn_too(one: str, other: str) -> None:
    """Where the letters are missing, all words of a length look alike: boxes, or nothing."""
    text = '<text x="5" y="28" font-size="24" font-family="DejaVu Sans">{}</text>'
    drawn = [png_of(FRAME.format(text.format(words))) for words in (one, other, "")]
    assert drawable(one + other)
    assert None not in drawn
    assert len(set(drawn)) == 3


def test_letters_said_to_be_in_the_fonts_are_in_them() -> None:
    """Every 970th of the Chinese ones: each is drawn, and none is the box of what is missing."""
    text = '<text x="5" y="28" font-size="24" font-family="DejaVu Sans">{}</text>'
    missing = png_of(FRAME.format(text.format("\u9fff")))
    letters = [chr(code) for start, end in ((0x3400, 0x4DB6), (0x4E00, 0x9FF0)) for code in range(start, end, 970)]
    assert all(map(drawable, letters))
    assert missing not in [png_of(FRAME.format(text.format(letter))) for letter in letters]
    assert not drawable("\u9fff")


def test_what_the_fonts_do_not_have_is_left_to_the_svg() -> None:
    assert not drawable("서울")
    assert not drawable("👍")
    assert not drawable("a\x07")


def test_what_is_no_drawing_is_none() -> None:
    assert png_of("<svg") is None
    assert png_of("") is None


def test_a_picture_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_png, "WITHIN_S", 0.001)
    with pytest.raises(Refused) as refusal:
        png_of(FRAME.format(""))
    assert refusal.value.code == "overloaded"


async def test_too_many_pictures_are_refused_and_json_goes_on(app: Litestar) -> None:
    async with served(app) as client:
        keep(app.state, replace(app.state["running"]))
        app.state["running"].__dict__["pictures"] = Bounded(1, 1)
        asked = [client.post("/v1/routes", json=QUERY, headers=PNG) for _ in range(6)]
        *pictures, plain = await asyncio.gather(*asked, client.post("/v1/routes", json=QUERY))
        assert plain.status_code == 200
        refused = [one for one in pictures if one.status_code != 200]
        assert len(pictures) - len(refused) == 2
        for one in refused:
            problem_of(one, 503, "overloaded")
            assert int(one.headers["retry-after"]) > 0
        assert (await client.post("/v1/routes", json=QUERY, headers=PNG)).status_code == 200
