"""Socket.IO at ``/socket.io``: a gateway to the same hub, with the limits of ``/ws``."""
