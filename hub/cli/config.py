"""``hub config``: the effective settings, and the documents that are generated from ``hub.settings``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import click

if TYPE_CHECKING:
    from hub.settings import Settings


@click.command("config")
@click.option("--env", "document", flag_value="env", help="Print every setting with its default, as a file .env.")
@click.option("--markdown", "document", flag_value="markdown", help="Print the reference of the settings as Markdown.")
def config(document: str | None) -> None:
    """Print the effective settings, with secrets masked.

    A comment names the environment variable that sets a value.
    """
    if document is None:
        effective()
    else:
        click.echo(env_example() if document == "env" else markdown(), nl=False)


def effective() -> None:
    from hub.environment import load
    from hub.settings import PREFIX, masked

    for name, value in masked(load()).items():
        variable = PREFIX + name.upper()
        source = next((source for source in (variable, f"{variable}_FILE") if source in os.environ), None)
        note = f"  # from {source}" if source else ""
        click.echo(f"{variable}={value}{note}")


class Setting(NamedTuple):
    variable: str
    default: str
    text: str


def sections() -> Iterator[tuple[str, list[Setting]]]:
    """Headings and settings, in the order of ``SECTIONS``. Raises ``ValueError`` for a setting without a text."""
    from hub.settings import PREFIX, SECTIONS, Settings

    texts, defaults = _texts(), Settings()
    found: dict[str, list[Setting]] = {heading: [] for heading in SECTIONS.values()}
    heading = ""
    for name in Settings.__struct_fields__:
        if name not in texts:
            raise ValueError(f"hub/settings.py: {name} needs a string below it that describes it")
        heading = SECTIONS.get(name, heading)
        found[heading].append(Setting(PREFIX + name.upper(), _default(defaults, name), texts[name]))
    yield from found.items()


def env_example() -> str:
    """The content of ``.env.example``."""
    import textwrap

    lines = [
        "# All settings with their defaults. Copy this file to .env, remove the # of a setting and change its value.",
        "# docker compose passes it to the hub; in a shell: set -a; . ./.env; set +a; hub serve",
        "# Generated from hub/settings.py by `make docs`.",
    ]
    for heading, settings in sections():
        lines += ["", f"# --- {heading} ---"]
        for setting in settings:
            lines += ["", *textwrap.wrap(setting.text, 118, initial_indent="# ", subsequent_indent="# ")]
            lines.append(f"#{setting.variable}={setting.default}")
    return "\n".join(lines) + "\n"


def markdown() -> str:
    """The content of docs/settings.md."""
    import re

    lines = [
        "# Settings",
        "",
        "<!-- Generated from hub/settings.py by `make docs`. -->",
        "",
        "All settings, with their defaults. How to set them: [operations](operations.md#settings).",
    ]
    for heading, settings in sections():
        lines += ["", f"## {heading}", "", "| variable | default | description |", "|---|---|---|"]
        for setting in settings:
            default = f"`{setting.default}`" if setting.default else "empty"
            text = re.sub(r"docs/(\w+\.md)", r"[\1](\1)", setting.text)
            lines.append(f"| `{setting.variable}` | {default} | {text} |")
    return "\n".join(lines) + "\n"


def _texts() -> dict[str, str]:
    """Setting -> the string below it, which Python itself does not keep."""
    import ast
    import inspect

    from hub.config.tracing import TracingSettings
    from hub.settings import (
        DatabaseSettings,
        JobSettings,
        LoginSettings,
        PartitionSettings,
        PlanSettings,
        ProcessSettings,
        Settings,
    )

    parts = (
        DatabaseSettings,
        LoginSettings,
        ProcessSettings,
        TracingSettings,
        PartitionSettings,
        JobSettings,
        PlanSettings,
        Settings,
    )
    texts = {}
    for part in parts:
        body = ast.parse(inspect.getsource(part)).body[0]
        assert isinstance(body, ast.ClassDef)
        for field, below in zip(body.body, body.body[1:], strict=False):
            match field, below:
                case ast.AnnAssign(target=ast.Name(name)), ast.Expr(ast.Constant(str(text))):
                    texts[name] = " ".join(text.split())
    return texts


def _default(defaults: Settings, name: str) -> str:
    """A default as a variable's value. That of the data directory depends on the user."""
    if name == "data_dir":
        return "~/.local/share/hub"
    value = getattr(defaults, name)
    return (
        f"{value:g}"
        if isinstance(value, float) and value < 1e6
        else f"{value:.0f}"
        if isinstance(value, float)
        else str(value)
    )
