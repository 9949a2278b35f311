"""Bytes to nouns and back: our messages, WebSocket frames, the log's entries, error and close codes. No I/O."""
