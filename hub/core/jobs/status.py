"""The status of a job as a table of transitions, and as the fold of its history.

Two writers meet here without a race. People and their apps send commands, which the table allows or refuses. Positions
only ever add facts: a fact moves the status forward, and never back over the word of a person.

    open --assign--> planned --publish--> dispatched --accept--> accepted --depart--> en_route --arrive--> arrived
    arrived --complete, fail--> done          any but done --cancel--> cancelled
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct


class Status(StrEnum):
    """Where a job is."""

    OPEN = "open"  # in no route
    PLANNED = "planned"  # in a route that the driver does not see yet
    DISPATCHED = "dispatched"  # the driver sees it
    ACCEPTED = "accepted"  # the driver will do it
    EN_ROUTE = "en_route"  # the driver is on the way to it
    ARRIVED = "arrived"  # the driver is there
    DONE = "done"  # with an outcome
    CANCELLED = "cancelled"


class Event(StrEnum):
    """What happens to a job: commands in the imperative, facts in the past tense."""

    ASSIGN = "assign"
    UNASSIGN = "unassign"
    PUBLISH = "publish"
    ACCEPT = "accept"
    REJECT = "reject"
    DEPART = "depart"
    ARRIVE = "arrive"
    COMPLETE = "complete"
    FAIL = "fail"
    CANCEL = "cancel"
    APPROACHING = "approaching"
    ARRIVED = "arrived"
    DEPARTED = "departed"


class Outcome(StrEnum):
    """How a job was done."""

    SUCCEEDED = "succeeded"
    PARTIAL = "partial"
    FAILED = "failed"


_TAKEN_BACK = {Event.UNASSIGN: Status.OPEN, Event.CANCEL: Status.CANCELLED}
_ENDED = {Event.COMPLETE: Status.DONE, Event.FAIL: Status.DONE}

JOB_STATUS: dict[Status, dict[Event, Status]] = {
    Status.OPEN: {Event.ASSIGN: Status.PLANNED, Event.CANCEL: Status.CANCELLED},
    Status.PLANNED: {Event.PUBLISH: Status.DISPATCHED, **_TAKEN_BACK},
    Status.DISPATCHED: {
        Event.ACCEPT: Status.ACCEPTED,
        Event.REJECT: Status.OPEN,
        Event.DEPART: Status.EN_ROUTE,
        Event.ARRIVE: Status.ARRIVED,
        **_ENDED,
        **_TAKEN_BACK,
    },
    Status.ACCEPTED: {
        Event.REJECT: Status.OPEN,
        Event.DEPART: Status.EN_ROUTE,
        Event.ARRIVE: Status.ARRIVED,
        **_ENDED,
        **_TAKEN_BACK,
    },
    Status.EN_ROUTE: {Event.REJECT: Status.OPEN, Event.ARRIVE: Status.ARRIVED, **_ENDED, **_TAKEN_BACK},
    # A driver may confirm what positions have shown: from then on it is its word.
    Status.ARRIVED: {
        Event.ARRIVE: Status.ARRIVED,
        Event.DEPART: Status.EN_ROUTE,
        Event.REJECT: Status.OPEN,
        **_ENDED,
        **_TAKEN_BACK,
    },
    Status.DONE: {},
    Status.CANCELLED: {},
}
"""Status -> command -> next status. A missing key is a command that the status does not allow."""

FACT_STATUS: dict[Status, dict[Event, Status]] = {
    Status.DISPATCHED: {Event.ARRIVED: Status.ARRIVED},
    Status.ACCEPTED: {Event.ARRIVED: Status.ARRIVED},
    Status.EN_ROUTE: {Event.ARRIVED: Status.ARRIVED},
    Status.ARRIVED: {Event.DEPARTED: Status.EN_ROUTE},
}
"""The same for facts from positions; a missing key changes nothing. ``departed`` only undoes an arrival that was a fact
itself: a driver that says it is there is there."""

FACTS = frozenset({Event.APPROACHING, Event.ARRIVED, Event.DEPARTED})

DRIVERS = frozenset({Event.ACCEPT, Event.REJECT, Event.DEPART, Event.ARRIVE, Event.COMPLETE, Event.FAIL})
"""Commands that drivers send."""

COMMANDS = DRIVERS | {Event.CANCEL}
"""Commands of dispatchers; the others come with a change of the route."""

ENDED = frozenset({Status.DONE, Status.CANCELLED})

STARTED = frozenset({Status.EN_ROUTE, Status.ARRIVED, Status.DONE})
"""Statuses of jobs that a driver has begun."""

WITH_DRIVER = frozenset({Status.DISPATCHED, Status.ACCEPTED, Status.EN_ROUTE, Status.ARRIVED})
"""Statuses of jobs that a driver sees and has not ended."""


class Happened(Struct, frozen=True):
    """One event of the history, as far as the status depends on it."""

    event: Event
    by_position: bool = False


class State(Struct, frozen=True):
    """The status, and whether an arrival in it is the word of a person."""

    status: Status = Status.OPEN
    said: bool = False


def allowed(status: Status) -> list[str]:
    """The commands that a status allows, in order."""
    return sorted(event for event in JOB_STATUS[status] if event in COMMANDS)


def after(state: State, happened: Happened) -> State:
    """The state after an event. One that its status does not allow changes nothing: the history is what was accepted at
    the time, and a fact before it may have been revised since."""
    event, status = happened.event, state.status
    if happened.by_position:
        if event is Event.DEPARTED and state.said:
            return state
        following = FACT_STATUS.get(status, {}).get(event)
        return state if following is None else State(following)
    following = JOB_STATUS[status].get(event)
    return state if following is None else State(following, event is Event.ARRIVE)


def fold(history: Iterable[Happened]) -> State:
    """The state of a job by its history, in the order of acceptance."""
    state = State()
    for happened in history:
        state = after(state, happened)
    return state
