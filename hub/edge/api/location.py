"""``POST /api/v1/location``: one fix, or an array of them."""

from __future__ import annotations

from functools import partial

import msgspec
from msgspec import Struct
from starlette.responses import Response

from hub.core.nouns import Fix
from hub.edge.direct.calls import Taken
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation
from hub.edge.http.problems import Problem, not_allowed
from hub.edge.node import Node
from hub.wire.codec import BadMessage, decode
from hub.wire.errors import ErrorCode

STATUS = {ErrorCode.MALFORMED: 400, ErrorCode.FORBIDDEN: 403, ErrorCode.TOO_MANY: 413}
"""HTTP status of an error code; 422 for the others."""


class Rejection(Struct, rename="camel", omit_defaults=True):
    """A fix that cannot become a position: ``index`` in the array, ``code`` as in an ``error`` message of ``/ws``."""

    index: int
    code: str
    detail: str
    field: str | None = None


class Posted(Struct, rename="camel"):
    """``accepted`` fixes are durable; ``rejected`` ones never will be."""

    accepted: int
    rejected: list[Rejection]


def routes(node: Node) -> list[Operation]:
    def fixes_of(body: bytes) -> list[Fix | BadMessage]:
        """The fixes of a body. Raises ``Problem`` 400, 413 or 422."""
        try:
            # Text that is not UTF-8 could hide in attributes, which are passed through.
            body.decode()
            message = decode(body, node.settings.max_batch)
        except UnicodeDecodeError as error:
            raise Problem(400, "the body is not UTF-8") from error
        except BadMessage as bad:
            raise _refused([(0, bad)]) from bad
        if isinstance(message, Fix):
            return [message]
        if isinstance(message, list):
            return message
        raise not_allowed("type", ["location"], "; or absent")

    def take(call: Call[None, list[Fix | BadMessage]]) -> Taken:
        outcome, waits = node.publisher.take(call.principal, call.body)
        return Taken(partial(_answer, outcome), node.publisher.when_logged if waits else None)

    async def location(call: Call[None, list[Fix | BadMessage]]) -> Response:
        return _answer(await node.publisher.post(call.principal, call.body))

    return [
        Operation(
            node.door,
            "POST",
            "/api/v1/location",
            location,
            access=Access.PUBLISH,
            live=True,
            summary="Publish a fix, or an array of them",
            body=Fix | list[Fix],
            decode=fixes_of,
            take=take,
            answer=Posted,
        )
    ]


_ACCEPTED = Response(msgspec.json.encode(Posted(1, [])), media_type="application/json")


def _answer(outcome: list[BadMessage | None]) -> Response:
    """The answer to fixes with this outcome. Raises ``Problem`` if all were refused."""
    if outcome == [None]:
        return _ACCEPTED
    rejected = [(index, bad) for index, bad in enumerate(outcome) if bad is not None]
    if rejected and len(rejected) == len(outcome):
        raise _refused(rejected)
    answer = Posted(len(outcome) - len(rejected), [_rejection(index, bad) for index, bad in rejected])
    return Response(msgspec.json.encode(answer), media_type="application/json")


def _rejection(index: int, bad: BadMessage) -> Rejection:
    return Rejection(index, bad.code, bad.detail, bad.field)


def _refused(rejected: list[tuple[int, BadMessage]]) -> Problem:
    """Nothing was accepted."""
    first = rejected[0][1]
    detail = f"{first.field}: {first.detail}" if first.field else first.detail
    errors = [msgspec.to_builtins(_rejection(index, bad)) for index, bad in rejected]
    return Problem(STATUS.get(first.code, 422), detail, errors=errors)
