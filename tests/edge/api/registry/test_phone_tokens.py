"""Phone tokens: made, shown once as a URL and a QR code, listed without their secret, revoked."""

from __future__ import annotations

import hashlib
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import segno

from hub.edge.api.registry.phone_tokens import MODULE, QUIET_ZONE
from hub.embedded.services import Services
from hub.stores.postgres.registry.drivers import MAX_TOKENS
from tests.support.api.calls import get, post
from tests.support.api.fleets import (
    ADMIN,
    DISPATCHER,
    DRIVER,
    DRIVERS,
    GATEWAY,
    STRANGER,
    change,
    fetch,
    fields,
    hub_with,
)
from tests.support.running import Edge

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "phone_tokens") as running:
        yield running


def tokens_of_new(hub: Edge, driver_id: str) -> str:
    """The path of a new driver's tokens."""
    assert post(hub, DRIVERS, {"driverId": driver_id}, ADMIN).status == 201
    return f"{DRIVERS}/{driver_id}/tokens"


def modules(svg: str) -> tuple[list[list[int]], int]:
    """The dark modules that a QR code's SVG draws, read from its one path, and its size in pixels."""
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    size = int(root.attrib["width"])
    assert root.attrib["height"] == root.attrib["width"]
    side = size // MODULE
    ground, line = root.iter(f"{SVG}path")
    assert ground.attrib["fill"] == "#fff"
    matrix = [[0] * side for _ in range(side)]
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmh])([^Mmh]*)", line.attrib["d"]):
        values = [float(number) for number in re.findall(r"-?[0-9.]+", numbers)]
        if command == "h":
            for column in range(int(x), int(x + values[0])):
                matrix[int(y)][column] = 1
            x += values[0]
        else:
            x, y = (values[0], values[1]) if command == "M" else (x + values[0], y + values[1])
    return matrix, size


def test_a_token_is_shown_once_and_only_its_hash_is_kept(hub: Edge) -> None:
    path = tokens_of_new(hub, "once")
    made = post(hub, path, {"label": "the red phone"}, ADMIN)
    assert (made.status, made.headers["cache-control"]) == (201, "no-store")
    token = made.json["token"]
    assert re.fullmatch(r"[A-Za-z0-9_-]{24}", token)
    host, port = hub.address
    assert made.json["url"] == f"http://{host}:{port}/t/{token}"
    listed = get(hub, path, DISPATCHER)
    assert listed.headers["cache-control"] == "no-store"
    assert listed.json == {"tokens": [{name: made.json[name] for name in ("id", "label", "createdAt")}]}
    assert fetch(hub, "SELECT fleet, hash FROM phone_tokens WHERE driver_id = 'once'") == [
        ("f", hashlib.sha256(token.encode()).digest())
    ]


def test_the_qr_code_is_that_of_the_url(hub: Edge) -> None:
    made = post(hub, tokens_of_new(hub, "qr"), {}, ADMIN).json
    matrix, size = modules(made["qr"])
    bare = [[int(module) for module in row] for row in segno.make(made["url"], micro=False).matrix]
    inner = [row[QUIET_ZONE:-QUIET_ZONE] for row in matrix[QUIET_ZONE:-QUIET_ZONE]]
    assert inner == bare
    assert sum(map(sum, matrix)) == sum(map(sum, bare))  # nothing in the quiet zone
    assert size == (len(bare) + 2 * QUIET_ZONE) * MODULE


def test_a_token_is_revoked_by_its_id_only(hub: Edge) -> None:
    path, others = tokens_of_new(hub, "revoked"), tokens_of_new(hub, "kept")
    first, second = (post(hub, path, {"label": label}, ADMIN).json["id"] for label in "ab")
    assert change(hub, "DELETE", f"{others}/{first}").status == 404
    assert change(hub, "DELETE", f"{path}/{first}", token=STRANGER).status == 404
    assert change(hub, "DELETE", f"{path}/1").status == 404
    assert change(hub, "DELETE", f"{path}/{first}").status == 204
    assert change(hub, "DELETE", f"{path}/{first}").status == 404
    assert [one["id"] for one in get(hub, path, ADMIN).json["tokens"]] == [second]


def test_a_driver_has_so_many_tokens_and_no_more(hub: Edge) -> None:
    path = tokens_of_new(hub, "many")
    for _ in range(MAX_TOKENS - 2):
        assert post(hub, path, {}, ADMIN).status == 201
    with ThreadPoolExecutor(4) as at_once:
        statuses = sorted(at_once.map(lambda _: post(hub, path, {}, ADMIN).status, range(4)))
    assert statuses == [201, 201, 409, 409]
    tokens = get(hub, path, ADMIN).json["tokens"]
    assert len(tokens) == MAX_TOKENS
    assert change(hub, "DELETE", f"{path}/{tokens[0]['id']}").status == 204
    assert post(hub, path, {}, ADMIN).status == 201


@pytest.mark.parametrize(
    ("body", "field"), [({"label": "x" * 101}, "label"), ({"label": "\u0000"}, "label"), ({"lable": "x"}, "lable")]
)
def test_a_wrong_body_makes_no_token(hub: Edge, body: object, field: str) -> None:
    post(hub, DRIVERS, {"driverId": "wrong"}, ADMIN)
    answer = post(hub, f"{DRIVERS}/wrong/tokens", body, ADMIN)
    assert (answer.status, fields(answer)) == (422, [field])
    assert get(hub, f"{DRIVERS}/wrong/tokens", ADMIN).json == {"tokens": []}


def test_roles_and_fleets(hub: Edge) -> None:
    path = tokens_of_new(hub, "d")
    made = post(hub, path, {}, ADMIN).json["id"]
    for token in (DRIVER, GATEWAY):
        assert get(hub, path, token).status == 403
    for token in (DRIVER, GATEWAY, DISPATCHER):
        assert post(hub, path, {}, token).status == 403
        assert change(hub, "DELETE", f"{path}/{made}", token=token).status == 403
    assert get(hub, path, STRANGER).status == 404
    assert post(hub, path, {}, STRANGER).status == 404
    assert get(hub, f"{DRIVERS}/nobody/tokens", ADMIN).status == 404
    assert post(hub, f"{DRIVERS}/nobody/tokens", {}, ADMIN).status == 404
    assert len(get(hub, path, ADMIN).json["tokens"]) == 1


def test_the_url_begins_as_the_hub_is_called(hub: Edge) -> None:
    path = tokens_of_new(hub, "called")
    named = post(hub, path, {}, ADMIN, host="hub.example:8443").json
    assert named["url"] == f"http://hub.example:8443/t/{named['token']}"
    for host in ("a b", "x/y", "evil?", "[::1", ""):
        assert post(hub, path, {}, ADMIN, host=host).status == 400


def test_a_public_url_goes_before_what_the_request_says(services: Services, template: str) -> None:
    public = {"public_url": "https://hub.example/fleet/"}
    with hub_with(services, template, "public_url", **public) as hub:
        made = post(hub, tokens_of_new(hub, "d"), {}, ADMIN).json
        assert made["url"] == f"https://hub.example/fleet/t/{made['token']}"


def test_an_open_hub_says_what_to_type_instead(services: Services, template: str) -> None:
    with hub_with(services, template, "open_tokens", jwt_secret="") as hub:
        host, port = hub.address
        assert post(hub, DRIVERS, {"driverId": "d"}).status == 201
        answer = post(hub, f"{DRIVERS}/d/tokens", {})
        assert answer.status == 409
        assert f"http://{host}:{port}/osmand?id=d" in answer.json["detail"]
        assert post(hub, f"{DRIVERS}/d/tokens", {}, host="hub.example").status == 403
