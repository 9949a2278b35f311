"""Texts of registry fields and accounts, with what they may contain."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

Id = Annotated[str, Meta(pattern=r"^(?!\.{1,2}$)[A-Za-z0-9._:-]{1,64}$(?!\n)")]
"""``ID_PATTERN`` as a schema can say it; its ``$`` alone would let a line feed pass."""

_PRINTABLE = r"^(?!.*[\x00-\x1f\x7f])"
"""Text of one line: PostgreSQL cannot store NUL, and other control characters would break a list on a terminal."""

Name = Annotated[str, Meta(max_length=100, pattern=_PRINTABLE)]
KeyName = Annotated[str, Meta(min_length=1, max_length=100, pattern=_PRINTABLE)]
"""Name of an API key, by which it is found when it must be revoked."""

SearchText = Annotated[str, Meta(min_length=1, max_length=100, pattern=_PRINTABLE)]
"""A text that is searched."""

Short = Annotated[str, Meta(max_length=40, pattern=_PRINTABLE)]
"""A phone number, a licence plate."""

Notes = Annotated[str, Meta(max_length=2_000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
"""Text of several lines: without control characters except tab and line feed. A page of a notebook."""

Groups = Annotated[list[Id], Meta(max_length=50)]
"""Names of groups."""

Username = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$(?!\n)")]
"""A name or an e-mail address, in any case; it is kept in lower case."""
