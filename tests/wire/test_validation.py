"""Every error of msgspec has a code and plain words; none of msgspec's own English goes out."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
import pytest
from msgspec import Meta, Struct

from hub.core.nouns import Fix
from hub.wire.validation import NOT_DECODED, Code, Fault, fault_of

DOCS = Path(__file__).parent.parent.parent / "docs/api.md"


class Inner(Struct, forbid_unknown_fields=True):
    n: int
    kind: Literal["car", "van"] = "car"


class Whole(Struct, rename="camel", forbid_unknown_fields=True):
    low: Annotated[int, Meta(ge=1, le=5)] = 1
    open: Annotated[float, Meta(gt=0, lt=2.5)] = 1.0
    name: Annotated[str, Meta(min_length=2, max_length=3)] = "ab"
    one: Annotated[str, Meta(min_length=1)] = "a"
    word: Annotated[str, Meta(pattern=r"^[a-z\d`']+$")] = "a"
    items: Annotated[list[int], Meta(min_length=1, max_length=2)] | None = None
    pair: tuple[float, float] | None = None
    at: Annotated[datetime, Meta(tz=True)] | None = None
    day: date | None = None
    id: UUID | None = None
    role: Literal["admin", "dispatcher"] | None = None
    is_on: bool = False
    inner: Inner | None = None
    inners: list[Inner] = []


EXPECTED = {
    '{"low":0}': Fault("low", Code.TOO_SMALL, "must be at least 1", 1),
    '{"low":6}': Fault("low", Code.TOO_LARGE, "must be at most 5", 5),
    '{"open":0}': Fault("open", Code.TOO_SMALL, "must be greater than 0", 0),
    '{"open":2.5}': Fault("open", Code.TOO_LARGE, "must be less than 2.5", 2.5),
    '{"open":1e999}': Fault("open", Code.WRONG_TYPE, "must be a number that fits into 64 bits"),
    '{"low":"x"}': Fault("low", Code.WRONG_TYPE, "must be an integer, not a string"),
    '{"isOn":1}': Fault("isOn", Code.WRONG_TYPE, "must be true or false, not an integer"),
    '{"id":5}': Fault("id", Code.WRONG_TYPE, "must be a UUID or null, not an integer"),
    '{"name":"a"}': Fault("name", Code.TOO_SHORT, "must have at least 2 characters", 2),
    '{"one":""}': Fault("one", Code.TOO_SHORT, "must have at least 1 character", 1),
    '{"name":"abcd"}': Fault("name", Code.TOO_LONG, "must have at most 3 characters", 3),
    '{"items":[]}': Fault("items", Code.TOO_SHORT, "must have at least 1 item", 1),
    '{"items":[1,2,3]}': Fault("items", Code.TOO_LONG, "must have at most 2 items", 2),
    '{"pair":[1]}': Fault("pair", Code.WRONG_TYPE, "must have 2 items", 2),
    '{"word":"A"}': Fault("word", Code.PATTERN, r"must match the pattern ^[a-z\d`']+$"),
    '{"at":"x"}': Fault("at", Code.WRONG_TYPE, "must be an RFC 3339 date and time, as 2026-07-14T09:30:00Z"),
    '{"at":"2026-07-14T09:30:00"}': Fault("at", Code.WRONG_TYPE, "must have a time zone: Z or an offset, as +02:00"),
    '{"day":"x"}': Fault("day", Code.WRONG_TYPE, "must be a date as YYYY-MM-DD"),
    '{"id":"x"}': Fault("id", Code.WRONG_TYPE, "must be a UUID"),
    '{"role":"boss"}': Fault(
        "role", Code.NOT_ALLOWED, "must be one of: admin, dispatcher", None, ["admin", "dispatcher"]
    ),
    '{"inner":{}}': Fault("inner.n", Code.REQUIRED, "required"),
    '{"inners":[{"n":1},{"n":"x"}]}': Fault("inners[1].n", Code.WRONG_TYPE, "must be an integer, not a string"),
    '{"inners":[{"n":1,"kind":"bus"}]}': Fault(
        "inners[0].kind", Code.NOT_ALLOWED, "must be one of: car, van", None, ["car", "van"]
    ),
    '{"inner":{"n":1,"x":2}}': Fault(
        "inner.x", Code.UNKNOWN, "unknown field; known fields: n, kind", None, ["n", "kind"]
    ),
    "[]": Fault("", Code.WRONG_TYPE, "must be an object, not an array"),
    "{": Fault("", Code.MALFORMED, "not JSON: the text ends early"),
    "x": Fault("", Code.MALFORMED, "not JSON: invalid character (byte 0)"),
}


def refused(text: str, kind: Any) -> Exception:
    with pytest.raises(NOT_DECODED) as refusal:
        msgspec.json.decode(text, type=kind)
    return refusal.value


@pytest.mark.parametrize("text", EXPECTED)
def test_an_error_has_field_code_and_words(text: str) -> None:
    assert fault_of(refused(text, Whole), Whole) == EXPECTED[text]


class Circle(Struct, tag_field="type", tag="Point"):
    radius: float = 1.0


class Line(Struct, tag_field="type", tag="LineString"):
    width: float = 1.0


class Fence(Struct):
    shape: Circle | Line


def test_the_types_of_an_object_are_listed() -> None:
    fault = fault_of(refused('{"shape":{"type":"circle"}}', Fence), Fence)
    allowed = ["Point", "LineString"]
    assert fault == Fault("shape.type", Code.NOT_ALLOWED, "must be one of: Point, LineString", None, allowed)


def test_without_the_type_the_allowed_values_are_not_listed() -> None:
    assert fault_of(refused('{"role":"boss"}', Whole)) == Fault("role", Code.NOT_ALLOWED, "is not an allowed value")
    assert fault_of(refused('{"x":1}', Whole)) == Fault("x", Code.UNKNOWN, "unknown field")


def test_the_name_of_an_unknown_field_is_cut() -> None:
    assert fault_of(refused(f'{{"{"x" * 9_000}":1}}', Whole)).field == "x" * 40


def test_values_that_are_text_are_not_told_apart_by_their_json_type() -> None:
    with pytest.raises(msgspec.ValidationError) as refusal:
        msgspec.convert({"low": "x"}, Whole, strict=False)
    assert fault_of(refusal.value, Whole, text=True).detail == "must be an integer"
    with pytest.raises(msgspec.ValidationError) as refusal:
        msgspec.convert({"low": "1" * 5_000}, Whole, strict=False)
    assert fault_of(refusal.value, Whole, text=True).detail == "must be a number that fits into 64 bits"


def test_bytes_that_no_decoder_reads() -> None:
    assert fault_of(refused("[" * 100_000, Any)).detail == "nested too deeply"
    with pytest.raises(UnicodeDecodeError) as refusal:
        b"\xff".decode()
    assert fault_of(refusal.value) == Fault("", Code.MALFORMED, "not UTF-8")


def test_every_field_of_a_fix_is_refused_in_our_words() -> None:
    for name in Fix.__struct_encode_fields__:
        for value in ("true", "-1e300", "1e300", '""', '"x"', "[]"):
            try:
                msgspec.json.decode(f'{{"latitude":1,"longitude":1,"{name}":{value}}}', type=Fix)
            except NOT_DECODED as error:
                fault = fault_of(error, Fix)
                assert fault.code is not Code.INVALID and "`" not in fault.detail, (name, value, fault)


def test_the_docs_list_each_code() -> None:
    table = DOCS.read_text().partition("| code | ")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(Code)
