"""A real-time location hub: drivers stream GPS, dispatchers see it live, nothing acknowledged is lost.

Read in this order: ``core.nouns``, ``core.live.hub``, ``edge.ws.socket``, ``edge.log.appender``, ``recorder.loop``.
``docs/design.md`` has the picture.
"""

__version__ = "0.1.0"
