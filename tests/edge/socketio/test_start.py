"""Socket.IO is off by default, and a hub without the extra says what is missing."""

from __future__ import annotations

import pytest

from hub.edge import app
from hub.settings import Settings
from hub.startup import StartupError
from tests.support.api.calls import get
from tests.support.running import Edge


def test_it_is_off_by_default(hub: Edge) -> None:
    assert get(hub, "/socket.io/?EIO=4&transport=polling").status == 404


def test_without_the_extra_the_start_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "find_spec", lambda name: None)

    class Parts:
        settings = Settings(socketio="on")

    with pytest.raises(StartupError, match=r"HUB_SOCKETIO: .*\[socketio\]"):
        app._socketio(Parts())  # type: ignore[arg-type]
