"""Settings from the environment of a process, and the environment of its children."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from hub.kept_secret import AUTO, has_kept_secret, kept_secret, new_secret, previous_secret, replace_secret
from hub.permissions import Exposed, read_secret
from hub.settings import OTHERS, PREFIX, RENAMED, SECRETS, Settings, SettingsError
from hub.wire.validation import fault_of

FIRST_PATIENCE = 10.0
"""Seconds that Redis has for the shared secret where the data directory has no copy."""


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
        settings = _with_generated_secret(settings)
    settings.check()
    return settings


def _with_generated_secret(settings: Settings) -> Settings:
    """The settings with the secret of the data directory, or with that of all hubs on the same Redis and database.
    Raises ``SettingsError``."""
    data_dir, shared = settings.data_dir, bool(settings.redis_url and settings.database_url)
    previous = settings.jwt_secret_previous
    try:
        used = has_kept_secret(data_dir)
        # Nothing is kept before Redis has answered: the next start would take it for the shared secret.
        secret = kept_secret(data_dir) if used or not shared else new_secret()
        if secret and shared:
            common = _shared_secret(settings, secret, used)
            if common != secret or not used:
                replace_secret(data_dir, common, used=used)
                secret = common
            previous = previous or previous_secret(data_dir)
    except OSError as error:
        raise SettingsError(f"HUB_JWT_SECRET: cannot store the secret in the data directory: {error}") from error
    except Exposed as error:
        raise SettingsError(f"HUB_JWT_SECRET: {error}") from error
    if not secret:  # the hub would be open
        raise SettingsError("HUB_JWT_SECRET: the secret file in the data directory is empty: remove it")
    return msgspec.structs.replace(settings, jwt_secret=secret, jwt_secret_previous=previous)


def _shared_secret(settings: Settings, own: str, used: bool) -> str:
    """The secret in Redis, or without an answer the own one if it was ``used``: a copy of it. Raises
    ``SettingsError``."""
    from hub.stores.redis.connection import UNAVAILABLE
    from hub.stores.redis.shared_secret import shared_secret

    patience = 0.0 if used else FIRST_PATIENCE
    try:
        return asyncio.run(
            shared_secret(settings.redis_url, own, answer_time=settings.redis_timeout, patience=patience)
        )
    except UNAVAILABLE as error:
        if used:
            return own
        raise SettingsError(
            "HUB_JWT_SECRET: auto takes the secret from Redis, where all hubs share it, and Redis does not answer: "
            f"{error}"
        ) from error
    except ValueError as error:
        raise SettingsError(f"HUB_REDIS_URL: {error}") from error


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
