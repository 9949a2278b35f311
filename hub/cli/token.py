"""``hub token``: signs a token with the hub's secret."""

from __future__ import annotations

import re
from datetime import timedelta

import click

from hub.cli.options import check_id
from hub.startup import StartupError


def lifetime(context: click.Context, parameter: click.Parameter, value: str) -> timedelta:
    """Parses ``90s``, ``30m``, ``12h`` or ``1d``."""
    units = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
    match = re.fullmatch(r"([1-9][0-9]{0,7})([smhd])", value)
    if not match:
        raise click.BadParameter("must be a number and a unit, such as 90s, 30m, 12h or 1d")
    return timedelta(**{units[match[2]]: int(match[1])})


@click.command()
@click.option("--role", type=click.Choice(["driver", "dispatcher", "gateway", "admin"]), required=True)
@click.option("--fleet", required=True, help="Id of the fleet.")
@click.option("--driver", help="Id of the driver; required with --role driver.")
@click.option(
    "--ttl", callback=lifetime, default="1d", show_default=True, help="Lifetime, such as 90s, 30m, 12h or 1d."
)
def token(role: str, fleet: str, driver: str | None, ttl: timedelta) -> None:
    """Sign a token with HUB_JWT_SECRET and print it."""
    from hub.identity.tokens import issue
    from hub.settings import load

    check_id(fleet, "--fleet")
    if driver is not None:
        check_id(driver, "--driver")
    if (role == "driver") != (driver is not None):
        raise click.UsageError("--driver is required with --role driver, and not allowed with another role")
    settings = load()
    if ttl.total_seconds() > settings.jwt_max_lifetime:
        detail = f"must be at most {settings.jwt_max_lifetime:.0f} s (HUB_JWT_MAX_LIFETIME)"
        raise click.BadParameter(detail, param_hint="--ttl")
    if not settings.jwt_secret:
        raise StartupError("HUB_JWT_SECRET is not set: without it the hub has no tokens of its own")
    click.echo(issue(settings, fleet, role, driver or role, int(ttl.total_seconds()), driver=driver))
