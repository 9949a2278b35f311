"""Publishing to an MQTT broker, with QoS 1: what the broker has acknowledged is sent. Needs the extra ``mqtt``."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from hub.extras import missing
from hub.notifier.send import guard
from hub.notifier.send.results import Result
from hub.wire.notices import mqtt
from hub.wire.notices.addresses import Network, Refused, check_url
from hub.wire.notices.kinds import Mqtt
from hub.wire.notices.mqtt import Publication
from hub.wire.stored import StoredPosition

AT_ONCE = 500
"""Publications that wait for the broker together."""


REFUSED = (134, 135)
"""Codes of brokers that refuse a login, in the numbers of MQTT 5 to which aiomqtt translates them."""


class _Named(ssl.SSLContext):
    """Checks the certificate for the name of the broker, although its address is connected."""

    name = ""

    def wrap_socket(self, sock: socket.socket, *args: Any, **more: Any) -> ssl.SSLSocket:
        return super().wrap_socket(sock, *args, **{**more, "server_hostname": self.name})


class Broker:
    """All MQTT channels. Each call connects, so that no broker holds connections of a hub that sends nothing."""

    def __init__(self, timeout: float, allowed: Sequence[Network]) -> None:
        self._timeout, self._allowed = timeout, allowed
        self._newest: dict[tuple[Mqtt, str, str], datetime] = {}
        """Instant of the retained position of each driver: a late position must not replace it."""
        self._known: dict[tuple[Mqtt, str, str], str] = {}
        """Name with which a driver was published for discovery."""

    async def forward(self, config: Mqtt, fleet: str, positions: Sequence[tuple[StoredPosition, str]]) -> Result:
        """Publish positions, and before them the discovery of drivers that are new or have another name."""
        found, newest, known = [], dict[Any, datetime](), dict[Any, str]()
        for position, name in positions:
            key = (config, fleet, position.driver_id)
            if config.discovery is not None and known.get(key, self._known.get(key)) != name:
                known[key] = name
                found.append(mqtt.discovery(config, fleet, position.driver_id, name))
            before = newest.get(key, self._newest.get(key))
            retain = before is None or position.recorded_at >= before
            if retain:
                newest[key] = position.recorded_at
            found.append(mqtt.location(config, fleet, position, retain))
        result = await self.publish(config, found)
        if result.ok:
            self._newest |= newest
            self._known |= known
        return result

    async def publish(self, config: Mqtt, publications: Sequence[Publication]) -> Result:
        """Publish in order, and wait until the broker has acknowledged everything."""
        try:
            import aiomqtt
        except ImportError:
            return Result(False, error=f"MQTT {missing('mqtt')}")
        # Its lines would repeat the error of the channel, in the words of the broker.
        logging.getLogger("mqtt").setLevel(logging.CRITICAL)
        try:
            check_url(config.url, self._allowed, "mqtts")
            parts = urlsplit(config.url)
            secure, host = parts.scheme == "mqtts", parts.hostname or ""
            port = parts.port or (8883 if secure else 1883)
            async with asyncio.timeout(self._timeout):
                address = await guard.resolved(host, port, "mqtts" if secure else "mqtt", self._allowed)
                context = None
                if secure:
                    context = _Named(ssl.PROTOCOL_TLS_CLIENT)
                    context.load_default_certs()
                    context.name = host
                async with aiomqtt.Client(
                    address, port, username=config.username, password=config.password, tls_context=context,
                    timeout=self._timeout, max_inflight_messages=AT_ONCE, max_concurrent_outgoing_calls=AT_ONCE,
                    max_queued_incoming_messages=1,  # the hub subscribes to nothing
                ) as client:  # fmt: skip
                    for start in range(0, len(publications), AT_ONCE):
                        piece = publications[start : start + AT_ONCE]
                        await asyncio.gather(*(client.publish(*one[:2], qos=1, retain=one.retain) for one in piece))
        except Refused as error:
            return Result(False, error=str(error))
        except TimeoutError:
            return Result(False, error="the broker did not answer in time")
        except (aiomqtt.MqttError, OSError, ValueError) as error:
            code = getattr(getattr(error, "rc", None), "value", None)
            if code in REFUSED:
                return Result(False, error="the broker refuses the username and password, or requires them")
            return Result(False, error=guard.words(error) or f"the broker cannot be used: {str(error)[:200]}")
        return Result(True)
