"""What is a JPEG, and what of it is stored."""

from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hub.wire.files.jpeg import LONGEST_SIDE, MOST_ENTRIES, MOST_SEGMENTS, NotJpeg, read_jpeg
from tests.support.jpeg import JFIF, exif, frame, jpeg, segment

EXIF, COMMENT, ADOBE = (
    segment(0xE1, b"Exif\0\0 25.2 55.3"),
    segment(0xFE, b"at home"),
    segment(0xEE, b"Adobe\0\x64\0\0\0\0\1"),
)


def test_metadata_is_left_out_and_the_rest_stays() -> None:
    read = read_jpeg(jpeg(more=EXIF + ADOBE + COMMENT))
    assert read.content == jpeg(more=ADOBE)
    assert (read.width, read.height) == (64, 48)


@pytest.mark.parametrize(
    "more",
    [
        segment(0xE0, b"JFXX\0\x10preview"),
        segment(0xE0, b"JFIF\0"),
        segment(0xEE, b"Adobe Photoshop"[:9]),
        segment(0xEE, b"made at 25.2 55.3"),
        segment(0xCC, b"text"),
        segment(0xDC, b"text"),
        segment(0xDE, b"text"),
        segment(0xF3, b"text"),
        segment(0xFD, b"text"),
        segment(0x02, b"text"),
    ],
)
def test_no_segment_keeps_what_no_decoder_needs(more: bytes) -> None:
    assert read_jpeg(jpeg(more=more)).content == jpeg()


def test_nothing_is_stored_behind_what_says_how_colours_are_coded() -> None:
    preview = segment(0xE0, JFIF[:-2] + b"\1\1rgb")
    assert read_jpeg(jpeg(more=preview + segment(0xEE, ADOBE[4:] + b"25.2 55.3"))).content == jpeg(
        more=segment(0xE0, JFIF) + ADOBE
    )


@pytest.mark.parametrize("order", ["little", "big"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_how_a_photo_is_turned_is_kept_and_nothing_else_of_exif(
    orientation: int, order: Literal["little", "big"]
) -> None:
    xmp = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0text")
    read = read_jpeg(jpeg(more=xmp + exif(orientation, order=order) + exif(5)))
    assert (read.width, read.height) == ((64, 48) if orientation < 5 else (48, 64))
    assert b"Cam" not in read.content and b"25.2" not in read.content
    assert read_jpeg(read.content) == read
    assert len(read.content) - len(jpeg()) == (0 if orientation == 1 else 36)


@pytest.mark.parametrize("more", [exif(0), exif(9), exif(6, before=MOST_ENTRIES), exif(6)[:20], segment(0xE1, b"Exif")])
def test_exif_that_does_not_say_it_is_left_out(more: bytes) -> None:
    assert read_jpeg(jpeg(more=segment(0xE1, more[4:]))).content == jpeg()


def test_segments_are_few() -> None:
    assert read_jpeg(jpeg(more=COMMENT * (MOST_SEGMENTS - 4))).content == jpeg()
    with pytest.raises(NotJpeg, match="more than 200 segments"):
        read_jpeg(jpeg(more=COMMENT * MOST_SEGMENTS))


def test_image_data_may_have_markers_of_their_own() -> None:
    data = b"a\xff\x00b\xff\xd0c\xff\xff\x00d"
    assert read_jpeg(jpeg(data=data)).content == jpeg(data=data)


def test_progressive_scans_are_kept_and_what_follows_the_image_is_not() -> None:
    more = segment(0xC4, b"table") + segment(0xDA, b"again") + b"more data"
    whole = jpeg(data=b"data" + more)
    assert read_jpeg(whole + b"<script>").content == whole


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "begin"),
        (b"\x89PNG\r\n\x1a\n", "begin"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "begin"),
        (jpeg()[:-2], "incomplete"),
        (jpeg()[:30], "incomplete"),
        (b"\xff\xd8", "incomplete"),
        (b"\xff\xd8\xff\xff", "incomplete"),
        (b"\xff\xd8\xff\xd9", "no image"),
        (b"\xff\xd8" + frame(8, 8) + b"\xff\xd9", "no image"),
        (b"\xff\xd8 text", "does not begin with a marker"),
        (jpeg(more=b"\xff\xd0"), "between segments"),
        (jpeg(more=segment(0xDA, b"early") + b"data"), "before the frame"),
        (jpeg(more=frame(8, 8)), "two images"),
        (jpeg(more=frame(8, 8, 0xC3)), "coding"),
        (jpeg(more=b"\xff\xc0\x00\x04\x08\x00"), "incomplete"),
        (jpeg(more=b"\xff\xe0\x00\x01"), "incomplete"),
        (jpeg(width=0), "pixels"),
        (jpeg(height=LONGEST_SIDE + 1), "pixels"),
    ],
)
def test_other_bytes_are_refused_with_a_reason(content: bytes, reason: str) -> None:
    with pytest.raises(NotJpeg, match=reason):
        read_jpeg(content)


@given(some.binary(max_size=60), some.integers(0, len(jpeg(more=exif(6)))))
def test_any_bytes_end_it_and_what_is_stored_is_read_alike(noise: bytes, at: int) -> None:
    given = jpeg(more=exif(6))
    for content in (b"\xff\xd8" + noise, given[:at] + noise + given[at:]):
        try:
            read = read_jpeg(content)
        except NotJpeg:
            continue
        assert read_jpeg(read.content) == read
        assert len(read.content) <= len(content)
