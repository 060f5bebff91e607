"""The loop without JavaScript: a resident reports, follows, and says whether it is fixed; a crew sees its list."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from routing.graph import StreetGraph
from tests.api.test_pages import Page
from tests.support.city import City, city_of
from tests.support.db import database, postgres, template_database

__all__ = ["database", "postgres", "template_database"]

FORM = {"kind": "kerb_too_high", "at": "24.9414,60.1719", "severity": "3", "once": "a-form-that-is-sent-once"}


@pytest_asyncio.fixture
async def city(database: str, sample_graph: StreetGraph) -> AsyncIterator[City]:
    async with city_of(database, sample_graph) as found:
        yield found


async def sent(city: City, path: str, status: int = 200, **fields: str) -> Page:
    answer = await city.client.post(path, data=fields)
    assert answer.status_code == status, answer.text[:2000]
    return Page(answer.text)


def words(page: Page) -> str:
    return " ".join(text for _, text in page.texts)


def code_on(page: Page) -> str:
    return next(text for text in page.text("code") if text.startswith("rt_"))


def address_on(page: Page) -> str:
    return next(str(form["action"]) for form in page.all("form") if str(form["action"]).startswith("/complaints/"))


async def test_the_form_asks_little_and_every_question_has_a_label(city: City) -> None:
    answer = await city.client.get("/report")
    assert answer.status_code == 200
    assert "script" not in answer.headers["content-security-policy"]
    page = Page(answer.text)
    asked = [one for name in ("input", "select", "textarea") for one in page.all(name) if one.get("type") != "hidden"]
    labelled = {label["for"] for label in page.all("label")}
    assert {one["id"] for one in asked} == labelled
    assert len([one for one in page.all("option") if one["value"]]) == 25
    assert "Closed by the city" not in words(page)


async def test_a_report_is_stored_and_can_be_followed_by_its_code(city: City) -> None:
    page = await sent(city, "/report", **FORM, note="a secret note", name="Aino", email="aino@example.org")
    assert "your report is in" in words(page)
    followed = await sent(city, address_on(page), code=code_on(page))
    assert "Received. Somebody of the city looks at it first." in words(followed)
    assert "Did you report this?" not in words(followed)
    public = Page((await city.client.get(address_on(page))).text)
    assert "Did you report this?" in words(public)
    for shown in (page, followed, public):
        assert not re.search("secret note|Aino|aino@", words(shown))


async def test_a_form_sent_twice_is_one_report(city: City) -> None:
    pages = [await sent(city, "/report", **FORM) for _ in range(2)]
    assert code_on(pages[0]) == code_on(pages[1])
    assert await city.town.desk.revision() == 1
    await sent(city, "/report", 409, **FORM | {"severity": "2"})


@pytest.mark.parametrize(
    ("fields", "status", "says"),
    [
        ({"kind": ""}, 400, "Choose what is in the way."),
        ({"kind": "closure"}, 400, "Choose what is in the way."),
        ({"severity": "5"}, 400, "Choose how bad it is."),
        ({"at": ""}, 400, "Enter a street, a place, or coordinates."),
        ({"at": "Nowhere Street"}, 400, "This map has no street"),
        ({"at": "2.35,48.85"}, 422, "more than 500 m from any way"),
        ({"note": "x" * 2001}, 400, "At most 2000 characters."),
    ],
)
async def test_what_is_wrong_is_said_where_it_is(city: City, fields: dict[str, str], status: int, says: str) -> None:
    page = await sent(city, "/report", status, **FORM | fields)
    assert says in words(page)
    (wrong,) = {
        link["href"] for link in page.all("a") if str(link["href"]).startswith("#") and link["href"] != "#content"
    }
    assert str(wrong)[1:] == next(iter(fields)), "the list of errors leads to the question"
    assert await city.town.desk.revision() == 0


async def test_a_photo_is_not_dropped_in_silence(city: City) -> None:
    answer = await city.client.post("/report", data=FORM, files={"photo": ("kerb.jpg", b"\xff\xd8\xff", "image/jpeg")})
    assert answer.status_code == 400
    assert "Photos cannot be taken yet." in words(Page(answer.text))
    empty = await city.client.post("/report", data=FORM, files={"photo": ("", b"", "application/octet-stream")})
    assert empty.status_code == 200


async def test_names_that_mean_several_places_are_offered(city: City) -> None:
    page = await sent(city, "/report", **FORM | {"at": "katu"})
    assert len([one for one in page.all("input") if one.get("type") == "radio" and one["name"] == "at"]) > 1


async def test_the_resident_answers_and_the_loop_closes(city: City) -> None:
    page = await sent(city, "/report", **FORM)
    path, code = address_on(page), code_on(page)
    town = city.town
    actor = await town.desk.who(code)
    case = (await town.desk.barriers(_everything()))[0]
    assert case.complaint_id is not None
    assert "Is it fixed?" not in words(await sent(city, path, code=code))
    await town.bring_to_callback(case.complaint_id)
    asked = await sent(city, path, code=code)
    assert "Is it fixed?" in words(asked)
    assert "“Grind the kerb.”" in words(asked)
    public = Page((await city.client.get(path)).text)
    assert "Is it fixed?" not in words(public)
    assert "Grind the kerb." not in words(public)
    await sent(city, f"{path}/answer", 400, code=code, answer="fixed")
    await sent(city, f"{path}/answer", 401, answer="fixed", satisfaction="5")
    done = await sent(city, f"{path}/answer", code=code, answer="fixed", satisfaction="5")
    assert "Thank you, your answer is in." in words(done)
    assert "Gone: routes use the way again." in words(done)
    assert (await town.desk.complaint(case.complaint_id, actor, town.now)).state == "resolved"
    await sent(city, f"{path}/answer", 409, code=code, answer="not_fixed", satisfaction="1")


async def test_a_wrong_code_is_said_and_shows_nothing_more(city: City) -> None:
    page = await sent(city, "/report", **FORM)
    wrong = await sent(city, address_on(page), 401, code="rt_made_up")
    assert "This code is not known." in words(wrong)
    assert "Did you report this?" in words(wrong)


async def test_texts_are_escaped(city: City) -> None:
    page = await sent(city, "/report", **FORM)
    town = city.town
    case = (await town.desk.barriers(_everything()))[0]
    assert case.complaint_id is not None
    from accessibility.complaints import requests

    moderator = await town.staff("moderator")
    text = "<script>alert(1)</script>"
    await town.step(moderator, case.complaint_id, requests.Reject, reason_code="other", text=text)
    answer = await city.client.post(address_on(page), data={"code": code_on(page)})
    assert text not in answer.text
    assert "&lt;script&gt;" in answer.text


async def test_the_crew_sees_its_list_in_order(city: City) -> None:
    town = city.town
    from accessibility.complaints import requests

    key = await town.desk.create_key("crew", town.now, unit="roads")
    received = await town.report(await town.verified(), kind="flooded", severity=4, at=(24.9414, 60.1719))
    await town.step(await town.staff("dispatcher"), received.complaint_id, requests.Dispatch, unit="roads")
    page = await sent(city, "/crew", key=key, unit="roads", start="24.9414,60.1719")
    assert "1 stop, in the order to visit them." in words(page)
    assert "P0: danger to life" in words(page)
    assert "Flooded" in words(page)
    assert "There is nothing to do" in words(await sent(city, "/crew", key=await _key(city, "parks"), unit="parks"))
    await sent(city, "/crew", 403, key=key, unit="parks")
    await sent(city, "/crew", 401, key="sk_made_up", unit="roads")
    await sent(city, "/crew", 400, key="", unit="")


async def _key(city: City, unit: str) -> str:
    return await city.town.desk.create_key("crew", city.town.now, unit=unit)


def _everything() -> object:
    from accessibility.complaints.requests import BarrierFilter

    return BarrierFilter()
