"""Whether the document of the API is true: what it allows is asked of a hub with everything in it, and what comes back
is held against it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
from jsonschema import Draft202012Validator

from hub.embedded.services import Services
from tests.support.api.calls import get
from tests.support.api.document import document, operations
from tests.support.api.fleets import hub_with
from tests.support.api.populated import Fleet, address, populate
from tests.support.running import Edge

CHECKS = {
    "checks": {
        # Rules between fields, times of today, cursors of ours and the roles of a token are no matter of a schema:
        # refusing what it allows is fine, with a status that says so and is documented. 400, 413 and 415 are not.
        "positive_data_acceptance": {"expected-statuses": ["2xx", 401, 403, 404, 409, 412, 422, 429, 501]},
        # RFC 6585 has a status of its own for a request without If-Match.
        "missing_required_header": {"expected-statuses": [401, 404, 409, 428]},
    }
}

SETTINGS = hypothesis.settings(deadline=None, suppress_health_check=list(hypothesis.HealthCheck))

OPERATIONS = [f"{method} {path}" for method, path, _ in operations()]

READ = [
    (path, operation)
    for method, path, operation in operations()
    # Redirects to a provider, the account of a user that logged in, and the route of a driver: tests/edge/api/accounts
    # and tests/edge/api/jobs have them.
    if method == "GET"
    and "303" not in operation["responses"]
    and path not in ("/api/v1/auth/account", "/api/v1/me/route")
]


class Populated:
    def __init__(self, hub: Edge) -> None:
        self.hub, self.fleet = hub, populate(hub, "f")
        self.url = f"http://{hub.address[0]}:{hub.address[1]}"


@pytest.fixture(scope="module")
def populated(services: Services, template: str) -> Iterator[Populated]:
    with hub_with(services, template, "conformance") as hub:
        yield Populated(hub)


def ask(populated: Populated, case: Any) -> None:
    fleet: Fleet = populated.fleet
    # Half of the cases are about what is there.
    for name in case.path_parameters or {}:
        if name in fleet.ids and len(str(case.path_parameters[name])) % 2:
            case.path_parameters[name] = fleet.others[name]
    publishes = "location" in case.path or "ingest" in case.path
    token = fleet.gateway if publishes else fleet.admin
    case.call_and_validate(base_url=populated.url, headers={"Authorization": f"Bearer {token}"}, timeout=60)


@pytest.mark.parametrize(("path", "operation"), READ, ids=[path for path, _ in READ])
def test_what_is_there_is_as_the_document_says(populated: Populated, path: str, operation: Any) -> None:
    if "phones" in operation["tags"]:
        pytest.skip("phones report here, which tests/edge/api/test_phones.py has")
    answer = get(populated.hub, address(path, operation, populated.fleet.ids), populated.fleet.admin)
    assert answer.status == 200, answer.body
    content = operation["responses"]["200"]["content"]
    media = answer.headers["content-type"].partition(";")[0]
    assert media in content
    if "json" in media:
        schema = content[media]["schema"] | {"components": document()["components"]}
        validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
        validator.validate(answer.json)


Built = dict[str, Callable[..., None]]


def build(settings: hypothesis.settings, *, broken: bool = True) -> Built:
    """The test of each operation. Its requests take seconds to make: Schemathesis's own ``parametrize`` does that at
    collection, in each process of pytest.
    ``broken``: with a request for each constraint of the document, and requests that break them."""
    # Each process of pytest collects this file, and one runs it: the import takes a second.
    import schemathesis
    from schemathesis.checks import load_all_checks
    from schemathesis.config import SchemathesisConfig
    from schemathesis.pytest.lazy import get_all_tests

    phases = {} if broken else {"generation": {"mode": "positive"}, "phases": {"coverage": {"enabled": False}}}
    config = SchemathesisConfig.from_dict(CHECKS | phases)
    schema = schemathesis.openapi.from_dict(document(), config=config)
    load_all_checks()
    built = (each.ok() for each in get_all_tests(schema=schema, test_func=ask, settings=settings, given_kwargs=None))
    return {operation.label: test for operation, test in built}


@pytest.fixture(scope="module")
def few() -> Built:
    return build(hypothesis.settings(SETTINGS, max_examples=3, derandomize=True), broken=False)


@pytest.fixture(scope="module")
def short() -> Built:
    return build(hypothesis.settings(SETTINGS, max_examples=1, derandomize=True))


@pytest.fixture(scope="module")
def long() -> Built:
    return build(hypothesis.settings(SETTINGS, max_examples=100))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation(populated: Populated, few: Built, operation: str) -> None:
    few[operation](populated)


@pytest.mark.thorough
@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_constraint_of_every_operation(populated: Populated, short: Built, operation: str) -> None:
    short[operation](populated)


@pytest.mark.slow
@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_at_length(populated: Populated, long: Built, operation: str) -> None:
    long[operation](populated)
