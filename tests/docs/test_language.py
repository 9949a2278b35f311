"""Plain English: turns that readers stumble over are not used, and the terms of the glossary are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.repository import ROOT

PATHS = ["*.md", "docs/**/*.md", "docs/examples/*.sh", "docs/examples/*.py", "schema.sql", "hub/**/*.py",
         "hub/**/*.sql", "clients/**/*.py", "clients/web/js/**/*.js", "clients/web/js/**/*.ts",
         "clients/web/*.mjs", "clients/js/**/*.js", "clients/js/**/*.ts", "clients/js/*.md",
         "*.yml", "deploy/**/*.*"]  # fmt: skip
"""Files whose text is checked: documents, and sources with their names, texts and comments."""

BANNED = {
    r"whoever": "name the person or client",
    r"whom": "name the person or client",
    r"nobody": "say what does not happen, or which login is not required",
    r"somebody": "name the role: a user, an operator, another client",
    r"anew": "again",
    r"beside": "next to, with, or besides",
    r"who (?:asks|waits|watches|comes|publishes|posts|looks)": "name the client",
    r"(?<!there )(?:is|are|was) no (?!longer|more)\w+": "is not a …, or is invalid",
    r"for (?:who|those who)": "name the person or client",
    r"stands in": "is in, or is described in",
    r"says of|believes?": "name the state or the fact",
}
"""Expression (whole words, any case) -> what to write instead."""

ANY = re.compile("|".join(rf"\b{turn}\b" for turn in BANNED), re.IGNORECASE)

FILES = sorted({
    path for pattern in PATHS for path in ROOT.glob(pattern) if "node_modules" not in path.parts
} - {ROOT / "LICENSE"})  # fmt: skip


def prose(text: str) -> str:
    """The text without blocks and spans of code, links' targets and HTML comments; lines keep their numbers."""

    def blank(found: re.Match[str]) -> str:
        return "\n" * found[0].count("\n")

    text = re.sub(r"^```.*?^```|<!--.*?-->", blank, text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"^ {4}[^ *-].*$", "", text, flags=re.MULTILINE)
    return re.sub(r"`[^`\n]*`|\]\([^)\n]*\)", "", text)


def found_in(text: str) -> list[str]:
    if not ANY.search(text):
        return []
    return [
        f"line {number}: “{match[0]}”: {advice}"
        for number, line in enumerate(text.splitlines(), 1)
        for turn, advice in BANNED.items()
        for match in re.finditer(rf"\b{turn}\b", line, re.IGNORECASE)
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_banned_turns_are_not_used(path: Path) -> None:
    text = path.read_text()
    assert found_in(prose(text) if path.suffix == ".md" else text) == []


@pytest.mark.parametrize("turn", ["Nobody is told.", "It is no JSON.", "the token of whoever asks", "counted anew"])
def test_a_banned_turn_is_found(turn: str) -> None:
    assert len(found_in(turn)) == 1


def test_code_is_not_prose() -> None:
    assert found_in(prose("`nobody`\n```sh\nwhoever\n```\n    nobody\n[x](nobody.md) <!-- anew -->")) == []


def terms() -> list[str]:
    rows = re.findall(r"^\| (\*\*.*?) \|", (ROOT / "docs/glossary.md").read_text(), re.MULTILINE)
    return [term for row in rows for term in re.findall(r"\*\*(.*?)\*\*", row)]


def test_every_term_of_the_glossary_is_used() -> None:
    documents = [path for path in (ROOT / "docs").rglob("*.md") if path.name != "glossary.md"]
    sources = [path for folder in ("hub", "clients") for path in (ROOT / folder).rglob("*.py")]
    used = " ".join(" ".join(path.read_text() for path in [*documents, *sources]).lower().split())
    assert [term for term in terms() if not re.search(rf"\b{re.escape(term.lower())}", used)] == []


def test_the_terms_are_read() -> None:
    assert {"fix", "latest position", "phone token"} <= set(terms())
