"""An identity provider: keys, tokens that they sign, and the server of their public halves, which may misbehave."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ISSUER, AUDIENCE = "https://login.example/", "hub"

CURVES = {"ES256": ec.SECP256R1, "ES384": ec.SECP384R1}


class Key:
    """A key pair with a name."""

    def __init__(self, kid: str, algorithm: str = "RS256", *, bits: int = 2_048) -> None:
        self.kid, self.algorithm = kid, algorithm
        self.private: Any
        if algorithm == "EdDSA":
            self.private = ed25519.Ed25519PrivateKey.generate()
        elif algorithm in CURVES:
            self.private = ec.generate_private_key(CURVES[algorithm]())
        else:
            self.private = rsa.generate_private_key(65_537, bits)

    @property
    def pem(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def jwk(self, *, private: bool = False, **more: Any) -> dict[str, Any]:
        of_algorithm = jwt.get_algorithm_by_name(self.algorithm)
        shown = of_algorithm.to_jwk(self.private if private else self.private.public_key(), as_dict=True)
        return {**shown, "kid": self.kid, **more}

    def token(self, headers: dict[str, Any] | None = None, algorithm: str | None = None, **changes: Any) -> str:
        return jwt.encode(
            claims(**changes), self.private, algorithm or self.algorithm, {"kid": self.kid, **(headers or {})}
        )


def claims(**changes: Any) -> dict[str, Any]:
    """Good claims of a dispatcher, with ``changes``; None takes one away."""
    now = int(time.time())
    good = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "somebody",
        "fleet": "f",
        "role": "dispatcher",
        "iat": now,
        "exp": now + 3_600,
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def key_set(*jwks: dict[str, Any]) -> bytes:
    return json.dumps({"keys": jwks}).encode()


class Provider:
    """What is served, as (status, headers, body), or by a function that writes to the connection itself."""

    def __init__(self) -> None:
        self.answer: tuple[int, dict[str, str], bytes] | Callable[[Any], None] = (200, {}, key_set())
        self.asked = 0
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.asked += 1
                answer = provider.answer
                if callable(answer):
                    answer(self.wfile)
                    return
                status, headers, body = answer
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/keys"

    def serve(self, *keys: Key) -> None:
        self.answer = (200, {}, key_set(*(key.jwk() for key in keys)))


@contextmanager
def provider() -> Iterator[Provider]:
    running = Provider()
    thread = threading.Thread(target=running.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        running.server.shutdown()
        running.server.server_close()
        thread.join()
