"""Alerts in one sentence, for people: units of the road, not of the wire."""

from __future__ import annotations

from typing import Any


def text_of(kind: str, driver_id: str, params: Any, details: dict[str, Any]) -> str:
    """What happened."""
    fence = details.get("fenceName") or details.get("fenceId")
    match kind:
        case "trip.started":
            return f"{driver_id} has started a trip"
        case "trip.ended":
            return f"{driver_id} has ended a trip{_figures(details)}"
        case "stopped":
            return f"{driver_id} has been standing for {span(params.after)}"
        case "offline":
            low = ", its battery was low" if details.get("battery", 1) <= 0.15 else ""
            return f"{driver_id} has sent nothing for {span(params.after)}{low}"
        case "battery":
            return f"The battery of {driver_id} is at {details['value']:.0%}"
        case "alarm":
            return f"{driver_id} sends the alarm {details['alarm']}"
        case "overspeed":
            return f"{driver_id} drives {kmh(details['value'])}, faster than {kmh(params.limit)}"
        case "maintenance":
            return f"{driver_id} is due for maintenance {_due(details)}"
        case "fence.entered":
            return f"{driver_id} has entered {fence}"
        case "fence.exited":
            return f"{driver_id} has left {fence}"
        case "fence.crossed":
            return f"{driver_id} has passed through {fence}"
        case "fence.dwelled":
            return f"{driver_id} has stayed in {fence}" + (f" for {span(params.after)}" if params.after else "")
        case "fence.inside":
            return f"{driver_id} is inside {fence}"
        case "fence.outside":
            return f"{driver_id} is outside" + (f" {fence}" if fence else "")
    return f"{kind}: {driver_id}"


def resolved(text: str, seconds: float) -> str:
    """The same when it is over."""
    return f"Over after {span(seconds)}: {text}"


def corrected(text: str) -> str:
    """The same when it did not happen."""
    return f"Did not happen, by positions that arrived late: {text}"


def kmh(speed: float) -> str:
    """Metres per second as km/h."""
    return f"{speed * 3.6:.0f} km/h"


def span(seconds: float) -> str:
    """A duration in its largest units."""
    minutes = round(max(0.0, seconds) / 60)
    if seconds < 90:
        return f"{max(0.0, seconds):.0f} s"
    if minutes < 120:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def _due(details: dict[str, Any]) -> str:
    """What is reached: of the odometer, or since the last maintenance."""
    reached = []
    if "due" in details:
        reached.append(f"{'after' if details.get('done') else 'at'} {details['due'] / 1000:,.0f} km")
    if "days" in details:
        reached.append(f"after {details['days']} days")
    return " and ".join(reached)


def _figures(details: dict[str, Any]) -> str:
    distance, duration = details.get("distance"), details.get("duration")
    if distance is None or duration is None:
        return ""
    return f": {distance / 1000:.1f} km in {span(duration)}"
