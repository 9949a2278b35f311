"""Comparing what a decoder made with what is written in a table."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from hub.core.nouns import Fix
from hub.wire.codec import BadMessage


def said(fix: Fix | BadMessage) -> dict[str, Any] | str:
    """The known fields of a fix, floats to nine digits; or the field that was wrong with it."""
    if isinstance(fix, BadMessage):
        return fix.field or fix.code
    fields = {name: value for name, value in msgspec.structs.asdict(fix).items() if value is not None}
    attributes = bytes(fields.pop("attributes"))
    if attributes:
        fields["attributes"] = json.loads(attributes)
    return {name: round(value, 9) if isinstance(value, float) else value for name, value in fields.items()}
