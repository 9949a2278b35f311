"""The user of a command, as the audit log names it."""

from __future__ import annotations

import getpass
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hub.core.audit import Actor


def operator(fleet: str) -> Actor:
    """The user of this command as an actor on a fleet."""
    from hub.core.audit import Actor, ActorKind

    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in a container
        name = f"uid {os.getuid()}"
    return Actor(fleet, ActorKind.COMMAND, name)
