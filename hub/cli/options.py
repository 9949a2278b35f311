"""Options shared by several commands, and the check of ids."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

data_dir_option = click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Directory of the embedded services.  [HUB_DATA_DIR]",
)
fleet_option = click.option("--fleet", help="Id of the fleet.  [HUB_DEFAULT_FLEET, default default]")


def lifetime(context: click.Context, parameter: click.Parameter, value: str | None) -> timedelta | None:
    """Parses ``90s``, ``30m``, ``12h`` or ``1d``; None stays."""
    import re

    if value is None:
        return None
    units = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
    match = re.fullmatch(r"([1-9][0-9]{0,7})([smhd])", value)
    if not match:
        raise click.BadParameter("must be a number and a unit, such as 90s, 30m, 12h or 1d")
    return timedelta(**{units[match[2]]: int(match[1])})


def check_id(value: str, parameter: str) -> None:
    """Raises ``click.BadParameter`` for an invalid id of a fleet or driver."""
    from hub.core.nouns import ID_PATTERN

    if not ID_PATTERN.match(value):
        raise click.BadParameter("must be 1 to 64 letters, digits, or any of . _ : -", param_hint=parameter)
