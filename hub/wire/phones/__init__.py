"""The formats of phone apps."""
