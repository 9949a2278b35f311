"""Compressed bodies: what they hold, and how much of it."""

from __future__ import annotations

import gzip
import zlib

import pytest

from hub.edge.http.codings import Damaged, UnknownCoding, unpacked
from hub.edge.http.problems import Problem

TEXT = b'{"latitude": 47.5}' * 100


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("body", "codings"),
    [
        (gzip.compress(TEXT), "gzip"),
        (gzip.compress(TEXT), " GZIP "),
        (gzip.compress(TEXT), "x-gzip, identity"),
        (gzip.compress(TEXT[:900]) + gzip.compress(TEXT[900:]), "gzip"),
        (zlib.compress(TEXT), "deflate"),
        (raw_deflate(TEXT), "deflate"),
        (gzip.compress(zlib.compress(TEXT)), "deflate, gzip"),
        (gzip.compress(TEXT), "deflate"),
        (zlib.compress(TEXT), "gzip"),
        (TEXT, "identity"),
        (TEXT, ""),
    ],
)
def test_a_body_unpacks(body: bytes, codings: str) -> None:
    assert unpacked(body, codings, len(TEXT)) == TEXT


@pytest.mark.parametrize("codings", ["br", "zstd", "gzip, br", "gzip, gzip, gzip", "x" * 5_000])
def test_unknown_codings_are_415(codings: str) -> None:
    with pytest.raises(UnknownCoding) as caught:
        unpacked(TEXT, codings, 10_000)
    assert caught.value.status == 415
    assert len(caught.value.detail) < 200


@pytest.mark.parametrize(
    ("body", "codings"), [(gzip.compress(TEXT)[:-12], "gzip"), (zlib.compress(TEXT)[:-6], "deflate"), (b"{}", "gzip")]
)
def test_a_damaged_body_is_400(body: bytes, codings: str) -> None:
    with pytest.raises(Damaged) as caught:
        unpacked(body, codings, 10_000)
    assert caught.value.status == 400
    assert TEXT.startswith(caught.value.partial)


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, lambda data: gzip.compress(gzip.compress(data))])
def test_what_unpacks_to_more_than_the_limit_is_413(pack: object) -> None:
    codings = {gzip.compress: "gzip", zlib.compress: "deflate"}.get(pack, "gzip, gzip")  # type: ignore[call-overload]
    bomb = pack(bytes(20_000_000))  # type: ignore[operator]
    with pytest.raises(Problem) as caught:
        unpacked(bomb, codings, 10_000)
    assert caught.value.status == 413
