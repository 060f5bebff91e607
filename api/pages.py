"""The pages for people without JavaScript: two places, a profile, and the way as a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Request, get, post
from litestar.response import Redirect, Template
from msgspec import Struct

from accessibility.profiles import built_in
from accessibility.refusals import Refused
from api.forms import HEADERS, Field, form_of, place_of
from api.languages import wanted
from api.plain_words import plain_words
from api.running import Running, running
from api.wire import SPAN_MAX_M, span_m
from routing.answers import NoRoute, RouteAnswer, RouteRequest, Waypoint

DEFAULT_PROFILE = "manual_wheelchair"


class Form(Struct):
    """The whole form."""

    start: Field
    end: Field
    profile: Field

    @property
    def fields(self) -> tuple[Field, ...]:
        return (self.start, self.end, self.profile)

    @property
    def errors(self) -> list[Field]:
        return [field for field in self.fields if field.error]

    @property
    def complete(self) -> bool:
        return not self.errors and not any(field.choices for field in self.fields)


@get("/")
async def first(request: Request[Any, Any, Any]) -> Template:
    return _page(_form({}), running(request))


@post("/route", status_code=200)
async def route(request: Request[Any, Any, Any]) -> Template:
    here = running(request)
    form = _form(await form_of(request))
    waypoints = [place_of(field, here) for field in (form.start, form.end)]
    if form.profile.value not in built_in:
        form.profile.error = "Choose one of the profiles."
    if not form.complete or None in waypoints:
        return _page(form, here, status=400 if form.errors else 200)
    language = wanted(request.headers.get("accept-language"))
    return await _answered(form, here, tuple(found for found in waypoints if found is not None), language)


@get("/route", include_in_schema=False)
async def again(request: Request[Any, Any, Any]) -> Redirect:
    """Who reloads or bookmarks an answer gets the form: places are never part of an address."""
    return Redirect("/")


async def _answered(form: Form, here: Running, waypoints: tuple[Waypoint, ...], language: str) -> Template:
    if span_m(waypoints) > SPAN_MAX_M:
        form.end.error = "The two places are more than 100 km apart."
        return _page(form, here, status=400)
    try:
        answer = await here.route(
            RouteRequest(waypoints, built_in[form.profile.value], language=language), lambda it: it
        )
    except Refused as refused:
        field = form.end if refused.details.get("waypoint") == 1 else form.start
        field.error = "This is more than 500 m from any way on this map."
        return _page(form, here, status=422)
    if isinstance(answer, NoRoute):
        return _page(form, here, status=404, no_route=True)
    return _page(form, here, answer=answer, language=language)


def _form(given: Mapping[str, str]) -> Form:
    return Form(
        Field("from", "From", given.get("from", "").strip()),
        Field("to", "To", given.get("to", "").strip()),
        Field("profile", "For whom", given.get("profile", DEFAULT_PROFILE)),
    )


def _page(
    form: Form,
    here: Running,
    *,
    status: int = 200,
    answer: RouteAnswer | None = None,
    no_route: bool = False,
    language: str = "en",
) -> Template:
    """The form, and below it the way, its steps in `language`, or why there is none."""
    context = {
        "form": form,
        "profiles": list(built_in.values()),
        "answer": answer,
        "language": language,
        "no_route": no_route,
        "words": plain_words(),
        "hints": _hints(here),
        "attribution": here.router.graph.meta.attribution,
    }
    return Template("route.html", context=context, status_code=status, headers=HEADERS)


def _hints(here: Running) -> list[str]:
    """What may be typed, with two places of this very map that a wheelchair user can go between."""
    waypoints: Any = here.example.get("waypoints", ([0, 0], [0, 0]))
    hints = []
    for lon, lat in waypoints:
        street = here.names.street_at(lon, lat)
        named = f"{street}, or " if street else ""
        hints.append(f"A street, a place, or longitude,latitude: for example {named}{lon},{lat}")
    return hints


ROUTE_HANDLERS = [first, route, again]
