"""What a person wrote in confidence appears nowhere it should not: a canary through the whole loop."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import asyncpg
import msgspec

from accessibility.complaints import requests
from accessibility.complaints.audit import commit
from accessibility.complaints.requests import BarrierFilter, ComplaintFilter, Contact
from tests.complaints.town import HERE, Town

NOTE = "CANARYNOTE my door is number nine"
CANARIES = ("CANARYNOTE", "CANARYNAME", "canarymail", "99999555")
CONTACT = Contact(name="CANARYNAME Virtanen", email="canarymail@example.org", phone="+358 99999555")
ONLY_HERE = {"contact": CANARIES[1:], "report": CANARIES[:1]}


async def after_the_loop(town: Town) -> Any:
    received = await town.report(
        await town.anonymous("192.0.2.55"), note=NOTE, contact=CONTACT, idempotency_key="k" * 16
    )
    await town.moderate(received.barrier_id, "confirm")
    await town.bring_to_callback(received.complaint_id)
    await town.answer(await town.known_as(received), received.complaint_id, "fixed")
    await town.step(await town.staff("moderator"), received.complaint_id, requests.Hide, reason="done")
    return received


async def test_nobody_reads_note_or_contact(town: Town) -> None:
    received = await after_the_loop(town)
    readers = [
        await town.anonymous(), await town.verified(), await town.known_as(received), await town.staff("crew", "roads"),
        await town.staff("dispatcher"), await town.staff("operator"), await town.staff("moderator"),
    ]  # fmt: skip
    seen: list[object] = [
        await town.desk.barriers(BarrierFilter()), await town.desk.barrier(received.barrier_id),
        await town.desk.nearby(HERE), await town.desk.changes_since(0), await town.desk.events_since(0),
        await town.desk.crew_list("roads", await town.staff("dispatcher"), town.now), received,
    ]  # fmt: skip
    seen += [row.payload for row in await town.desk.audit()]
    for reader in readers:
        seen.append(await town.desk.complaint(received.complaint_id, reader, town.now))
        if reader.staff:
            unit = "roads" if reader.unit else None
            seen.append(await town.desk.complaints(ComplaintFilter(unit=unit), reader, town.now))
    text = msgspec.json.encode(seen).decode()
    assert "kerb_too_high" in text
    for canary in CANARIES:
        assert canary not in text


async def test_every_table_but_its_own_is_free_of_it(town: Town, database: str) -> None:
    await after_the_loop(town)
    owner = await asyncpg.connect(database)
    tables = [row["relname"] for row in await owner.fetch(
        "SELECT relname FROM pg_class WHERE relnamespace = 'stepfree'::regnamespace AND relkind = 'r'"
    )]  # fmt: skip
    found = {}
    for table in tables:
        rows = await owner.fetch(f"SELECT t::text AS row FROM stepfree.{table} t")
        everything = "\n".join(row["row"] for row in rows)
        found[table] = tuple(canary for canary in CANARIES if canary in everything)
    await owner.close()
    assert {table: names for table, names in found.items() if names} == ONLY_HERE


async def test_the_address_is_nowhere(town: Town, database: str) -> None:
    await after_the_loop(town)
    owner = await asyncpg.connect(database)
    for table in ("evidence", "limit_counter", "report", "reporter", "audit", "outbox"):
        rows = await owner.fetch(f"SELECT t::text AS row FROM stepfree.{table} t")
        assert not any("192.0.2" in row["row"] for row in rows), table
    await owner.close()


async def test_texts_of_staff_are_for_those_concerned(town: Town) -> None:
    received = await town.report()
    await town.bring_to_callback(received.complaint_id)

    async def texts(actor: Any) -> list[str | None]:
        return [entry.text for entry in (await town.desk.complaint(received.complaint_id, actor, town.now)).timeline]

    assert not any(await texts(await town.anonymous()))
    assert not any(await texts(await town.verified()))
    assert "Grind the kerb." in await texts(await town.known_as(received))
    assert "Grind the kerb." in await texts(await town.staff("dispatcher"))


async def test_the_log_promises_the_note_without_saying_it_and_can_forget_it(town: Town, database: str) -> None:
    received = await town.report(note=NOTE)
    owner = await asyncpg.connect(database)
    row = await owner.fetchrow("SELECT note, note_salt FROM stepfree.report WHERE report_id = $1", received.report_id)
    promises = [one.commitment for one in await town.desk.audit() if one.commitment]
    assert promises == [commit(row["note_salt"], NOTE)]
    await owner.execute("UPDATE stepfree.report SET note = NULL, note_salt = NULL")
    await owner.close()
    assert (await town.desk.verify_audit())[1] is None


async def test_tampering_with_the_log_is_found_even_when_the_owner_does_it(town: Town, database: str) -> None:
    for number in range(3):
        town.later(minutes=number)
        await town.report(at=(HERE[0], HERE[1] + number / 1000))
    owner = await asyncpg.connect(database)
    await owner.execute("SET session_replication_role = replica")  # switches triggers off
    await owner.execute("UPDATE stepfree.audit SET at = at + $1 WHERE seq = 4", timedelta(seconds=1))
    await owner.close()
    assert (await town.desk.verify_audit())[1] == 4
