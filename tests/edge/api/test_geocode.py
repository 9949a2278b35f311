"""Names for coordinates and coordinates for texts, without a geocoder and with each kind of one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from hub.edge.geocoding import geocoder as module
from hub.embedded.services import Services
from hub.stores.gazetteer import MISSING
from hub.stores.gazetteer import gazetteer as loaded
from hub.stores.postgres.places import addresses
from tests.identity.test_tokens import token
from tests.support.api.calls import Answer, get, post
from tests.support.api.fleets import execute, fetch, hub_with
from tests.support.geocoder import Geocoder, geocoder
from tests.support.running import PATIENCE, Edge, until

DAY = "2026-10-05"
SPAN = f"from={DAY}T00:00:00Z&to={DAY}T12:00:00Z"
RED, BLUE, NORTH = token(fleet="red"), token(fleet="blue"), token(fleet="red", groups=["north"])
DRIVER = token(role="driver", driver="d", fleet="red")

ROAD, STREET = "12 Al Wasl Road, Jumeirah, Dubai", "Lindenstraße 3, Mitte, Berlin"

HATTA = {"text": "Hatta, United Arab Emirates", "source": "gazetteer", "name": "Hatta", "country": "AE"}

FILL = f"""
INSERT INTO drivers (fleet, driver_id, name, groups) VALUES ('red', 'd', 'Wasl van', '{{south}}');
INSERT INTO fences (fleet, name, shape, radius) VALUES ('red', 'Wasl depot',
    '{{"type":"Polygon","coordinates":[[[55,25],[55.2,25],[55.2,25.1],[55,25]]]}}', NULL);
INSERT INTO trips (id, started_at, ended_at, counted_to, latitude, longitude, end_latitude, end_longitude, distance,
    moving_time, max_speed, points, fleet, driver_id)
SELECT gen_random_uuid(), at, at + interval '10 min', at + interval '10 min', 25.20481, 55.27081, 24.8, 56.127, 6000,
    540, 20, 60, 'red', 'd' FROM (SELECT timestamptz '{DAY} 01:00Z' AS at) AS t;
INSERT INTO stops (started_at, ended_at, latitude, longitude, fleet, driver_id)
VALUES ('{DAY} 02:00Z', '{DAY} 03:00Z', 24.8, 56.127, 'red', 'd');
"""


@pytest.fixture(scope="module")
def past(services: Services, template: str) -> Iterator[Edge]:
    """A hub without a geocoder."""
    with hub_with(services, template, "test_geocode") as running:
        asyncio.run(execute(running.settings.database_url, FILL))
        gateway = token(role="gateway", fleet="red")
        assert (
            post(running, "/api/v1/location", {"driverId": "d", "latitude": 25, "longitude": 55}, gateway).status == 200
        )
        # The hub is notified of groups.
        until(lambda: running.call(lambda: "d" in running.node.hub.fleet("red").groups))
        yield running


@pytest.fixture
def stand_in() -> Iterator[Geocoder]:
    with geocoder() as running:
        yield running


@pytest.fixture
def asking(services: Services, template: str, stand_in: Geocoder, request: pytest.FixtureRequest) -> Iterator[Edge]:
    """A hub with a geocoder, fast unless a test says otherwise."""
    given = {"geocoder_rate": 1_000.0, "geocoder": stand_in.url, **getattr(request, "param", {})}
    with hub_with(services, template, "test_geocode_asking", **given) as running:
        asyncio.run(execute(running.settings.database_url, FILL))
        yield running


def ask(hub: Edge, path: str, who: str = RED, **given: Any) -> Answer:
    return get(hub, f"/api/v1/{path}" + (f"?{urlencode(given)}" if given else ""), who)


def search(hub: Edge, text: str, who: str = RED, **given: Any) -> list[tuple[str, str]]:
    """Kind and text of what is found."""
    answer = ask(hub, "geocode/search", who, q=text, **given)
    assert answer.status == 200, answer
    return [(hit["kind"], hit["text"]) for hit in answer.json["results"]]


def test_without_a_geocoder_the_nearest_place_is_named(past: Edge) -> None:
    assert ask(past, "geocode/reverse", latitude=24.8, longitude=56.127).json == {"place": HATTA}
    outside = ask(past, "geocode/reverse", latitude=24.814, longitude=56.142).json["place"]
    assert outside == {
        **HATTA,
        "text": "2.1 km NE of Hatta, United Arab Emirates",
        "distance": outside["distance"],
        "direction": "NE",
    }
    assert outside["distance"] == pytest.approx(2_100, abs=50)
    assert ask(past, "geocode/reverse", latitude=0, longitude=-140).json == {}
    assert ask(past, "geocode/reverse", latitude=91, longitude=0).status == 422
    assert ask(past, "geocode/reverse", DRIVER, latitude=1, longitude=0).status == 403
    (trip,) = ask(past, f"trips?{SPAN}").json["trips"]
    assert trip["startPlace"]["name"] == "Dubai International Financial Centre" and trip["endPlace"] == HATTA
    assert ask(past, f"trips/{trip['tripId']}", DRIVER).json["endPlace"] == HATTA
    assert ask(past, f"drivers/d/trips?{SPAN}").json["trips"] == [trip]
    assert ask(past, f"stops?{SPAN}").json["stops"][0]["place"] == HATTA
    assert (
        b',2026-10-05T03:00:00Z,3600.0,"Hatta, United Arab Emirates"\r\n' in ask(past, f"stops?{SPAN}&format=csv").body
    )


def test_a_search_finds_coordinates_drivers_fences_and_places(past: Edge) -> None:
    answer = ask(past, "geocode/search", q="25°15'N 55°18'E", latitude=25.25, longitude=55.3)
    place = {"kind": "coordinates", "text": "25.25000, 55.30000", "latitude": 25.25, "longitude": 55.3, "distance": 0}
    assert answer.json == {"results": [place], "geocoder": False}
    van, depot = ("driver", "Wasl van"), ("fence", "Wasl depot")
    assert search(past, "wasl")[:2] == [van, depot]
    # A dispatcher of another group, and one of another fleet.
    assert search(past, "wasl", NORTH)[0] == depot
    assert {kind for kind, _ in search(past, "wasl", BLUE)} == {"place"}
    assert ask(past, "geocode/search", q="wasl d").json["results"][0]["bbox"] == [55, 25, 55.2, 25.1]
    assert search(past, "hatta", latitude=25, longitude=55)[0] == ("place", "Hatta, United Arab Emirates")
    assert search(past, "hatta", latitude=15, longitude=77, limit=1) == [("place", "Hatta, India")]
    assert search(past, "zzzzzz") == search(past, "  ") == search(past, "za") == []
    for wrong in ({"q": ""}, {"q": "a\n"}, {"q": "a" * 101}, {"q": "hatta", "latitude": 1}, {}):
        assert ask(past, "geocode/search", **wrong).status == 422, wrong
    assert ask(past, "geocode/search", DRIVER, q="hatta").status == 403


def test_a_search_reads_on_past_what_is_not_shown(past: Edge) -> None:
    """Drivers without a position, and fences that the user does not see, come before the others."""
    asyncio.run(
        execute(
            past.settings.database_url,
            "INSERT INTO drivers (fleet, driver_id, name)"
            " SELECT 'red', 'quokka-' || to_char(n, 'FM000'), 'Quokka ' || n FROM generate_series(1, 120) AS n;"
            "INSERT INTO fences (id, fleet, name, shape, radius, watch)"
            " SELECT ('00000000-0000-0000-0000-000000000' || to_char(n, 'FM000'))::uuid, 'red', 'Quokka run ' || n,"
            """ '{"type":"Point","coordinates":[55,25]}', 100,"""
            """ CASE n WHEN 120 THEN '{}' ELSE '{"drivers":["d"]}' END::jsonb FROM generate_series(1, 120) AS n""",
        )
    )
    gateway = token(role="gateway", fleet="red")
    driver_ids = [f"quokka-{number:03}" for number in range(115, 121)] + ["quokka"]
    fixes = [{"driverId": driver_id, "latitude": 25, "longitude": 55} for driver_id in driver_ids]
    assert post(past, "/api/v1/location", fixes, gateway).status == 200
    found = search(past, "quokka", limit=50)
    # The id that is given exactly comes first, also of a driver that is not registered.
    assert [text for kind, text in found if kind == "driver"] == ["quokka", *(f"Quokka {n}" for n in range(115, 119))]
    assert [one for one in search(past, "quokka", NORTH) if one[0] == "fence"] == [("fence", "Quokka run 120")]


def test_answers_of_a_geocoder_that_was_set_before_are_deleted_too(past: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EXPIRY_PAUSE", 0.01)
    rows = "SELECT 'en', '1,0', '[]', now() - interval '1 year'"
    asyncio.run(execute(past.settings.database_url, f"INSERT INTO geocoder_answers {rows}"))
    running = module.Geocoder(past.settings, past.node.registry_pool).run()
    task = asyncio.run_coroutine_threadsafe(running, past.loop)
    try:
        until(lambda: not fetch(past, "SELECT FROM geocoder_answers"))
    finally:
        task.cancel()


def test_a_hub_without_the_data_says_so(past: Edge, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr("hub.stores.gazetteer.FILE", tmp_path / "places.bin")
    loaded.cache_clear()
    try:
        assert ask(past, "geocode/reverse", latitude=24.8, longitude=56.127).json == {"problem": MISSING}
        answer = ask(past, "geocode/search", q="wasl").json
        assert (len(answer["results"]), answer["problem"]) == (2, MISSING)
        assert "startPlace" not in ask(past, f"trips?{SPAN}").json["trips"][0]
    finally:
        loaded.cache_clear()


@pytest.mark.parametrize(
    "asking",
    [{"geocoder_kind": "nominatim"}, {"geocoder_kind": "photon", "geocoder_key": "k"}, {"geocoder_kind": "pelias"}],
    indirect=True,
    ids=lambda given: given["geocoder_kind"],
)
def test_each_kind_of_geocoder(asking: Edge, stand_in: Geocoder) -> None:
    found = ask(asking, "geocode/reverse", latitude=25.20484, longitude=55.27076).json
    assert (found["address"], found["place"]["country"]) == (ROAD, "AE")
    # No more digits than needed are sent, and one question is asked once.
    assert [value for name, value in stand_in.asked[0][1].items() if "lat" in name] == ["25.2048"]
    assert ("k" in stand_in.asked[0][1].values()) == (asking.settings.geocoder_key == "k")
    assert stand_in.agents[0].startswith("location-hub/")
    assert ask(asking, "geocode/reverse", latitude=25.20482, longitude=55.2708).json == found
    assert ask(asking, "geocode/reverse", latitude=25.20482, longitude=55.2708, address="false").json.keys() == {
        "place"
    }
    assert ask(asking, "geocode/reverse", latitude=-40, longitude=100).json == {}
    assert ask(asking, "geocode/reverse", latitude=-40, longitude=100).json == {}
    assert len(stand_in.asked) == 2
    # A text is sent only where that was asked for.
    assert ("address", STREET) not in search(asking, "lindenstraße")
    assert search(asking, "lindenstraße", addresses="true", latitude=52.41, longitude=13.2)[0] == ("address", STREET)
    assert search(asking, "Lindenstraße ", addresses="true", latitude=52.43, longitude=13.1)[0] == ("address", STREET)
    assert len(stand_in.asked) == 3
    assert not {"52.41", "13.2"} & set(stand_in.asked[2][1].values())


def test_addresses_of_trips_are_there_at_the_next_look(asking: Edge, stand_in: Geocoder) -> None:
    def places() -> tuple[str, str]:
        (trip,) = ask(asking, f"trips?{SPAN}").json["trips"]
        return trip["startPlace"]["text"], trip["endPlace"]["text"]

    # A file asks for nothing.
    assert b"Financial Centre" in ask(asking, f"trips?{SPAN}&format=csv").body
    assert places() == ("Dubai International Financial Centre, United Arab Emirates", HATTA["text"])
    until(lambda: len(fetch(asking, "SELECT FROM geocoder_answers")) == 2)
    # There is nothing at the second one: the nearest place stays.
    assert places() == (ROAD, HATTA["text"])
    assert sorted(given["lat"] for _, given in stand_in.asked) == ["24.8000", "25.2048"]
    row = ask(asking, f"reports/trips?from={DAY}&to={DAY}").json["rows"][0]
    assert row["startPlace"] == ROAD == row["places"]["startPlace"]["text"]
    (row,) = fetch(asking, "SELECT language, question FROM geocoder_answers WHERE answers::text <> '[]'")
    assert row == ("en", "25.2048,55.2708")
    asyncio.run(
        execute(asking.settings.database_url, "UPDATE geocoder_answers SET received_at = now() - '1 y'::interval")
    )
    assert places()[0] != ROAD


def test_a_geocoder_that_fails_is_left_alone_for_a_while(asking: Edge, stand_in: Geocoder) -> None:
    def problem(latitude: float) -> str:
        answer = ask(asking, "geocode/reverse", latitude=latitude, longitude=56.127)
        assert answer.json["place"], answer
        return str(answer.json["problem"])

    stand_in.status = 500
    for number in range(3):
        assert problem(24.8 + number / 1_000) == "the geocoder answers with status 500"
    assert problem(24.81).startswith("the geocoder answers with status 500; it is asked again in ")
    assert len(stand_in.asked) == 3
    stand_in.status = 200
    asking.call(lambda: setattr(asking.node.geocoder, "_paused_until", 0.0))
    assert ask(asking, "geocode/reverse", latitude=25.2048, longitude=55.2708).json["address"] == ROAD
    # One refusal is enough.
    stand_in.status = 429
    assert problem(24.82) == "the geocoder answers with status 429"
    assert "asked again in" in problem(24.83)
    assert len(stand_in.asked) == 5


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b'{"features":[{}]}',
        b" " * 2_000_000,
        *(pytest.param(body, marks=pytest.mark.thorough) for body in (b"", b"[1]", b"{" * 100_000, b'"\xff"')),
    ],
)
def test_an_answer_of_another_program(asking: Edge, stand_in: Geocoder, body: bytes) -> None:
    stand_in.body = body
    answer = ask(asking, "geocode/reverse", latitude=24.8, longitude=56.127).json
    assert answer["place"] == HATTA and "address" not in answer
    assert answer["problem"].startswith(("the geocoder is not a nominatim: ", "the geocoder sent more than "))


def test_questions_wait_for_their_turn_and_answers_that_come_late_are_kept(
    asking: Edge, stand_in: Geocoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.2)
    monkeypatch.setattr(module, "MOST_WAITING", 2)
    stand_in.gate.clear()

    def problem(latitude: float) -> str:
        return str(ask(asking, "geocode/reverse", latitude=latitude, longitude=55.2708).json.get("problem"))

    late = "the geocoder has not answered within 0.2 s"
    assert [problem(25.2048), problem(25.2048), problem(25.2049)] == [late] * 3
    assert problem(25.205) == "too many questions wait for the geocoder"
    assert len(stand_in.asked) == 1
    stand_in.gate.set()
    until(lambda: len(fetch(asking, "SELECT FROM geocoder_answers")) == 2)
    assert ask(asking, "geocode/reverse", latitude=25.2049, longitude=55.2708).json["address"] == ROAD
    assert len(stand_in.asked) == 2


def test_no_fleet_keeps_the_geocoder_for_itself(
    asking: Edge, stand_in: Geocoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.5)
    stand_in.gate.clear()
    geocoder = asking.node.geocoder

    async def reverse(fleet: str, *latitudes: int) -> list[str]:
        questions = (geocoder.reverse(fleet, latitude, 0) for latitude in latitudes)
        return [str(problem) for problem in await asyncio.gather(*questions, return_exceptions=True)]

    async def ask_all() -> list[list[str]]:
        return [await reverse("red", *range(10)), await reverse("blue", 11)]

    red, blue = asyncio.run_coroutine_threadsafe(ask_all(), asking.loop).result(PATIENCE)
    assert red.count("too many questions of the fleet wait for the geocoder") == 10 - module.MOST_OF_A_FLEET
    assert blue == ["the geocoder has not answered within 0.5 s"]
    stand_in.gate.set()
    until(lambda: len(fetch(asking, "SELECT FROM geocoder_answers")) == module.MOST_OF_A_FLEET + 1)
    assert asking.call(lambda: geocoder._waiting.total()) == 0


def test_old_answers_and_those_that_are_too_many_are_deleted(asking: Edge) -> None:
    rows = "SELECT 'en', k || ',0', '[]', now() - k * interval '1 day' FROM generate_series(1, 200) AS k"
    asyncio.run(execute(asking.settings.database_url, f"INSERT INTO geocoder_answers {rows}"))

    def expire(most: int) -> int:
        async def run() -> None:
            async with asking.node.registry_pool.connection() as connection:
                await addresses.expire(connection, asking.node.clock.now() - timedelta(days=180), most)

        asyncio.run_coroutine_threadsafe(run(), asking.loop).result(PATIENCE)
        return len(fetch(asking, "SELECT FROM geocoder_answers"))

    assert [expire(1_000), expire(100), expire(100)] == [179, 100, 100]
    newest = fetch(asking, "SELECT question FROM geocoder_answers ORDER BY received_at DESC LIMIT 1")
    assert newest == [("1,0",)]
