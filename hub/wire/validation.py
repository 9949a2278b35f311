"""The errors of msgspec as field, code and plain words: the one place that reads their English.

Messages of ``/ws``, bodies and queries of HTTP, and settings are all refused with these words.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec
from msgspec import inspect

LONGEST_NAME = 40
"""Characters of an unknown field's name that an error repeats."""


class Code(StrEnum):
    """``code`` of an error of a field. docs/api.md lists each; a test compares."""

    REQUIRED = "required"  # the field is missing
    UNKNOWN = "unknown"  # no field has this name; `allowed` lists the names
    REPEATED = "repeated"  # a parameter is given more than once
    WRONG_TYPE = "wrong_type"  # another JSON type, or text that is not of the type
    TOO_SMALL = "too_small"  # a number below `limit`
    TOO_LARGE = "too_large"  # a number above `limit`
    TOO_SHORT = "too_short"  # fewer characters or items than `limit`
    TOO_LONG = "too_long"  # more characters or items than `limit`
    PATTERN = "pattern"  # text that does not match the pattern of the field
    NOT_ALLOWED = "not_allowed"  # a value outside the list `allowed`
    MALFORMED = "malformed"  # not JSON
    INVALID = "invalid"  # a rule beyond the type; `detail` states it


class Fault(NamedTuple):
    """One thing that is wrong. ``field`` is its path in the words of the wire, empty for the whole message."""

    field: str
    code: Code
    detail: str
    limit: float | None = None
    allowed: list[str] | None = None


NOT_DECODED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""Errors of msgspec's decoders for invalid bytes; ``ValidationError`` is a ``DecodeError``."""

TYPES = {
    "int": "an integer",
    "float": "a number",
    "str": "a string",
    "bool": "true or false",
    "array": "an array",
    "object": "an object",
    "datetime": "an RFC 3339 date and time",
    "date": "a date as YYYY-MM-DD",
    "uuid": "a UUID",
}
"""Type in the words of msgspec -> in ours; the others stay."""

_PATH = re.compile(r" - at `\$\.?(?P<path>[^`]*)`\Z")
_MISSING = re.compile(r"Object missing required field `(?P<name>.*)`\Z", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<name>.*)`\Z", re.DOTALL)
_LENGTH = re.compile(r"Expected `(?P<type>str|array|object|bytes)` of length (?P<bound>[<>]=)? ?(?P<limit>\d+)\Z")
_BOUND = re.compile(r"Expected `\w+` (?P<bound>[<>]=?) (?P<limit>[-+.\deE]+)\Z")
_TYPE = re.compile(r"Expected `(?P<types>[^`]*)`, got `(?P<got>[^`]*)`\Z")
_REGEX = re.compile(r"Expected `str` matching regex (?P<regex>.*)\Z", re.DOTALL)
_STEP = re.compile(r"[^.\[\]]+")

_BOUNDS = {
    ">=": (Code.TOO_SMALL, "must be at least"),
    ">": (Code.TOO_SMALL, "must be greater than"),
    "<=": (Code.TOO_LARGE, "must be at most"),
    "<": (Code.TOO_LARGE, "must be less than"),
}

_FORMATS = {
    "Invalid RFC3339 encoded datetime": f"must be {TYPES['datetime']}, as 2026-07-14T09:30:00Z",
    "Expected `datetime` with a timezone component": "must have a time zone: Z or an offset, as +02:00",
    "Invalid RFC3339 encoded date": f"must be {TYPES['date']}",
    "Invalid UUID": "must be a UUID",
}


def fault_of(error: Exception, kind: Any = None, *, text: bool = False) -> Fault:
    """The fault that an error of msgspec reports. ``kind`` is the type that was decoded, from which ``allowed`` is
    read. ``text``: every value was given as text, so its JSON type does not matter."""
    if not isinstance(error, msgspec.ValidationError):
        return Fault("", Code.MALFORMED, _malformed(error))
    message = str(error)
    place = _PATH.search(message)
    path = place["path"] if place else ""
    message = message[: place.start()] if place else message
    if match := _BOUND.match(message):
        code, words = _BOUNDS[match["bound"]]
        return Fault(path, code, f"{words} {number(match['limit'])}", float(match["limit"]))
    if match := _TYPE.match(message):
        got = match["got"]
        other = "" if text else f", not {TYPES.get(got, got)}"
        return Fault(path, Code.WRONG_TYPE, f"must be {_types(match['types'])}{other}")
    if match := _MISSING.match(message):
        return Fault(_joined(path, match["name"]), Code.REQUIRED, "required")
    if match := _UNKNOWN.match(message):
        names = _names(kind, path)
        known = f"; known fields: {', '.join(names)}" if names else ""
        return Fault(_joined(path, match["name"][:LONGEST_NAME]), Code.UNKNOWN, f"unknown field{known}", None, names)
    if match := _LENGTH.match(message):
        return _length(path, match)
    if match := _REGEX.match(message):
        return Fault(path, Code.PATTERN, f"must match the pattern {ast.literal_eval(match['regex'])}")
    if message.startswith(("Invalid enum value", "Invalid value")):
        allowed = _values(kind, path)
        words = f"must be one of: {', '.join(allowed)}" if allowed else "is not an allowed value"
        return Fault(path, Code.NOT_ALLOWED, words, None, allowed)
    if message in _FORMATS:
        return Fault(path, Code.WRONG_TYPE, _FORMATS[message])
    if message.endswith("out of range"):
        return Fault(path, Code.WRONG_TYPE, "must be a number that fits into 64 bits")
    return Fault(path, Code.INVALID, message)


def in_words(error: Exception) -> str:
    """What an error of msgspec reports, on one line: the field, if it is one's, and what is wrong."""
    fault = fault_of(error)
    return f"{fault.field}: {fault.detail}" if fault.field else fault.detail


def number(text: str) -> str:
    """A limit as it is written by hand: 90, not 90.0."""
    return text.removesuffix(".0")


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _types(types: str) -> str:
    return " or ".join(TYPES.get(name, name) for name in types.split(" | "))


def _length(path: str, match: re.Match[str]) -> Fault:
    limit = int(match["limit"])
    noun = {"str": "character", "bytes": "byte"}.get(match["type"], "item") + ("" if limit == 1 else "s")
    if match["bound"] is None:
        return Fault(path, Code.WRONG_TYPE, f"must have {limit} {noun}", limit)
    if match["bound"] == ">=":
        return Fault(path, Code.TOO_SHORT, f"must have at least {limit} {noun}", limit)
    return Fault(path, Code.TOO_LONG, f"must have at most {limit} {noun}", limit)


def _malformed(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deeply"
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8"
    message = str(error)
    if message == "Input data was truncated":
        return "not JSON: the text ends early"
    return f"not JSON: {message.removeprefix('JSON is malformed: ')}"


def _names(kind: Any, path: str) -> list[str] | None:
    """The fields of the object at a path of a type."""
    return [field.encode_name for info in _at(kind, path) for field in getattr(info, "fields", ())] or None


def _values(kind: Any, path: str) -> list[str] | None:
    """The allowed values at a path of a type."""
    values: list[str] = []
    for info in _at(kind, path):
        match info:
            case inspect.LiteralType(values=literals):
                values += map(str, literals)
            case inspect.EnumType(cls=enum):
                values += [str(member.value) for member in enum]
    return values or None


def _at(kind: Any, path: str) -> list[Any]:
    """The types that a value at a path may have."""
    if kind is None:
        return []
    infos = [*_flat(inspect.type_info(kind))]
    for step in _STEP.findall(path):
        infos = [found for info in infos for inner in _inner(info, step) for found in _flat(inner)]
    return infos


def _inner(info: Any, step: str) -> list[Any]:
    match info:
        case inspect.StructType(tag_field=tag_field, tag=tag) if tag_field == step:
            return [inspect.LiteralType((tag,))]
        case inspect.StructType(fields=fields):
            return [field.type for field in fields if field.encode_name == step]
        case inspect.ListType(item_type=item):
            return [item]
        case inspect.TupleType(item_types=items) if step.isdecimal():
            return [*items[int(step) :][:1]]
        case inspect.DictType(value_type=value):
            return [value]
    return []


def _flat(info: Any) -> Iterator[Any]:
    match info:
        case inspect.Metadata(type=inner):
            yield from _flat(inner)
        case inspect.UnionType(types=types):
            for each in types:
                yield from _flat(each)
        case _:
            yield info
