"""A scripted OpenID Connect provider, which may lie, and a browser that goes between it and a hub."""

from __future__ import annotations

import base64
import hashlib
import http.client
import http.cookies
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from tests.support.api.calls import Addressed, Answer
from tests.support.api.provider import Key, key_set
from tests.support.running import PATIENCE

CLIENT = "hub-client"
OIDC = "/api/v1/auth/oidc"


class Idp:
    """``sign`` makes the ID token of claims, ``respond`` the answer of the token endpoint; tests replace both."""

    def __init__(self) -> None:
        self.keys = [Key("one")]
        self.metadata: dict[str, Any] = {}
        self.sign: Callable[[dict[str, Any]], str] = lambda claims: self.keys[0].token(**_whole(claims))
        self.respond: Callable[[str], tuple[int, dict[str, Any]]] = lambda token: (200, {"id_token": token})
        self.codes: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []
        self.forms: list[dict[str, str]] = []
        self.authorizations: list[str | None] = []
        idp = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                idp.asked.append(self.path)
                if self.path == "/.well-known/openid-configuration":
                    self._answer(200, json.dumps(idp.document()).encode())
                elif self.path == "/jwks":
                    self._answer(200, key_set(*(key.jwk() for key in idp.keys)))
                else:
                    self._answer(404, b"{}")

            def do_POST(self) -> None:
                idp.asked.append(self.path)
                form = dict(parse_qsl(self.rfile.read(int(self.headers["content-length"])).decode()))
                idp.forms.append(form)
                idp.authorizations.append(self.headers.get("authorization"))
                status, body = idp.exchange(form)
                self._answer(status, json.dumps(body).encode())

            def _answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"

    def document(self) -> dict[str, Any]:
        ours = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/end",
        }
        return {name: value for name, value in {**ours, **self.metadata}.items() if value is not None}

    def exchange(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """As a provider that keeps to RFC 6749 and 7636."""
        kept = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if kept is None or kept["challenge"] != challenge or kept["redirect_uri"] != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        return self.respond(self.sign(kept["claims"]))

    def approve(self, url: str, subject: str = "ann", **changes: Any) -> dict[str, str]:
        """The parameters with which a person comes back from the address ``url``; ``changes`` are of the claims."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert url.startswith(f"{self.issuer}/authorize?")
        assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == ("code", CLIENT, "S256")
        code, now = secrets.token_urlsafe(9), int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": subject,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "preferred_username": subject,
            **changes,
        }
        kept = {"challenge": asked["code_challenge"], "redirect_uri": asked["redirect_uri"], "claims": claims}
        self.codes[code] = kept
        return {"code": code, "state": asked["state"]}


def _whole(claims: dict[str, Any]) -> dict[str, Any]:
    """Without the claims that ``Key.token`` would add."""
    return {"fleet": None, "role": None, **claims}


@contextmanager
def idp() -> Iterator[Idp]:
    running = Idp()
    thread = threading.Thread(target=running.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        running.server.shutdown()
        running.server.server_close()
        thread.join()


class Visitor:
    """A browser: it keeps the cookies of a hub, with their attributes, and follows nothing by itself."""

    def __init__(self, hub: Addressed) -> None:
        self.hub = hub
        self.cookies: dict[str, http.cookies.Morsel[str]] = {}

    def ask(self, method: str, path: str, body: object = None, token: str = "", **headers: str) -> Answer:
        sent = [f"{name}={kept.value}" for name, kept in self.cookies.items() if path.startswith(kept["path"])]
        named = {name.replace("_", "-"): value for name, value in headers.items()} | {"cookie": "; ".join(sent)}
        named |= {"content-type": "application/json"} if body is not None else {}
        named |= {"authorization": f"Bearer {token}"} if token else {}
        connection = http.client.HTTPConnection(*self.hub.address, timeout=PATIENCE)
        try:
            connection.request(method, path, None if body is None else json.dumps(body), named)
            response = connection.getresponse()
            for line in response.headers.get_all("set-cookie", []):
                self._keep(line)
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def _keep(self, line: str) -> None:
        for name, morsel in http.cookies.SimpleCookie(line).items():
            if int(morsel["max-age"]):
                self.cookies[name] = morsel
            else:
                self.cookies.pop(name, None)

    def begin(self) -> str:
        """The address at the provider."""
        answer = self.ask("GET", f"{OIDC}/login", sec_fetch_site="same-origin")
        assert answer.status == 303, answer
        return answer.headers["location"]

    def come_back(self, parameters: dict[str, str] | list[tuple[str, str]]) -> str:
        """The outcome that the page gets."""
        answer = self.ask("GET", f"{OIDC}/callback?{urlencode(parameters)}", sec_fetch_site="cross-site")
        assert answer.status == 303, answer
        path, _, outcome = answer.headers["location"].partition("?login=")
        assert path == "/"
        return outcome

    def log_in(self, idp: Idp, subject: str = "ann", **changes: Any) -> str:
        return self.come_back(idp.approve(self.begin(), subject, **changes))
