"""One request and its answer on a connection: uvicorn's cycle, with the start of a usual answer written in one go."""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

UNUSUAL = {b"connection", b"transfer-encoding"}
"""Headers of an answer that change how the rest is sent: uvicorn looks after these."""


class Exchange(RequestResponseCycle):
    """uvicorn checks each name and value of an answer's headers with regular expressions, and lowers and compares each
    name. The names are ours, and lower case; one search of the whole start shows whether a value breaks its line."""

    handed_over = False
    """Whether the application has the whole body."""

    async def receive(self) -> Any:
        if self.more_body or self.handed_over or self.waiting_for_100_continue or self.response_complete:
            message = await super().receive()
            self.handed_over = not message.get("more_body", False)
            return message
        if self.disconnected:
            return {"type": "http.disconnect"}
        self.handed_over = True
        self.flow.resume_reading()
        self.message_event.clear()
        body, self.body = bytes(self.body), bytearray()
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: Any) -> None:
        if not self.flow.write_paused and not self.disconnected:
            if self.response_started:
                if self._end(message):
                    return
            elif message["type"] == "http.response.start" and (start := self._start(message)) is not None:
                self.response_started, self.waiting_for_100_continue = True, False
                self.transport.write(start)
                return
        await super().send(message)

    def _end(self, message: Any) -> bool:
        """Send the whole body of an answer; False for any other message."""
        body = message.get("body")
        if not body or message.get("more_body") or self.response_complete or self.chunked_encoding:
            return False
        if len(body) != self.expected_content_length or self.scope["method"] == "HEAD":
            return False
        self.transport.write(body)
        self.response_complete = True
        self.message_event.set()
        if not self.keep_alive:
            self.transport.close()
        self.on_response()
        return True

    def _start(self, message: Any) -> bytes | None:
        """Status line and headers of an answer of a known length; None for another, which uvicorn sends or refuses."""
        length = None
        lines = [STATUS_LINE[message["status"]]]
        for name, value in self.default_headers + message["headers"]:
            if name == b"content-length":
                length = int(value)
            elif name in UNUSUAL:
                return None
            lines += (name, b": ", value, b"\r\n")
        start = b"".join(lines)
        ends = len(lines) // 4 + 1
        if length is None or start.count(b"\n") != ends or start.count(b"\r") != ends or b"\0" in start:
            return None
        self.expected_content_length, self.chunked_encoding = length, False
        return start + (b"\r\n" if self.keep_alive else b"connection: close\r\n\r\n")
