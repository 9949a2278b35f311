"""Tables from a routing engine on loopback, in parts; and the straight line when it does not answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from hub.core.plans.matrix import straight
from hub.core.plans.problem import Job, Located, Vehicle
from hub.planner.messages import Request
from hub.planner.process import Planner
from hub.planner.roads import Roads, matrix
from hub.wire.roads import Kind

POINTS = [(25.2 + 0.001 * number, 55.27) for number in range(120)]


class Engine:
    """Answers as OSRM and Valhalla do. A way takes a second for each 0.001° of latitude, southwards two; from
    ``island`` there is none. ``broken_after``: so many requests are answered."""

    def __init__(self) -> None:
        self.asked = 0
        self.broken_after = 1_000
        self.island: float | None = None
        self.url = ""

    def pair(self, a: float, b: float) -> float | None:
        if self.island is not None and abs(a - self.island) < 1e-6:
            return None
        return round((b - a) * 1000 if b > a else (a - b) * 2000, 3)

    def osrm(self, path: str, query: dict[str, list[str]]) -> object:
        places = [float(place.split(",")[1]) for place in path.rsplit("/", 1)[1].split(";")]
        rows, columns = ([int(each) for each in query[name][0].split(";")] for name in ("sources", "destinations"))
        assert len(rows) <= 100 and len(columns) <= 100
        table = [[self.pair(places[a], places[b]) for b in columns] for a in rows]
        return {"code": "Ok", "durations": table, "distances": table}

    def valhalla(self, body: dict[str, list[dict[str, float]]]) -> object:
        rows, columns = ([place["lat"] for place in body[name]] for name in ("sources", "targets"))
        assert len(rows) * len(columns) <= 2_500
        found = [[self.pair(a, b) for b in columns] for a in rows]
        return {
            "sources_to_targets": [
                [{"time": each, "distance": None if each is None else each / 1000} for each in row] for row in found
            ]
        }


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = Engine()

    class Handler(BaseHTTPRequestHandler):
        def answer(self, content: object) -> None:
            made.asked += 1
            self.send_response(200 if made.asked <= made.broken_after else 503)
            self.end_headers()
            self.wfile.write(json.dumps(content).encode())

        def do_GET(self) -> None:
            found = urlsplit(self.path)
            self.answer(made.osrm(found.path, parse_qs(found.query)))

        def do_POST(self) -> None:
            self.answer(made.valhalla(json.loads(self.rfile.read(int(self.headers["Content-Length"])))))

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made.url = f"http://127.0.0.1:{server.server_port}"
    yield made
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("kind", "requests"), [("osrm", 4), ("valhalla", 9)])
def test_a_table_is_put_together_from_parts(engine: Engine, kind: Kind, requests: int) -> None:
    found, problem = matrix(POINTS, Roads(kind, engine.url))
    assert (found.basis, found.unroutable, problem, engine.asked) == ("roads", 0, None, requests)
    assert found.seconds[3][118] == pytest.approx(115.0) and found.seconds[118][3] == pytest.approx(230.0)
    assert found.metres[3][118] == pytest.approx(115.0)


def test_ways_that_are_not_found_are_counted(engine: Engine) -> None:
    engine.island = POINTS[7][0]
    found, _ = matrix(POINTS, Roads("osrm", engine.url))
    assert (found.basis, found.unroutable) == ("roads", len(POINTS))
    assert found.seconds[7][8] == 2 * straight(POINTS).seconds[7][8]


@pytest.mark.parametrize("kind", ["osrm", "valhalla"])
def test_an_engine_that_fails_is_replaced_by_the_straight_line(engine: Engine, kind: Kind) -> None:
    engine.broken_after = 3
    found, problem = matrix(POINTS, Roads(kind, engine.url))
    assert found == straight(POINTS) and engine.asked == 4
    assert problem is not None and "503" in problem
    engine.broken_after = 1_000
    assert matrix(POINTS, Roads(kind, engine.url))[0].basis == "roads"


def test_an_engine_that_is_away_is_replaced_by_the_straight_line() -> None:
    found, problem = matrix(POINTS, Roads("osrm", "http://127.0.0.1:9"))
    assert found == straight(POINTS) and problem is not None and "refused" in problem


async def test_a_plan_follows_the_roads_and_says_so(engine: Engine) -> None:
    jobs = tuple(Job(id=f"s{number}", point=number) for number in (40, 20, 60))
    asked = Located(jobs=jobs, vehicles=(Vehicle(id="v", start=0, ready=0.0, end=0),), points=tuple(POINTS))
    request = Request(problem=asked, roads=Roads("osrm", engine.url), seconds=0.2, clock="processor")
    solved = await Planner(grace=100).solve(request)
    assert (solved.basis, solved.no_roads) == ("roads", None)
    assert solved.plan.cost == pytest.approx(60 + 120)
    engine.broken_after = 0
    solved = await Planner(grace=100).solve(request)
    assert solved.basis == "default" and solved.no_roads is not None
    assert solved.plan.unassigned == ()
