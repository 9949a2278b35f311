"""``hub config``: the documents that are generated from the settings."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from hub import settings
from hub.cli.config import config, sections


def test_every_setting_has_a_text_of_whole_sentences() -> None:
    texts = {setting.variable: setting.text for _, group in sections() for setting in group}
    assert len(texts) == len(settings.Settings.__struct_fields__)
    # A "|" would end a cell of the Markdown table.
    assert {name: text for name, text in texts.items() if not text[0].isupper() or text[-1] != "." or "|" in text} == {}


def test_each_section_begins_with_a_setting() -> None:
    assert [heading for heading, _ in sections()] == list(dict.fromkeys(settings.SECTIONS.values()))


def test_a_setting_without_a_text_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.cli.config._texts", dict)
    with pytest.raises(ValueError, match=r"hub/settings\.py: database_url needs a string below it"):
        list(sections())


def test_the_documents_need_no_valid_environment() -> None:
    """They help to correct it."""
    shown = CliRunner().invoke(config, ["--env"], env={"HUB_PROT": "1"})
    assert (shown.exit_code, "#HUB_PORT=8080\n" in shown.output) == (0, True)
