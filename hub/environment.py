"""Settings from the environment of a process, and the environment of its children."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from hub.kept_secret import AUTO, kept_secret
from hub.permissions import Exposed, read_secret
from hub.settings import OTHERS, PREFIX, RENAMED, SECRETS, Settings, SettingsError
from hub.wire.validation import fault_of


def load(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Settings from the environment; ``overrides`` (command line) win when not None. Raises ``SettingsError``.

    An unknown ``HUB_*`` variable is an error, so that a misspelt limit is noticed.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    for variable, value in environ.items():
        if not variable.startswith(PREFIX) or variable in OTHERS:
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name.endswith("_file") and name.removesuffix("_file") in Settings.__struct_fields__:
            name = name.removesuffix("_file")
            try:
                value = read_secret(Path(value), provided=True) if name in SECRETS else Path(value).read_text().strip()
            except (OSError, Exposed) as error:
                raise SettingsError(f"{variable}: {error}") from error
        if name in RENAMED:
            raise SettingsError(f"{variable}: renamed to {PREFIX}{RENAMED[name].upper()}")
        if name not in Settings.__struct_fields__:
            raise SettingsError(f"{variable}: unknown setting; `hub config` lists all settings")
        values[name] = value
    values.update({name: value for name, value in overrides.items() if value is not None})
    try:
        settings = msgspec.convert(values, Settings, strict=False, dec_hook=_decode)
    except msgspec.ValidationError as error:
        fault = fault_of(error, Settings, text=True)
        raise SettingsError(f"{PREFIX}{fault.field.upper()}: {fault.detail}") from error
    if settings.jwt_secret == AUTO:
        try:
            secret = kept_secret(settings.data_dir)
        except OSError as error:
            raise SettingsError(f"HUB_JWT_SECRET: cannot store the secret in the data directory: {error}") from error
        except Exposed as error:
            raise SettingsError(f"HUB_JWT_SECRET: {error}") from error
        if not secret:  # the hub would be open
            raise SettingsError("HUB_JWT_SECRET: the secret file in the data directory is empty: remove it")
        settings = msgspec.structs.replace(settings, jwt_secret=secret)
    settings.check()
    return settings


def load_for(process: str) -> Settings:
    """Settings for a child process of the hub, which needs both stores. Raises ``SettingsError``."""
    settings = load()
    for name in ("redis_url", "database_url"):
        if not getattr(settings, name):
            raise SettingsError(f"{PREFIX}{name.upper()}: required by the {process}; `hub serve` starts one by itself")
    return settings


def environment(settings: Settings) -> dict[str, str]:
    """Environment for a child process: that of this process, with its ``HUB_*`` variables replaced by ``settings``."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    values = msgspec.structs.asdict(settings)
    return inherited | {PREFIX + name.upper(): str(value) for name, value in values.items() if value != ""}


def _decode(kind: type, value: Any) -> Any:
    if kind is Path:
        return Path(value).expanduser().absolute()
    raise NotImplementedError(kind)
