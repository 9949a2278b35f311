"""The driver of a fix: named by its token, by the fix, or by the vehicle that it names."""

from __future__ import annotations

from datetime import datetime

from hub.core.nouns import Fix, instant
from hub.core.principal import Principal
from hub.core.registry.vehicles import Vehicles
from hub.wire.codec import BadMessage
from hub.wire.errors import ErrorCode


def waits_for_vehicles(vehicles: Vehicles, principal: Principal, fix: Fix) -> bool:
    """Whether the driver of a fix follows from its vehicle, and the vehicles have not been read since the start."""
    named = fix.vehicle_id is None or fix.driver_id is not None or principal.driver is not None
    return not named and not vehicles.loaded


def driver_of(vehicles: Vehicles, principal: Principal, fix: Fix, now: datetime) -> str:
    """The driver of a fix: named by the token, else by the fix, else by the vehicle that the fix names. Raises
    ``BadMessage``."""
    if principal.driver is not None:
        if fix.driver_id is not None and fix.driver_id != principal.driver:
            raise BadMessage(ErrorCode.FORBIDDEN, "the token names another driver", "driverId", fix.msg_no)
        return principal.driver
    if not principal.publishes:
        raise BadMessage(ErrorCode.FORBIDDEN, f"the role {principal.role} does not publish", None, fix.msg_no)
    if fix.driver_id is not None:
        return fix.driver_id
    if fix.vehicle_id is not None:
        return _driver_of_vehicle(vehicles, principal.fleet, fix, fix.vehicle_id, now)
    raise BadMessage(ErrorCode.INVALID, "required: the token names no driver", "driverId", fix.msg_no)


def _driver_of_vehicle(vehicles: Vehicles, fleet: str, fix: Fix, vehicle_id: str, now: datetime) -> str:
    vehicle = vehicles.find(fleet, vehicle_id)
    if vehicle is None:
        detail = "there is no such vehicle: register it first, or send driverId"
        raise BadMessage(ErrorCode.INVALID, detail, "vehicleId", fix.msg_no)
    try:
        recorded_at = now if fix.recorded_at is None else instant(fix.recorded_at)
    except ValueError:
        recorded_at = now  # the hub refuses the fix, and names the field
    driver_id = vehicle.driver_at(recorded_at)
    if driver_id is None:
        detail = "the vehicle has no driver: assign one first, or send driverId"
        raise BadMessage(ErrorCode.INVALID, detail, "vehicleId", fix.msg_no)
    return driver_id
