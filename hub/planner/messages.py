"""What the hub and the process that plans tell each other: MessagePack, each message after its length."""

from __future__ import annotations

import struct
from typing import BinaryIO, Literal

import msgspec

from hub.core.eta.model import DEFAULT, Model
from hub.core.plans.plan import Plan, Sequences
from hub.core.plans.problem import Located, Problem
from hub.planner.roads import Roads

Engine = Literal["own", "pyvrp"]

LENGTH = struct.Struct(">I")


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """``clock``: whether the seconds of the search are of the wall clock or of the processor. ``start``: a plan to
    begin with. ``roads`` and ``model``: for the tables of a problem with coordinates."""

    problem: Problem | Located
    roads: Roads | None = None
    model: Model = DEFAULT
    engine: Engine = "own"
    seconds: float = 10.0
    clock: Literal["wall", "processor"] = "wall"
    seed: int = 0
    start: Sequences | None = None


class Better(msgspec.Struct, frozen=True, tag="better"):
    """The lowest cost so far, after these seconds of the search."""

    cost: float
    seconds: float


class Solved(msgspec.Struct, frozen=True, tag="solved", kw_only=True):
    """``rounds`` of the search, in ``seconds`` of its clock. ``basis``: where durations are from, ``given`` without
    coordinates; ``no_roads``: why not from the routing engine."""

    plan: Plan
    engine: Engine
    rounds: int
    seconds: float
    basis: Literal["given", "roads", "learned", "default"] = "given"
    unroutable: int = 0
    no_roads: str | None = None


Answer = Better | Solved


def packed(message: msgspec.Struct) -> bytes:
    data = msgspec.msgpack.encode(message)
    return LENGTH.pack(len(data)) + data


def read(stream: BinaryIO) -> bytes:
    """The next message. Raises ``EOFError`` at the end."""
    header = stream.read(LENGTH.size)
    if len(header) < LENGTH.size:
        raise EOFError
    return stream.read(LENGTH.unpack(header)[0])
