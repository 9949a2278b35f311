"""Notes about drivers, and their photos."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from hub.embedded.services import Services
from tests.identity.test_tokens import token
from tests.support.api.calls import Answer, call, get, post
from tests.support.api.fleets import ADMIN, DISPATCHER, DRIVER, DRIVERS, STRANGER, change, fetch, fields, hub_with
from tests.support.jpeg import jpeg, segment
from tests.support.running import Edge, until

PROFILE, PHOTO = f"{DRIVERS}/d/profile", f"{DRIVERS}/d/photo"
LIMIT = 4_096


@pytest.fixture(scope="module")
def running(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "profiles", max_photo_bytes=LIMIT) as hub:
        yield hub


@pytest.fixture
def hub(running: Edge) -> Edge:
    """With one driver that is new."""
    change(running, "DELETE", f"{DRIVERS}/d", etag="*")
    assert post(running, DRIVERS, {"driverId": "d", "name": "Noura", "groups": ["south"]}, ADMIN).status == 201
    return running


def put_photo(hub: Edge, content: bytes, media: str = "image/jpeg", token: str = ADMIN) -> Answer:
    return call(hub, "PUT", PHOTO, content, {"content-type": media}, token)


def test_notes_have_a_version(hub: Edge) -> None:
    first = get(hub, PROFILE, DISPATCHER)
    assert first.json == {"driverId": "d", "notes": "", "version": 0, "updatedAt": None, "photo": None}
    assert first.headers["etag"] == '"0"'
    notes = "Gate code 17.\n\tCall before noon. \N{ARABIC LETTER NOON}"
    changed = change(hub, "PATCH", PROFILE, {"notes": notes}, etag='"0"', token=DISPATCHER)
    assert (changed.status, changed.json["notes"], changed.json["version"]) == (200, notes, 1)
    late = change(hub, "PATCH", PROFILE, {"notes": "other"}, etag='"0"', token=DISPATCHER)
    assert (late.status, late.headers["etag"]) == (412, '"1"')
    assert change(hub, "PATCH", PROFILE, {}, etag='"1"', token=DISPATCHER).json["notes"] == notes
    assert change(hub, "PATCH", PROFILE, {"notes": ""}, etag="*", token=DISPATCHER).json["version"] == 3
    assert change(hub, "PATCH", PROFILE, {"notes": "x"}, token=DISPATCHER).status == 428


@pytest.mark.parametrize("notes", ["a" * 2_001, "a\0b", "a\rb", "a\x1bb", None, 3])
def test_notes_are_text_of_a_page(hub: Edge, notes: object) -> None:
    refused = change(hub, "PATCH", PROFILE, {"notes": notes}, etag="*")
    assert (refused.status, fields(refused)) == (422, ["notes"])


def test_a_photo_is_stored_without_metadata_and_sent_as_nothing_else(hub: Edge) -> None:
    given = jpeg(120, 90, more=segment(0xE1, b"Exif\0\0 where it was taken"))
    stored = put_photo(hub, given)
    assert stored.status == 200
    assert {name: stored.json["photo"][name] for name in ("bytes", "width", "height")} == {
        "bytes": len(jpeg(120, 90)),
        "width": 120,
        "height": 90,
    }
    shown = get(hub, PHOTO, DISPATCHER)
    assert (shown.status, shown.body) == (200, jpeg(120, 90))
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert shown.headers["cache-control"] == "no-store"
    # The notes keep their version.
    assert change(hub, "PATCH", PROFILE, {"notes": "x"}, etag='"0"').json["photo"] == stored.json["photo"]
    assert change(hub, "DELETE", PHOTO).status == 204
    assert change(hub, "DELETE", PHOTO).status == get(hub, PHOTO, ADMIN).status == 404
    assert get(hub, PROFILE, ADMIN).json["photo"] is None


def test_a_photo_is_a_jpeg_of_a_limited_size(hub: Edge) -> None:
    refused = put_photo(hub, b"\x89PNG\r\n\x1a\n")
    assert (refused.status, refused.json["errors"][0]["detail"]) == (422, "must be a JPEG: it does not begin as a JPEG")
    large = put_photo(hub, jpeg(5_000, 10))
    assert large.status == 422
    assert "5000 by 10 pixels" in large.json["errors"][0]["detail"]
    assert put_photo(hub, jpeg(data=b"x" * LIMIT)).status == 413
    for media in ("image/svg+xml", "text/html", "application/json"):
        assert put_photo(hub, jpeg(), media).status == 415
    assert get(hub, PHOTO, ADMIN).status == 404


def readable(hub: Edge, path: str, token: str) -> bool:
    return get(hub, path, token).status == 200


def test_rights(hub: Edge) -> None:
    assert put_photo(hub, jpeg(), token=DISPATCHER).status == 403
    assert change(hub, "DELETE", PHOTO, token=DISPATCHER).status == 403
    assert put_photo(hub, jpeg()).status == 200
    for path in (PROFILE, PHOTO):
        assert get(hub, path).status == 401
        assert get(hub, path, DRIVER).status == 403
        assert get(hub, path, STRANGER).status == 404
        assert get(hub, path, token(role="dispatcher", fleet="f", groups=["north"])).status in (403, 404)
        # The hub learns of the driver's groups by a notification of the database.
        south = token(role="dispatcher", fleet="f", groups=["south"])
        until(partial(readable, hub, path, south))
    assert change(hub, "PATCH", PROFILE, {"notes": "x"}, etag="*", token=DRIVER).status == 403
    assert change(hub, "PATCH", PROFILE, {"notes": "x"}, etag="*", token=STRANGER).status == 404


def test_what_is_not_registered_has_neither(hub: Edge) -> None:
    other = f"{DRIVERS}/unknown"
    assert get(hub, f"{other}/profile", ADMIN).status == get(hub, f"{other}/photo", ADMIN).status == 404
    for etag in ("*", '"0"', '"7"'):
        assert change(hub, "PATCH", f"{other}/profile", {"notes": "x"}, etag=etag).status == 404
    assert call(hub, "PUT", f"{other}/photo", jpeg(), {"content-type": "image/jpeg"}, ADMIN).status == 404


def test_both_go_with_the_driver_and_are_audited(hub: Edge) -> None:
    put_photo(hub, jpeg())
    change(hub, "PATCH", PROFILE, {"notes": "private"}, etag="*")
    latest = "SELECT details FROM audit WHERE action = 'driver.changed' ORDER BY happened_at DESC, id DESC LIMIT 2"
    found = fetch(hub, latest)
    assert sorted(details for (details,) in found) == ['{"fields":["notes"]}', '{"fields":["photo"]}']
    assert change(hub, "DELETE", f"{DRIVERS}/d", etag="*").status == 204
    assert fetch(hub, "SELECT * FROM driver_profiles") == []
