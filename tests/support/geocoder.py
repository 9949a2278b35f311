"""A geocoder on loopback with the interfaces of Nominatim, Photon and Pelias. It knows a street in Dubai and one in
Berlin; elsewhere it knows nothing."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KNOWN = {
    "12 Al Wasl Road, Jumeirah, Dubai": (25.2048, 55.2708),
    "Lindenstraße 3, Mitte, Berlin": (52.5044, 13.3967),
}

NEAR = 0.001
"""Degrees around a known place in which it is the address."""


class Geocoder:
    """``asked``: path and parameters of each request; ``status``: what it answers with; ``body``: instead of an
    answer."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.agents: list[str] = []
        self.status = 200
        self.body: bytes | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.url = ""

    def answer(self, path: str, given: dict[str, str]) -> Any:
        match path:
            case "/reverse" if "format" in given:
                found = self._at(given["lat"], given["lon"])
                return _nominatim(*found[0]) if found else {"error": "Unable to geocode"}
            case "/search":
                return [_nominatim(*one) for one in self._named(given["q"])]
            case "/reverse":
                return _features(self._at(given["lat"], given["lon"]), _photon)
            case "/api":
                return _features(self._named(given["q"]), _photon)
            case "/v1/reverse":
                return _features(self._at(given["point.lat"], given["point.lon"]), _pelias)
            case "/v1/search":
                return _features(self._named(given["text"]), _pelias)
        return None

    def _at(self, latitude: str, longitude: str) -> list[tuple[str, float, float]]:
        return [
            (text, *place)
            for text, place in KNOWN.items()
            if abs(place[0] - float(latitude)) < NEAR and abs(place[1] - float(longitude)) < NEAR
        ]

    def _named(self, text: str) -> list[tuple[str, float, float]]:
        return [(name, *place) for name, place in KNOWN.items() if text.casefold() in name.casefold()]


def _nominatim(text: str, latitude: float, longitude: float) -> dict[str, Any]:
    return {"place_id": 1, "licence": "ODbL", "lat": f"{latitude}", "lon": f"{longitude}", "display_name": text}


def _photon(text: str) -> dict[str, Any]:
    street, district, city = text.split(", ")
    return {"osm_key": "highway", "name": street, "district": district, "city": city}


def _pelias(text: str) -> dict[str, Any]:
    return {"layer": "address", "label": text, "name": text.partition(",")[0]}


def _features(found: list[tuple[str, float, float]], properties: Any) -> dict[str, Any]:
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
            "properties": properties(text),
        }
        for text, latitude, longitude in found
    ]
    return {"type": "FeatureCollection", "features": features}


@contextmanager
def geocoder() -> Iterator[Geocoder]:
    """A running one."""
    running = Geocoder()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            given = {name: values[0] for name, values in parse_qs(parts.query).items()}
            running.asked.append((parts.path, given))
            running.agents.append(self.headers["user-agent"])
            running.gate.wait(60)
            body = running.body
            if body is None:
                body = json.dumps(running.answer(parts.path, given)).encode()
            self.send_response(running.status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        running.gate.set()
        server.shutdown()
        server.server_close()
        thread.join()
