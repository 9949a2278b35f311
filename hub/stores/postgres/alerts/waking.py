"""Notifications of PostgreSQL that end the waits of a notifier; the triggers of schema.sql send them."""

from __future__ import annotations

from collections.abc import Callable

from hub.stores.postgres.connection import Connection

NOTICE = "hub_notice"
"""Events, findings or messages for screens were committed."""

SEND = "hub_send"
"""Deliveries were committed."""

POSITIONS = "hub_forward"
"""Positions that channels forward were committed."""


async def listen(connection: Connection, channel: str, wake: Callable[[], object]) -> None:
    """Call ``wake`` after each transaction of another session that sends to ``channel``, until the connection ends."""
    own = connection.get_server_pid()
    await connection.add_listener(channel, lambda _connection, pid, _channel, _payload: pid == own or wake())
