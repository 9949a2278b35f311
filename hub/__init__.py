"""A real-time location hub: drivers stream GPS, dispatchers see it live, nothing acknowledged is lost.

Read in this order: ``core.nouns``, ``core.hub``, ``edge.socket``, ``edge.appender``, ``recorder.loop``.
``docs/design.md`` has the picture.
"""

__version__ = "0.1.0"
