"""What an endpoint promises, in one place: the strict reading of requests and the OpenAPI document both follow it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Literal, TypeVar, cast

import msgspec
from litestar import Request, Response
from litestar.exceptions import InternalServerException

from accessibility.refusals import Refused
from api.errors import invalid, malformed
from routing.line import encoded

T = TypeVar("T")
Bearer = Literal["never", "optional", "required"]

JSON = "application/json"
BODY_MAX_BYTES = 1_048_576

_WEIGHT = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""An escaped NUL: legal JSON, but no word or name holds it and a database refuses it."""


class Operation:
    """One endpoint: `body`, `query` and `answer` are msgspec types; `errors` the codes beyond those of every endpoint.

    `media` is what the answer is sent as, `more_media` what it is sent as on request, `more_answers` other shapes by
    media type, a tuple where it is one of several. `before_decoding` may refuse a body whose shape is known to the
    contract and not to this server. `keyed`: an `Idempotency-Key` counts here, `headers`: other headers that do.
    `bearer`: who must, or may, say who they are.
    """

    def __init__(
        self,
        summary: str,
        *,
        description: str = "",
        body: Any = None,
        query: type | None = None,
        answer: Any = None,
        status: int = 200,
        errors: tuple[str, ...] = (),
        media: str = JSON,
        more_media: tuple[str, ...] = (),
        more_answers: Mapping[str, Any] | None = None,
        group: str = "Routing",
        before_decoding: Callable[[bytes], None] | None = None,
        keyed: bool = False,
        headers: tuple[str, ...] = (),
        bearer: Bearer = "never",
    ) -> None:
        self.summary = summary
        self.description = description
        self.body = body
        self.query = query
        self.answer = answer
        self.status = status
        self.errors = errors
        self.media = media
        self.more_media = more_media
        self.more_answers = more_answers or {}
        self.group = group
        self.before_decoding = before_decoding
        self.keyed = keyed
        self.headers = ("Idempotency-Key", *headers) if keyed else headers
        self.bearer = bearer

    @cached_property
    def decoder(self) -> msgspec.json.Decoder[Any]:
        return msgspec.json.Decoder(self.body)

    @cached_property
    def query_names(self) -> frozenset[str]:
        if self.query is None:
            return frozenset()
        return frozenset(field.encode_name for field in msgspec.structs.fields(self.query))


async def admit(request: Request[Any, Any, Any]) -> None:
    """Reads a request as its operation promises, in the order 413 → 415 → 406 → 400; runs before every handler."""
    operation: Operation | None = request.route_handler.opt.get("operation")
    if operation is None:
        return
    raw = b""
    if operation.body is not None:
        raw = await _whole_body(request)
        _check_media_type(request)
    _check_accept(request, operation)
    request.scope["state"]["query"] = _read_query(request, operation)
    if operation.body is not None:
        if operation.before_decoding is not None:
            operation.before_decoding(raw)
        request.scope["state"]["body"] = decode(raw, operation.decoder)


def body_of(request: Request[Any, Any, Any], kind: type[T]) -> T:
    """The body that `admit` has read; `kind` is the operation's `body`."""
    return cast(T, request.scope["state"]["body"])


def query_of(request: Request[Any, Any, Any], kind: type[T]) -> T:
    """The query parameters that `admit` has read; `kind` is the operation's `query`."""
    return cast(T, request.scope["state"]["query"])


def json_answer(
    content: object, *, status: int = 200, media: str = JSON, headers: Mapping[str, str] | None = None
) -> Response[bytes]:
    """An answer encoded once, as it is; bytes are one that is encoded."""
    raw = content if isinstance(content, bytes) else encoded(content)
    return Response(raw, status_code=status, media_type=media, headers=dict(headers or {}))


def decode(raw: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """JSON → Struct, strictly (of equal names the last counts); raises `malformed_json` or `invalid_field`."""
    try:
        found = decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise malformed(error) from None
    if b"\\u0000" in raw and _NUL.search(raw):
        raise Refused("malformed_json", "A text holds the character NUL.", field="body")
    return found


async def _whole_body(request: Request[Any, Any, Any]) -> bytes:
    """The body, cut off with 413 as soon as it is longer than the handler takes, chunked or not."""
    try:
        return await request.body()
    except InternalServerException as error:
        raise Refused("body_incomplete", "The connection ended before the whole body had come.") from error


def _check_media_type(request: Request[Any, Any, Any]) -> None:
    if request.headers.get("content-type") == JSON:
        return
    media_type, options = request.content_type
    if media_type.lower() != JSON or options.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise Refused("unsupported_media_type", f"Send the body as {JSON} (UTF-8).", supported=[JSON])


def _check_accept(request: Request[Any, Any, Any], operation: Operation) -> None:
    wanted = request.headers.get("accept")
    offered = [operation.media, *operation.more_media]
    if wanted and not any(accepts(wanted, media) for media in offered):
        raise Refused("not_acceptable", f"This is offered as {' or '.join(offered)}.", supported=offered)


def accepts(wanted: str, media: str) -> bool:
    """Whether an Accept header takes `media`; the most specific range that fits decides (RFC 9110, 12.5.1)."""
    return quality(wanted, media) > 0


def quality(wanted: str, media: str) -> float:
    """How much an Accept header wants `media`, 0 (not at all) to 1; a weight that is no number counts as 1."""
    media = media.partition(";")[0]
    main = media.partition("/")[0]
    found = {}
    for part in wanted.split(","):
        name, *options = (piece.strip().lower() for piece in part.split(";"))
        weight = next((option[2:] for option in options if option.startswith("q=")), "1")
        found[name] = float(weight) if _WEIGHT.fullmatch(weight) else 1.0
    return next((found[name] for name in (media, f"{main}/*", "*/*") if name in found), 0.0)


def _read_query(request: Request[Any, Any, Any], operation: Operation) -> Any:
    if operation.query is None and not request.scope["query_string"]:
        return None
    given = request.query_params
    for name in given:
        if name not in operation.query_names:
            raise invalid(name, "there is no such query parameter here", code="invalid_query")
        if len(given.getall(name)) > 1:
            raise invalid(name, "given more than once", code="invalid_query")
    if operation.query is None:
        return None
    try:
        return msgspec.convert(dict(given), operation.query, strict=False)
    except msgspec.ValidationError as error:
        refused = malformed(error)
        raise invalid(refused.field or "", str(error).partition(" - at")[0], code="invalid_query") from None
