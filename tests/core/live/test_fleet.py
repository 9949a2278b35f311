"""Cohorts hold who is owed what: for any set of clients, and nothing is left when they have gone."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from hub.core.geo.areas import BBox
from hub.core.live.client import Client
from hub.core.live.fleet import Cohort, Fleet, matches
from hub.core.live.log_place import LogPlace
from hub.core.live.subscriptions import Subscription
from hub.core.live.update import Update
from hub.core.principal import Principal, Role
from tests.support.laws import examples
from tests.support.live.places import Place, areas, places, places_around

NINE = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
DRIVERS = ["d1", "d2", "d3", "d4"]


@st.composite
def subscriptions(draw: st.DrawFn, id: str) -> Subscription:
    kind = draw(st.sampled_from(["all", "drivers", "area", "area", "area"]))
    drivers = draw(st.frozensets(st.sampled_from(DRIVERS))) if kind == "drivers" else None
    area = draw(areas) if kind == "area" else None
    return Subscription(id, drivers, area, draw(st.sampled_from([None, None, 1.0])))


@st.composite
def clients(draw: st.DrawFn, id: int) -> Client:
    client = Client(id, Principal("f", Role.DISPATCHER), bytes)
    if draw(st.integers(0, 9)) == 0:
        client.plain = True
    else:
        names = draw(st.sampled_from(["", "a", "a", "a", "ab"]))
        client.subscriptions = {name: draw(subscriptions(name)) for name in names}
    return client


def update(driver_id: str, place: Place) -> Update:
    return Update(driver_id, *place, NINE, 1, b"frame", 0)


def put(fleet: Fleet, position: Update) -> None:
    fleet.latest[position.driver_id] = position
    fleet.grid.move(position.driver_id, position.latitude, position.longitude)


def cohorts_of(fleet: Fleet, position: Update) -> list[Cohort]:
    found = [fleet.everyone, fleet.drivers.get(position.driver_id)]
    found += [fleet.tiles.get(key) for key in fleet.tile_keys(position)]
    return [cohort for cohort in found if cohort is not None]


@given(st.data())
@examples(200)
def test_cohorts(data: st.DataObject) -> None:
    fleet = Fleet("f", LogPlace())
    everybody = [data.draw(clients(id)) for id in range(1, data.draw(st.integers(1, 4)) + 1)]
    for client in everybody:
        fleet.join(client)
    wanted = [area for client in everybody for s in (client.subscriptions or {}).values() if (area := s.area)]
    around = [places_around(area) for area in wanted]
    for driver_id in DRIVERS:
        position = update(driver_id, data.draw(st.one_of(places, *around)))
        put(fleet, position)
        cohorts = cohorts_of(fleet, position)
        members = [client for cohort in cohorts for client in cohort.members]
        watchers = {client for cohort in cohorts for client in cohort.watchers}
        # Members are sent it unread: once, and only what matches. Whoever else it matches is found among the watchers.
        assert len(members) == len(set(members))
        assert all(matches(client, position) for client in members)
        matching = {client for client in everybody if matches(client, position)}
        assert matching <= set(members) | watchers
        found = list(fleet.clients_of(position))
        assert len(found) == len(set(found)) and set(found) == matching
    for client in everybody:
        for subscription in (client.subscriptions or {}).values():
            assert sorted(position.driver_id for position in fleet.find(subscription)) == [
                position.driver_id
                for position in fleet.latest.values()
                if subscription.matches(position.driver_id, position.latitude, position.longitude)
            ]
    assert set(fleet.plain.members) == {client for client in everybody if client.plain}
    for client in data.draw(st.permutations(everybody)):
        fleet.leave(client)
    assert not (fleet.tiles or fleet.drivers or fleet.levels)
    assert not (fleet.everyone.members or fleet.everyone.watchers or fleet.plain.members)


def test_who_is_a_member() -> None:
    """One subscription without ``maxHz``: then frames go out unread. An area's tiles are tested where it is cut."""
    fleet = Fleet("f", LogPlace())
    viewport = BBox(54.9, 24.9, 55.4, 25.4)
    sole, several, paced, area = (Client(id, Principal("f", Role.DISPATCHER), bytes) for id in range(1, 5))
    sole.subscriptions = {"a": Subscription("a")}
    several.subscriptions = {"a": Subscription("a"), "b": Subscription("b", drivers=frozenset({"d1"}))}
    paced.subscriptions = {"a": Subscription("a", max_hz=1)}
    area.subscriptions = {"a": Subscription("a", area=viewport)}
    for client in (sole, several, paced, area):
        fleet.join(client)
    assert list(fleet.everyone.members) == [sole] and list(fleet.everyone.watchers) == [several, paced]
    assert not fleet.drivers["d1"].members and list(fleet.drivers["d1"].watchers) == [several]
    middle, corner = (update("d1", place) for place in [(25.15, 55.15), (24.9, 54.9)])
    assert list(fleet.tiles[fleet.tile_keys(middle)[0]].members) == [area]
    assert list(fleet.tiles[fleet.tile_keys(corner)[0]].watchers) == [area]


def test_levels_are_counted() -> None:
    fleet = Fleet("f", LogPlace())
    one, two = (Client(id, Principal("f", Role.DISPATCHER), bytes) for id in (1, 2))
    one.subscriptions = {"a": Subscription("a", area=BBox(0, 0, 1, 1)), "b": Subscription("b", area=BBox(0, 0, 1, 1))}
    two.subscriptions = {"a": Subscription("a", area=BBox(0, 0, 90, 90))}
    assert fleet.tile_keys(update("d1", (0.5, 0.5))) == []  # nobody watches an area: nothing to look up
    fleet.join(one)
    fleet.join(two)
    assert len(fleet.levels) == len(fleet.tile_keys(update("d1", (0.5, 0.5)))) == 2
    fleet.leave(two)
    assert list(fleet.levels.values()) == [2]


def test_matches_any() -> None:
    client = Client(1, Principal("f", Role.DISPATCHER), bytes)
    position = update("d1", (0.5, 0.5))
    assert not matches(client, position)
    client.subscriptions = {"there": Subscription("there", area=BBox(1, 1, 2, 2))}
    assert not matches(client, position)
    client.subscriptions["d"] = Subscription("d", drivers=frozenset({"d1"}))
    assert matches(client, position)
