"""A small load generator for machines without `wrk`: keep-alive connections on raw sockets, nothing parsed but lengths.

python load_plain.py URL FILE --connections 16 --seconds 6
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit


@dataclass
class Tally:
    """What came back so far."""

    took_s: list[float] = field(default_factory=list)
    bytes: int = 0
    refused: int = 0
    broken: int = 0


def raw_requests(url: str, lines: Path) -> list[bytes]:
    """Each body of the file as the bytes of a whole request."""
    parts = urlsplit(url)
    head = f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\nContent-Length: "
    bodies = [line.encode() for line in lines.read_text().splitlines()]
    return [head.encode() + str(len(body)).encode() + b"\r\n\r\n" + body for body in bodies]


async def _answer(reader: asyncio.StreamReader) -> tuple[int, int]:
    """Status and length of one answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
            await reader.readexactly(length)
            return status, len(head) + length
    raise ConnectionError("an answer without a length")


async def _connection(host: str, port: int, requests: Iterator[bytes], until: float, tally: Tally) -> None:
    while time.perf_counter() < until:
        try:
            reader, writer = await asyncio.open_connection(host, port)
            while time.perf_counter() < until:
                started = time.perf_counter()
                writer.write(next(requests))
                status, size = await asyncio.wait_for(_answer(reader), 10)
                tally.took_s.append(time.perf_counter() - started)
                tally.bytes += size
                tally.refused += status >= 300
            writer.close()
        except (OSError, EOFError, TimeoutError):
            tally.broken += 1
            await asyncio.sleep(0.05)


async def generate(url: str, lines: Path, connections: int, seconds: float) -> dict[str, float]:
    parts, tally = urlsplit(url), Tally()
    requests = cycle(raw_requests(url, lines))
    started = time.perf_counter()
    host, port = parts.hostname or "127.0.0.1", parts.port or 80
    await asyncio.gather(*(_connection(host, port, requests, started + seconds, tally) for _ in range(connections)))
    took = sorted(tally.took_s) or [0.0]
    return {
        "requests": len(tally.took_s),
        "seconds": time.perf_counter() - started,
        "bytes": tally.bytes,
        "refused": tally.refused,
        "broken": tally.broken,
        "p50_ms": 1e3 * took[len(took) // 2],
        "p99_ms": 1e3 * took[int(0.99 * (len(took) - 1))],
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("file", type=Path)
    parser.add_argument("--connections", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=5.0)
    asked = parser.parse_args()
    print("FIGURES " + json.dumps(asyncio.run(generate(asked.url, asked.file, asked.connections, asked.seconds))))


if __name__ == "__main__":
    main()
