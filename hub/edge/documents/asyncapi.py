"""The AsyncAPI 3.0 document of ``/ws``, from the structs that read and write its messages."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from hub import __version__
from hub.core.live.facts.presence import OFFLINE, ONLINE, STALE
from hub.core.live.facts.states import DriverState
from hub.core.messages import Error, Message, StateMessage, Status
from hub.core.nouns import Fix, Position
from hub.edge.documents.schemas import PREFIX, components, description
from hub.identity.tokens import SUBPROTOCOL
from hub.wire import events
from hub.wire.codec import REQUESTS, Since
from hub.wire.errors import ErrorCode
from hub.wire.notices.alerts import AlertMessage

FIX, FIXES = "fix", "fixes"
"""Messages of drivers; the only ones without a ``type``."""


def said() -> dict[str, type[Struct]]:
    """The hub's messages by ``type``, with those of the recorder and the notifier, which are declared with their
    streams."""
    assert issubclass(events.TripMessage, Message) and issubclass(AlertMessage, Message)
    # The order of subclasses is that in which modules happen to be imported.
    kinds: list[type[Struct]] = [Position, *sorted(Message.__subclasses__(), key=lambda kind: kind.__name__)]
    return {str(kind.__struct_config__.tag): kind for kind in kinds}


def document() -> dict[str, Any]:
    """The document, a JSON object. Its messages of clients are the hub's ``receive``, in the words of AsyncAPI."""
    requests, answers = REQUESTS, said()
    _, schemas = components([Fix, list[Fix], *requests.values(), *answers.values()])
    for kind, struct in requests.items():
        schema = schemas[struct.__name__]
        schema["properties"] = {**schema.get("properties", {}), "type": {"const": kind}}
        schema["required"] = ["type", *(name for name in schema.get("required", ()) if name != "type")]
    # Requests have other types.
    schemas[Fix.__name__]["properties"]["type"] = {"enum": ["location", None]}
    # Both halves of a place, or a token.
    schemas[Since.__name__]["dependentRequired"] = {"epoch": ["seq"], "seq": ["epoch"]}
    schemas[Since.__name__]["anyOf"] = [{"required": ["epoch", "seq"]}, {"required": ["resume"]}]
    schemas[Error.__name__]["properties"]["code"] = {"enum": list(ErrorCode)}
    schemas[Status.__name__]["properties"]["status"] = {"enum": [ONLINE, STALE, OFFLINE]}
    for name in (Position.__name__, StateMessage.__name__):
        schemas[name]["properties"]["state"] = {"$ref": PREFIX + DriverState.__name__}
    messages: dict[str, Any] = {
        FIX: _message(FIX, Fix, "A position that a driver reports"),
        FIXES: {
            "name": FIXES,
            "title": "Positions that a driver reports, up to HUB_MAX_BATCH",
            "payload": {"type": "array", "items": {"$ref": PREFIX + Fix.__name__}},
        },
        **{_key(kind): _message(kind, struct) for kind, struct in requests.items()},
        **{kind: _message(kind, struct) for kind, struct in answers.items()},
    }
    channel = {"$ref": "#/channels/ws"}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Location hub",
            "version": __version__,
            "description": (
                "JSON in text messages. A message may get new fields, and new types may come: ignore what you don't "
                "know. docs/protocol.md has the order of messages."
            ),
        },
        "defaultContentType": "application/json",
        "servers": {
            "hub": {
                "host": "{host}",
                "protocol": "ws",
                "description": f"The subprotocol is {SUBPROTOCOL}; wss behind a proxy that has a certificate.",
                "variables": {"host": {"default": "localhost:8080"}},
                "security": [{"$ref": "#/components/securitySchemes/bearer"}],
            }
        },
        "channels": {
            "ws": {
                "address": "/ws",
                "title": "The socket of drivers and of subscribers",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
                "bindings": {
                    "ws": {
                        "method": "GET",
                        "query": {
                            "type": "object",
                            "properties": {
                                "subscribe": {
                                    "enum": ["none"],
                                    "description": "On an open hub: send me nothing unasked.",
                                }
                            },
                        },
                    }
                },
            }
        },
        "operations": {
            "hear": {
                "action": "receive",
                "channel": channel,
                "summary": "What clients send",
                "messages": [{"$ref": f"#/channels/ws/messages/{name}"} for name in [FIX, FIXES, *map(_key, requests)]],
            },
            "say": {
                "action": "send",
                "channel": channel,
                "summary": "What the hub sends",
                "messages": [{"$ref": f"#/channels/ws/messages/{name}"} for name in answers],
            },
        },
        "components": {
            "messages": messages,
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Browsers offer the subprotocol bearer.<token> instead. An open hub needs none.",
                }
            },
        },
    }


def _key(request: str) -> str:
    """Key of a request among the messages of the document: the hub has a message of the same type as one of them."""
    return f"set_{request}" if request in said() else request


def _message(name: str, kind: type[Struct], title: str = "") -> dict[str, Any]:
    message: dict[str, Any] = {"name": name, "title": title or name, "payload": {"$ref": PREFIX + kind.__name__}}
    if described := description(kind):
        message["summary"] = described
    return message
