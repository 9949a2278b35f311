"""The machine: clocks, files, permissions."""
