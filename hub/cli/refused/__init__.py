"""Commands about what was refused: payloads of phones, and entries that cannot be stored."""
