"""Sealed secrets of channels."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from hub.permissions import Exposed
from hub.settings import Settings
from hub.stores.seal import FILE, Seal, Unreadable, seal_of

OLD, NEW = "the first secret of at least 32 bytes", "the next secret of at least 32 bytes."


def test_what_is_sealed_is_opened_in_its_place_only() -> None:
    seal = Seal(OLD)
    sealed = seal.close(b"secret", "channel 1")
    assert b"secret" not in sealed and sealed != seal.close(b"secret", "channel 1")
    assert Seal(OLD).open(sealed, "channel 1") == b"secret"
    for other in (Seal(OLD), Seal(NEW)):
        with pytest.raises(Unreadable):
            other.open(sealed, "channel 2")
    with pytest.raises(Unreadable):
        seal.open(sealed[:-1] + bytes([sealed[-1] ^ 1]), "channel 1")
    with pytest.raises(Unreadable):
        seal.open(b"", "channel 1")


def test_the_secret_before_opens_and_the_present_one_seals() -> None:
    sealed = Seal(OLD).close(b"x", "c")
    both = Seal(NEW, OLD)
    assert both.open(sealed, "c") == b"x"
    assert Seal(NEW).open(both.close(b"y", "c"), "c") == b"y"


def test_the_secret_is_the_setting_that_is_there(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    kept = seal_of(settings).close(b"x", "c")
    assert (tmp_path / "data" / FILE).stat().st_mode & 0o077 == 0
    assert seal_of(settings).open(kept, "c") == b"x"
    of_jwt = seal_of(msgspec.structs.replace(settings, jwt_secret=OLD))
    with pytest.raises(Unreadable):
        of_jwt.open(kept, "c")
    rotated = seal_of(msgspec.structs.replace(settings, jwt_secret=NEW, jwt_secret_previous=OLD))
    assert rotated.open(of_jwt.close(b"x", "c"), "c") == b"x"
    own = seal_of(msgspec.structs.replace(settings, jwt_secret=OLD, channel_secret=NEW))
    assert Seal(NEW).open(own.close(b"x", "c"), "c") == b"x"


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("x" * 40)
    (tmp_path / FILE).chmod(0o644)
    with pytest.raises(Exposed):
        seal_of(Settings(data_dir=tmp_path))
