"""``hub token``: tokens signed with the hub's own secret."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from hub.cli.options import check_id
from hub.startup import StartupError

if TYPE_CHECKING:
    from hub.settings import Settings


def lifetime(context: click.Context, parameter: click.Parameter, value: str) -> timedelta:
    """``90s``, ``30m``, ``12h`` or ``1d``."""
    units = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
    found = re.fullmatch(r"([1-9][0-9]{0,7})([smhd])", value)
    if not found:
        raise click.BadParameter("write a number and a unit, as in 90s, 30m, 12h or 1d")
    return timedelta(**{units[found[2]]: int(found[1])})


@click.command()
@click.option("--role", type=click.Choice(["driver", "dispatcher", "gateway", "admin"]), required=True)
@click.option("--fleet", required=True, help="Id of the fleet.")
@click.option("--driver", help="Id of the driver, for the role driver.")
@click.option("--ttl", callback=lifetime, default="1d", show_default=True, help="Lifetime: 90s, 30m, 12h, 1d.")
def token(role: str, fleet: str, driver: str | None, ttl: timedelta) -> None:
    """Sign a token with HUB_JWT_SECRET and print it."""
    from hub.settings import load

    check_id(fleet, "--fleet")
    if driver is not None:
        check_id(driver, "--driver")
    if (role == "driver") != (driver is not None):
        raise click.UsageError("--driver goes with --role driver, and only with it")
    settings = load()
    if ttl.total_seconds() > settings.jwt_max_lifetime:
        most = f"the hub takes at most {settings.jwt_max_lifetime:.0f} s (HUB_JWT_MAX_LIFETIME)"
        raise click.BadParameter(most, param_hint="--ttl")
    click.echo(sign(settings, role, fleet, driver, ttl))


def sign(settings: Settings, role: str, fleet: str, driver: str | None, ttl: timedelta) -> str:
    """A token that a hub with these settings takes. Raises ``StartupError`` without a secret."""
    import jwt

    if not settings.jwt_secret:
        raise StartupError("HUB_JWT_SECRET is not set: without it the hub is open and needs no tokens")
    now = int(time.time())
    claims = {"sub": driver or role, "fleet": fleet, "role": role, "iat": now, "exp": now + int(ttl.total_seconds())}
    return jwt.encode(claims | ({"driver": driver} if driver else {}), settings.jwt_secret, algorithm="HS256")
