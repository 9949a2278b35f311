"""Sending through apprise, to services that the hub has no format of its own for. Needs the extra ``notify``.

apprise connects by itself: the guard of addresses does not see its connections. Therefore HUB_APPRISE turns it on.
"""

from __future__ import annotations

import asyncio
import logging

from hub.extras import missing
from hub.notifier.send.results import Result
from hub.settings import Settings
from hub.wire.notices.kinds import Apprise
from hub.wire.notices.notice import Notice

OFF = "HUB_APPRISE is off: this hub sends nothing through apprise"

TYPES = {"info": "info", "warning": "warning", "critical": "failure"}
"""Severity of a notice -> apprise's type of message."""


async def send(settings: Settings, config: Apprise, notice: Notice) -> Result:
    """Send a notice as a title and a text. apprise does not tell a cause of a failure that is safe to show."""
    if settings.apprise == "off":
        return Result(False, error=OFF)
    try:
        import apprise
    except ImportError:
        return Result(False, error=f"apprise {missing('notify')}")
    # Its log lines may contain the addresses and answers of services.
    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    asset = apprise.AppriseAsset(async_mode=False)
    sender = apprise.Apprise(asset=asset)
    if not sender.add(config.url):
        return Result(False, error="apprise does not know such a URL, or lacks what the service needs")
    # Its requests block. A thread that is late ends by apprise's own timeouts.
    sending = asyncio.to_thread(
        sender.notify, body=notice.text, title=notice.title, notify_type=TYPES.get(notice.severity, "info")
    )
    try:
        async with asyncio.timeout(settings.hook_timeout):
            sent = await sending
    except TimeoutError:
        return Result(False, error="the service did not answer in time")
    except Exception as error:  # a plugin of apprise may raise anything
        return Result(False, error=f"apprise fails: {type(error).__name__}")
    return Result(True) if sent else Result(False, error="the service did not take the message")
