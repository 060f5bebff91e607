"""The bodies shown in the description are bodies that the server takes."""

from __future__ import annotations

import msgspec

from api.openapi import operations
from tests.api.city import City

WITHOUT = {"/v1/check", "/v1/reach", "/v1/matrix"}
"""Described by words alone."""


async def test_every_example_is_what_its_endpoint_reads(city: City) -> None:
    document = (await city.get("/openapi.json")).json()
    shown = 0
    for path, method, operation in operations(city.app):
        if operation.body is None or path in WITHOUT:
            continue
        example = document["paths"][path][method]["requestBody"]["content"]["application/json"]["example"]
        operation.decoder.decode(msgspec.json.encode(example))
        shown += 1
    assert shown >= 9


async def test_the_examples_work(city: City) -> None:
    document = (await city.get("/openapi.json")).json()

    def example(path: str) -> object:
        found: object = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["example"]
        return found

    report = await city.post("/v1/reports", example("/v1/reports"))
    assert report.status_code == 201
    closed = await city.post("/v1/closures", example("/v1/closures"), await city.key("operator"))
    assert (closed.status_code, closed.json()["effect"]) == (201, "blocked")
    path = f"/v1/barriers/{report.json()['barrier_id']}/votes"
    vote = example("/v1/barriers/{barrier_id}/votes")
    assert (await city.post(path, vote, report.json()["reporter_token"])).status_code == 200
