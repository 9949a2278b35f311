"""Device ids that are not driver ids."""

from __future__ import annotations

import pytest

from hub.core.nouns import ID_PATTERN
from hub.wire.phones.ids import driver_id_of


@pytest.mark.parametrize("id", ["van7", "van7:phone", "a.b_c-d", "123456", "x" * 64])
def test_a_driver_id_stays(id: str) -> None:
    assert driver_id_of(id) == id
    assert driver_id_of(f" {id} ") == id


@pytest.mark.parametrize(
    ("device", "driver"),
    [
        ("jörg@example.org", "jorg-example.org-"),
        ("+43 660 1234567", "43-660-1234567-"),
        ("Lkw Nord 3", "Lkw-Nord-3-"),
        ("водитель", ""),
        ("..", ""),
        ("y" * 65, "y" * 55 + "-"),
    ],
)
def test_another_id_becomes_one_that_can_be_recognised(device: str, driver: str) -> None:
    mapped = driver_id_of(device)
    assert mapped is not None and ID_PATTERN.match(mapped)
    assert (mapped[:-8], len(mapped[-8:])) == (driver, 8)
    assert driver_id_of(device) == mapped


def test_ids_that_look_alike_stay_apart() -> None:
    devices = ["a b", "a+b", "a@b", "á b", "a  b", "a-b"]
    assert len({driver_id_of(device) for device in devices}) == len(devices)
    # Two ways to write the same letter are the same id.
    assert driver_id_of("jo\u0308rg") == driver_id_of("j\u00f6rg")


def test_the_mapping_never_changes() -> None:
    assert driver_id_of("anna@example.org") == "anna-example.org-a3bf8623"


@pytest.mark.parametrize("nothing", [None, "", " ", True, 1.5, {}, []])
def test_what_is_no_id(nothing: object) -> None:
    assert driver_id_of(nothing) is None
