"""Log lines as JSON and on a terminal."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from hub import logs
from hub.logs import Action


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Restore the logging configuration, which is one per process."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    root.handlers = handlers
    root.setLevel(level)


def test_a_line_is_one_json_object_that_begins_with_what_happened(capsys: pytest.CaptureFixture[str]) -> None:
    logs.setup(style="json", process="recorder")
    structlog.get_logger().info(Action.RECORDER_STARTED, offset="0-0")
    line = json.loads(capsys.readouterr().err)
    assert list(line) == ["ts", "level", "process", "action", "offset"]
    assert line["ts"].endswith("Z")
    assert [line[key] for key in ("level", "process", "action", "offset")] == [
        "info",
        "recorder",
        "recorder_started",
        "0-0",
    ]


def test_the_level_is_a_setting(capsys: pytest.CaptureFixture[str]) -> None:
    logs.setup(level="warning", style="json")
    structlog.get_logger().info(Action.SERVE_STARTED)
    structlog.get_logger().warning(Action.LOG_UNAVAILABLE)
    assert [json.loads(line)["action"] for line in capsys.readouterr().err.splitlines()] == ["log_unavailable"]


def test_warnings_of_libraries_are_logged_and_lower_levels_are_not(capsys: pytest.CaptureFixture[str]) -> None:
    logs.setup(style="json")
    logging.getLogger("uvicorn.error").info("a handshake with ?token=secret")
    try:
        raise ValueError("broken")
    except ValueError:
        logging.getLogger("asyncio").exception("a task failed: %s", "why")
    (line,) = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert (line["action"], line["logger"], line["message"]) == ("library", "asyncio", "a task failed: why")
    assert "ValueError: broken" in line["exception"]


def test_lines_on_a_terminal_are_readable_text(capsys: pytest.CaptureFixture[str]) -> None:
    logs.setup(style="console")
    structlog.get_logger().info(Action.SERVE_STARTED, host="127.0.0.1")
    assert "serve_started" in capsys.readouterr().err
