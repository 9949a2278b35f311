"""E-mail through a real mail server (aiosmtpd)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import aiosmtplib
import msgspec
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from hub.clock import SYSTEM
from hub.notifier.send import smtp
from hub.settings import Settings
from hub.wire.notices.kinds import Email
from hub.wire.notices.mail import Letter, attachment, email
from tests.support.running import free_port
from tests.wire.notices.test_push import notice


class Mailboxes:
    """What the server takes in; it answers ``refuse`` for mailboxes that begin with ``no``."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.refuse = "550 no such user"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("no"):
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.messages.append(message_from_bytes(envelope.content or b"", policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture
def mailboxes(request: pytest.FixtureRequest) -> Iterator[tuple[Mailboxes, str]]:
    """A server and what it has; a parameter says whether it offers SMTPUTF8."""
    found = Mailboxes()

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"us/er", b"p@ss"), handled=False)

    controller = Controller(
        found, hostname="127.0.0.1", port=free_port(), authenticator=check, auth_require_tls=False, auth_required=True,
        enable_SMTPUTF8=getattr(request, "param", True),
    )  # fmt: skip
    controller.start()
    yield found, f"127.0.0.1:{controller.port}"
    controller.stop()


def settings(server: str, user: str = "us%2Fer:p%40ss@") -> Settings:
    return Settings(smtp_url=f"smtp://{user}{server}", smtp_from="hub@hub.example")


def link_of(mailbox: str) -> str:
    return f"https://hub.example/api/v1/unsubscribe/{mailbox.partition('@')[0]}{'x' * 100}"


async def test_each_mailbox_gets_its_own_message(mailboxes: tuple[Mailboxes, str]) -> None:
    found, server = mailboxes
    result = await smtp.send(settings(server), Email(["a@b.example", "c@d.example"]), notice(), SYSTEM, link_of)
    assert (result.ok, result.status) == (True, 250)
    assert [message["To"] for message in found.messages] == ["a@b.example", "c@d.example"]
    assert {message["Subject"] for message in found.messages} == {"Left"}
    assert "d has left Depot" in found.messages[0].get_body(("plain",)).get_content()
    # As it arrived, also where the URL is longer than a line.
    assert [message["List-Unsubscribe"] for message in found.messages] == [
        f"<{link_of(mailbox)}>" for mailbox in ("a@b.example", "c@d.example")
    ]
    assert found.messages[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_a_file_is_encoded_once_and_messages_are_written_outside_the_loop(
    mailboxes: tuple[Mailboxes, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found, server = mailboxes
    threads: list[threading.Thread] = []

    def watched(*given: Any) -> EmailMessage:
        threads.append(threading.current_thread())
        return email(*given)

    monkeypatch.setattr(smtp, "email", watched)
    letter = Letter(["Größe"], [attachment("a.bin", "application/x-test", bytes(range(256)))])
    to = Email(["a@b.example", "c@d.example"])
    assert (await smtp.send(settings(server), to, notice(), SYSTEM, link_of, letter)).ok
    assert len(threads) == 2 and threading.main_thread() not in threads
    assert [message["To"] for message in found.messages] == to.to
    for message in found.messages:
        (file,) = message.iter_attachments()
        assert (file.get_filename(), file.get_content_type()) == ("a.bin", "application/x-test")
        assert file.get_content() == bytes(range(256))
        assert "Größe" in message.get_body(("plain",)).get_content()


async def test_a_mailbox_that_is_refused_does_not_stop_the_others(mailboxes: tuple[Mailboxes, str]) -> None:
    found, server = mailboxes
    assert (await smtp.send(settings(server), Email(["no@b.example", "c@d.example"]), notice(), SYSTEM, link_of)).ok
    assert [message["To"] for message in found.messages] == ["c@d.example"]
    result = await smtp.send(settings(server), Email(["no@b.example"]), notice(), SYSTEM, link_of)
    assert not result.ok and "550" in result.error and "b.example" not in result.error


@pytest.mark.parametrize("mailboxes", [True, False], indirect=True)
async def test_an_address_beyond_ascii(mailboxes: tuple[Mailboxes, str], request: pytest.FixtureRequest) -> None:
    found, server = mailboxes
    offered = request.node.callspec.params["mailboxes"]
    to = Email(["jörg@b.example", "c@d.example"])
    assert (await smtp.send(settings(server), to, notice(), SYSTEM, link_of)).ok
    assert [message["To"] for message in found.messages] == (to.to if offered else to.to[1:])
    result = await smtp.send(settings(server), Email(["jörg@b.example"]), notice(), SYSTEM, link_of)
    assert result.ok is offered
    assert offered or "takes only ASCII in addresses" in result.error


async def test_an_address_beyond_ascii_without_tls_and_login(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing asks for the extensions of the server before the first message."""
    found, client = Mailboxes(), aiosmtplib.SMTP
    monkeypatch.setattr(aiosmtplib, "SMTP", lambda **given: client(**given | {"start_tls": False}))
    controller = Controller(found, hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=True)
    controller.start()
    try:
        server = settings(f"127.0.0.1:{controller.port}", "")
        result = await smtp.send(server, Email(["jörg@b.example"]), notice(), SYSTEM, link_of)
    finally:
        controller.stop()
    assert result.ok, result
    assert [message["To"] for message in found.messages] == ["jörg@b.example"]


async def test_a_wrong_password_fails(mailboxes: tuple[Mailboxes, str]) -> None:
    found, server = mailboxes
    result = await smtp.send(settings(server, "user:wrong@"), Email(["a@b.example"]), notice(), SYSTEM, link_of)
    assert not result.ok and "535" in result.error and "wrong" not in result.error
    assert found.messages == []


async def test_a_server_that_is_down_and_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    down = await smtp.send(settings(f"127.0.0.1:{free_port()}"), Email(["a@b.example"]), notice(), SYSTEM, link_of)
    assert not down.ok and "cannot be used" in down.error
    unset = await smtp.send(Settings(), Email(["a@b.example"]), notice(), SYSTEM, link_of)
    assert "HUB_SMTP_URL is not set" in unset.error


async def test_a_server_elsewhere_must_offer_tls(
    mailboxes: tuple[Mailboxes, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found, server = mailboxes
    monkeypatch.setattr(smtp, "is_loopback", lambda host: False)
    result = await smtp.send(settings(server), Email(["a@b.example"]), notice(), SYSTEM, link_of)
    assert not result.ok and found.messages == []


def test_a_server_needs_a_sender() -> None:
    with pytest.raises(ValueError, match="HUB_SMTP_FROM"):
        msgspec.structs.replace(Settings(), smtp_url="smtp://mail.example").check()
