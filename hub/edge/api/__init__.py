"""The REST API: one module for each kind of resource."""

from __future__ import annotations

from starlette.routing import BaseRoute

from hub.edge.api import aliases, audit, erasures, feeds, geocode, location, quarantine, retention
from hub.edge.api import live as drivers
from hub.edge.api.accounts import account, keys, oidc, ticket, users
from hub.edge.api.accounts import logins as auth
from hub.edge.api.accounts.passwords import PasswordCheck
from hub.edge.api.accounts.second_factor import SecondFactors
from hub.edge.api.alerts import alerts, browsers, channels, deliveries, mailboxes, maintenance, rules
from hub.edge.api.alerts.secrets import Vault
from hub.edge.api.by_vehicle import history as vehicle_history
from hub.edge.api.by_vehicle import live as live_vehicles
from hub.edge.api.fences import fences, geojson, preview, visits
from hub.edge.api.history import eta, fleet, positions, track, trips
from hub.edge.api.history.past import Past
from hub.edge.api.jobs import commands, jobs, places, waypoints
from hub.edge.api.jobs import files as job_files
from hub.edge.api.jobs import routes as job_routes
from hub.edge.api.phones import Phones
from hub.edge.api.plans.plans import operations as plans
from hub.edge.api.plans.searches import Searches
from hub.edge.api.registry import (
    cars,
    groups,
    imports,
    phone_tokens,
    profiles,
    shared_drivers,
    shares,
    states,
    vehicles,
)
from hub.edge.api.registry import drivers as fleet_drivers
from hub.edge.api.registry.database import Registry
from hub.edge.api.reports import reports, schedules
from hub.edge.api.system import dead_letters, state
from hub.edge.node import Node
from hub.edge.ops.health import Health
from hub.identity.passwords import Passwords


def routes(
    node: Node, past: Past, registry: Registry, phones: Phones, health: Health, searches: Searches
) -> list[BaseRoute]:
    """All paths of the API."""
    passwords, links = Passwords(), shares.Links(registry)
    check = PasswordCheck(node.settings, registry, passwords, node.appender.redis)
    factors = SecondFactors(node.settings, registry)
    vault = Vault(node.settings)
    operations: list[BaseRoute] = [
        *auth.routes(node, registry, check, factors),
        *account.routes(node, registry, check, factors),
        *oidc.routes(node, registry, check, factors),
        *users.routes(node, registry, passwords),
        *keys.routes(node, registry),
        *ticket.routes(node),
        *location.routes(node),
        *drivers.routes(node),
        *live_vehicles.routes(node),
        *erasures.routes(node, registry),
        *retention.routes(node, registry),
        *feeds.routes(node),
        *geocode.routes(past, registry),
        *track.routes(past),
        *trips.routes(past),
        *eta.routes(past),
        *fleet.routes(past),
        *positions.routes(past),
        *vehicle_history.routes(past),
        *fleet_drivers.routes(node, registry),
        *imports.routes(node, registry),
        *phone_tokens.routes(node, registry),
        *profiles.routes(node, registry),
        *groups.routes(node, registry),
        *vehicles.routes(node, registry),
        *states.routes(node, registry),
        *shares.routes(node, registry, links),
        *shared_drivers.routes(node, registry, links),
        *cars.routes(node, links),
        *fences.routes(node, registry),
        *geojson.routes(node, registry),
        *preview.routes(node),
        *visits.routes(past),
        *places.routes(node, registry),
        *jobs.routes(node, registry),
        *plans(node, registry, searches),
        *job_files.routes(node, registry),
        *commands.routes(node, registry),
        *job_routes.routes(node, registry),
        *waypoints.routes(node, registry),
        *reports.routes(past),
        *schedules.routes(node, registry),
        *quarantine.routes(node, registry, phones),
        *rules.routes(node, registry),
        *maintenance.routes(node, registry),
        *alerts.routes(node, registry),
        *channels.routes(node, registry, vault),
        *deliveries.routes(node, registry),
        *browsers.routes(node, registry, vault),
        *mailboxes.routes(node, registry, vault),
        *audit.routes(node, registry),
        *state.routes(node, registry, health),
        *dead_letters.routes(node, registry),
    ]
    return [*operations, *aliases.routes(operations)]
