"""The pure ring: nouns and rules. No sockets, no clock, no loop, no logging; time is an argument called ``now``."""
