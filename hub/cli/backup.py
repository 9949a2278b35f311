"""``hub backup`` and ``hub restore``: both stores of a hub, from and to a directory."""

from __future__ import annotations

from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import click

from hub.cli.database import settings_of
from hub.cli.options import data_dir_option

Result = TypeVar("Result")


@click.command("backup")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--keep", type=click.IntRange(1), help="Backups to keep in DIRECTORY; older ones are deleted afterwards.")
@data_dir_option
def backup(directory: Path, keep: int | None, data_dir: Path | None) -> None:
    """Back up Redis and PostgreSQL into a new folder of DIRECTORY.

    The hub may run. The backup is read again before it gets its name, hub-<time in UTC>. It holds every position that
    was acknowledged before the command began.
    """
    from hub.backup.folder import remove_beyond
    from hub.backup.write import write

    folder, manifest = _run(write(settings_of(data_dir), directory))
    size = sum(file.size for file in manifest.files.values())
    click.echo(
        f"{folder}: {manifest.rows.get('positions', 0):,} positions and {manifest.log_entries:,} entries of the log, "
        f"{size / 1e6:,.1f} MB, verified"
    )
    for old in remove_beyond(directory, keep) if keep is not None else ():
        click.echo(f"deleted {old}")


@click.command("restore")
@click.argument("folder", metavar="BACKUP", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Replace the data of a target that is not empty.")
@data_dir_option
def restore(folder: Path, replace: bool, data_dir: Path | None) -> None:
    """Restore what `hub backup` wrote.

    BACKUP is its folder; the target are the stores of these settings, and no hub may use them. The backup is verified
    first. PostgreSQL is restored in one transaction; then all rows are counted, and Redis is read again and compared.
    """
    from hub.backup import restore as restoring

    manifest = _run(restoring.restore(settings_of(data_dir), folder, replace=replace))
    click.echo(
        f"Restored {manifest.rows.get('positions', 0):,} positions and {manifest.log_entries:,} entries of the log "
        f"of {manifest.created_at:%Y-%m-%d %H:%M:%S} UTC. Start the hub."
    )


def _run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a command. Raises ``StartupError``, and ``click.ClickException`` if it fails."""
    import uvloop

    from hub.backup.folder import BackupError

    try:
        return uvloop.run(work)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
