"""A notice as an e-mail: plain text and a small HTML part."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import Policy
from email.utils import format_datetime
from typing import NamedTuple

from hub.wire.notices.notice import Notice


class Unsubscribe(str):
    """The value of ``List-Unsubscribe``, on one line: the standard library would encode a URL that is longer than a
    line, and then no program finds it."""

    name = "List-Unsubscribe"

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


def attachment(name: str, media_type: str, content: bytes) -> EmailMessage:
    """A file as a part of messages, encoded. ``media_type`` is ``type/subtype``."""
    maintype, _, subtype = media_type.partition("/")
    part = EmailMessage()
    part.set_content(content, maintype=maintype, subtype=subtype, disposition="attachment", filename=name)
    return part


class Letter(NamedTuple):
    """What a message has besides its notice: lines of text, and files as ``attachment`` makes them, which several
    messages may share."""

    lines: Sequence[str] = ()
    attachments: Sequence[EmailMessage] = ()


PLAIN = Letter()


def email(
    notice: Notice, sender: str, receiver: str, now: datetime, letter: Letter = PLAIN, link: str = ""
) -> EmailMessage:
    """The message to one mailbox. ``link``: where the mailbox unsubscribes by a POST (RFC 8058); without one it writes
    to the sender. Line ends in texts are replaced, so that none begins a header; ``EmailMessage``
    refuses them besides. ``Message-ID`` is the same at every try, by which mail servers drop repeats."""
    title, text = (" ".join(part.split()) for part in (notice.title, notice.text))
    missed = f"{notice.missed} earlier messages were not delivered." if notice.missed else ""
    message = EmailMessage()
    message["From"] = Address(display_name="Location hub", addr_spec=sender)
    local, _, domain = receiver.rpartition("@")
    message["To"] = Address(username=local, domain=domain)  # addr_spec would take only ASCII
    message["Subject"] = title[:200]
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{notice.id}.{notice.sequence}@{sender.partition('@')[2]}>"
    # RFC 3834: no vacation message answers.
    message["Auto-Submitted"] = "auto-generated"
    unsubscribe = link or f"mailto:{sender}?subject=unsubscribe"
    message[Unsubscribe.name] = Unsubscribe(f"<{unsubscribe}>")
    if link.startswith("https:"):  # RFC 8058 knows no other
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["X-Priority"] = "1" if notice.severity == "critical" else "3"
    when = f"{notice.at:%Y-%m-%d %H:%M:%S} UTC"
    lines = [text, *letter.lines, when, *([missed] if missed else [])]
    message.set_content("\n\n".join(lines) + "\n")
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    message.add_alternative(
        f"<!DOCTYPE html><html><body><h3>{html.escape(title)}</h3>{paragraphs}</body></html>", subtype="html"
    )
    if letter.attachments:
        message.make_mixed()
    for part in letter.attachments:
        message.attach(part)
    return message
