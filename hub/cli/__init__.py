"""The command ``hub``; ``main`` lists its commands."""
