"""Everything with a socket: the Starlette app, the WebSocket protocol, the appender, authentication, operations."""
