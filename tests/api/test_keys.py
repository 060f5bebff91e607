"""Who asks: bearers of every shape, and from which address."""

from __future__ import annotations

import ipaddress

import httpx
import pytest

from api.limits import address_of
from tests.api.city import City
from tests.api.test_routes import problem_of

GOOD = {"kind": "other", "at": [24.9414, 60.1719], "severity": 1}


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer unknown",
        "bearer sk_unknown",
        "Basic dXNlcjpwYXNz",
        "sk_unknown",
        "Bearer " + "x" * 257,
        "Bearer x" * 1000,
        "Bearer \u00e4\u00f6",
        "Bearer '; DROP TABLE api_key; --",
        "",
    ],
)
async def test_a_bearer_nobody_knows_is_401_everywhere(city: City, header: str) -> None:
    raw = {"Authorization": header.encode()}
    for method, path, body in (
        ("POST", "/v1/reports", GOOD),
        ("GET", "/v1/barriers", None),
        ("GET", "/v1/barriers/nearby?at=24.9,60.1", None),
        ("GET", "/v1/complaints", None),
        ("GET", "/v1/crews/roads/list", None),
        ("GET", "/v1/events", None),
    ):
        answer = await city.client.request(method, path, json=body, headers=raw)  # type: ignore[arg-type]
        problem_of(answer, 401, "unauthorized")
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert await city.rows("SELECT 1 FROM stepfree.report") == []


async def test_the_scheme_has_no_case(city: City) -> None:
    key = await city.key("dispatcher")
    for scheme in ("Bearer", "bearer", "BEARER"):
        answer = await city.client.get("/v1/complaints", headers={"Authorization": f"{scheme} {key}"})
        assert answer.status_code == 200


async def test_routing_needs_no_key_and_looks_at_none(app_client: httpx.AsyncClient) -> None:
    assert (await app_client.get("/v1/profiles", headers={"Authorization": "Bearer x"})).status_code == 200


async def test_keys_and_tokens_are_stored_as_hashes(city: City) -> None:
    key = await city.key("crew", "roads")
    token = (await city.report())["reporter_token"]
    for table in ("api_key", "reporter", "idempotency", "audit", "outbox"):
        stored = str(await city.rows(f"SELECT * FROM stepfree.{table}"))
        assert key not in stored
        assert token not in stored


async def test_a_revoked_key_is_unknown(city: City) -> None:
    key = await city.key("dispatcher")
    assert (await city.get("/v1/complaints", key)).status_code == 200
    await city.rows("UPDATE stepfree.api_key SET revoked_at = now()")
    problem_of(await city.get("/v1/complaints", key), 401, "unauthorized")


PROXIES = tuple(map(ipaddress.ip_network, ("10.0.0.0/8", "127.0.0.0/8", "fd00::/8")))


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        ("127.0.0.1", [], None),
        ("::1", [], None),
        ("::ffff:127.0.0.1", [], None),
        (None, [], None),
        ("not an address", [], None),
        ("203.0.113.1", [], "203.0.113.1"),
        ("203.0.113.1", ["198.51.100.1"], "203.0.113.1"),
        ("127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["203.0.113.9, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["203.0.113.9", "198.51.100.1, 10.0.0.2"], "198.51.100.1"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", ["nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.9, nonsense"], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1:4711"], "198.51.100.1"),
        ("fd00::1", ["[2001:db8::7]:443"], "2001:db8::7"),
        ("fd00::1", ["2001:db8::7"], "2001:db8::7"),
        ("fd00::1", ["::ffff:198.51.100.1"], "198.51.100.1"),
        ("fe80::1%eth0", [], "fe80::1"),
    ],
)
def test_the_address_that_counts(peer: str | None, forwarded: list[str], counted: str | None) -> None:
    assert address_of(peer, forwarded, PROXIES) == counted


def test_without_trusted_proxies_nobody_speaks_for_others() -> None:
    assert address_of("127.0.0.1", ["198.51.100.1"], ()) == "127.0.0.1"
    assert address_of("10.0.0.1", ["198.51.100.1"], ()) == "10.0.0.1"
