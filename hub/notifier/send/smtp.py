"""Sending by SMTP, through the server of the operator (HUB_SMTP_URL)."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime
from email.policy import SMTP, SMTPUTF8
from urllib.parse import unquote, urlsplit

import aiosmtplib

from hub.clock import SystemClock
from hub.notifier.send import guard
from hub.notifier.send.results import Result
from hub.settings import Settings, is_loopback
from hub.wire.notices.kinds import Email
from hub.wire.notices.mail import PLAIN, Letter, email
from hub.wire.notices.notice import Notice

TIMEOUT = 30.0
"""Seconds for each step; mail servers may answer slowly on purpose."""


async def send(
    settings: Settings,
    config: Email,
    notice: Notice,
    clock: SystemClock,
    link_of: Callable[[str], str],
    letter: Letter = PLAIN,
) -> Result:
    """Send a notice to each mailbox, with what a ``letter`` adds to it; ``link_of`` makes the link by which it
    unsubscribes. A mailbox that the server does not take is left out if another gets it."""
    if not settings.smtp_url:
        return Result(False, error="HUB_SMTP_URL is not set: this hub sends no e-mail")
    url = urlsplit(settings.smtp_url)
    host, tls = url.hostname or "", url.scheme == "smtps"
    client = aiosmtplib.SMTP(
        hostname=host,
        port=url.port or (465 if tls else 587),
        username=unquote(url.username) if url.username else None,
        password=unquote(url.password) if url.password else None,
        use_tls=tls,
        # On loopback a server may have no certificate.
        start_tls=False if tls else (None if is_loopback(host) else True),
        timeout=TIMEOUT,
    )
    refused: list[str] = []
    status: int | None = None
    try:
        async with client:
            if client.last_ehlo_response is None and not all(mailbox.isascii() for mailbox in config.to):
                # aiosmtplib sends it before the first message only, which is too late to ask for an extension. A server
                # that knows HELO alone has none.
                with contextlib.suppress(aiosmtplib.SMTPHeloError):
                    await client.ehlo()
            for mailbox in config.to:
                beyond_ascii = not mailbox.isascii()
                if beyond_ascii and not client.supports_extension("smtputf8"):
                    refused.append("the mail server takes only ASCII in addresses (it has no SMTPUTF8)")
                    continue
                try:
                    given = (notice, settings.smtp_from, mailbox, clock.now(), letter, link_of(mailbox))
                    # A workbook of some megabytes takes a part of a second.
                    content = await asyncio.to_thread(_written, *given)
                    options = ["smtputf8"] if beyond_ascii else []
                    await client.sendmail(settings.smtp_from, [mailbox], content, mail_options=options)
                    status = 250
                except aiosmtplib.SMTPRecipientsRefused as error:
                    codes = [one.code for one in error.recipients]
                    refused.append(f"the mail server refuses a mailbox ({codes[0] if codes else 'no code'})")
    except aiosmtplib.SMTPResponseException as error:
        return Result(False, error.code, f"the mail server answers {error.code}")
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        return Result(False, error=f"the mail server cannot be used: {guard.words(error) or type(error).__name__}")
    if status is None:
        return Result(False, error=refused[0])
    return Result(True, status)


def _written(notice: Notice, sender: str, mailbox: str, now: datetime, letter: Letter, link: str) -> bytes:
    """The message as every server takes it, of ASCII only, unless the mailbox is not."""
    policy = (SMTP if mailbox.isascii() else SMTPUTF8).clone(cte_type="7bit")
    return email(notice, sender, mailbox, now, letter, link).as_bytes(policy=policy)
