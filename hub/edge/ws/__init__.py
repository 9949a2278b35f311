"""The WebSocket: handshake, admission, frames and messages."""
