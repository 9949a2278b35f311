"""The documents agree with the code."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable

import pytest

from hub.cli.config import env_example, markdown
from hub.environment import load
from hub.logs import Action
from hub.settings import PREFIX, Settings
from tests.support.repository import ROOT

VARIABLES = {PREFIX + name.upper() for name in Settings.__struct_fields__}


def rows(document: str, first: str) -> dict[str, str]:
    """First and second cell of the rows of a document's table whose first cell matches ``first``."""
    text = (ROOT / document).read_text()
    return dict(re.findall(rf"^\| `({first})` \| (.*?) \|", text, re.MULTILINE))


def assert_defaults(listed: dict[str, str]) -> None:
    """Each default in a document, read as a user's setting, is the default of the code."""
    assert set(listed) == VARIABLES
    del listed["HUB_DATA_DIR"]  # depends on the user
    assert load({name: value for name, value in listed.items() if value}) == Settings()
    assert {name for name, value in listed.items() if not value} == {
        PREFIX + name.upper() for name in Settings.__struct_fields__ if getattr(Settings(), name) == ""
    }


@pytest.mark.parametrize(("file", "generate"), [(".env.example", env_example), ("docs/settings.md", markdown)])
def test_the_generated_file_is_current(file: str, generate: Callable[[], str]) -> None:
    assert (ROOT / file).read_text() == generate(), f"{file} differs from hub/settings.py: run `make docs`"


def test_the_generated_files_list_every_setting_with_its_default() -> None:
    assert_defaults(dict(re.findall(r"^#(HUB_[A-Z_]+)=(.*)$", env_example(), re.MULTILINE)))
    listed = rows("docs/settings.md", "HUB_[A-Z_]+")
    assert_defaults({name: cell.strip("`").removeprefix("empty") for name, cell in listed.items()})


def test_every_action_of_the_logs_is_explained() -> None:
    assert set(rows("docs/operations.md", "[a-z]+(?:_[a-z]+)*")) == set(Action)


def test_every_action_of_the_logs_is_logged() -> None:
    code = "".join(file.read_text() for file in (ROOT / "hub").rglob("*.py"))
    assert {action.name for action in Action} == set(re.findall(r"\bAction\.([A-Z_]+)\b", code)) - {"X"}


def test_the_image_has_every_small_extra_of_a_running_hub() -> None:
    """Not ``parquet`` and ``optimize``, each of which is larger than all the rest."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = ",".join(
        sorted(
            project["optional-dependencies"].keys() - {"test", "bench", "docs", "deploy", "dev", "parquet", "optimize"}
        )
    )
    file = (ROOT / "Dockerfile").read_text()
    assert f"'.[{extras}]'" in file and f"'location-hub[{extras}]'" in file


DOCUMENTS = sorted(str(path.relative_to(ROOT)) for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_between_documents_lead_somewhere(document: str) -> None:
    path = ROOT / document
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text()):
        assert (path.parent / target).exists(), f"{document} links to {target}"


PLACES = ["", "hub", "tests", "clients/web", "docs"]
"""Folders to which the paths in documents are relative."""


@pytest.mark.parametrize("document", DOCUMENTS)
def test_files_that_documents_name_exist(document: str) -> None:
    named = re.findall(
        r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|m?js|sql|sh|css|toml|yml|json|md))`", (ROOT / document).read_text()
    )
    missing = [path for path in named if not any((ROOT / place / path).exists() for place in PLACES)]
    assert missing == []


def test_every_message_that_stops_the_start_is_explained() -> None:
    explained = (ROOT / "docs/operations.md").read_text().split("## Startup errors")[1]
    missing = []
    for file in sorted((ROOT / "hub").rglob("*.py")):
        for message in re.findall(r"StartupError\(\s*f?\"(.*?)\"", file.read_text()):
            fixed = [part.strip() for part in re.split(r"\{.*?\}|[:;,(`]", message) if len(part.strip()) >= 8]
            if fixed and fixed[0] not in explained:
                missing.append(f"{file.name}: {message}")
    assert missing == []


def test_the_reading_order_is_short() -> None:
    """A newcomer reads at most ten files and 2,500 lines."""
    section = (ROOT / "README.md").read_text().split("## Source, in reading order")[1]
    files = re.findall(r"^\| `(\S+\.py)` \|", section, re.MULTILINE)
    assert 0 < len(files) <= 10
    assert sum(len((ROOT / file).read_text().splitlines()) for file in files) <= 2_500


def test_the_license_and_the_community_files_are_linked() -> None:
    readme = (ROOT / "README.md").read_text()
    assert [name for name in ("LICENSE", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md") if name not in readme] == []


def test_every_page_is_in_the_index_of_the_site() -> None:
    """A page without a link is not found; Sphinx reports only pages that no table of contents has."""
    pages = {str(path.relative_to(ROOT / "docs")) for path in (ROOT / "docs").rglob("*.md")} - {"index.md"}
    assert set(re.findall(r"\]\((.*?\.md)\)", (ROOT / "docs/index.md").read_text())) == pages


def test_the_python_versions_are_those_of_continuous_integration() -> None:
    classified = re.findall(r'"Programming Language :: Python :: (3\.\d+)"', (ROOT / "pyproject.toml").read_text())
    matrix = re.search(r"python: \[(.*)\]", (ROOT / ".github/workflows/ci.yml").read_text())
    assert matrix is not None
    assert re.findall(r"3\.\d+", matrix[1]) == classified
