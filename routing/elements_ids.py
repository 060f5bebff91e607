"""Numbers for things that come without one: always negative, as no element of the map is, and the same every time."""

from __future__ import annotations

import hashlib


def stable_id(kind: str, ref: str) -> int:
    """A negative 62-bit number for the thing of this kind with this name."""
    digest = hashlib.blake2b(f"{kind}:{ref}".encode(errors="surrogatepass"), digest_size=8).digest()
    return -1 - (int.from_bytes(digest, "big") >> 2)
