"""A tile server on loopback: a MapLibre style, TileJSON, vector and raster tiles, glyphs. What it is asked is kept."""

from __future__ import annotations

import json
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from pmtiles.tile import Compression, TileType
from pmtiles.writer import Writer

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


def layer(name: str, kind: int, geometry: list[int], properties: dict[str, str]) -> bytes:
    """A layer of a Mapbox Vector Tile with one feature; ``kind`` 2 is a line, 3 a polygon."""
    tags = b"".join(varint(index) + varint(index) for index in range(len(properties)))
    feature = field(2, tags) + varint(3 << 3) + varint(kind) + field(4, b"".join(map(varint, geometry)))
    keys = b"".join(field(3, key.encode()) for key in properties)
    values = b"".join(field(4, field(1, value.encode())) for value in properties.values())
    body = varint(15 << 3) + varint(2) + field(1, name.encode()) + field(2, feature) + keys + values
    return field(3, body + varint(5 << 3) + varint(4096))


def vector_tile() -> bytes:
    """Layers as Protomaps names them: land, with water in the south-east, and a road across."""

    def path(command: int, *steps: int) -> list[int]:
        """Steps from the last point, as pairs in zigzag coding."""
        return [command | len(steps) // 2 << 3, *(step << 1 ^ step >> 31 for step in steps)]

    def square(size: int) -> list[int]:
        return [*path(2, size, 0, 0, size, -size, 0), 7 | 1 << 3]

    return (
        layer("earth", 3, [*path(1, 0, 0), *square(4096)], {"kind": "earth"})
        + layer("water", 3, [*path(1, 2048, 2048), *square(2048)], {"kind": "ocean"})
        + layer("roads", 2, [*path(1, 0, 1024), *path(2, 4096, 1024)], {"kind": "highway", "name": "Stand-in Road"})
    )


def archive(
    path: Path, tile: bytes, kind: TileType = TileType.MVT, layers: tuple[str, ...] = ("earth", "roads")
) -> None:
    """Write a PMTiles file with the same tile at each place of zoom 0 to 2."""
    ends = {
        "min_lon_e7": -1_800_000_000,
        "min_lat_e7": -850_000_000,
        "max_lon_e7": 1_800_000_000,
        "max_lat_e7": 850_000_000,
    }
    with path.open("wb") as file:
        writer = Writer(file)
        for number in range(1 + 4 + 16):
            writer.write_tile(number, tile)
        header = {"tile_type": kind, "tile_compression": Compression.NONE, "center_zoom": 0, "center_lon_e7": 0}
        found = {"attribution": "© Archive", "vector_layers": [{"id": name, "fields": {}} for name in layers]}
        writer.finalize(header | ends | {"center_lat_e7": 0}, found)


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
    water, road = ({"source": "drivers", "source-layer": name} for name in ("water", "roads"))
    layers: list[dict[str, Any]] = [
        {"id": "ground", "type": "background", "paint": {"background-color": background}},
        # Names that our own sources and layers have, too.
        {"id": "drivers", "type": "fill", **water, "paint": {"fill-color": "#4a90d9"}},
        {"id": "arrows", "type": "line", **road, "paint": {"line-color": "#e8a33d"}},
    ]
    made: dict[str, Any] = {"version": 8, "sources": {"drivers": {"type": "vector", "url": tilejson}}}
    if glyphs:
        made["glyphs"] = glyphs
        label = {"text-field": "roads", "text-font": ["Stand-in Regular"], "symbol-placement": "line"}
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
