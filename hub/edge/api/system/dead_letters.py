"""Content of the log that the recorder could not store, for admins: to look at, and to send again after a fix.

GET /api/v1/dead-letters              the dead letters in pages, newest first
GET /api/v1/dead-letters/{id}         one of them with its content
POST /api/v1/dead-letters/{id}/send   append it to the log again
"""

from __future__ import annotations

import base64
from typing import Annotated

from msgspec import Meta, Struct
from starlette.responses import Response

from hub.edge.api.pages import decode_cursor, encode_cursor, page
from hub.edge.api.registry.answers import answer, refusal, taken, unstored
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.problems import unavailable
from hub.edge.node import Node
from hub.stores.dead_letters import send_again
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.history.dead_letters import NEWEST, ListedLetter, letter, letters
from hub.stores.postgres.history.positions import DeadLetter
from hub.stores.redis.connection import UNAVAILABLE
from hub.wire.log import BadEntry

PATH = "/api/v1/dead-letters"


class LettersQuery(Struct):
    limit: Annotated[int, Meta(ge=1, le=1_000)] = 200
    cursor: str | None = None

    def before(self) -> int:
        """Id before which the page begins. Raises ``Problem`` 422."""
        if self.cursor is None:
            return NEWEST
        (before,) = decode_cursor(self.cursor, tuple[Annotated[int, Meta(ge=0, le=NEWEST)]])
        return before


class DeadLetterPage(Struct, rename="camel", omit_defaults=True):
    """``next``: cursor of the following page."""

    letters: list[ListedLetter]
    next: str | None = None


class DeadLetterContent(Struct, rename="camel"):
    """A dead letter with its content: as ``text`` if it is UTF-8, else in base64 as ``data``."""

    id: int
    entry_id: str
    reason: str
    text: str | None
    data: str | None


class AppendedAgain(Struct, rename="camel"):
    """The entry of the log that has the content now. What still cannot be stored becomes a new dead letter."""

    entry_id: str


def routes(node: Node, registry: Registry) -> list[Operation]:
    async def list_letters(call: Call[LettersQuery, None]) -> Response:
        limit = call.query.limit
        async with registry.transaction() as connection:
            found = await letters(connection, call.fleet, limit, call.query.before())
        following = encode_cursor(found[-1].id) if len(found) == limit else None
        return unstored(await page(node.slices, call.request, "letters", found, following))

    async def read(call: Plain) -> Response:
        async with registry.transaction() as connection:
            id, found = await found_letter(connection, call)
        try:
            text, data = found.payload.decode(), None
        except UnicodeDecodeError:
            text, data = None, base64.b64encode(found.payload).decode()
        return answer(DeadLetterContent(id, found.entry_id, found.reason, text, data))

    async def send(call: Plain) -> Response:
        async with registry.transaction() as connection:
            id, found = await found_letter(connection, call)
            try:
                again = await send_again(connection, node.appender.redis, node.layout, id, found, call.actor)
            except BadEntry as error:
                raise taken("id", f"this version of the hub cannot read the dead letter: {error}") from error
            except UNAVAILABLE as error:
                raise unavailable("Redis does not answer", node.settings.redis_timeout) from error
        return answer(AppendedAgain(again.entry_id))

    async def found_letter(connection: Connection, call: Plain) -> tuple[int, DeadLetter]:
        id = call.ids["letter_id"]
        found = await letter(connection, id)
        if found is None or found.fleet != call.fleet:
            raise refusal("dead letter", None)
        return id, found

    one = f"{PATH}/{{letter_id}}"
    return [
        Operation(
            node.door,
            "GET",
            PATH,
            list_letters,
            access=Access.MANAGE,
            summary="Content of the log that could not be stored, newest first",
            query=LettersQuery,
            answer=DeadLetterPage,
        ),
        Operation(
            node.door,
            "GET",
            one,
            read,
            access=Access.MANAGE,
            summary="One dead letter with its content",
            answer=DeadLetterContent,
        ),
        Operation(
            node.door,
            "POST",
            f"{one}/send",
            send,
            access=Access.MANAGE,
            summary="Append it to the log again",
            answer=AppendedAgain,
            problems=(409,),
        ),
    ]
