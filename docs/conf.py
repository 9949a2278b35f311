"""The documentation site: `make docs` builds it into `site/`, with warnings as errors."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

project = "Location hub"
author = "The Location hub authors"
release = version = PROJECT["version"]

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
myst_heading_anchors = 4
nitpicky = True
# Blocks that are not in a language of their own: conversations on `/ws`, and JSON with places left open.
highlight_language = "none"

html_theme = "furo"
html_title = f"Location hub {release}"
html_copy_source = False
html_show_sphinx = False


def leave_the_site(_app: object, _name: str, source: list[str]) -> None:
    """Links to files of the repository outside of ``docs`` become plain text: the site does not have them. It has
    ``SECURITY.md`` as ``security.md``."""
    source[0] = source[0].replace("](../SECURITY.md", "](security.md")
    source[0] = re.sub(r"\[([^\]]+)\]\((?:\.\./)+(?!docs/)[^)]*\)", r"\1", source[0])


def setup(app) -> None:  # type: ignore[no-untyped-def]
    app.connect("source-read", leave_the_site)
