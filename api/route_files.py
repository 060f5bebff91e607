"""One answer, four kinds of file: chosen by `Accept`, made beside the event loop."""

from __future__ import annotations

from uuid import UUID

from litestar import Response

from api.exports import GEOJSON, GPX
from api.picture_png import drawable, png_of
from api.plain_words import PlainWords, plain_words
from api.route_geojson import PlaceOf, route_features
from api.route_gpx import route_gpx
from api.route_picture import route_picture
from api.running import Running
from api.wire import RoutesAnswer
from routing.answers import Coordinate
from routing.line import encoded
from routing.overlay import Overlay
from routing.phrases import Units
from routing.router import Router

SVG = "image/svg+xml"
PNG = "image/png"
FILES = (GEOJSON, GPX, SVG, PNG)
PICTURES = (SVG, PNG)

VARY = "Accept, Accept-Language"
_HEADERS = {"Vary": VARY, "Content-Security-Policy": "default-src 'none'; sandbox"}
"""Opened by itself a drawing runs nothing and loads nothing, whatever a map may have called its streets."""


async def file_of(media: str, answer: RoutesAnswer, here: Running, language: str, units: Units) -> Response[bytes]:
    """The answer as this media type, its words in `language`. Raises `overloaded` where too many are being made."""
    place_of = places_in(here.router.state.overlay)
    workers = here.pictures if media in PICTURES else here.files
    content = await workers.run(bytes_of, media, answer, place_of, here.router, plain_words(language, units))
    headers = _HEADERS | {"Content-Language": language}
    if media == GPX:
        headers |= {"Content-Disposition": 'attachment; filename="route.gpx"'}
    return Response(content, media_type=media, headers=headers)


def bytes_of(media: str, answer: RoutesAnswer, place_of: PlaceOf, router: Router, words: PlainWords) -> bytes:
    """The file itself; may be asked from any thread."""
    if media == GEOJSON:
        return encoded(route_features(answer, place_of, words))
    if media == GPX:
        return route_gpx(answer, place_of, words).encode()
    if media == SVG:
        return route_picture(answer, place_of, router, words).encode()
    return _png(answer, place_of, router, words)


def places_in(overlay: Overlay) -> PlaceOf:
    """Where a barrier of this overlay is."""

    def place_of(barrier_id: str) -> Coordinate | None:
        key = UUID(barrier_id)
        found = overlay.barriers.get(key) or overlay.waiting.get(key)
        return None if found is None else found.place

    return place_of


def _png(answer: RoutesAnswer, place_of: PlaceOf, router: Router, words: PlainWords) -> bytes:
    """What map makers call their streets is the only thing in a drawing that is not ours: without it, it will do."""
    found = png_of(route_picture(answer, place_of, router, words, named=drawable))
    found = found or png_of(route_picture(answer, place_of, router, words, named=lambda _: False))
    if found is None:
        raise RuntimeError("a route could not be drawn")
    return found
