"""E-mails: no text of a notice becomes a header."""

from __future__ import annotations

from email.policy import SMTP

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from hub.wire.notices.mail import email
from tests.support.laws import CHARACTERS
from tests.wire.notices.test_push import NOW, notice

INJECTION = "Depot\r\nBcc: all@example.com\r\n\r\nHello"


def test_line_ends_do_not_begin_a_header() -> None:
    data = msgspec.json.encode({"title": INJECTION, "text": INJECTION, "severity": "critical"})
    message = email(notice(data=msgspec.Raw(data)), "hub@hub.example", "ops@hub.example", NOW)
    head = message.as_bytes().decode().partition("\n\n")[0]
    assert message["Subject"] == "Depot Bcc: all@example.com Hello"
    assert message["Bcc"] is None and "\nBcc:" not in head
    assert (message["To"], message["Auto-Submitted"]) == ("ops@hub.example", "auto-generated")
    assert message["X-Priority"] == "1"


def test_both_parts_have_the_text_and_markup_is_escaped() -> None:
    data = msgspec.json.encode({"title": "<b>", "text": "<script>alert(1)</script>"})
    message = email(notice(data=msgspec.Raw(data), missed=2), "hub@hub.example", "ops@hub.example", NOW)
    plain, html = (part.get_content() for part in message.iter_parts())
    assert "<script>alert(1)</script>" in plain and "2 earlier messages" in plain
    assert "<script>" not in html and "&lt;script&gt;" in html


def test_every_try_has_the_same_id() -> None:
    first, second = (email(notice(), "hub@hub.example", "ops@hub.example", NOW) for _ in range(2))
    assert first["Message-ID"] == second["Message-ID"] and first["Message-ID"].endswith("@hub.example>")
    other = email(notice(sequence=2), "hub@hub.example", "ops@hub.example", NOW)
    assert other["Message-ID"] != first["Message-ID"]


@given(st.text(CHARACTERS, max_size=300))
def test_any_text_can_be_sent(text: str) -> None:
    data = msgspec.json.encode({"title": text.encode("utf-8", "ignore").decode(), "text": "x"})
    message = email(notice(data=msgspec.Raw(data)), "hub@hub.example", "ops@hub.example", NOW)
    assert len(message.as_bytes()) > 0 and "\n" not in message["Subject"]


def test_a_mailbox_unsubscribes_by_a_link_or_by_an_e_mail_to_the_sender() -> None:
    def heads(link: str) -> tuple[str | None, str | None]:
        message = email(notice(), "hub@hub.example", "ops@hub.example", NOW, link=link)
        assert message.as_bytes(policy=SMTP).count(b"List-Unsubscribe: <") == 1
        return message["List-Unsubscribe"], message["List-Unsubscribe-Post"]

    long = f"https://hub.example/{'x' * 200}"
    assert heads(long) == (f"<{long}>", "List-Unsubscribe=One-Click")
    # One click needs https.
    assert heads("http://hub.example/x") == ("<http://hub.example/x>", None)
    assert heads("") == ("<mailto:hub@hub.example?subject=unsubscribe>", None)
