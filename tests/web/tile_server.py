"""A tile server on loopback: a MapLibre style, TileJSON, vector and raster tiles, glyphs. What it is asked is kept."""

from __future__ import annotations

import json
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

STYLE_HOST, TILE_HOST, GLYPH_HOST = "127.0.0.1", "127.0.0.2", "127.0.0.3"
"""Three hosts of one server, as of a provider whose tiles and glyphs are elsewhere than its style."""


def varint(value: int) -> bytes:
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])


def field(number: int, content: bytes) -> bytes:
    """A length-delimited field of Protocol Buffers."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def vector_tile() -> bytes:
    """A Mapbox Vector Tile: the layer ``water`` with a polygon in the south-east, ``road`` with a line across."""

    def zigzag(*values: int) -> list[int]:
        return [value << 1 ^ value >> 31 for value in values]

    def layer(name: str, kind: int, commands: list[int]) -> bytes:
        feature = varint(3 << 3) + varint(kind) + field(4, b"".join(map(varint, commands)))
        return field(
            3, varint(15 << 3) + varint(2) + field(1, name.encode()) + field(2, feature) + varint(5 << 3) + varint(4096)
        )

    move, line, close = 1 | 1 << 3, 2, 7 | 1 << 3
    polygon = [move, *zigzag(2048, 2048), line | 3 << 3, *zigzag(2048, 0, 0, 2048, -2048, 0), close]
    way = [move, *zigzag(0, 1024), line | 1 << 3, *zigzag(4096, 1024)]
    return layer("water", 3, polygon) + layer("road", 2, way)


def png(red: int, green: int, blue: int, size: int = 256) -> bytes:
    """A picture of one colour with a darker edge, so that tiles are told apart."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    edge, inner = bytes(part // 2 for part in (red, green, blue)), bytes((red, green, blue))
    rows = [edge * size if row in (0, size - 1) else edge + inner * (size - 2) + edge for row in range(size)]
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def style(background: str, tilejson: str, glyphs: str = "") -> dict[str, Any]:
    """Of ``vector_tile``; with ``glyphs`` also a label, whose font ours must use."""
    water, road = ({"source": "drivers", "source-layer": name} for name in ("water", "road"))
    layers: list[dict[str, Any]] = [
        {"id": "ground", "type": "background", "paint": {"background-color": background}},
        # Names that our own sources and layers have, too.
        {"id": "drivers", "type": "fill", **water, "paint": {"fill-color": "#4a90d9"}},
        {"id": "arrows", "type": "line", **road, "paint": {"line-color": "#e8a33d"}},
    ]
    made: dict[str, Any] = {"version": 8, "sources": {"drivers": {"type": "vector", "url": tilejson}}}
    if glyphs:
        made["glyphs"] = glyphs
        label = {"text-field": "road", "text-font": ["Stand-in Regular"], "symbol-placement": "line"}
        layers.append({"id": "names", "type": "symbol", **road, "layout": label})
    return made | {"layers": layers}


class TileServer(ThreadingHTTPServer):
    """``asked``: host and path of each request, with its ``Referer``. ``status``: what paths that begin so are answered
    with."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("0.0.0.0", 0), Handler)
        self.port = self.server_address[1]
        self.asked: list[tuple[str, str, str | None]] = []
        self.status: dict[str, int] = {}

    def url(self, path: str, host: str = STYLE_HOST) -> str:
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [path for _, path, _ in self.asked]

    def answer(self, path: str) -> tuple[str, bytes]:
        """Content type and body."""
        if path in ("/style.json", "/dark.json"):
            glyphs = self.url("/fonts/{fontstack}/{range}.pbf", GLYPH_HOST)
            made = style("#102030" if "dark" in path else "#e6efe0", "tiles.json", glyphs)
            return "application/json", json.dumps(made).encode()
        if path == "/tiles.json":
            tiles = self.url("/vector/{z}/{x}/{y}.pbf", TILE_HOST)
            found = {"tilejson": "3.0.0", "tiles": [tiles], "maxzoom": 14, "attribution": "© Stand-in"}
            return "application/json", json.dumps(found).encode()
        if path.startswith("/vector/"):
            return "application/x-protobuf", vector_tile()
        if path.startswith("/fonts/"):
            return "application/x-protobuf", b""
        return "image/png", png(70, 90, 60) if path.startswith("/satellite") else png(230, 220, 200)


class Handler(BaseHTTPRequestHandler):
    server: TileServer

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.server.asked.append((self.headers["host"], path, self.headers.get("referer")))
        status = next((code for start, code in self.server.status.items() if path.startswith(start)), 200)
        kind, body = self.server.answer(path) if status == 200 else ("text/plain", b"no")
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.send_header("access-control-allow-origin", "*")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: pytest shows what failed."""


@contextmanager
def tile_server() -> Iterator[TileServer]:
    server = TileServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
