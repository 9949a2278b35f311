"""The API with the standard library only: all pages of a list, and an error that names its field."""

import json
import os
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

HUB = os.environ.get("HUB", "http://localhost:8080")


def get(path: str, **query: object) -> Any:
    """The JSON of an answer. Raises ``HTTPError``; its body is a problem document."""
    address = f"{HUB}{path}?{urlencode({name: str(value) for name, value in query.items()})}"
    with urlopen(Request(address, headers={"Authorization": f"Bearer {os.environ.get('TOKEN', '')}"})) as answer:
        return json.load(answer)


def drivers() -> Iterator[dict[str, Any]]:
    """All drivers of the fleet, in pages of two."""
    page = get("/api/v1/drivers", limit=2)
    yield from page["drivers"]
    while "next" in page:
        page = get("/api/v1/drivers", limit=2, cursor=page["next"])
        yield from page["drivers"]


for driver in drivers():
    print(driver["driverId"], driver["status"])

try:
    get("/api/v1/nearby", latitude=95, longitude=55)
except HTTPError as error:
    problem = json.load(error)
    print(problem["status"], [error["field"] for error in problem["errors"]])
