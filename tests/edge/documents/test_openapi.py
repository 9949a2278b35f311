"""The document of the REST API: valid, complete, and served with its page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

from hub.edge.app import PLAIN
from hub.edge.documents import openapi
from hub.edge.documents import routes as documents
from hub.edge.documents.routes import ASSETS
from hub.edge.http.operations import Operation
from hub.edge.http.problems import ProblemDocument
from tests.support.api.calls import call, get
from tests.support.running import Edge

PAGES = PLAIN.keys() - openapi.OTHERS.keys()
"""For browsers only."""


@pytest.fixture(scope="module")
def document(hub: Edge) -> Any:
    answer = get(hub, "/api/openapi.json")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    return answer.json


def routes(hub: Edge) -> list[BaseRoute]:
    app: Any = hub.server.config.app
    while not isinstance(app, Starlette):
        app = app.app
    return app.routes


def operations(hub: Edge) -> list[Operation]:
    return [route for route in routes(hub) if isinstance(route, Operation)]


def described(document: Any) -> Iterator[tuple[str, str, Any]]:
    """Method, path and what is said of it."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def test_it_is_valid(document: Any) -> None:
    from openapi_spec_validator import validate  # its import takes half a second

    validate(document)


def test_every_route_is_in_it(hub: Edge, document: Any) -> None:
    missing = set()
    for route in routes(hub):
        if isinstance(route, WebSocketRoute):
            continue
        assert isinstance(route, Route | Mount)
        path = openapi.written(route.path.rstrip("/")) or "/"
        methods = {"get"} if isinstance(route, Mount) else set(openapi.methods(route))
        if path not in PAGES and not methods <= document["paths"].get(path, {}).keys():
            missing.add(path)
    assert missing == set()


def test_everything_below_api_says_its_types(hub: Edge) -> None:
    for route in routes(hub):
        if isinstance(route, Route) and route.path.startswith("/api/"):
            assert isinstance(route, Operation), route.path


def test_every_operation_says_what_it_answers(hub: Edge) -> None:
    for operation in operations(hub):
        nothing = operation.answer is None and not operation.media
        assert nothing == (operation.status in (204, 303)), operation.path
        assert operation.summary and not operation.summary.endswith(".")


def test_every_parameter_of_a_path_has_a_schema(hub: Edge) -> None:
    for operation in operations(hub):
        assert set(re.findall(r"\{(\w+)\}", operation.path)) <= openapi.PLACES.keys(), operation.path


def test_every_status_has_a_meaning(hub: Edge) -> None:
    for operation in operations(hub):
        assert set(openapi.problems(operation)) <= openapi.MEANINGS.keys(), operation.path


def test_no_two_structs_have_one_name(document: Any) -> None:
    """msgspec would tell them apart by the names of our modules."""
    assert [name for name in document["components"]["schemas"] if not re.fullmatch(r"[A-Z][A-Za-z]+", name)] == []


def test_a_query_is_its_struct(document: Any) -> None:
    asked = {parameter["name"]: parameter for parameter in document["paths"]["/api/v1/nearby"]["get"]["parameters"]}
    assert {name for name, parameter in asked.items() if parameter["required"]} == {"latitude", "longitude"}
    assert asked["latitude"]["schema"] == {"type": "number", "minimum": -90, "maximum": 90}
    assert asked["limit"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}
    asked = {parameter["name"]: parameter for parameter in document["paths"]["/api/v1/positions"]["get"]["parameters"]}
    assert asked["from"]["schema"]["anyOf"] == [{"format": "date-time"}, {"format": "date"}]
    assert asked["from"]["schema"]["type"] == "string"
    assert not asked["cursor"]["required"]


def test_a_change_needs_the_version_that_it_is_meant_for(document: Any) -> None:
    one = document["paths"]["/api/v1/fleet/vehicles/{vehicleId}"]
    for method in ("patch", "delete"):
        assert {"vehicleId", "If-Match"} == {parameter["name"] for parameter in one[method]["parameters"]}
        assert {"412", "428"} <= one[method]["responses"].keys()
    assert "ETag" in one["get"]["responses"]["200"]["headers"]
    assert [parameter["name"] for parameter in one["get"]["parameters"]] == ["vehicleId"]


def test_what_is_public_asks_for_no_token(hub: Edge, document: Any) -> None:
    public = {(operation.method, openapi.written(operation.path)) for operation in operations(hub) if operation.public}
    assert ("GET", "/api/v1/share/{token}") in public
    for method, path, operation in described(document):
        if path.startswith("/api/"):
            assert ("security" not in operation) == ((method, path) in public), path


def test_older_names_are_deprecated(document: Any) -> None:
    assert document["paths"]["/api/location"]["post"]["deprecated"]
    assert "deprecated" not in document["paths"]["/api/v1/location"]["post"]


def test_a_problem_is_its_struct(hub: Edge) -> None:
    answer = get(hub, "/api/v1/nearby?latitude=95&longitude=1")
    problem = msgspec.json.decode(answer.body, type=ProblemDocument)
    assert msgspec.to_builtins(problem) == answer.json
    assert (problem.status, problem.errors[0].field) == (422, "latitude")


def test_the_page_shows_it_without_the_internet(hub: Edge) -> None:
    page = get(hub, "/api/docs")
    assert page.headers["content-type"].startswith("text/html")
    text = page.body.decode()
    assert '<meta charset="utf-8">' in text
    assert re.findall(r"https?://", text) == []
    # Its Content-Security-Policy allows no script in the page itself.
    assert all(script == "" for script in re.findall(r"<script[^>]*>(.*?)</script>", text, re.DOTALL))
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    for address in re.findall(r'(?:src|href)="([^"]+)"', text):
        assert get(hub, address).status == 200, address
    assert "/api/openapi.json" in get(hub, "/api/docs/start.js").body.decode()


def test_the_page_says_when_its_viewer_is_missing(
    hub: Edge, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("web")
    monkeypatch.setattr(documents, "FOLDER", folder)
    for missing in ASSETS:
        (folder / "vendor/swagger-ui").mkdir(parents=True, exist_ok=True)
        for name in ASSETS:
            (folder / "vendor/swagger-ui" / name).touch()
        (folder / "vendor/swagger-ui" / missing).unlink()
        page = get(hub, "/api/docs")
        assert (page.status, b"was not installed" in page.body) == (200, True)
        assert b'<meta charset="utf-8">' in page.body and b'href="/api/openapi.json"' in page.body
        assert b"<script" not in page.body


def test_a_method_that_a_path_does_not_have(hub: Edge) -> None:
    answer = call(hub, "TRACE", "/api/v1/fleet/vehicles")
    assert answer.status == 405
    assert {"GET", "POST"} <= set(answer.headers["allow"].split(", "))
