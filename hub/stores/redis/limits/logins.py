"""Attempts to log in, counted for all nodes."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, NamedTuple

from redis.asyncio import Redis

LOGIN_KEY = "hub:{logins}:"
"""Prefix of the keys of attempts: one slot of a cluster. A hash follows, as a name may be a password that was typed
into the wrong field."""

_ATTEMPT = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local known = redis.call('EXISTS', KEYS[4]) == 1
local wait, paid = 0, {}
for i = 1, 3 do
    local number = tonumber(ARGV[i + 1])
    if number > 0 and not (i == 3 and known) then
        local every = ARGV[1] / number
        local until_ = math.max(tonumber(redis.call('GET', KEYS[i]) or '0'), now) + every
        wait = math.max(wait, until_ - ARGV[1] - now)
        paid[i] = until_
    end
end
if wait > 0 then
    return math.ceil(wait)
end
for i, until_ in pairs(paid) do
    redis.call('SET', KEYS[i], string.format('%.3f', until_), 'PX', math.ceil(until_ - now))
end
return 0
"""

_WITHDRAW = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local known = redis.call('EXISTS', KEYS[4]) == 1
for i = 1, 3 do
    local number = tonumber(ARGV[i + 1])
    local kept = redis.call('GET', KEYS[i])
    if number > 0 and kept and not (i == 3 and known) then
        local until_ = kept - ARGV[1] / number
        if until_ > now then
            redis.call('SET', KEYS[i], string.format('%.3f', until_), 'PX', math.ceil(until_ - now))
        else
            redis.call('DEL', KEYS[i])
        end
    end
end
local remember = tonumber(ARGV[5])
if remember > 0 then
    redis.call('SET', KEYS[4], '1', 'PX', remember)
end
return 0
"""


class Attempt(NamedTuple):
    """Whose attempt to log in it is: ``address`` is its network; ``username`` empty while the user is not known."""

    username: str
    address: str


class Numbers(NamedTuple):
    """How many attempts ``window`` seconds have for an address, for a user at an address, and for a user."""

    window: float
    address: int
    pair: int
    user: int


async def attempt(redis: Redis, numbers: Numbers, of: Attempt) -> float:
    """Count an attempt. Returns 0.0, or the seconds until one is possible: then it was not counted. Raises one of
    ``UNAVAILABLE``."""
    milliseconds: Any = await _run(redis, _ATTEMPT, numbers, of)
    return float(milliseconds) / 1000


async def withdraw(redis: Redis, numbers: Numbers, of: Attempt, *, remember: float = 0.0) -> None:
    """Uncount an attempt. ``remember``: seconds for which the user is known at the address, where guesses elsewhere do
    not count. Raises one of ``UNAVAILABLE``."""
    await _run(redis, _WITHDRAW, numbers, of, round(remember * 1000))


async def _run(redis: Redis, script: str, numbers: Numbers, of: Attempt, *more: int) -> Any:
    username, address = of
    pair = f"{username}\0{address}"
    keys = [_key("address", address), _key("pair", pair), _key("user", username), _key("known", pair)]
    counted = (numbers.address, numbers.pair, numbers.user) if username else (numbers.address, 0, 0)
    return await redis.eval(script, 4, *keys, round(numbers.window * 1000), *counted, *more)


def _key(kind: str, text: str) -> str:
    return f"{LOGIN_KEY}{kind}:{blake2b(text.encode('utf-8', 'surrogatepass'), digest_size=16).hexdigest()}"
